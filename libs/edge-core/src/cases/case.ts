import { CASE_EDGE, CASE_GATEWAYS, CASE_NOW_SECS, CASE_PBX, CASE_PORT, CASE_SOURCES, trunkIds } from './case-names.ts';
import type { CallInput } from '../decision/call.ts';
import { REJECT, sipCodeOf } from '../decision/reject-reasons.ts';

/** One call and what must become of it, wherever the decision runs. */
export type CallCase = {
  readonly name: string;
  readonly source: string; //                              IP address the INVITE comes from
  readonly login: keyof typeof trunkIds | null; //         answers a challenge as this digest user; null: cannot
  readonly requestUser: string;
  readonly fromUser: string;
  readonly assertedUser: string | null;
  readonly expect: Expected;
  readonly nowSecs?: number; //                            CASE_NOW_SECS unless said
  readonly draw?: number; //                               0 unless said
  readonly down?: readonly string[]; //                    host and port of targets that are known to be down
};

export type Expected =
  | { readonly action: 'challenge' }
  | { readonly action: 'reject'; readonly code: string; readonly sipCode: number }
  | { readonly action: 'redirect'; readonly contact: string }
  | { readonly action: 'route'; readonly uris: readonly string[]; readonly callerId: string | null; readonly destination: string };

/** The case as the edge is asked about it, once the digest is proved. */
export const inputOf = (c: CallCase): CallInput => ({
  edge: CASE_EDGE.name,
  sourceAddress: c.source,
  provenTrunkId: c.login && trunkIds[c.login],
  requestUser: c.requestUser,
  fromUser: c.fromUser,
  assertedUser: c.assertedUser,
  transport: 'udp',
  draw: c.draw ?? 0,
  nowSecs: c.nowSecs ?? CASE_NOW_SECS,
});

export type Login = keyof typeof trunkIds;
export type Place = keyof typeof CASE_GATEWAYS;
export const US = '+12125550100';
export const GB = '+442079460000';
export const ES = '+34912345678';
export const SPLIT = '+12125550400';
export const SPARE = '+12125550500';

export const refused = (reason: keyof typeof REJECT, inbound = false): Expected => {
  const entry = REJECT[reason];
  return { action: 'reject', code: entry.code, sipCode: sipCodeOf(entry, inbound) };
};
export const to = (destination: string, callerId: string | null, ...places: Place[]): Expected => ({
  action: 'route',
  uris: places.map((p) => `sip:${destination}@${CASE_GATEWAYS[p]}:${CASE_PORT}`),
  callerId,
  destination,
});
export const out = (
  name: string,
  login: Login | null,
  requestUser: string,
  fromUser: string,
  expect: Expected,
  assertedUser: string | null = null,
): CallCase => ({
  name,
  source: CASE_PBX,
  login,
  requestUser,
  fromUser,
  assertedUser,
  expect, // prettier-ignore
});
/** With the dice as they fell, and targets that do not answer. */
export const given = (state: { readonly draw?: number; readonly down?: readonly Place[] }, call: CallCase): CallCase => ({
  ...call,
  ...state,
  down: (state.down ?? []).map((p) => `${CASE_GATEWAYS[p]}:${CASE_PORT}`),
});
export const at = (name: string, place: keyof typeof CASE_SOURCES, requestUser: string, fromUser: string, expect: Expected): CallCase => ({
  name,
  source: CASE_SOURCES[place],
  login: null,
  requestUser,
  fromUser,
  assertedUser: null,
  expect, // prettier-ignore
});
export const into = (name: string, from: 'a' | 'b', requestUser: string, fromUser: string, expect: Expected): CallCase => ({
  name,
  source: CASE_GATEWAYS[from],
  login: null,
  requestUser,
  fromUser,
  assertedUser: null,
  expect, // prettier-ignore
});
