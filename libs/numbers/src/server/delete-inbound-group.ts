import { Injectable } from '@nestjs/common';
import { AppError } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, expectRevision, isForeignKeyViolation, markDirty, publish } from '@trunkline/platform';
import { numberErrors } from '../core/errors.ts';
import { deleteGroupRow, lockGroup } from './inbound-groups.sql.ts';

/** The references that keep a group. */
const USES = ['number_routing_group_fkey', 'number_routing_disaster_fkey', 'inbound_schedule_group_group_fkey', 'disaster_plan_group_fkey'];

@Injectable()
export class DeleteInboundGroup {
  constructor(private readonly db: Database) {}

  /** @throws AppError resource.not_found, inbound_group.in_use */
  execute(ctx: TenantContext, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const { name, revision } = await lockGroup(tx, ctx.tenantId, id);
      expectRevision(ctx, revision);
      await deleteGroupRow(tx, ctx.tenantId, id).catch((error: unknown) => {
        throw USES.some((use) => isForeignKeyViolation(error, use)) ? new AppError(numberErrors.groupInUse) : error;
      });
      markDirty(tx, 'inbound_group', [id]);
      audit(tx, ctx, 'inbound_group.deleted', id, { name });
      publish(tx, { type: 'inbound_group.deleted', tenantId: ctx.tenantId, data: { inboundGroupId: id } });
    });
  }
}
