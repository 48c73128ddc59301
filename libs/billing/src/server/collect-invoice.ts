import { Injectable } from '@nestjs/common';
import { systemContext } from '@trunkline/kernel';
import type { InvoiceState } from '../core/invoice-state.ts';
import { ApplyPayment } from './apply-payment.ts';
import { InvoiceQueries } from './invoice-queries.ts';
import type { IssuedInvoice } from './invoice-queries.ts';
import { PaymentAccounts } from './payment-accounts.ts';
import { PaymentProvider } from './payment-provider.ts';
import type { InvoiceToCollect } from './payment-provider.ts';

/** Hands an invoice to the payment provider, has it paid, and takes over what came of it. May be repeated after any crash. */
@Injectable()
export class CollectInvoice {
  constructor(
    private readonly provider: PaymentProvider,
    private readonly accounts: PaymentAccounts,
    private readonly invoices: InvoiceQueries,
    private readonly apply: ApplyPayment,
  ) {}

  /** @throws AppError billing.provider_unavailable, billing.total_mismatch, resource.not_found */
  async execute(tenantId: string, invoiceId: string): Promise<InvoiceState | undefined> {
    const ctx = systemContext('collect invoice');
    const invoice = await this.invoices.byId(ctx, tenantId, invoiceId);
    if (invoice.state === 'paid' || invoice.state === 'void') return invoice.state;
    const customerId = await this.accounts.customerOf(ctx, tenantId);
    return this.apply.execute(ctx, await this.provider.collectInvoice(customerId, toCollect(invoice)));
  }
}

const toCollect = ({ periodFrom, periodTo, ...invoice }: IssuedInvoice): InvoiceToCollect => ({
  ...invoice,
  period: { from: periodFrom, to: periodTo },
});
