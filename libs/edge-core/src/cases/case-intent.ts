import type { GroupTarget } from '../entries/entry-values.ts';
import type { InboundGroupIntent, Intent, NumberIntent, RankedGateway, ScheduleIntent, TenantIntent, TrunkIntent } from '../intent.ts';

/** The small world in which the table of cases is played: the same entries in Node and on a real edge, on loopback addresses. */
export const CASE_REALM = 'sip.trunkline.test';
export const CASE_EDGE = { name: 'edge-1', sipAddress: '127.0.20.1:5060' };
export const CASE_PBX = '127.0.22.1';
/** Addresses that are a customer's credential: one trunk's own, one within a trunk's network, and one that two trunks share. */
export const CASE_SOURCES = {
  own: '127.0.26.1',
  site: '127.0.26.200',
  shared: '127.0.26.2',
  stranger: '127.0.26.100',
  siteBelow: '127.0.26.127',
  siteFirst: '127.0.26.128',
  siteLast: '127.0.26.254',
} as const;
export const CASE_GATEWAYS = {
  a: '127.0.21.1',
  b: '127.0.21.2',
  emergency: '127.0.21.3',
  pbxOne: '127.0.23.1',
  pbxTwo: '127.0.23.2',
  recovery: '127.0.23.3',
} as const;
export const CASE_PORT = 5080;
/** Wednesday, 2 December 2026, 10:30 in Berlin, 09:30 UTC. */
export const CASE_NOW_SECS = 1796203800;

const id = (kind: number, n: number): string => `0000000${kind}-0000-7000-8000-${String(n).padStart(12, '0')}`;
export const tenantIds = {
  own: id(1, 1),
  held: id(1, 2),
  away: id(1, 3),
  home: id(1, 4),
  stricken: id(1, 5),
  restricted: id(1, 6),
  missing: id(1, 9),
};
export const trunkIds = {
  us: id(2, 1),
  gb: id(2, 2),
  off: id(2, 3),
  held: id(2, 4),
  away: id(2, 5),
  es: id(2, 6),
  closed: id(2, 7),
  orphan: id(2, 8),
  own: id(2, 9),
  site: id(2, 10),
  first: id(2, 11),
  second: id(2, 12),
  replacing: id(2, 13),
  secure: id(2, 14),
  passing: id(2, 15),
  local: id(2, 16),
  split: id(5, 1),
  recover: id(5, 2),
  stricken: id(5, 3),
  restricted: id(5, 4),
  named: id(5, 5),
};
export const groupIds = {
  followMe: id(6, 1),
  atOnce: id(6, 2),
  mobile: id(6, 3),
  closedMobile: id(6, 4),
  foreign: id(6, 5),
  contact: id(6, 6),
  night: id(6, 7),
  recovery: id(6, 8),
  office: id(6, 9),
  stopped: id(6, 10),
  missing: id(6, 99),
};
export const scheduleIds = { berlin: id(7, 1), always: id(7, 2), silent: id(7, 3), missing: id(7, 99) };
export const carrierIds = { a: id(3, 1), b: id(3, 2), emergency: id(3, 3) };

/** Digest user names are those of the trunks; the password of `us` is `secret-us`, and so on. */
export const passwordOf = (login: string): string => `secret-${login}`;
const HA1: { readonly [login in keyof typeof trunkIds]?: string } = {
  us: 'e97b2e6cc550e2abbe3385c2ad0f917d',
  gb: '8b6c528aa1a85da8cd69f7a2e1c29b61',
  off: '7d77c6675e2c23f71e213f3a31e42a46',
  held: '6d26323e4b891698f97ea95c43cb328c',
  away: 'dc43aeea12c7d7c3603963abb1717a55',
  es: '326c0fc54191fbda414cb4106ccd7fd0',
  closed: 'e7ce633b08773108939bc57da7a2d453',
  orphan: 'e8c75eda37ea98efd5349b5d58d62543',
  replacing: '79830946e25446876c1ffb0cf0a04543',
  secure: 'b5c9661f69f893dcfb28beb170ce1c9c',
  passing: '5f756e1ad8a83ca5d60871486fbe7f1b',
  local: '2ccaedac0aac0c3ecce1e8e5183acc0d',
  split: '8529335dd6d23cebe6422046fa4bbdca',
  recover: '6095e5088cb2d629b358c686a55be063',
  restricted: '506aedbacb200cc5a886759996c6abaa',
};

const tenant = (tenantId: string, over: Partial<TenantIntent> = {}): TenantIntent => ({
  id: tenantId,
  channelsMax: null,
  holds: [],
  homeEdge: null,
  verified: false,
  ...over,
});

