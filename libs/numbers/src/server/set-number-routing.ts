import { Injectable } from '@nestjs/common';
import { AppError, Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, expectRevision, markDirty, publish, sql } from '@trunkline/platform';
import { numberErrors } from '../core/errors.ts';
import { isReleased } from '../core/number.ts';
import { holdGroups } from './inbound-groups.sql.ts';
import { holdSchedule } from './inbound-schedules.sql.ts';
import { NO_ROUTING, clearRouting, readRouting } from './number-routing-queries.ts';
import type { NumberRouting, RoutingSettings } from './number-routing-queries.ts';
import { lockNumber } from './numbers.sql.ts';

const put = sql(
  'number-routing-put',
  `INSERT INTO number_routing (tenant_id, number_id, group_id, schedule_id, disaster_group_id) VALUES ($1, $2, $3, $4, $5)
   ON CONFLICT (tenant_id, number_id) DO UPDATE SET group_id = excluded.group_id, schedule_id = excluded.schedule_id, disaster_group_id = excluded.disaster_group_id`,
);
const revise = sql('number-revise', `UPDATE number_assignment SET revision = $3, updated_at = $4 WHERE tenant_id = $1 AND id = $2`);

/** Says what takes a number's calls instead of its trunk's routes; nothing at all gives them back to those. */
@Injectable()
export class SetNumberRouting {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, number.released, request.invalid */
  execute(ctx: TenantContext, id: string, settings: RoutingSettings): Promise<NumberRouting> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const number = await lockNumber(tx, ctx.tenantId, id, now);
      expectRevision(ctx, number.revision);
      if (isReleased(number)) throw new AppError(numberErrors.released);
      const before = await readRouting(tx, ctx.tenantId, id);
      if (FIELDS.every((field) => before[field] === settings[field])) return { ...number, ...before };
      const { groupId, scheduleId, disasterGroupId } = settings;
      if (groupId !== null) await holdGroups(tx, ctx.tenantId, [groupId], '/inbound_group_id');
      if (disasterGroupId !== null) await holdGroups(tx, ctx.tenantId, [disasterGroupId], '/disaster_group_id');
      if (scheduleId !== null) await holdSchedule(tx, ctx.tenantId, scheduleId);
      if (FIELDS.every((field) => settings[field] === null)) await clearRouting(tx, ctx.tenantId, id);
      else await tx.query(put, ctx.tenantId, id, groupId, scheduleId, disasterGroupId);
      const revision = number.revision + 1;
      await tx.query(revise, ctx.tenantId, id, revision, now);
      markDirty(tx, 'number', [number.e164]);
      audit(tx, ctx, 'number.rerouted', id, { before, after: settings });
      const data = { numberId: id, e164: number.e164, trunkId: number.trunkId, revision };
      publish(tx, { type: 'number.rerouted', tenantId: ctx.tenantId, data });
      return { ...number, revision, ...settings };
    });
  }
}

const FIELDS = Object.keys(NO_ROUTING) as (keyof RoutingSettings)[];
