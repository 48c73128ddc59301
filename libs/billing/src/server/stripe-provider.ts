import Stripe from 'stripe';
import { AppError } from '@trunkline/kernel';
import { billingErrors } from '../core/errors.ts';
import type { ProviderInvoice, ProviderNews, ProviderPayment, ProviderRefund } from '../core/provider-news.ts';
import { PaymentProvider } from './payment-provider.ts';
import type { InvoiceToCollect, PaymentAttempt, ProviderEvent, RefundToSend, TopUpToCharge } from './payment-provider.ts';
import { asking, declineCodeOf, isMissing, isRefusal, refusedMethod } from './stripe-errors.ts';
import { StripeInvoices } from './stripe-invoices.ts';
import { CREDIT_NOTE_ID, REFUND_ID, TENANT_ID, TOP_UP_ID, idOf, providerInvoice, providerRefund } from './stripe-news.ts';
import { StripeReader } from './stripe-reader.ts';

/** `host`, `port` and `protocol` point at the Stripe emulator; absent, it is Stripe itself. */
export type StripeConfig = {
  readonly apiKey: string;
  readonly webhookSecret: string;
  /** Where a cardholder lands who has confirmed a payment. */
  readonly returnUrl: string;
  readonly host?: string;
  readonly port?: number;
  readonly protocol?: 'http' | 'https';
};

/** For one try of up to three: a request of a tenant may wait for it with a transaction open. */
const TIMEOUT_MS = 20_000;

/**
 * Collects through Stripe: manual invoices under our numbers, payments by card, refunds, credit notes. Each step looks first and carries an
 * idempotency key, since Stripe keeps keys for a day and a crash may last longer.
 */
export class StripeProvider extends PaymentProvider {
  private readonly stripe: Stripe;
  private readonly webhookSecret: string;
  private readonly returnUrl: string;
  private readonly invoices: StripeInvoices;
  private readonly reader: StripeReader;

  constructor({ apiKey, webhookSecret, returnUrl, ...address }: StripeConfig) {
    super();
    this.stripe = new Stripe(apiKey, { ...address, telemetry: false, timeout: TIMEOUT_MS });
    this.webhookSecret = webhookSecret;
    this.returnUrl = returnUrl;
    this.invoices = new StripeInvoices(this.stripe);
    this.reader = new StripeReader(this.stripe);
  }

  ensureCustomer({ tenantId, name }: { readonly tenantId: string; readonly name: string }): Promise<string> {
    const metadata = { [TENANT_ID]: tenantId };
    const create = () => this.stripe.customers.create({ name, metadata }, { idempotencyKey: `customer:${tenantId}` });
    return asking(async () => (await create()).id);
  }

  setPaymentMethod(providerCustomerId: string, token: string): Promise<string> {
    return asking(async () => {
      const { id } = await this.stripe.paymentMethods.attach(token, { customer: providerCustomerId });
      await this.stripe.customers.update(providerCustomerId, { invoice_settings: { default_payment_method: id } });
      return id;
    }, refusedMethod);
  }

  paymentMethodOf(providerCustomerId: string): Promise<string | null> {
    return asking(() => this.reader.paymentMethodOf(providerCustomerId));
  }

  handOver(providerCustomerId: string, invoice: InvoiceToCollect): Promise<ProviderInvoice> {
    return asking(async () => providerInvoice(await this.invoices.handOver(providerCustomerId, invoice)));
  }

  payInvoice(providerInvoiceId: string, attempt: string): Promise<PaymentAttempt> {
    return asking(async () => {
      const invoice = await this.stripe.invoices.retrieve(providerInvoiceId);
      return invoice.status === 'open'
        ? this.pay(providerInvoiceId, `invoice:${providerInvoiceId}:pay:${attempt}`)
        : { invoice: providerInvoice(invoice), declineCode: null };
    });
  }

  private async pay(providerInvoiceId: string, idempotencyKey: string): Promise<PaymentAttempt> {
    try {
      const paid = await this.stripe.invoices.pay(providerInvoiceId, { off_session: true }, { idempotencyKey });
      return { invoice: providerInvoice(paid), declineCode: null };
    } catch (error) {
      const invoice = await this.reader.invoice(providerInvoiceId);
      const declineCode = declineCodeOf(error);
      if (invoice && declineCode !== undefined && invoice.state !== 'paid' && invoice.state !== 'void')
        return { invoice: { ...invoice, state: 'payment_failed' }, declineCode };
      if (invoice && invoice.state !== 'open' && invoice.state !== 'payment_failed') return { invoice, declineCode: null }; // another attempt was faster
      throw error;
    }
  }

  creditInvoice(
    providerInvoiceId: string,
    { id, number, amountMinor }: { readonly id: string; readonly number: string; readonly amountMinor: bigint },
  ): Promise<string | null> {
    return asking(async () => {
      for await (const note of this.stripe.creditNotes.list({ invoice: providerInvoiceId, limit: 100 }))
        if (note.metadata?.[CREDIT_NOTE_ID] === id) return note.id;
      const invoice = await this.stripe.invoices.retrieve(providerInvoiceId);
      const amount = Math.min(Number(amountMinor), invoice.amount_remaining);
      if (invoice.status !== 'open' || amount === 0) return null;
      const params = { invoice: providerInvoiceId, amount, memo: number, metadata: { [CREDIT_NOTE_ID]: id } };
      return (await this.stripe.creditNotes.create(params, { idempotencyKey: `credit_note:${id}:${amount}` })).id;
    });
  }

