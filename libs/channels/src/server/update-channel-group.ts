import { Injectable } from '@nestjs/common';
import { Clock, notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, changed, expectRevision, markDirty, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { claimAllotment } from '@trunkline/tenancy/server';
import { withChange } from '../core/channel-group.ts';
import type { ChannelGroup, ChannelGroupSettings } from '../core/channel-group.ts';
import { holdChannels } from '../core/channel-pool.ts';
import { lockGroup, readGroups, updateGroupRow } from './channel-groups.sql.ts';
import { assignmentsOf, lockPool } from './channels.sql.ts';

/** Changes a group. The edges take fewer channels as they take more: at once for calls that begin; those that are up finish. */
@Injectable()
export class UpdateChannelGroup {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, channel_pool.used_up, channel_group.name_taken, tenant.allotment_used_up, kyc.required */
  execute(ctx: TenantContext, id: string, change: Partial<ChannelGroupSettings>): Promise<ChannelGroup> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const [before, pool] = await this.lock(tx, ctx.tenantId, id);
      expectRevision(ctx, before.revision);
      const group = withChange(before, change, now);
      if (group === before) return group;
      const others = (await assignmentsOf(tx, ctx.tenantId, [pool.id])).filter((a) => a.id !== id);
      holdChannels(pool, others, group.shared, '/shared_channels');
      await claimAllotment(tx, ctx, { channels: group.meteredMax - before.meteredMax, pointer: '/metered_channels_max' }, now);
      await updateGroupRow(tx, ctx.tenantId, group);
      markDirty(tx, 'channel_group', [id]);
      audit(tx, ctx, 'channel_group.updated', id, changed(before, group, Object.keys(change)));
      publish(tx, { type: 'channel_group.updated', tenantId: ctx.tenantId, data: { channelGroupId: id, revision: group.revision } });
      return group;
    });
  }

  /** The pool first, as everybody does; a group stays in the pool it was made of. */
  private async lock(tx: Tx, tenantId: string, id: string) {
    const [found] = await readGroups(tx, tenantId, [id]);
    const pool = found && (await lockPool(tx, tenantId, found.poolId));
    if (!pool) throw notFound();
    return [await lockGroup(tx, tenantId, id), pool] as const;
  }
}
