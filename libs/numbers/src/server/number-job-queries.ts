import { Injectable } from '@nestjs/common';
import { AppError, kernelErrors, notFound, pageOf, positionOf } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { listItems, listJobs, readJob } from './number-jobs.sql.ts';
import type { NumberJob, NumberJobItem } from './number-jobs.sql.ts';

@Injectable()
export class NumberJobQueries {
  constructor(private readonly db: Database) {}

  /** Newest first. @throws AppError request.bad_cursor */
  list(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<NumberJob>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await listJobs(tx, ctx.tenantId, after, limit + 1), limit));
  }

  /** @throws AppError resource.not_found */
  async byId(ctx: TenantContext, id: string): Promise<NumberJob> {
    const found = await this.db.read(ctx, (tx) => readJob(tx, ctx.tenantId, id));
    if (!found) throw notFound();
    return found;
  }

  /** What became of its numbers, in the order of the request. @throws AppError resource.not_found, request.bad_cursor */
  async items(ctx: TenantContext, id: string, { limit, cursor }: PageQuery): Promise<Page<NumberJobItem>> {
    const after = cursor === undefined ? -1 : decodePosition(cursor);
    await this.byId(ctx, id);
    const rows = await this.db.read(ctx, (tx) => listItems(tx, ctx.tenantId, id, after, limit + 1));
    const data = rows.slice(0, limit);
    const last = data.at(-1);
    return { data, nextCursor: rows.length > limit && last ? String(last.position) : null };
  }
}

const decodePosition = (cursor: string): number => {
  if (!/^\d{1,5}$/.test(cursor)) throw new AppError(kernelErrors.badCursor);
  return Number(cursor);
};
