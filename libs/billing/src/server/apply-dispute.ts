import { Injectable } from '@nestjs/common';
import { Clock, newId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { post } from '@trunkline/ledger/server';
import { Database, audit, publish, sql } from '@trunkline/platform';
import { PlaceHold } from '@trunkline/tenancy/server';
import { disputeEffect } from '../core/provider-news.ts';
import type { DisputeState, ProviderDispute } from '../core/provider-news.ts';
import { lockTenant } from './invoices.sql.ts';
import { ReviewBillingHold } from './review-billing-hold.ts';

const find = sql<{ id: string; state: DisputeState }>(
  'dispute-find',
  `SELECT id, state FROM dispute WHERE tenant_id = $1 AND provider_dispute_id = $2`,
);
const save = sql(
  'dispute-save',
  `INSERT INTO dispute (tenant_id, id, provider_dispute_id, invoice_id, top_up_id, amount_minor, currency, reason, state, opened_at, closed_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, CASE WHEN $9 IN ('won', 'lost') THEN $10::timestamptz END)
   ON CONFLICT (tenant_id, provider_dispute_id) DO UPDATE SET state = excluded.state, closed_at = coalesce(dispute.closed_at, excluded.closed_at)`,
);

/**
 * Takes over what the payment provider says of a disputed payment: the money withdrawn, and what the bank decided. Whose payment is disputed is held as
 * a fraud, once: nobody but the operator lifts that.
 */
@Injectable()
export class ApplyDispute {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly placeHold: PlaceHold,
    private readonly reviewHold: ReviewBillingHold,
  ) {}

  execute(ctx: SystemContext, news: ProviderDispute): Promise<void> {
    const { paidFor, providerDisputeId, amountMinor, reason } = news;
    return this.db.tx(ctx, async (tx) => {
      const tenant = paidFor && (await lockTenant(tx, paidFor.tenantId));
      if (!paidFor || !tenant) return;
      const { id: tenantId, currency } = tenant;
      const now = this.clock.now();
      const [known] = await tx.query(find, tenantId, providerDisputeId);
      const { state, postings } = disputeEffect(known?.state, news, {
        tenantId,
        currency,
        month: now,
        postedAt: now,
        reference: providerDisputeId,
      });
      const id = known?.id ?? newId();
      const [invoiceId, topUpId] = paidFor.kind === 'invoice' ? [paidFor.id, null] : [null, paidFor.id];
      await tx.query(save, tenantId, id, providerDisputeId, invoiceId, topUpId, amountMinor, currency, reason, state, now);
      // the books know whether the withdrawal is news, also when the first message is that the dispute is closed
      const opened = await post(
        tx,
        postings.filter(({ kind }) => kind === 'dispute_opened'),
      );
      await post(tx, postings);
      if (opened > 0) await this.placeHold.execute(ctx, tenantId, 'fraud', 'A payment is disputed', 'all');
      if (state !== known?.state) {
        audit(tx, ctx, `dispute.${state}`, id, { tenantId, amountMinor: String(amountMinor), reason });
        publish(tx, { type: `dispute.${state}`, tenantId, data: { disputeId: id, invoiceId, topUpId } });
      }
      await this.reviewHold.execute(ctx, tenantId);
    });
  }
}
