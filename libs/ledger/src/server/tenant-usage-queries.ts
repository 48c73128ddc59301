import { Injectable } from '@nestjs/common';
import type { AboveContext, Cursor, Page, PageQuery } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { TenantQueries } from '@trunkline/tenancy/server';
import { CHARGES } from '../core/chart-of-accounts.ts';

export type Charged = {
  readonly tenantId: string;
  readonly kind: string;
  readonly currency: string;
  readonly count: bigint;
  readonly seconds: bigint;
  readonly amountNanos: bigint;
};
export type TenantUsage = Cursor & { readonly tenantId: string; readonly month: string; readonly charges: readonly Charged[] };

const charged = sql<Charged>(
  'posting-sums-of-tenants',
  `SELECT tenant_id AS "tenantId", kind, currency, sum(count)::bigint AS count, sum(seconds)::bigint AS seconds, sum(amount_nanos)::bigint AS "amountNanos"
   FROM posting WHERE tenant_id = ANY ($1::uuid[]) AND month = $2::date AND kind = ANY ($3::text[])
   GROUP BY tenant_id, kind, currency ORDER BY kind, currency`,
);

/** What the tenants below were charged. Each by its own books: a reseller's balance is not in them. */
@Injectable()
export class TenantUsageQueries {
  constructor(
    private readonly db: Database,
    private readonly tenants: TenantQueries,
  ) {}

  /** @param month `2026-11` @throws AppError request.bad_cursor */
  list(ctx: AboveContext, month: string, page: PageQuery): Promise<Page<TenantUsage>> {
    return this.db.read(ctx, async (tx) => {
      const { data, nextCursor } = await this.tenants.list(ctx, page);
      const ids = data.map(({ id }) => id);
      const byTenant = Map.groupBy(await tx.query(charged, ids, `${month}-01`, Object.keys(CHARGES)), ({ tenantId }) => tenantId);
      const usageOf = ({ id, createdAt }: Cursor) => ({ id, createdAt, tenantId: id, month, charges: byTenant.get(id) ?? [] });
      return { data: data.map(usageOf), nextCursor };
    });
  }
}
