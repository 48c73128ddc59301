import type { Decision } from '@trunkline/edge-core';

/** What the record of a call says about how it was decided. */
export type DecidedCall = {
  readonly outcome: 'answered' | 'failed' | 'rejected';
  readonly reason: string | null;
  readonly trunkId: string | null;
  readonly callerId: string | null;
  readonly destination: string | null;
  readonly gateway: string | null;
};
export type Difference = { readonly field: string; readonly was: string | null; readonly now: string | null };

/** Refusals that come after the decision, from what was counted or tried: the call had been let through. */
const AFTER_THE_DECISION: readonly string[] = [
  'tenant.channels_exhausted',
  'trunk.channels_exhausted',
  'trunk.rate_exceeded',
  'trunk.not_registered',
  'carrier.unreachable',
];

/** In what a call would be decided otherwise than it was; none: the same. */
export const compareReplay = (was: DecidedCall, now: Decision): readonly Difference[] => {
  const refusedFor = was.outcome === 'rejected' && was.reason !== null && !AFTER_THE_DECISION.includes(was.reason) ? was.reason : null;
  const differences: Difference[] = [{ field: 'reason', was: refusedFor, now: reasonOf(now) }];
  if (refusedFor === null && now.action === 'route') {
    differences.push({ field: 'trunk_id', was: was.trunkId, now: now.call.trunkId });
    differences.push({ field: 'caller_id', was: was.callerId, now: now.call.callerId });
    differences.push({ field: 'destination', was: was.destination, now: now.call.destination });
    const known = was.gateway === null || now.targets.length === 0 || now.targets.some((t) => t.uri === was.gateway);
    differences.push({ field: 'target', was: known ? null : was.gateway, now: known ? null : (now.targets[0]?.uri ?? null) });
  }
  return differences.filter((d) => d.was !== d.now);
};

const reasonOf = (now: Decision): string | null =>
  now.action === 'route' ? null : now.action === 'challenge' ? 'credential.required' : now.reason.code;
