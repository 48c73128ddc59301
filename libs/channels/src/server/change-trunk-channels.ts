import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, changed, expectRevision, markDirty, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { orderUnits, replaceStepped } from '@trunkline/rating/server';
import { claimAllotment } from '@trunkline/tenancy/server';
import type { Trunk } from '@trunkline/trunks';
import { lockTrunk } from '@trunkline/trunks/server';
import { withChange } from '../core/channel-group.ts';
import type { TrunkChannelSettings, TrunkChannels } from '../core/channel-group.ts';
import { channelsOfTrunk, unknownGroup, writeTrunkChannels } from './channel-settings.sql.ts';
import { tenantCurrency } from './channels.sql.ts';

/**
 * Puts a trunk into a group, so that channels of pools carry its calls, or takes it out, so that it has its own again. Its own are paid and count
 * in the allotment exactly while it has them; `channels_max` and the caps by direction hold either way.
 */
@Injectable()
export class ChangeTrunkChannels {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, request.invalid, tenant.allotment_used_up, kyc.required, ledger.balance_too_low */
  execute(ctx: TenantContext, id: string, change: Partial<TrunkChannelSettings>): Promise<TrunkChannels> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const trunk = await lockTrunk(tx, ctx.tenantId, id);
      expectRevision(ctx, trunk.revision);
      const before = await channelsOfTrunk(tx, ctx.tenantId, trunk);
      const after = withChange(before, change, now);
      if (after === before) return before;
      if (before.groupId === null && after.groupId !== null) await this.giveUpOwn(tx, ctx, trunk, now);
      if (before.groupId !== null && after.groupId === null) await this.buyOwn(tx, ctx, trunk, now);
      await writeTrunkChannels(tx, ctx.tenantId, after).catch(unknownGroup);
      markDirty(tx, 'trunk', [id]);
      audit(tx, ctx, 'trunk.channels_changed', id, changed(before, after, Object.keys(change)));
      const data = { trunkId: id, channelGroupId: after.groupId, revision: after.revision };
      publish(tx, { type: 'trunk.channels_changed', tenantId: ctx.tenantId, data });
      return after;
    });
  }

  private async giveUpOwn(tx: Tx, ctx: TenantContext, trunk: Trunk, now: Date): Promise<void> {
    const { tenantId } = ctx;
    const currency = (await tenantCurrency(tx, tenantId)) ?? '';
    await claimAllotment(tx, ctx, { channels: -trunk.channelsMax }, now);
    await replaceStepped(tx, { tenantId, resourceId: trunk.id, description: trunk.name, currency, units: [] }, now);
  }

  private async buyOwn(tx: Tx, ctx: TenantContext, { id, name, channelsMax, revision }: Trunk, at: Date): Promise<void> {
    const { tenantId } = ctx;
    await claimAllotment(tx, ctx, { channels: channelsMax, pointer: '/group_id' }, at);
    const item = { tenantId, kind: 'channel', resourceId: id, description: name, quantity: channelsMax } as const;
    await orderUnits(tx, item, at, { reference: `${id}:${revision + 1}` });
  }
}
