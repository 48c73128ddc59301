import { emergencyKey } from '../entries/entry-values.ts';
import type { Target, TrunkValue } from '../entries/entry-values.ts';
import { readTargets } from '../entries/read-entry.ts';
import { withUser } from '../entries/sip-uri.ts';
import type { CallInput, Decision, Lookup } from './call.ts';
import { ownCallerId, ownDefault } from './caller-id.ts';
import { reject } from './reject.ts';
import { REJECT } from './reject-reasons.ts';
import { inOrder } from './target-order.ts';

/** The route of an emergency call; null when `user` is no number for help. Asked before holds, caps and all policy: nothing may block it. */
export const emergencyCall = (input: CallInput, trunkId: string, trunk: TrunkValue, lookup: Lookup, user: string): Decision | null => {
  const dialled = user.replace(/;.*$/, '').replace(/^\+/, '');
  if (!/^[0-9]{2,6}$/.test(dialled)) return null;
  const entry = lookup('emergency', emergencyKey(trunk.country, dialled));
  if (entry === null) return null;
  const callerId = ownCallerId(input, trunk, lookup) || ownDefault(trunk, lookup);
  // not attested: that would take the tenant's entry, and one that cannot be read must not stand in the way
  const call = {
    direction: 'emergency',
    tenantId: trunk.tenantId,
    trunkId,
    carrierId: null,
    callerId,
    destination: dialled,
    attestation: null,
  } as const;
  const targets = inOrder(readTargets(entry).targets, input.draw, lookup).map((t): Target => ({
    uri: withUser(t.uri, dialled),
    carrierId: t.carrierId,
  }));
  if (targets.length === 0) return reject(REJECT.noEmergencyRoute, call);
  const unbound = { caps: null, channels: null, rate: null, maxCallSecs: null, maxRingSecs: null };
  const asItCame = { offer: null, srtp: 'optional', calledNumberIn: 'request_uri' } as const;
  return { action: 'route', call, targets, ...unbound, ...asItCame, rerouteCodes: null, fallback: null };
};
