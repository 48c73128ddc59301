import { Injectable } from '@nestjs/common';
import { Clock, newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, markDirty, publish } from '@trunkline/platform';
import { groupsOf, openSchedule } from '../core/inbound-schedule.ts';
import type { InboundSchedule, ScheduleSettings } from '../core/inbound-schedule.ts';
import { holdGroups } from './inbound-groups.sql.ts';
import { insertSchedule } from './inbound-schedules.sql.ts';

@Injectable()
export class CreateInboundSchedule {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError request.invalid at /rules, inbound_schedule.name_taken */
  execute(ctx: TenantContext, settings: ScheduleSettings): Promise<InboundSchedule> {
    return this.db.tx(ctx, async (tx) => {
      const schedule = openSchedule(newId(), settings, this.clock.now());
      await holdGroups(tx, ctx.tenantId, groupsOf(schedule), '/rules');
      await insertSchedule(tx, ctx.tenantId, schedule);
      markDirty(tx, 'inbound_schedule', [schedule.id]);
      audit(tx, ctx, 'inbound_schedule.created', schedule.id, settings);
      publish(tx, { type: 'inbound_schedule.created', tenantId: ctx.tenantId, data: { inboundScheduleId: schedule.id } });
      return schedule;
    });
  }
}
