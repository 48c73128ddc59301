import { CASE_GATEWAYS, CASE_PORT, trunkIds } from './case-names.ts';
import { given, into, to } from './case.ts';
import type { CallCase, Expected } from './case.ts';

const STRANGER = '+13105550000';
const MOBILE = '+447700900123';
/** Where a call for a number is tried, by whatever names. */
const tried = (number: string, ...uris: string[]): Expected => ({ action: 'route', uris, callerId: STRANGER, destination: number });
const uri = (place: keyof typeof CASE_GATEWAYS, user: string) => `sip:${user}@${CASE_GATEWAYS[place]}:${CASE_PORT}`;
const reception = (number: string) => tried(number, uri('pbxOne', number), uri('pbxTwo', 'reception'));
const call = (name: string, number: string, expect: Expected) => into(name, 'a', number, STRANGER, expect);
const mobile = (number: string) => tried(number, uri('b', MOBILE), uri('a', MOBILE));
/** In Berlin, winter time. */
const berlin = (day: string, time: string): number => Date.parse(`${day}T${time}:00+01:00`) / 1000;
const at = (day: string, time: string, place: 'pbxTwo' | 'recovery') => ({
  ...call(`${day} ${time} in Berlin`, '+12125550607', to('+12125550607', STRANGER, place)),
  nowSecs: berlin(day, time),
});

/** Calls that inbound groups, schedules and disaster plans take. */
// prettier-ignore
export const GROUP_CASES: readonly CallCase[] = [
  call('a group in its order: PBX, mobile by each carrier, registered contact', '+12125550600',
    tried('+12125550600', uri('pbxTwo', '+12125550600'), uri('b', MOBILE), uri('a', MOBILE), `contact:${trunkIds.us}`)),
  call('no telephone is called for a restricted tenant', '+12125550801', to('+12125550801', STRANGER, 'recovery')),
  call('a group that rings all at once', '+12125550601', to('+12125550601', STRANGER, 'pbxOne', 'pbxTwo')),
  call('a group of a mobile', '+12125550602', mobile('+12125550602')),
  given({ down: ['b'] }, call('a group of a mobile, its first carrier down', '+12125550602', tried('+12125550602', uri('a', MOBILE), uri('b', MOBILE)))),
  call('a mobile in a country that the trunk has not opened: the trunk’s routes', '+12125550603', reception('+12125550603')),
  call('a group of another tenant: the trunk’s routes', '+12125550604', reception('+12125550604')),
  call('a group that is gone: the trunk’s routes', '+12125550605', reception('+12125550605')),
  call('a group of a registered contact', '+12125550606', tried('+12125550606', `contact:${trunkIds.gb}`)),
  call('a schedule that names a group at all times', '+12125550608', to('+12125550608', STRANGER, 'recovery')),
  call('a schedule that names none: the number’s own group', '+12125550609', mobile('+12125550609')),
  call('a schedule that is gone: the number’s own group', '+12125550610', mobile('+12125550610')),
  call('a schedule that names none, no group: the trunk’s routes', '+12125550611', reception('+12125550611')),
  call('a disaster plan takes every number', '+12125550700', to('+12125550700', STRANGER, 'recovery')),
  call('whatever groups and schedules say', '+12125550701', to('+12125550701', STRANGER, 'recovery')),
  call('a number’s own group for disasters that is gone: the trunk’s routes', '+12125550702', to('+12125550702', STRANGER, 'pbxOne')),
  at('2026-12-02', '10:30', 'pbxTwo'),
  at('2026-12-02', '09:00', 'pbxTwo'),
  at('2026-12-02', '08:59', 'recovery'),
  at('2026-12-02', '17:29', 'pbxTwo'),
  at('2026-12-02', '17:30', 'recovery'),
  at('2026-12-05', '10:30', 'recovery'),
  at('2026-12-24', '11:59', 'pbxTwo'),
  at('2026-12-24', '12:00', 'recovery'),
  at('2026-12-25', '10:30', 'recovery'),
  { ...at('2026-12-04', '22:00', 'recovery'), expect: mobile('+12125550607') },
  { ...at('2026-12-05', '05:59', 'recovery'), expect: mobile('+12125550607') },
  at('2026-12-05', '06:00', 'recovery'),
  { ...at('2027-03-29', '08:00', 'pbxTwo'), name: '2027-03-29 09:00 in Berlin, summer time' },
  { ...at('2027-03-29', '07:59', 'recovery'), name: '2027-03-29 08:59 in Berlin, summer time' },
];
