import { CASE_GATEWAYS, CASE_PORT } from './case-names.ts';
import { ES, GB, SPARE, SPLIT, US, at, given, into, refused, to } from './case.ts';
import type { CallCase } from './case.ts';

const STRANGER = '+13105550000';
/** The two routes of the trunk `us`. */
const reception = (callerId: string | null) =>
  ({
    action: 'route',
    uris: [`sip:${US}@${CASE_GATEWAYS.pbxOne}:${CASE_PORT}`, `sip:reception@${CASE_GATEWAYS.pbxTwo}:${CASE_PORT}`],
    callerId,
    destination: US,
  }) as const;

/** Where a call comes from: a customer's address, a carrier's, nobody's. */
// prettier-ignore
export const SOURCE_CASES: readonly CallCase[] = [
  at('the first address of a network', 'siteFirst', '+12125551234', US, to('+12125551234', US, 'a', 'b')),
  at('the last but one', 'siteLast', '+12125551234', US, to('+12125551234', US, 'a', 'b')),
  at('the address below the network is nobody’s', 'siteBelow', '+12125551234', US, { action: 'challenge' }),
  at('112 from nobody’s address', 'siteBelow', '112', US, { action: 'challenge' }),
  at('933 from a network', 'siteFirst', '933', US, to('933', US, 'emergency', 'a')),
  at('a prefix and nothing behind it', 'shared', '91', US, refused('invalidNumber')),
  at('a prefix before an Indian number', 'shared', '91919812345678', US, refused('destination')),
  at('a prefix before 999, which is British', 'shared', '91999', US, refused('invalidNumber')),
  at('the other prefix before a country that is closed', 'shared', '99#911111111', ES, refused('destination')),
  at('the other prefix before 112, where no carrier takes it', 'shared', '99#112', ES, refused('noEmergencyRoute')),
  at('933 from a shared address', 'shared', '933', US, to('933', US, 'emergency', 'a')),
  at('411 from a shared address', 'shared', '411', US, refused('invalidNumber')),
  at('a number of the platform from a customer is dialled like any other', 'own', GB, US, refused('destination')),
  into('digits alone', 'a', '12125550100', STRANGER, reception(STRANGER)),
  into('with separators', 'a', '+1-212-555-0100', STRANGER, reception(STRANGER)),
  into('with parameters of number portability', 'a', `${US};npdi;rn=+12125559999`, STRANGER, reception(STRANGER)),
  into('from the second carrier', 'b', US, STRANGER, reception(STRANGER)),
  into('national form is not understood from a carrier', 'a', '2125550100', STRANGER, refused('unknownNumber', true)),
  into('nor is 011', 'a', '01112125550100', STRANGER, refused('unknownNumber', true)),
  into('no user part from a carrier', 'a', '', STRANGER, refused('unknownNumber', true)),
  into('two pluses from a carrier', 'a', `+${US}`, STRANGER, refused('unknownNumber', true)),
  into('112 from a carrier', 'b', '112', STRANGER, refused('unknownNumber', true)),
  into('a caller of digits alone', 'a', US, '13105550000', reception(STRANGER)),
  into('a caller behind 00', 'a', US, '0013105550000', reception(STRANGER)),
  into('a caller in national form is taken as it is', 'a', US, '3105550000', reception('+3105550000')),
  into('a caller that is a word', 'a', US, 'Restricted', reception(null)),
  into('a caller of too many digits', 'a', US, '+1310555000012345', reception(null)),
  into('a caller that is the number itself', 'a', US, US, reception(US)),
  into('a caller of another tenant', 'a', US, ES, reception(ES)),
  into('unassigned, from the second carrier', 'b', '+12125550101', STRANGER, refused('unassignedNumber', true)),
  into('disabled, without plus', 'b', '12125550102', STRANGER, refused('trunkDisabled', true)),
  into('on hold, behind 00', 'b', '0012125550200', STRANGER, refused('onHold', true)),
  into('at home elsewhere, without plus', 'b', '12125550300', STRANGER, { action: 'redirect', contact: 'sip:+12125550300@127.0.20.2:5060' }),
  given({ down: ['pbxTwo'] }, into('the second route is down', 'a', US, STRANGER, reception(STRANGER))),
  given({ down: ['recovery'] }, into('the place for disasters is down, and the only one', 'a', SPARE, STRANGER, to(SPARE, STRANGER, 'recovery'))),
  given({ draw: 2, down: ['recovery'] }, into('the place for disasters is down behind routes', 'a', SPLIT, STRANGER, to(SPLIT, STRANGER, 'pbxTwo', 'pbxOne', 'recovery'))),
  given({ down: ['b'] }, at('the second carrier is down', 'own', '+12125551234', US, to('+12125551234', US, 'a', 'b'))),
  given({ down: ['b'] }, at('the only carrier of a country is down', 'site', '+442079461111', US, to('+442079461111', US, 'b'))),
];
