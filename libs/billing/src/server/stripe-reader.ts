import type Stripe from 'stripe';
import type { PaidFor, ProviderInvoice, ProviderNews, ProviderPayment } from '../core/provider-news.ts';
import { isMissing } from './stripe-errors.ts';
import { CREDIT_NOTE_ID, idOf, invoicePaidFor, providerDispute, providerInvoice, providerPayment, topUpPaidFor } from './stripe-news.ts';

const PAGE = { limit: 100 } as const;
const since = (at: Date) => ({ ...PAGE, created: { gte: Math.floor(at.getTime() / 1000) } });

const all = async <T>(list: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = [];
  for await (const item of list) found.push(item);
  return found;
};

/** Looks at what Stripe has, whole: a payment with its refunds and with what it was for. */
export class StripeReader {
  private readonly stripe: Stripe;

  constructor(stripe: Stripe) {
    this.stripe = stripe;
  }

  async paymentMethodOf(customerId: string): Promise<string | null> {
    const customer = await this.stripe.customers.retrieve(customerId);
    return customer.deleted ? null : idOf(customer.invoice_settings.default_payment_method);
  }

  async invoice(id: string): Promise<ProviderInvoice | undefined> {
    try {
      return providerInvoice(await this.stripe.invoices.retrieve(id));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async paymentById(id: string): Promise<ProviderPayment | undefined> {
    try {
      return await this.payment(await this.stripe.paymentIntents.retrieve(id));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async payment(intent: Stripe.PaymentIntent): Promise<ProviderPayment> {
    return providerPayment(intent, await this.paidFor(intent), await this.refundsOf(intent.id));
  }

  refundsOf(paymentIntentId: string): Promise<Stripe.Refund[]> {
    return all(this.stripe.refunds.list({ ...PAGE, payment_intent: paymentIntentId }));
  }

  /** @throws StripeInvalidRequestError resource_missing when the object is gone */
  async news(type: string, id: string): Promise<ProviderNews[]> {
    if (id === '') return []; // an upcoming invoice
    if (type.startsWith('invoice.')) return this.invoiceNews(id);
    if (type.startsWith('payment_intent.')) return this.paymentNews(id);
    if (type.startsWith('charge.dispute.')) return this.disputeNews(id);
    if (type.startsWith('charge.')) return this.paymentNews(idOf((await this.stripe.charges.retrieve(id)).payment_intent));
    if (type.startsWith('refund.')) return this.paymentNews(idOf((await this.stripe.refunds.retrieve(id)).payment_intent));
    if (type.startsWith('credit_note.')) return this.creditNoteNews(id);
    if (type === 'customer.updated') return [{ kind: 'customer', providerCustomerId: id, paymentMethodId: await this.paymentMethodOf(id) }];
    return [];
  }

  async invoicesSince(at: Date): Promise<ProviderInvoice[]> {
    return (await all(this.stripe.invoices.list(since(at)))).filter(({ status }) => status !== 'draft').map(providerInvoice);
  }

  async paymentsSince(at: Date): Promise<ProviderPayment[]> {
    const intents = await all(this.stripe.paymentIntents.list(since(at)));
    const refunded = new Set((await all(this.stripe.refunds.list(since(at)))).map(({ payment_intent }) => idOf(payment_intent)));
    const payments: ProviderPayment[] = [];
    for (const intent of intents) payments.push(await this.payment(intent));
    // payments of before that were refunded since
    for (const id of refunded) {
      const known = id === null || intents.some((intent) => intent.id === id);
      const payment = known ? undefined : await this.paymentById(id);
      if (payment) payments.push(payment);
    }
    return payments;
  }

  private async paidFor(intent: Stripe.PaymentIntent): Promise<PaidFor | null> {
    const topUp = topUpPaidFor(intent);
    if (topUp) return topUp;
    const { data } = await this.stripe.invoicePayments.list({ payment: { type: 'payment_intent', payment_intent: intent.id } });
    const id = idOf(data[0]?.invoice);
    const invoice = id === null ? undefined : await this.invoice(id);
    return invoice ? invoicePaidFor(invoice) : null;
  }

  private async invoiceNews(id: string): Promise<ProviderNews[]> {
    const invoice = await this.invoice(id);
    return invoice ? [{ kind: 'invoice', invoice }] : [];
  }

  private async paymentNews(id: string | null): Promise<ProviderNews[]> {
    const payment = id === null ? undefined : await this.paymentById(id);
    return payment ? [{ kind: 'payment', payment }] : [];
  }

  private async disputeNews(id: string): Promise<ProviderNews[]> {
    const dispute = await this.stripe.disputes.retrieve(id);
    const intent = idOf(dispute.payment_intent);
    const paidFor = intent === null ? null : await this.paidFor(await this.stripe.paymentIntents.retrieve(intent));
    return [{ kind: 'dispute', dispute: providerDispute(dispute, paidFor) }];
  }

  private async creditNoteNews(id: string): Promise<ProviderNews[]> {
    const note = await this.stripe.creditNotes.retrieve(id);
    const invoice = await this.invoice(idOf(note.invoice) ?? '');
    if (!invoice) return [];
    const creditNote = {
      providerCreditNoteId: note.id,
      creditNoteId: note.metadata?.[CREDIT_NOTE_ID] ?? null,
      invoice,
      amountMinor: BigInt(note.pre_payment_amount),
      state: note.status === 'void' ? ('void' as const) : ('issued' as const),
    };
    return [{ kind: 'credit_note', creditNote }];
  }
}
