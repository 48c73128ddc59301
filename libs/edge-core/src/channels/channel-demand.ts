import type { RejectReason } from '../decision/reject-reasons.ts';
import type { ChannelGroupValue, ChannelPoolValue, NumberChannels, TrunkChannels } from '../entries/entry-values.ts';
import { REJECT } from '../decision/reject-reasons.ts';
import type { ChannelCaps, ChannelDirection, ChannelKind } from './channel-kind.ts';

/** Something that calls are counted in. A call is in it from its beginning to its end. */
export type Counter = { readonly key: string; readonly max: number | null };

/** A cap: whatever carries the call is counted here, also while there is no cap, so that one that comes later knows of the calls before. */
export type CappedCounter = Counter & { readonly reason: RejectReason };

/** Channels of one kind that may carry the call, if every counter has room. */
export type ChannelSource = { readonly kind: ChannelKind; readonly poolId: string; readonly counters: readonly Counter[] };

/** What a call of a pool needs: room below every cap, and the first source that has some. */
export type ChannelDemand = { readonly caps: readonly CappedCounter[]; readonly sources: readonly ChannelSource[] };

/** What the entries say of one call. A number without channels, or a call that presents none: null. */
export type ChannelFacts = {
  readonly direction: 'inbound' | 'outbound';
  readonly trunkId: string;
  readonly trunk: TrunkChannels;
  readonly digits: string | null; // of the number: the one called, or the one that an outbound call presents
  readonly number: NumberChannels | null;
  readonly numberPool: ChannelPoolValue | null;
  readonly groupId: string; //       the number's group, else the trunk's
  readonly group: ChannelGroupValue | null;
  readonly groupPool: ChannelPoolValue | null;
};

export const channelDemand = (f: ChannelFacts): ChannelDemand => {
  const caps = capped('trunk:' + f.trunkId, f.trunk.caps, f, REJECT.trunkFull);
  const own = f.digits === null ? [] : capped('number:' + f.digits, f.number === null ? null : f.number.caps, f, REJECT.numberFull);
  const shared = capped('group:' + f.groupId, f.group === null ? null : f.group.caps, f, REJECT.groupFull);
  return { caps: caps.concat(own, shared), sources: sourcesOfNumber(f).concat(sourcesOfGroup(f)) };
};

const capped = (key: string, caps: ChannelCaps | null, { direction }: ChannelFacts, reason: RejectReason): CappedCounter[] => [
  { key, max: caps === null ? null : caps.both, reason },
  { key: key + ':' + direction, max: caps === null ? null : caps[direction], reason },
];

const serves = (direction: ChannelDirection, call: ChannelFacts): boolean => direction === 'both' || direction === call.direction;

// An entry of a pool that is not there, or not there yet, has no channels.
const ofPool = (id: string, pool: ChannelPoolValue | null): Counter => ({ key: 'pool:' + id, max: pool === null ? 0 : pool.channels });

const sourcesOfNumber = (f: ChannelFacts): ChannelSource[] => {
  const { digits, number } = f;
  if (digits === null || number === null || number.poolId === null) return [];
  const { poolId, dedicated, direction } = number;
  const found: ChannelSource[] = [];
  const included = f.numberPool === null ? 0 : f.numberPool.includedPerNumber;
  if (included > 0) found.push({ kind: 'included', poolId, counters: [{ key: 'included:' + digits, max: included }] });
  if (dedicated > 0 && serves(direction, f)) {
    found.push({ kind: 'dedicated', poolId, counters: [{ key: 'dedicated:' + digits, max: dedicated }, ofPool(poolId, f.numberPool)] });
  }
  return found;
};

const sourcesOfGroup = (f: ChannelFacts): ChannelSource[] => {
  const { group, groupId } = f;
  if (group === null || !serves(group.direction, f)) return [];
  const { poolId, shared, meteredMax } = group;
  const found: ChannelSource[] = [];
  if (shared > 0)
    found.push({ kind: 'shared', poolId, counters: [{ key: 'shared:' + groupId, max: shared }, ofPool(poolId, f.groupPool)] });
  if (meteredMax > 0) found.push({ kind: 'metered', poolId, counters: [{ key: 'metered:' + groupId, max: meteredMax }] });
  return found;
};
