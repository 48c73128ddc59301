import { Injectable } from '@nestjs/common';
import { AppError, Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, expectRevision, markDirty, publish } from '@trunkline/platform';
import { claimAllotment } from '@trunkline/tenancy/server';
import { channelErrors } from '../core/errors.ts';
import { deleteGroupRow, lockGroup, membersOf } from './channel-groups.sql.ts';

/** Deletes a group that nothing is in any more; its channels are the pool's again. */
@Injectable()
export class DeleteChannelGroup {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, channel_group.in_use with whatever is in it */
  execute(ctx: TenantContext, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const group = await lockGroup(tx, ctx.tenantId, id); // who joins it waits, and then finds it gone
      expectRevision(ctx, group.revision);
      const members = await membersOf(tx, ctx.tenantId, id);
      const errors = members.map((name) => ({ pointer: '/id', code: 'member', detail: `${name} is in it` }));
      if (members.length > 0) throw new AppError(channelErrors.groupInUse, undefined, { errors });
      await claimAllotment(tx, ctx, { channels: -group.meteredMax }, this.clock.now());
      await deleteGroupRow(tx, ctx.tenantId, id);
      markDirty(tx, 'channel_group', [id]);
      audit(tx, ctx, 'channel_group.deleted', id);
      publish(tx, { type: 'channel_group.deleted', tenantId: ctx.tenantId, data: { channelGroupId: id } });
    });
  }
}
