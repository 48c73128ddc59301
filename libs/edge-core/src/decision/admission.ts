import { RESTRICTED } from '../entries/entry-values.ts';
import type { HomeEdge, TenantValue, TrunkValue } from '../entries/entry-values.ts';
import { readTenant } from '../entries/read-entry.ts';
import { tlsAddressOf, withUser } from '../entries/sip-uri.ts';
import type { CallFacts, CallInput, Lookup, Redirect, Reject, Route } from './call.ts';
import { reject } from './reject.ts';
import { REJECT } from './reject-reasons.ts';

/** Whether tenant and trunk may have calls here at all: the tenant when they may, else the answer to give. */
export const admit = (input: CallInput, call: CallFacts, trunk: TrunkValue, lookup: Lookup): TenantValue | Reject | Redirect => {
  const entry = lookup('tenant', trunk.tenantId);
  if (entry === null) return reject(REJECT.unknownTenant, call);
  const tenant = readTenant(entry);
  const isSuspended = tenant.holds.some((hold) => hold !== RESTRICTED);
  if (isSuspended) return reject(REJECT.onHold, call);
  if (tenant.holds.length > 0 && call.direction === 'outbound') return reject(REJECT.restricted, call);
  if (!trunk.enabled) return reject(REJECT.trunkDisabled, call);
  if (!isElsewhere(tenant.home, input)) return tenant;
  // a tech prefix is what tells there, too, whose call it is
  const asDialled = call.destination === null || (trunk.techPrefix !== null && call.direction === 'outbound');
  const user = asDialled ? encodeURIComponent(input.requestUser) : call.destination || '';
  const address = input.transport === 'tls' ? tlsAddressOf(tenant.home.sipAddress) + ';transport=tls' : tenant.home.sipAddress;
  const contact = withUser('sip:' + address, user);
  return { action: 'redirect', contact, reason: REJECT.otherEdge, sipCode: REJECT.otherEdge.sipCode, call };
};

/** After a move every edge still takes the tenant's calls for a moment: the new home may not have heard of it yet, and would send them back. */
const MOVE_SECS = 3;
const isElsewhere = (home: HomeEdge | null, { edge, nowSecs }: CallInput): home is HomeEdge =>
  home !== null && home.name !== edge && Math.abs(nowSecs - (home.sinceSecs ?? 0)) > MOVE_SECS;

/** Where channels of pools carry the trunk's calls, they are counted by direction together with these. */
export const capsOf = (tenant: TenantValue, trunk: TrunkValue, direction: 'inbound' | 'outbound'): Route['caps'] => ({
  trunk: { max: trunk.channelsMax, reason: REJECT.trunkFull },
  direction: { max: (trunk.channels === null ? trunk.channelCaps : trunk.channels.caps)[direction], reason: REJECT.trunkFull },
  tenant: { max: tenant.channelsMax, reason: REJECT.tenantFull },
});
