import { Injectable } from '@nestjs/common';
import { AppError, newId, systemContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, sql } from '@trunkline/platform';
import { billingErrors } from '../core/errors.ts';
import { isSettled } from '../core/invoice-state.ts';
import type { InvoiceState } from '../core/invoice-state.ts';
import { ApplyPayment } from './apply-payment.ts';
import { CollectInvoice } from './collect-invoice.ts';
import { HandOverCreditNotes } from './hand-over-credit-notes.ts';
import { InvoiceQueries } from './invoice-queries.ts';
import type { IssuedInvoice } from './invoice-queries.ts';
import { lockTenant } from './invoices.sql.ts';
import { PaymentProvider } from './payment-provider.ts';

const declined = sql('invoice-declined', `UPDATE invoice SET decline_code = $3 WHERE tenant_id = $1 AND id = $2`);

/** Tries once more to collect an invoice, with the tenant's present payment method, beside the attempts of the schedule. One that is settled already stays as it is. */
@Injectable()
export class PayInvoice {
  constructor(
    private readonly db: Database,
    private readonly provider: PaymentProvider,
    private readonly invoices: InvoiceQueries,
    private readonly collect: CollectInvoice,
    private readonly creditNotes: HandOverCreditNotes,
    private readonly apply: ApplyPayment,
  ) {}

  /** @throws AppError resource.not_found, billing.payment_refused, billing.provider_unavailable */
  async execute(ctx: TenantContext, id: string): Promise<IssuedInvoice> {
    const invoice = await this.invoices.byId(ctx, ctx.tenantId, id);
    if (isSettled(invoice.state)) return invoice;
    await this.db.tx(ctx, async (tx) => audit(tx, ctx, 'invoice.payment_requested', id));
    const state = await this.attempt(ctx, invoice);
    if (state !== 'paid') throw new AppError(billingErrors.paymentRefused);
    return this.invoices.byId(ctx, ctx.tenantId, id);
  }

  private async attempt(ctx: TenantContext, invoice: IssuedInvoice): Promise<InvoiceState | undefined> {
    const { tenantId, id, attempts } = invoice;
    if (invoice.providerInvoiceId === null) return this.collect.execute(tenantId, id, attempts); // nobody has tried yet
    const system = { ...systemContext('pay invoice', ctx.requestId), actor: ctx.actor };
    await this.creditNotes.execute(tenantId, id, invoice.providerInvoiceId);
    const { invoice: news, declineCode } = await this.provider.payInvoice(invoice.providerInvoiceId, newId());
    return this.db.tx(system, async (tx) => {
      await lockTenant(tx, tenantId); // before the invoice, as everybody does
      await tx.query(declined, tenantId, id, declineCode);
      return this.apply.execute(system, news);
    });
  }
}
