import { Injectable } from '@nestjs/common';
import { Clock, invalidField, newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, markDirty, publish } from '@trunkline/platform';
import { claimAllotment } from '@trunkline/tenancy/server';
import type { ChannelGroup, ChannelGroupSettings } from '../core/channel-group.ts';
import { holdChannels } from '../core/channel-pool.ts';
import { insertGroup } from './channel-groups.sql.ts';
import { assignmentsOf, lockPool } from './channels.sql.ts';

/** Makes a group that shares channels of a pool. Metered channels are paid when they are used, but count in the allotment as if they were bought. */
@Injectable()
export class CreateChannelGroup {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError request.invalid, channel_pool.used_up, channel_group.name_taken, tenant.allotment_used_up, kyc.required */
  execute(ctx: TenantContext, { poolId, ...settings }: ChannelGroupSettings & { readonly poolId: string }): Promise<ChannelGroup> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const pool = await lockPool(tx, ctx.tenantId, poolId);
      if (!pool) throw invalidField('/pool_id', 'unknown', 'No such pool');
      holdChannels(pool, await assignmentsOf(tx, ctx.tenantId, [poolId]), settings.shared, '/shared_channels');
      await claimAllotment(tx, ctx, { channels: settings.meteredMax, pointer: '/metered_channels_max' }, now);
      const group: ChannelGroup = { ...settings, id: newId(), poolId, revision: 1, createdAt: now, updatedAt: now };
      await insertGroup(tx, ctx.tenantId, group);
      markDirty(tx, 'channel_group', [group.id]);
      audit(tx, ctx, 'channel_group.created', group.id, { poolId, ...settings });
      publish(tx, { type: 'channel_group.created', tenantId: ctx.tenantId, data: { channelGroupId: group.id } });
      return group;
    });
  }
}
