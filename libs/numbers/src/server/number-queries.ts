import { Injectable } from '@nestjs/common';
import { Clock, pageOf, positionOf } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { TenantNumber } from '../core/number.ts';
import { listNumbers, listNumbersOfTrunks, readNumber } from './numbers.sql.ts';
import type { NumberFilter } from './numbers.sql.ts';

@Injectable()
export class NumberQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  list(ctx: TenantContext, { limit, cursor, ...filter }: PageQuery & NumberFilter): Promise<Page<TenantNumber>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await listNumbers(tx, ctx.tenantId, this.clock.now(), after, limit + 1, filter), limit));
  }

  /** The first numbers of each of these trunks after the same position. */
  async ofTrunks(
    ctx: TenantContext,
    trunkIds: readonly string[],
    { limit, cursor }: PageQuery,
  ): Promise<ReadonlyMap<string, Page<TenantNumber>>> {
    const after = positionOf(cursor);
    const rows = await this.db.read(ctx, (tx) => listNumbersOfTrunks(tx, ctx.tenantId, this.clock.now(), after, limit + 1, trunkIds));
    const byTrunk = Map.groupBy(rows, ({ trunkId }) => trunkId ?? '');
    return new Map([...byTrunk].map(([trunkId, ofTrunk]) => [trunkId, pageOf(ofTrunk, limit)]));
  }

  /** @throws AppError resource.not_found */
  byId(ctx: TenantContext, id: string): Promise<TenantNumber> {
    return this.db.read(ctx, (tx) => readNumber(tx, ctx.tenantId, id, this.clock.now()));
  }
}
