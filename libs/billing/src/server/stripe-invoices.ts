import type Stripe from 'stripe';
import { AppError } from '@trunkline/kernel';
import { billingErrors } from '../core/errors.ts';
import type { InvoiceToCollect } from './payment-provider.ts';
import { INVOICE_ID, LINE_ID, TENANT_ID } from './stripe-news.ts';

/** A line as Stripe gets it. What the balance paid is one more, negative. */
type Item = { readonly id: string; readonly amountMinor: bigint; readonly description: string };

const itemsOf = ({ id, lines, fromBalanceMinor }: InvoiceToCollect): Item[] => [
  ...lines.map((line) => ({ id: line.id, amountMinor: line.amountMinor, description: `${line.description} (${line.quantity})` })),
  ...(fromBalanceMinor > 0n ? [{ id: `${id}:balance`, amountMinor: -fromBalanceMinor, description: 'Paid from the balance' }] : []),
];

/** Makes manual invoices of Stripe's out of ours: our number, an item for each line, finalised when the totals agree. */
export class StripeInvoices {
  private readonly stripe: Stripe;

  constructor(stripe: Stripe) {
    this.stripe = stripe;
  }

  async handOver(customer: string, invoice: InvoiceToCollect): Promise<Stripe.Invoice> {
    let handed = (await this.find(customer, invoice.id)) ?? (await this.create(customer, invoice));
    if (handed.status === 'draft') {
      await this.addItems(customer, handed.id, invoice);
      handed = await this.stripe.invoices.retrieve(handed.id);
    }
    const expected = invoice.totalMinor - invoice.fromBalanceMinor;
    if (BigInt(handed.total) !== expected)
      throw new AppError(billingErrors.totalMismatch, `${invoice.number} is ${expected}, at Stripe ${handed.total}`);
    if (handed.status !== 'draft') return handed;
    return this.stripe.invoices.finalizeInvoice(handed.id, { auto_advance: false }, { idempotencyKey: `invoice:${invoice.id}:finalize` });
  }

  private async find(customer: string, invoiceId: string): Promise<Stripe.Invoice | undefined> {
    for await (const invoice of this.stripe.invoices.list({ customer, limit: 100 })) {
      if (invoice.metadata?.[INVOICE_ID] === invoiceId) return invoice;
    }
    return undefined;
  }

  private create(customer: string, { id, tenantId, number, currency }: InvoiceToCollect): Promise<Stripe.Invoice> {
    return this.stripe.invoices.create(
      {
        customer,
        number,
        currency: currency.toLowerCase(),
        auto_advance: false, // we decide when it is tried again
        collection_method: 'charge_automatically',
        pending_invoice_items_behavior: 'exclude', // a stray item of the customer must not ride along
        metadata: { [INVOICE_ID]: id, [TENANT_ID]: tenantId },
      },
      { idempotencyKey: `invoice:${id}:create` },
    );
  }

  private async addItems(customer: string, providerInvoiceId: string, invoice: InvoiceToCollect): Promise<void> {
    const { id, currency, period } = invoice;
    const present = new Set<string | undefined>();
    for await (const item of this.stripe.invoiceItems.list({ invoice: providerInvoiceId, limit: 100 }))
      present.add(item.metadata?.[LINE_ID]);
    for (const item of itemsOf(invoice).filter((item) => !present.has(item.id))) {
      await this.stripe.invoiceItems.create(
        {
          customer,
          invoice: providerInvoiceId,
          amount: Number(item.amountMinor),
          currency: currency.toLowerCase(),
          description: item.description,
          period: { start: period.from.getTime() / 1000, end: period.to.getTime() / 1000 },
          metadata: { [LINE_ID]: item.id },
        },
        { idempotencyKey: `invoice:${id}:line:${item.id}` },
      );
    }
  }
}
