import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { topUpDue } from '../core/prepaid.ts';
import type { PastTopUp } from '../core/prepaid.ts';
import { lockTenant } from './invoices.sql.ts';
import { RequestTopUp } from './request-top-up.ts';
import { ReviewBillingHold } from './review-billing-hold.ts';
import { readStanding } from './standing.sql.ts';

const past = sql<PastTopUp>(
  'top-ups-automatic',
  `SELECT state, amount_minor AS "amountMinor", created_at AS "createdAt" FROM top_up
   WHERE tenant_id = $1 AND origin = 'automatic' AND (created_at > $2::timestamptz - interval '24 hours' OR state IN ('pending', 'requires_action'))`,
);
const account = sql<{ methodChangedAt: Date | null }>(
  'payment-method-changed-at',
  `SELECT method_changed_at AS "methodChangedAt" FROM payment_account WHERE tenant_id = $1`,
);

/** Looks at what a prepaid tenant has left: tops it up when that was asked for, holds it when nothing is left. Run it as often as you like. */
@Injectable()
export class ReviewBalance {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly topUp: RequestTopUp,
    private readonly reviewHold: ReviewBillingHold,
  ) {}

  execute(tenantId: string): Promise<void> {
    const ctx = systemContext('review balance');
    return this.db.tx(ctx, async (tx) => {
      if (!(await lockTenant(tx, tenantId))) return;
      const standing = await readStanding(tx, tenantId);
      if (standing?.mode === 'prepaid' && standing.auto) {
        const now = this.clock.now();
        const [paid] = await tx.query(account, tenantId);
        const amountMinor = topUpDue(
          standing.availableNanos,
          standing.auto,
          await tx.query(past, tenantId, now),
          paid?.methodChangedAt ?? null,
          now,
        );
        if (amountMinor !== undefined)
          await this.topUp.begin(ctx, { tenantId, currency: standing.currency, amountMinor, origin: 'automatic' });
      }
      await this.reviewHold.execute(ctx, tenantId);
    });
  }
}
