import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, changed, expectRevision, markDirty, publish } from '@trunkline/platform';
import { changeSchedule, groupsOf } from '../core/inbound-schedule.ts';
import type { InboundSchedule, ScheduleSettings } from '../core/inbound-schedule.ts';
import { holdGroups } from './inbound-groups.sql.ts';
import { lockSchedule, updateScheduleRow } from './inbound-schedules.sql.ts';

@Injectable()
export class UpdateInboundSchedule {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, request.invalid at /rules, inbound_schedule.name_taken */
  execute(ctx: TenantContext, id: string, change: Partial<ScheduleSettings>): Promise<InboundSchedule> {
    return this.db.tx(ctx, async (tx) => {
      const before = await lockSchedule(tx, ctx.tenantId, id);
      expectRevision(ctx, before.revision);
      const schedule = changeSchedule(before, change, this.clock.now());
      if (schedule === before) return schedule;
      await holdGroups(tx, ctx.tenantId, groupsOf(schedule), '/rules');
      await updateScheduleRow(tx, ctx.tenantId, schedule);
      markDirty(tx, 'inbound_schedule', [id]);
      audit(tx, ctx, 'inbound_schedule.updated', id, changed(before, schedule, Object.keys(change)));
      const data = { inboundScheduleId: id, revision: schedule.revision };
      publish(tx, { type: 'inbound_schedule.updated', tenantId: ctx.tenantId, data });
      return schedule;
    });
  }
}
