import type { Intent, RankedGateway, TenantIntent, TrunkIntent } from '../intent.ts';
import { CASE_EDGE, CASE_GATEWAYS, CASE_PORT, CASE_SOURCES, carrierIds, groupIds, id, tenantIds, trunkIds } from './case-names.ts';
import { inboundGroups, others, routed, schedules } from './case-routing.ts';

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
