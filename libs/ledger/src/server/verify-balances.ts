import { Injectable } from '@nestjs/common';
import type { SystemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';

/** A balance that is not the sum of its postings. */
export type BalanceFault = {
  readonly tenantId: string;
  readonly currency: string;
  readonly balanceNanos: bigint;
  readonly postedNanos: bigint;
};

const faults = sql<BalanceFault>(
  'balance-verify',
  `SELECT tenant_id AS "tenantId", currency, coalesce(b.amount_nanos, 0)::bigint AS "balanceNanos", coalesce(p.amount_nanos, 0)::bigint AS "postedNanos"
   FROM balance b FULL JOIN (
     SELECT tenant_id, currency, sum(CASE WHEN debit = 'customer' THEN amount_nanos ELSE -amount_nanos END) AS amount_nanos
     FROM posting WHERE 'customer' IN (debit, credit) GROUP BY tenant_id, currency
   ) p USING (tenant_id, currency)
   WHERE coalesce(b.amount_nanos, 0) <> coalesce(p.amount_nanos, 0) ORDER BY 1, 2`,
);

/** Compares every tenant's balance with the sum of what its postings did to the `customer` account, in one snapshot. */
@Injectable()
export class VerifyBalances {
  constructor(private readonly db: Database) {}

  /** @returns what does not agree; empty when the books are sound */
  execute(ctx: SystemContext): Promise<BalanceFault[]> {
    return this.db.read(ctx, (tx) => tx.query(faults));
  }
}
