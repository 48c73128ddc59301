import { Injectable } from '@nestjs/common';
import { pageOf, positionOf } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { Trunk } from '../core/trunk.ts';
import { listTrunks, readTrunk, readTrunks } from './trunks.sql.ts';
import type { TrunkFilter } from './trunks.sql.ts';

@Injectable()
export class TrunkQueries {
  constructor(private readonly db: Database) {}

  list(ctx: TenantContext, { limit, cursor, ...filter }: PageQuery & TrunkFilter): Promise<Page<Trunk>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await listTrunks(tx, ctx.tenantId, after, limit + 1, filter), limit));
  }

  /** @throws AppError resource.not_found */
  byId(ctx: TenantContext, id: string): Promise<Trunk> {
    return this.db.read(ctx, (tx) => readTrunk(tx, ctx.tenantId, id));
  }

  /** Those of them that are live, in no order. */
  byIds(ctx: TenantContext, ids: readonly string[]): Promise<Trunk[]> {
    return this.db.read(ctx, (tx) => readTrunks(tx, ctx.tenantId, ids));
  }
}
