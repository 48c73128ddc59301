import { REJECT } from '@trunkline/edge-core';
import type { Decision, Route } from '@trunkline/edge-core';
import { compareReplay } from './compare-replay.ts';
import type { DecidedCall } from './compare-replay.ts';

const call = {
  direction: 'outbound' as const,
  tenantId: 't',
  trunkId: 'trunk',
  carrierId: null,
  callerId: '+12025550100',
  destination: '+12025550199',
  attestation: null,
};
const route: Route = {
  action: 'route',
  call,
  targets: [{ uri: 'sip:a', carrierId: 'c' }],
  caps: null,
  channels: null,
  rate: null,
  maxCallSecs: null,
  maxRingSecs: null,
  offer: null,
  srtp: 'optional',
  calledNumberIn: 'request_uri',
  rerouteCodes: null,
  fallback: null,
};
const refused: Decision = { action: 'reject', reason: REJECT.destination, sipCode: 403, call };
const was = (over: Partial<DecidedCall> = {}): DecidedCall => ({
  outcome: 'answered',
  reason: null,
  trunkId: 'trunk',
  callerId: '+12025550100',
  destination: '+12025550199',
  gateway: 'sip:a',
  ...over,
});

it.each<[string, DecidedCall, Decision, string[]]>([
  ['carried, and would be', was(), route, []],
  ['carried, and would be refused', was(), refused, ['reason']],
  ['refused, and would be for the same reason', was({ outcome: 'rejected', reason: 'trunk.destination_not_allowed' }), refused, []],
  ['refused, and would be for another', was({ outcome: 'rejected', reason: 'trunk.disabled' }), refused, ['reason']],
  ['refused, and would be carried', was({ outcome: 'rejected', reason: 'trunk.disabled' }), route, ['reason']],
  ['let through and found no channel', was({ outcome: 'rejected', reason: 'trunk.channels_exhausted', gateway: null }), route, []],
  ['sent where it would not be sent', was({ gateway: 'sip:b' }), route, ['target']],
  ['presented another number', was({ callerId: '+12025550101' }), route, ['caller_id']],
  ['went to a registered contact', was({ gateway: 'sip:phone' }), { ...route, targets: [] }, []],
])('%s', (_, before, now, fields) => expect(compareReplay(before, now).map((d) => d.field)).toEqual(fields));
