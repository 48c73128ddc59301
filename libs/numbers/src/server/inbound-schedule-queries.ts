import { Injectable } from '@nestjs/common';
import { pageOf, positionOf } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { InboundSchedule } from '../core/inbound-schedule.ts';
import { listSchedules, readSchedule } from './inbound-schedules.sql.ts';

@Injectable()
export class InboundScheduleQueries {
  constructor(private readonly db: Database) {}

  list(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<InboundSchedule>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await listSchedules(tx, ctx.tenantId, after, limit + 1), limit));
  }

  /** @throws AppError resource.not_found */
  byId(ctx: TenantContext, id: string): Promise<InboundSchedule> {
    return this.db.read(ctx, (tx) => readSchedule(tx, ctx.tenantId, id));
  }
}
