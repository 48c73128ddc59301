import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { post } from '@trunkline/ledger/server';
import { Database, audit, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { creditRest } from '../core/credit-note.ts';
import { isSettled } from '../core/invoice-state.ts';
import type { InvoiceState } from '../core/invoice-state.ts';
import { invoiceEffect } from '../core/provider-news.ts';
import type { ProviderInvoice } from '../core/provider-news.ts';
import { readCreditable, writeCreditNote } from './credit-notes.sql.ts';
import type { CreditedInvoice } from './credit-notes.sql.ts';
import { lockTenant } from './invoices.sql.ts';
import { ReviewBillingHold } from './review-billing-hold.ts';

type Row = CreditedInvoice & { readonly state: InvoiceState };

const find = sql<Row>(
  'invoice-to-settle',
  `SELECT id, tenant_id AS "tenantId", number, state, currency, period_from AS "periodFrom" FROM invoice WHERE tenant_id = $1 AND id = $2`,
);
// what is settled or given up is not tried again
const update = sql(
  'invoice-settle',
  `UPDATE invoice SET provider_invoice_id = $3, state = $4, hosted_url = coalesce($5, hosted_url), paid_at = CASE WHEN $4 = 'paid' THEN coalesce(paid_at, $6) END,
     failed_at = CASE WHEN $4 = 'payment_failed' THEN coalesce(failed_at, $6) ELSE failed_at END, next_attempt_at = CASE WHEN $7 THEN NULL ELSE next_attempt_at END
   WHERE tenant_id = $1 AND id = $2`,
);

/** Takes over what the payment provider says of an invoice, with all that follows: the payment in the books, the billing hold placed or lifted. */
@Injectable()
export class ApplyPayment {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly reviewHold: ReviewBillingHold,
  ) {}

  /**
   * News may come late, repeatedly and in any order: the end is the same.
   * @returns the invoice's state; undefined when the invoice is not one of ours
   */
  execute(ctx: SystemContext, news: ProviderInvoice): Promise<InvoiceState | undefined> {
    const { invoiceId, tenantId, providerInvoiceId, hostedUrl } = news;
    return this.db.tx(ctx, async (tx) => {
      if (!invoiceId || !tenantId || !(await lockTenant(tx, tenantId))) return undefined;
      const [invoice] = await tx.query(find, tenantId, invoiceId);
      if (!invoice) return undefined;
      const now = this.clock.now();
      const head = { tenantId, currency: invoice.currency, month: invoice.periodFrom, postedAt: now, reference: invoiceId };
      const { state, postings } = invoiceEffect(invoice.state, news, head);
      const over = isSettled(state) || state === 'uncollectible';
      await tx.query(update, tenantId, invoiceId, providerInvoiceId, state, hostedUrl, now, over);
      await post(tx, postings);
      if (state !== invoice.state) await this.record(ctx, tx, { ...invoice, state });
      await this.reviewHold.execute(ctx, tenantId);
      return state;
    });
  }

  private async record(ctx: SystemContext, tx: Tx, invoice: Row): Promise<void> {
    const { id, tenantId, state } = invoice;
    if (state === 'void') await this.takeBack(ctx, tx, invoice);
    audit(tx, ctx, `invoice.${state}`, id, { tenantId });
    publish(tx, { type: `invoice.${state}`, tenantId, data: { invoiceId: id } });
  }

  /** A void invoice was never owed: what is left of it is credited. */
  private async takeBack(ctx: SystemContext, tx: Tx, invoice: Row): Promise<void> {
    const lines = creditRest(await readCreditable(tx, invoice), 'The invoice is void');
    if (lines.length === 0) return;
    const note = { lines, settlement: 'balance', state: 'issued', at: this.clock.now(), providerCreditNoteId: null } as const;
    const creditNoteId = await writeCreditNote(tx, invoice, note);
    audit(tx, ctx, 'credit_note.issued', creditNoteId, { tenantId: invoice.tenantId, invoiceId: invoice.id });
    publish(tx, { type: 'credit_note.issued', tenantId: invoice.tenantId, data: { creditNoteId, invoiceId: invoice.id } });
  }
}
