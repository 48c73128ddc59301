import type { GroupTarget } from '../entries/entry-values.ts';
import type { InboundGroupIntent, NumberIntent, ScheduleIntent } from '../intent.ts';
import { CASE_GATEWAYS, CASE_PORT, groupIds, scheduleIds, tenantIds, trunkIds } from './case-names.ts';

const pbx = (name: 'pbxOne' | 'pbxTwo' | 'recovery', rank: Partial<GroupTarget> = {}): GroupTarget => ({
  ...{ uri: `sip:${CASE_GATEWAYS[name]}:${CASE_PORT}`, trunkId: null, number: null, ringSecs: null, priority: 1, weight: 1 },
  ...rank,
});

const phone = (number: string, rank: Partial<GroupTarget> = {}): GroupTarget => ({ ...pbx('pbxOne'), uri: null, number, ...rank });

const contact = (name: keyof typeof trunkIds, rank: Partial<GroupTarget> = {}): GroupTarget => ({
  ...{ ...pbx('pbxOne'), uri: null, trunkId: trunkIds[name] },
  ...rank,
});

const group = (name: keyof typeof groupIds, targets: GroupTarget[], over: Partial<InboundGroupIntent> = {}): InboundGroupIntent => ({
  ...{ id: groupIds[name], tenantId: tenantIds.own, ringAll: false, targets },
  ...over,
});

export const inboundGroups: InboundGroupIntent[] = [
  group('followMe', [
    pbx('pbxTwo', { ringSecs: 10 }),
    phone('+447700900123', { priority: 2, ringSecs: 15 }),
    contact('us', { priority: 3 }),
  ]),
  group('atOnce', [pbx('pbxOne', { ringSecs: 20 }), pbx('pbxTwo', { ringSecs: 30 })], { ringAll: true }),
  group('mobile', [phone('+447700900123')]),
  group('closedMobile', [phone('+33123456789')]),
  group('foreign', [pbx('recovery')], { tenantId: tenantIds.home }),
  group('contact', [contact('gb')]),
  group('night', [pbx('recovery')]),
  group('office', [pbx('pbxTwo')]),
  group('recovery', [pbx('recovery')], { tenantId: tenantIds.stricken }),
  group('stopped', [phone('+12125559876'), pbx('recovery', { priority: 2 })], { tenantId: tenantIds.restricted }),
];

const WEEK = [0, 1, 2, 3, 4, 5, 6];
const DAY = { from: 0, to: 1440 };

export const schedules: ScheduleIntent[] = [
  {
    id: scheduleIds.berlin,
    // from 25 October 2026 one hour ahead of UTC, from 28 March 2027 two, from 31 October 2027 one
    offsets: [
      { since: 1767225600, minutes: 60 },
      { since: 1774746000, minutes: 120 },
      { since: 1792890000, minutes: 60 },
      { since: 1806195600, minutes: 120 },
    ],
    rules: [
      { weekdays: [1, 2, 3, 4, 5], from: 540, to: 1050, groupId: groupIds.office },
      { weekdays: [5], from: 1320, to: 360, groupId: null },
    ],
    holidays: [
      { day: 20812, ...DAY, groupId: groupIds.night }, // 25 December 2026
      { day: 20811, from: 720, to: 1440, groupId: groupIds.night }, // the afternoon before
    ],
    otherwise: groupIds.night,
  },
  {
    id: scheduleIds.always,
    offsets: [{ since: 0, minutes: 0 }],
    rules: [{ weekdays: WEEK, ...DAY, groupId: groupIds.night }],
    holidays: [],
    otherwise: null,
  },
  { id: scheduleIds.silent, offsets: [{ since: 0, minutes: 0 }], rules: [], holidays: [], otherwise: null },
];

/** Numbers of trunk `us` whose calls a group or a schedule takes. */
export const routed: NumberIntent[] = (
  [
    ['+12125550600', { groupId: groupIds.followMe }],
    ['+12125550601', { groupId: groupIds.atOnce }],
    ['+12125550602', { groupId: groupIds.mobile }],
    ['+12125550603', { groupId: groupIds.closedMobile }],
    ['+12125550604', { groupId: groupIds.foreign }],
    ['+12125550605', { groupId: groupIds.missing }],
    ['+12125550606', { groupId: groupIds.contact }],
    ['+12125550607', { scheduleId: scheduleIds.berlin, groupId: groupIds.mobile }],
    ['+12125550608', { scheduleId: scheduleIds.always, groupId: groupIds.mobile }],
    ['+12125550609', { scheduleId: scheduleIds.silent, groupId: groupIds.mobile }],
    ['+12125550610', { scheduleId: scheduleIds.missing, groupId: groupIds.mobile }],
    ['+12125550611', { scheduleId: scheduleIds.silent }],
  ] as const
).map(([e164, inbound]) => ({ e164, tenantId: tenantIds.own, trunkId: trunkIds.us, ...inbound }));

export const others: NumberIntent[] = [
  { e164: '+12125550801', tenantId: tenantIds.restricted, trunkId: trunkIds.restricted, groupId: groupIds.stopped },
  { e164: '+12125550700', tenantId: tenantIds.stricken, trunkId: trunkIds.stricken },
  {
    e164: '+12125550701',
    tenantId: tenantIds.stricken,
    trunkId: trunkIds.stricken,
    groupId: groupIds.missing,
    scheduleId: scheduleIds.always,
  },
  { e164: '+12125550702', tenantId: tenantIds.stricken, trunkId: trunkIds.stricken, disasterGroupId: groupIds.missing },
];
