import { Injectable } from '@nestjs/common';
import type { NumberSearch } from '@trunkline/carriers/server';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { planOf } from '@trunkline/rating/server';
import type { AssignedPlan } from '@trunkline/rating/server';
import { NumberSuppliers } from './number-suppliers.ts';
import type { Offers } from './number-suppliers.ts';

const home = sql<{ country: string }>('tenant-country', `SELECT country FROM tenant WHERE id = $1`);
/** What somebody who looks at a page waits for. */
const DEADLINE_MS = 2_000;

/** Numbers that can be ordered, of the inventory and of carriers together. */
@Injectable()
export class NumberOfferQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly suppliers: NumberSuppliers,
  ) {}

  /** A carrier that gives no answer in time is left out, and named. @throws AppError plan.none_assigned */
  async search(
    ctx: TenantContext,
    query: Omit<NumberSearch, 'country'> & { readonly country?: string | undefined },
  ): Promise<Offers & { readonly plan: AssignedPlan }> {
    const { plan, own } = await this.db.read(ctx, async (tx) => {
      const [tenant] = query.country === undefined ? await tx.query(home, ctx.tenantId) : [];
      return { plan: await planOf(tx, ctx.tenantId, this.clock.now()), own: tenant?.country ?? '' };
    });
    const { found, late } = await this.suppliers.search(ctx, { ...query, country: query.country ?? own }, DEADLINE_MS);
    return { found: found.slice(0, query.limit), late, plan };
  }
}
