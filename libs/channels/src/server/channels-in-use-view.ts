import type { ChannelKind } from '@trunkline/edge-core';
import type { TenantContext } from '@trunkline/kernel';

/** Answered calls that channels of one kind carry now: of a pool, or (null) of trunks that have their own. */
export type ChannelsInUse = { readonly poolId: string | null; readonly kind: ChannelKind; readonly calls: number };

/** Implemented above, where edges are known. */
export abstract class ChannelsInUseView {
  /** Null: not known, as the tenant's home edge is not heard of. */
  abstract of(ctx: TenantContext): Promise<readonly ChannelsInUse[] | null>;
}
