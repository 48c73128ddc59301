import { Injectable } from '@nestjs/common';
import { Clock, pageOf, positionOf } from '@trunkline/kernel';
import type { Page, PageQuery, SystemContext, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { stateAt } from '../core/verified-number.ts';
import type { VerifiedNumber } from '../core/verified-number.ts';
import { listInReview, listVerifiedNumbers, readVerifiedNumber } from './verified-numbers.sql.ts';
import type { TenantsVerifiedNumber } from './verified-numbers.sql.ts';

@Injectable()
export class VerifiedNumberQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Newest first, those that are over too. */
  list(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<VerifiedNumber>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) =>
      pageOf(
        (await listVerifiedNumbers(tx, ctx.tenantId, after, limit + 1)).map((n) => this.now(n)),
        limit,
      ),
    );
  }

  /** @throws AppError resource.not_found */
  byId(ctx: TenantContext, id: string): Promise<VerifiedNumber> {
    return this.db.read(ctx, async (tx) => this.now(await readVerifiedNumber(tx, ctx.tenantId, id)));
  }

  /** Those of all tenants that wait for the operator, newest first. */
  inReview(ctx: SystemContext, { limit, cursor }: PageQuery): Promise<Page<TenantsVerifiedNumber>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await listInReview(tx, after, limit + 1), limit));
  }

  private now(number: VerifiedNumber): VerifiedNumber {
    return { ...number, state: stateAt(number, this.clock.now()) };
  }
}