/** Those who call from known addresses have none. */
const credentialsOf = (name: keyof typeof trunkIds): TrunkIntent['credentials'] => {
  const ha1Md5 = HA1[name];
  return ha1Md5 === undefined ? [] : [{ username: name, ha1Md5 }];
};

const trunk = (
  name: keyof typeof trunkIds,
  tenantId: string,
  country: string,
  allowedCountries: string[],
  over: Partial<TrunkIntent> = {},
): TrunkIntent => ({
  id: trunkIds[name],
  tenantId,
  enabled: true,
  channelsMax: 10,
  country,
  allowedCountries,
  defaultCallerId: null,
  inboundRoutes: [],
  credentials: credentialsOf(name),
  callsPerSecondMax: 2000, // none of the stories is about it unless it says so
  callerIdPolicy: 'reject',
  techPrefix: null,
  tlsRequired: false,
  maxCallSecs: null,
  maxRingSecs: null,
  rerouteCodes: null,
  disasterRecoveryUri: null,
  passVerified: false,
  presenceNumbers: [],
  authMode: 'either',
  sourceNetworks: [],
  codecs: null,
  srtp: 'optional',
  registration: { contactsMax: null, expiresMinSecs: null, expiresMaxSecs: null },
  calledNumberIn: 'request_uri',
  rejectAnonymous: false,
  ...over,
});

const gateway = (n: number, carrierId: string, address: string) => ({
  id: id(4, n),
  carrierId,
  uri: `sip:${address}:${CASE_PORT}`,
  sourceAddresses: [address],
});