  chargeTopUp(providerCustomerId: string, topUp: TopUpToCharge): Promise<ProviderPayment | null> {
    return asking(async () => {
      const intent = (await this.findTopUp(providerCustomerId, topUp.id)) ?? (await this.createTopUp(providerCustomerId, topUp));
      return intent && this.reader.payment(await this.askHolder(intent, topUp));
    });
  }

  private async findTopUp(customer: string, topUpId: string): Promise<Stripe.PaymentIntent | undefined> {
    for await (const intent of this.stripe.paymentIntents.list({ customer, limit: 100 }))
      if (intent.metadata[TOP_UP_ID] === topUpId) return intent;
    return undefined;
  }

  private async createTopUp(customer: string, topUp: TopUpToCharge): Promise<Stripe.PaymentIntent | null> {
    const { id, tenantId, currency, amountMinor, paymentMethodId } = topUp;
    const params = {
      amount: Number(amountMinor),
      currency: currency.toLowerCase(),
      customer,
      payment_method: paymentMethodId,
      off_session: true,
      confirm: true,
      metadata: { [TOP_UP_ID]: id, [TENANT_ID]: tenantId },
    };
    try {
      return await this.stripe.paymentIntents.create(params, { idempotencyKey: `top_up:${id}` });
    } catch (error) {
      const refused = error instanceof Stripe.errors.StripeCardError ? error.payment_intent : undefined;
      if (refused) return refused;
      if (isRefusal(error)) return null;
      throw error;
    }
  }

  /** A holder who was not there is asked to come: the payment is confirmed anew, and Stripe says on which page. */
  private async askHolder(intent: Stripe.PaymentIntent, { id, paymentMethodId }: TopUpToCharge): Promise<Stripe.PaymentIntent> {
    const absent = intent.status === 'requires_payment_method' && intent.last_payment_error?.code === 'authentication_required';
    if (!absent) return intent;
    const params = { payment_method: paymentMethodId, return_url: this.returnUrl };
    return this.stripe.paymentIntents.confirm(intent.id, params, { idempotencyKey: `top_up:${id}:confirm` });
  }

  cancelPayment(providerPaymentId: string): Promise<ProviderPayment | undefined> {
    return asking(async () => {
      try {
        await this.stripe.paymentIntents.cancel(providerPaymentId);
      } catch (error) {
        if (!isRefusal(error)) throw error; // it succeeded or was cancelled meanwhile
      }
      return this.reader.paymentById(providerPaymentId);
    });
  }

  paymentOf(providerInvoiceId: string): Promise<string | null> {
    return asking(async () => {
      const { data } = await this.stripe.invoicePayments.list({ invoice: providerInvoiceId, status: 'paid' });
      return idOf(data.find(({ payment }) => payment.type === 'payment_intent')?.payment.payment_intent);
    });
  }

  refund({ id, providerPaymentId, amountMinor }: RefundToSend): Promise<ProviderRefund | null> {
    return asking(async () => {
      const made = (await this.reader.refundsOf(providerPaymentId)).find(({ metadata }) => metadata?.[REFUND_ID] === id);
      if (made) return providerRefund(made);
      const params = { payment_intent: providerPaymentId, amount: Number(amountMinor), metadata: { [REFUND_ID]: id } };
      try {
        return providerRefund(await this.stripe.refunds.create(params, { idempotencyKey: `refund:${id}` }));
      } catch (error) {
        if (isRefusal(error)) return null;
        throw error;
      }
    });
  }

  fetchInvoice(providerInvoiceId: string): Promise<ProviderInvoice | undefined> {
    return asking(() => this.reader.invoice(providerInvoiceId));
  }

  fetchPayment(providerPaymentId: string): Promise<ProviderPayment | undefined> {
    return asking(() => this.reader.paymentById(providerPaymentId));
  }

  fetchNews({ type, objectId }: Pick<ProviderEvent, 'type' | 'objectId'>): Promise<ProviderNews[]> {
    return asking(async () => {
      try {
        return await this.reader.news(type, objectId);
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    });
  }

  invoicesSince(since: Date): Promise<ProviderInvoice[]> {
    return asking(() => this.reader.invoicesSince(since));
  }

  paymentsSince(since: Date): Promise<ProviderPayment[]> {
    return asking(() => this.reader.paymentsSince(since));
  }

  parseWebhook(rawBody: string | Uint8Array, signature: string): ProviderEvent {
    try {
      const event = this.stripe.webhooks.constructEvent(rawBody, signature, this.webhookSecret);
      const { id: objectId = '' } = event.data.object as { id?: string };
      return { id: event.id, type: event.type, objectId, createdAt: new Date(event.created * 1000) };
    } catch (cause) {
      throw new AppError(billingErrors.badSignature, undefined, { cause });
    }
  }
}
