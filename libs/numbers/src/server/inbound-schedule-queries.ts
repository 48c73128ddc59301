import { Injectable } from '@nestjs/common';
import { decodeCursor, pageOf } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { InboundSchedule } from '../core/inbound-schedule.ts';
import { listSchedules, readSchedule } from './inbound-schedules.sql.ts';

const NEWEST = { createdAt: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

@Injectable()
export class InboundScheduleQueries {
  constructor(private readonly db: Database) {}

  list(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<InboundSchedule>> {
    const after = cursor === undefined ? NEWEST : decodeCursor(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await listSchedules(tx, ctx.tenantId, after, limit + 1), limit));
  }

  /** @throws AppError resource.not_found */
  byId(ctx: TenantContext, id: string): Promise<InboundSchedule> {
    return this.db.read(ctx, (tx) => readSchedule(tx, ctx.tenantId, id));
  }
}
