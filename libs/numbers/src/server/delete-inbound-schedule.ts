import { Injectable } from '@nestjs/common';
import { AppError } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, expectRevision, isForeignKeyViolation, markDirty, publish } from '@trunkline/platform';
import { numberErrors } from '../core/errors.ts';
import { deleteScheduleRow, lockSchedule } from './inbound-schedules.sql.ts';

@Injectable()
export class DeleteInboundSchedule {
  constructor(private readonly db: Database) {}

  /** @throws AppError resource.not_found, inbound_schedule.in_use */
  execute(ctx: TenantContext, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const { name, revision } = await lockSchedule(tx, ctx.tenantId, id);
      expectRevision(ctx, revision);
      await deleteScheduleRow(tx, ctx.tenantId, id).catch((error: unknown) => {
        throw isForeignKeyViolation(error, 'number_routing_schedule_fkey') ? new AppError(numberErrors.scheduleInUse) : error;
      });
      markDirty(tx, 'inbound_schedule', [id]);
      audit(tx, ctx, 'inbound_schedule.deleted', id, { name });
      publish(tx, { type: 'inbound_schedule.deleted', tenantId: ctx.tenantId, data: { inboundScheduleId: id } });
    });
  }
}
