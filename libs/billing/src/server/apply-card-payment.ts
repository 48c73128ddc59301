import { Injectable } from '@nestjs/common';
import { Clock, newId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import type { PostingHead } from '@trunkline/ledger';
import { post } from '@trunkline/ledger/server';
import { Database, audit, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { refundEffect, topUpEffect } from '../core/provider-news.ts';
import type { PaidFor, ProviderPayment, ProviderRefund, RefundState, TopUpState } from '../core/provider-news.ts';
import { lockTenant } from './invoices.sql.ts';
import { ReviewBillingHold } from './review-billing-hold.ts';

const findTopUp = sql<{ state: TopUpState }>('top-up-to-settle', `SELECT state FROM top_up WHERE tenant_id = $1 AND id = $2`);
const updateTopUp = sql(
  'top-up-settle',
  `UPDATE top_up SET state = $3, provider_payment_id = $4, decline_code = $5, action_url = $6, settled_at = CASE WHEN $7 THEN coalesce(settled_at, $8) END
   WHERE tenant_id = $1 AND id = $2`,
);
const findRefund = sql<{ id: string; state: RefundState; creditNoteId: string | null }>(
  'refund-to-settle',
  `SELECT id, state, credit_note_id AS "creditNoteId" FROM refund WHERE tenant_id = $1 AND (id = $2 OR provider_refund_id = $3)`,
);
const insertRefund = sql(
  'refund-insert-foreign',
  `INSERT INTO refund (tenant_id, id, invoice_id, top_up_id, amount_minor, currency, reason, state, provider_refund_id, created_at, settled_at)
   VALUES ($1, $2, $3, $4, $5, $6, 'Made at the payment provider', $7, $8, $9, CASE WHEN $7 <> 'pending' THEN $9::timestamptz END)`,
);
const updateRefund = sql(
  'refund-settle',
  `UPDATE refund SET state = $3, provider_refund_id = $4, settled_at = CASE WHEN $3 <> 'pending' THEN coalesce(settled_at, $5) END WHERE tenant_id = $1 AND id = $2`,
);
const invoice = sql<{ id: string }>('invoice-of-payment', `SELECT id FROM invoice WHERE tenant_id = $1 AND id = $2`);

/** Takes over what the payment provider says of a payment by card: a top-up that succeeded or did not, and what of any payment was given back. */
@Injectable()
export class ApplyCardPayment {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reviewHold: ReviewBillingHold,
  ) {}

  /** News may come late, repeatedly and in any order: the end is the same. A payment that is not of our making is left alone. */
  execute(ctx: SystemContext, payment: ProviderPayment): Promise<void> {
    const { paidFor } = payment;
    return this.db.tx(ctx, async (tx) => {
      const tenant = paidFor && (await lockTenant(tx, paidFor.tenantId));
      if (!paidFor || !tenant) return;
      const now = this.clock.now();
      const head = { tenantId: tenant.id, currency: tenant.currency, month: now, postedAt: now, reference: paidFor.id };
      const known =
        paidFor.kind === 'top_up'
          ? await this.settleTopUp(ctx, tx, payment, head)
          : (await tx.query(invoice, tenant.id, paidFor.id)).length > 0;
      if (!known) return;
      for (const refund of payment.refunds) await this.settleRefund(ctx, tx, paidFor, refund, head);
      await this.reviewHold.execute(ctx, tenant.id);
    });
  }

  private async settleTopUp(ctx: SystemContext, tx: Tx, payment: ProviderPayment, head: PostingHead): Promise<boolean> {
    const { tenantId, reference: id } = head;
    const [topUp] = await tx.query(findTopUp, tenantId, id);
    if (!topUp) return false;
    const { state, postings } = topUpEffect(topUp.state, payment, head);
    const declineCode = state === 'failed' ? payment.declineCode : null;
    const actionUrl = state === 'requires_action' ? payment.actionUrl : null;
    const settled = state === 'succeeded' || state === 'failed';
    await tx.query(updateTopUp, tenantId, id, state, payment.providerPaymentId, declineCode, actionUrl, settled, head.postedAt);
    await post(tx, postings);
    if (state === topUp.state) return true;
    audit(tx, ctx, `top_up.${state}`, id, { tenantId });
    publish(tx, { type: `top_up.${state}`, tenantId, data: { topUpId: id } });
    return true;
  }

  private async settleRefund(ctx: SystemContext, tx: Tx, paidFor: PaidFor, refund: ProviderRefund, head: PostingHead): Promise<void> {
    const { tenantId, currency, postedAt } = head;
    const { refundId, providerRefundId, amountMinor } = refund;
    const [known] = await tx.query(findRefund, tenantId, refundId, providerRefundId);
    const ofCredit = paidFor.kind === 'top_up' || (known?.creditNoteId ?? null) !== null;
    const { state, postings } = refundEffect(known?.state, refund, ofCredit ? 'credit' : 'gift', head);
    const id = known?.id ?? newId();
    const [invoiceId, topUpId] = paidFor.kind === 'invoice' ? [paidFor.id, null] : [null, paidFor.id];
    if (known) await tx.query(updateRefund, tenantId, id, state, providerRefundId, postedAt);
    else await tx.query(insertRefund, tenantId, id, invoiceId, topUpId, amountMinor, currency, state, providerRefundId, postedAt);
    await post(tx, postings);
    if (state === known?.state) return;
    audit(tx, ctx, `refund.${state}`, id, { tenantId, amountMinor: String(amountMinor) });
    publish(tx, { type: `refund.${state}`, tenantId, data: { refundId: id } });
  }
}
