// What a benched edge is to do: one customer with a PBX, one carrier, and as many numbers as wanted, on addresses of loopback.
import { createHash } from 'node:crypto';
import type { Intent, NumberIntent } from '@trunkline/edge-core';

export const REALM = 'sip.trunkline.test'; // the gateway's of EdgeUnderTest
export const NET = '127.0.56';
export const CARRIER = `${NET}.21`;
export const PBX = `${NET}.31`;
export const PORT = 5080; //               at both of them calls are answered
export const LOGIN = { username: 'bench', password: 'bench-password' };
export const ABROAD = '+12125551234'; //   what the PBX dials
export const OWN = '+12022000000'; //      what the carrier dials, and the PBX's caller ID
const TENANT = '00000001-0000-7000-8000-000000000001';
const TRUNK = '00000002-0000-7000-8000-000000000001';
const GATEWAY = '00000004-0000-7000-8000-000000000001';
const CARRIER_ID = '00000003-0000-7000-8000-000000000001';
const ROOMY = 100_000;

export const benchWorld: Intent = {
  tenants: [{ id: TENANT, channelsMax: ROOMY, holds: [], homeEdge: null, verified: true }],
  trunks: [
    {
      id: TRUNK,
      tenantId: TENANT,
      enabled: true,
      channelsMax: ROOMY,
      country: 'US',
      allowedCountries: ['US'],
      defaultCallerId: OWN,
      inboundRoutes: [{ uri: `sip:${PBX}:${PORT}`, priority: 1, weight: 1 }],
      credentials: [{ username: LOGIN.username, ha1Md5: md5(`${LOGIN.username}:${REALM}:${LOGIN.password}`) }],
      callsPerSecondMax: 2000,
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
      sourceNetworks: [PBX],
      codecs: null,
      srtp: 'optional',
      registration: { contactsMax: null, expiresMinSecs: null, expiresMaxSecs: null },
      calledNumberIn: 'request_uri',
      rejectAnonymous: false,
    },
  ],
  verified: [],
  numbers: [{ e164: OWN, tenantId: TENANT, trunkId: TRUNK, emergencyMissing: false }],
  gateways: [{ id: GATEWAY, carrierId: CARRIER_ID, uri: `sip:${CARRIER}:${PORT}`, sourceAddresses: [CARRIER] }],
  routes: [{ prefix: '1', gateways: [{ gatewayId: GATEWAY, priority: 1, weight: 1 }] }],
  emergencyRoutes: [{ country: 'US', gateways: [{ gatewayId: GATEWAY, priority: 1, weight: 1 }] }],
  trunkAddresses: [{ network: PBX, trunkId: TRUNK, techPrefix: null }],
  sharedCredentials: [],
  allowList: [],
  channelPools: [],
  channelGroups: [],
  inboundGroups: [],
  schedules: [],
};

/** Numbers of that customer, one after the other. */
export const numbersFrom = (first: number, count: number): NumberIntent[] =>
  Array.from({ length: count }, (_, i) => ({ e164: `+${first + i}`, tenantId: TENANT, trunkId: TRUNK, emergencyMissing: false }));

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
