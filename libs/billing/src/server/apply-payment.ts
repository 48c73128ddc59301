import { Injectable } from '@nestjs/common';
import { Clock, fromMinor } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { paymentReceived } from '@trunkline/ledger';
import { post } from '@trunkline/ledger/server';
import { Database, audit, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { afterProviderNews } from '../core/invoice-state.ts';
import type { InvoiceState } from '../core/invoice-state.ts';
import { lockTenant } from './invoices.sql.ts';
import type { ProviderInvoice } from './payment-provider.ts';
import { ReviewBillingHold } from './review-billing-hold.ts';

type Row = { id: string; tenantId: string; state: InvoiceState; currency: string; totalMinor: bigint; periodFrom: Date };

const find = sql<Row>(
  'invoice-to-settle',
  `SELECT id, tenant_id AS "tenantId", state, currency, total_minor AS "totalMinor", period_from AS "periodFrom" FROM invoice WHERE tenant_id = $1 AND id = $2`,
);
const update = sql(
  'invoice-settle',
  `UPDATE invoice SET provider_invoice_id = $3, state = $4, paid_at = coalesce(paid_at, $5) WHERE tenant_id = $1 AND id = $2`,
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
    const { invoiceId, tenantId } = news;
    return this.db.tx(ctx, async (tx) => {
      if (!invoiceId || !tenantId || !(await lockTenant(tx, tenantId))) return undefined;
      const [invoice] = await tx.query(find, tenantId, invoiceId);
      if (!invoice) return undefined;
      const state = afterProviderNews(invoice.state, news.state);
      await tx.query(update, tenantId, invoiceId, news.providerInvoiceId, state, state === 'paid' ? this.clock.now() : null);
      if (state !== invoice.state) await this.record(ctx, tx, { ...invoice, state });
      await this.reviewHold.execute(ctx, tenantId);
      return state;
    });
  }

  private async record(ctx: SystemContext, tx: Tx, { id, tenantId, state, currency, totalMinor, periodFrom }: Row): Promise<void> {
    const head = { tenantId, currency, month: periodFrom, postedAt: this.clock.now(), reference: id };
    if (state === 'paid') await post(tx, [paymentReceived(head, fromMinor(totalMinor, currency))]);
    audit(tx, ctx, `invoice.${state}`, id, { tenantId });
    publish(tx, { type: `invoice.${state}`, tenantId, data: { invoiceId: id } });
  }
}
