import { REJECT } from '../decision/reject-reasons.ts';
import type { RejectReason } from '../decision/reject-reasons.ts';
import type { ChannelDemand, Counter } from './channel-demand.ts';
import type { ChannelKind } from './channel-kind.ts';

/** `counters`: where the call is counted from now on. */
export type TakenChannel = {
  readonly taken: true;
  readonly kind: ChannelKind;
  readonly poolId: string;
  readonly counters: readonly string[];
};
export type NoChannel = { readonly taken: false; readonly reason: RejectReason };

/**
 * Which channel carries a call: the first kind, in the fixed order, of which one is free. Nobody else may count between this question and
 * the counting of its answer.
 * @param used how many calls a counter holds, this one not among them
 */
export const takeChannel = (demand: ChannelDemand, used: (key: string) => number): TakenChannel | NoChannel => {
  const hasRoom = ({ key, max }: Counter): boolean => max === null || used(key) < max;
  for (let i = 0; i < demand.caps.length; i++) {
    const cap = demand.caps[i];
    if (cap !== undefined && !hasRoom(cap)) return { taken: false, reason: cap.reason };
  }
  const free = demand.sources.filter((s) => s.counters.every(hasRoom))[0];
  if (free === undefined) return { taken: false, reason: REJECT.noChannelFree };
  return { taken: true, kind: free.kind, poolId: free.poolId, counters: demand.caps.map(keyOf).concat(free.counters.map(keyOf)) };
};

const keyOf = ({ key }: Counter): string => key;