/** Gateways in order, each of a priority of its own. */
const ranked = (...gateways: number[]): RankedGateway[] => gateways.map((n, i) => ({ gatewayId: id(4, n), priority: i + 1, weight: 1 }));

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
const inboundGroups: InboundGroupIntent[] = [
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
const schedules: ScheduleIntent[] = [
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
const routed: NumberIntent[] = (
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
const others: NumberIntent[] = [
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

/** Must have an emergency address, and has none. */
const WITHOUT_ADDRESS = ['+12125550910'];
const numbers: [string, string, string | null][] = [
  ['+12125550100', tenantIds.own, trunkIds.us],
  ['+12125550101', tenantIds.own, null],
  ['+12125550102', tenantIds.own, trunkIds.off],
  ['+442079460000', tenantIds.own, trunkIds.gb],
  ['+12125550200', tenantIds.held, trunkIds.held],
  ['+12125550300', tenantIds.away, trunkIds.away],
  ['+12125550800', tenantIds.restricted, trunkIds.restricted],
  ['+34912345678', tenantIds.home, trunkIds.es],
  ['+12125550400', tenantIds.own, trunkIds.split],
  ['+12125550500', tenantIds.own, trunkIds.recover],
  ['+12125550910', tenantIds.own, trunkIds.us],
  ['+13125550300', tenantIds.away, trunkIds.away],
  ['+12125550920', tenantIds.own, trunkIds.named],
];

export const caseIntent: Intent = {
  tenants: [
    tenant(tenantIds.own, { channelsMax: 20, verified: true }),
    tenant(tenantIds.held, {
      holds: [
        { kind: 'billing', stops: 'all' },
        { kind: 'fraud', stops: 'outbound' },
      ],
    }),
    tenant(tenantIds.restricted, { holds: [{ kind: 'billing', stops: 'outbound' }] }),
    tenant(tenantIds.away, { homeEdge: { name: 'edge-2', sipAddress: '127.0.20.2:5060' } }),
    tenant(tenantIds.home, { homeEdge: CASE_EDGE }),
    tenant(tenantIds.stricken, { disasterGroupId: groupIds.recovery }),
  ],
  trunks: [
    trunk('us', tenantIds.own, 'US', ['US', 'GB', 'JM', 'DE'], {
      defaultCallerId: '+12125550100',
      inboundRoutes: [
        { uri: `sip:reception@${CASE_GATEWAYS.pbxTwo}:${CASE_PORT}`, priority: 20, weight: 1 },
        { uri: `sip:${CASE_GATEWAYS.pbxOne}:${CASE_PORT}`, priority: 10, weight: 1 },
      ],
    }),
    trunk('gb', tenantIds.own, 'GB', ['GB', 'FR'], {
      inboundRoutes: [{ uri: `sip:${CASE_GATEWAYS.pbxTwo}:${CASE_PORT}`, priority: 1, weight: 1 }],
    }),
    trunk('off', tenantIds.own, 'US', ['US'], { enabled: false }),
    trunk('held', tenantIds.held, 'US', ['US']),
    trunk('restricted', tenantIds.restricted, 'US', ['US'], {
      inboundRoutes: [{ uri: `sip:${CASE_GATEWAYS.pbxTwo}:${CASE_PORT}`, priority: 1, weight: 1 }],
    }),
    trunk('away', tenantIds.away, 'US', ['US']),
    trunk('es', tenantIds.home, 'ES', ['ES', 'US']),
    trunk('closed', tenantIds.own, 'US', []),
    trunk('orphan', tenantIds.missing, 'US', ['US']),
    trunk('own', tenantIds.own, 'US', ['US']),
    trunk('site', tenantIds.own, 'US', ['US', 'GB']),
    trunk('first', tenantIds.own, 'US', ['US'], { techPrefix: '91' }),
    trunk('second', tenantIds.home, 'ES', ['US'], { techPrefix: '99#' }),
    trunk('replacing', tenantIds.own, 'US', ['US'], { callerIdPolicy: 'replace', defaultCallerId: '+12125550100' }),
    trunk('secure', tenantIds.own, 'US', ['US'], { tlsRequired: true, defaultCallerId: '+12125550200' }),
    trunk('passing', tenantIds.own, 'US', ['US'], { passVerified: true }),
    trunk('local', tenantIds.own, 'US', ['US', 'GB', 'FR'], {
      defaultCallerId: '+12125550100',
      presenceNumbers: ['+442079460000', '+13125550300', '+12125550100', '+12125550200', '+13475550900'],
    }),
    trunk('split', tenantIds.own, 'US', [], {
      inboundRoutes: [
        { uri: `sip:${CASE_GATEWAYS.pbxOne}:${CASE_PORT}`, priority: 10, weight: 1 },
        { uri: `sip:${CASE_GATEWAYS.pbxTwo}:${CASE_PORT}`, priority: 10, weight: 3 },
      ],
      disasterRecoveryUri: `sip:${CASE_GATEWAYS.recovery}:${CASE_PORT}`,
    }),
    trunk('stricken', tenantIds.stricken, 'US', [], {
      inboundRoutes: [{ uri: `sip:${CASE_GATEWAYS.pbxOne}:${CASE_PORT}`, priority: 1, weight: 1 }],
    }),
    trunk('named', tenantIds.own, 'US', [], {
      inboundRoutes: [{ uri: `sip:${CASE_GATEWAYS.pbxTwo}:${CASE_PORT}`, priority: 1, weight: 1 }],
      rejectAnonymous: true,
    }),
    trunk('recover', tenantIds.own, 'US', [], { disasterRecoveryUri: `sip:${CASE_GATEWAYS.recovery}:${CASE_PORT}` }),
  ],
  numbers: [
    ...numbers.map(([e164, tenantId, trunkId]) => ({ e164, tenantId, trunkId, emergencyMissing: WITHOUT_ADDRESS.includes(e164) })),
    ...routed,
    ...others,
  ],
  verified: [
    { tenantId: tenantIds.own, e164: '+13105550000', right: 'verified' },
    { tenantId: tenantIds.own, e164: '+13105550001', right: 'documented' },
    { tenantId: tenantIds.home, e164: '+13105550002', right: 'verified' },
    { tenantId: tenantIds.home, e164: '+13105550000', right: 'verified' },
  ],
  gateways: [
    gateway(1, carrierIds.a, CASE_GATEWAYS.a),
    gateway(2, carrierIds.b, CASE_GATEWAYS.b),
    gateway(3, carrierIds.emergency, CASE_GATEWAYS.emergency),
  ],
  routes: [
    { prefix: '1', gateways: ranked(1, 2) },
    { prefix: '1876', gateways: ranked(2) },
    { prefix: '44', gateways: ranked(2) },
    { prefix: '447', gateways: ranked(2, 1) },
    { prefix: '4479', gateways: ranked(1, 2).map((g) => ({ ...g, priority: 1 })) },
    { prefix: '33', gateways: [] },
    { prefix: '34', gateways: ranked(1) },
  ],
  emergencyRoutes: [
    { country: 'US', gateways: ranked(3, 1) },
    { country: 'GB', gateways: ranked(3) },
  ],
  trunkAddresses: [
    { network: CASE_SOURCES.own, trunkId: trunkIds.own, techPrefix: null },
    { network: '127.0.26.128/25', trunkId: trunkIds.site, techPrefix: null },
    { network: CASE_SOURCES.shared, trunkId: trunkIds.first, techPrefix: '91' },
    { network: CASE_SOURCES.shared, trunkId: trunkIds.second, techPrefix: '99#' },
    { network: CASE_GATEWAYS.a, trunkId: trunkIds.own, techPrefix: null }, // a carrier's address stays a carrier's
  ],
  sharedCredentials: [],
  allowList: ['127.0.26.0/30'],
  channelPools: [],
  channelGroups: [],
  inboundGroups,
  schedules,
};
