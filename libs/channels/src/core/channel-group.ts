import type { ChannelCaps, ChannelDirection } from '@trunkline/edge-core';

/** Channels of a pool that numbers and trunks share, and metered ones for when none of them is free. */
export type ChannelGroupSettings = {
  readonly name: string;
  readonly direction: ChannelDirection; // of the calls that its channels carry
  readonly shared: number;
  readonly meteredMax: number;
  readonly caps: ChannelCaps; //           of all calls of its numbers and trunks, whatever carries them
};
export type ChannelGroup = ChannelGroupSettings & {
  readonly id: string;
  readonly poolId: string;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

/** What a number brings along for its calls. */
export type NumberChannelSettings = {
  readonly poolId: string | null;
  readonly dedicated: number;
  readonly direction: ChannelDirection; // of the calls that the dedicated ones carry
  readonly groupId: string | null; //      null: that of its trunk
  readonly caps: ChannelCaps;
};
/** `id` and `revision` are the number's. */
export type NumberChannels = NumberChannelSettings & Revised & { readonly id: string };

/** How a trunk gets its channels: from pools, through a group, or (null) those bought with it. */
export type TrunkChannelSettings = { readonly groupId: string | null; readonly caps: Omit<ChannelCaps, 'both'> };
/** `id` and `revision` are the trunk's. */
export type TrunkChannels = TrunkChannelSettings & Revised & { readonly id: string };

type Revised = { readonly revision: number; readonly updatedAt: Date };

/** After a change, or the very same object when nothing differs. */
export const withChange = <T extends Revised>(before: T, change: Partial<NoInfer<T>>, now: Date): T => {
  const after = { ...before, ...change };
  const isSame = (Object.keys(change) as (keyof T)[]).every((key) => JSON.stringify(before[key]) === JSON.stringify(after[key]));
  return isSame ? before : { ...after, revision: before.revision + 1, updatedAt: now };
};
