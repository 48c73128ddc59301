import { Injectable } from '@nestjs/common';
import { AppError, newId, systemContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit } from '@trunkline/platform';
import { billingErrors } from '../core/errors.ts';
import { ApplyPayment } from './apply-payment.ts';
import { CollectInvoice } from './collect-invoice.ts';
import { InvoiceQueries } from './invoice-queries.ts';
import type { IssuedInvoice } from './invoice-queries.ts';
import { PaymentProvider } from './payment-provider.ts';

/** Tries once more to collect an invoice, with the tenant's present payment method. One that is settled already stays as it is. */
@Injectable()
export class PayInvoice {
  constructor(
    private readonly db: Database,
    private readonly provider: PaymentProvider,
    private readonly invoices: InvoiceQueries,
    private readonly collect: CollectInvoice,
    private readonly apply: ApplyPayment,
  ) {}

  /** @throws AppError resource.not_found, billing.payment_refused, billing.provider_unavailable */
  async execute(ctx: TenantContext, id: string): Promise<IssuedInvoice> {
    const invoice = await this.invoices.byId(ctx, ctx.tenantId, id);
    if (invoice.state === 'paid' || invoice.state === 'void') return invoice;
    await this.db.tx(ctx, async (tx) => audit(tx, ctx, 'invoice.payment_requested', id));
    const state = await this.attempt(ctx, invoice);
    if (state !== 'paid') throw new AppError(billingErrors.paymentRefused);
    return this.invoices.byId(ctx, ctx.tenantId, id);
  }

  private async attempt(ctx: TenantContext, { tenantId, id, providerInvoiceId }: IssuedInvoice) {
    if (providerInvoiceId === null) return this.collect.execute(tenantId, id); // nobody has tried yet
    const system = { ...systemContext('pay invoice', ctx.requestId), actor: ctx.actor };
    return this.apply.execute(system, await this.provider.payInvoice(providerInvoiceId, newId()));
  }
}
