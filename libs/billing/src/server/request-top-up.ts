import { Injectable } from '@nestjs/common';
import { Clock, newId, notFound } from '@trunkline/kernel';
import type { Context, TenantContext } from '@trunkline/kernel';
import { Database, audit, publish, sql } from '@trunkline/platform';
import { TenantQueries } from '@trunkline/tenancy/server';
import { wholeMinor } from '../core/minor.ts';
import type { TopUpView } from './top-up-queries.ts';

const insert = sql<{ id: string }>(
  'top-up-insert',
  `INSERT INTO top_up (tenant_id, id, origin, amount_minor, currency, state, created_at) VALUES ($1, $2, $3, $4, $5, 'pending', $6)
   ON CONFLICT DO NOTHING RETURNING id`,
);
export type NewTopUp = {
  readonly tenantId: string;
  readonly currency: string;
  readonly amountMinor: bigint;
  readonly origin: 'manual' | 'automatic';
};

/** Begins to put money on a tenant's balance; the card is charged afterwards. */
@Injectable()
export class RequestTopUp {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly tenants: TenantQueries,
  ) {}

  /** @throws AppError request.invalid */
  execute(ctx: TenantContext, amountNanos: bigint): Promise<TopUpView> {
    return this.db.tx(ctx, async () => {
      const { id: tenantId, currency } = await this.tenants.byId(ctx, ctx.tenantId);
      const topUp = await this.begin(ctx, {
        tenantId,
        currency,
        amountMinor: wholeMinor(amountNanos, currency, '/amount'),
        origin: 'manual',
      });
      if (!topUp) throw notFound();
      return topUp;
    });
  }

  /** @returns undefined when an automatic one is under way already */
  begin(ctx: Context, { tenantId, currency, amountMinor, origin }: NewTopUp): Promise<TopUpView | undefined> {
    return this.db.tx(ctx, async (tx) => {
      const [id, createdAt] = [newId(), this.clock.now()];
      const [made] = await tx.query(insert, tenantId, id, origin, amountMinor, currency, createdAt);
      if (!made) return undefined;
      audit(tx, ctx, 'top_up.requested', id, { tenantId, origin, amountMinor: String(amountMinor) });
      publish(tx, { type: 'top_up.requested', tenantId, data: { topUpId: id } });
      return {
        id,
        tenantId,
        origin,
        amountMinor,
        currency,
        state: 'pending',
        declineCode: null,
        actionUrl: null,
        createdAt,
        settledAt: null,
      };
    });
  }
}
