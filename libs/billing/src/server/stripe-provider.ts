import Stripe from 'stripe';
import { AppError } from '@trunkline/kernel';
import { billingErrors } from '../core/errors.ts';
import type { InvoiceState } from '../core/invoice-state.ts';
import { PaymentProvider } from './payment-provider.ts';
import type { InvoiceToCollect, ProviderEvent, ProviderInvoice } from './payment-provider.ts';

/** `host`, `port` and `protocol` point at the Stripe emulator; absent, it is Stripe itself. */
export type StripeConfig = {
  readonly apiKey: string;
  readonly webhookSecret: string;
  readonly host?: string;
  readonly port?: number;
  readonly protocol?: 'http' | 'https';
};

/** For one try of up to three: a request of a tenant may wait for it with a transaction open. */
const TIMEOUT_MS = 20_000;
const INVOICE_ID = 'trunkline_invoice_id';
const TENANT_ID = 'trunkline_tenant_id';
const LINE_ID = 'trunkline_line_id';

/** Of a charge that was tried or could not be tried: declined, or no card to try. */
const isRefusedPayment = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeCardError || (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'missing');

const isMissing = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing';

const refusedMethod = (error: unknown): unknown => {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError || error instanceof Stripe.errors.StripeCardError))
    return unavailable(error);
  const errors = [{ pointer: '/payment_method_id', code: 'refused', detail: error.message }];
  return new AppError(billingErrors.paymentMethodRefused, error.message, { errors, cause: error });
};

/**
 * Stripe is not there, or not now; any other error of its is a fault of ours. It is no answer to whoever asked us: wrapped, it does not pass
 * for one with its status (a 404 of Stripe's is not ours).
 */
const unavailable = (error: unknown): unknown => {
  const { StripeConnectionError, StripeRateLimitError, StripeAPIError } = Stripe.errors;
  const passing = [StripeConnectionError, StripeRateLimitError, StripeAPIError].some((kind) => error instanceof kind);
  if (passing) return new AppError(billingErrors.providerUnavailable, undefined, { cause: error });
  return error instanceof Stripe.errors.StripeError ? new Error(`Stripe refused: ${error.message}`, { cause: error }) : error;
};

const asking = async <T>(call: () => Promise<T>, translate: (error: unknown) => unknown = unavailable): Promise<T> => {
  try {
    return await call();
  } catch (error) {
    throw translate(error);
  }
};

const stateOf = ({ status, attempted }: Stripe.Invoice): InvoiceState => {
  if (status === 'paid') return 'paid';
  if (status === 'void') return 'void';
  return status === 'uncollectible' || (status === 'open' && attempted) ? 'payment_failed' : 'open';
};

const providerInvoice = (invoice: Stripe.Invoice): ProviderInvoice => ({
  providerInvoiceId: invoice.id,
  invoiceId: invoice.metadata?.[INVOICE_ID] ?? null,
  tenantId: invoice.metadata?.[TENANT_ID] ?? null,
  number: invoice.number,
  state: stateOf(invoice),
  totalMinor: BigInt(invoice.total),
  paidAt: invoice.status_transitions.paid_at === null ? null : new Date(invoice.status_transitions.paid_at * 1000),
});

/**
 * Collects through Stripe: a manual invoice under our number, an item for each of our lines, finalised and paid when the totals agree.
 * Each step looks first and carries an idempotency key, since Stripe keeps keys for a day and a crash may last longer.
 */
export class StripeProvider extends PaymentProvider {
  private readonly stripe: Stripe;
  private readonly webhookSecret: string;

  constructor({ apiKey, webhookSecret, ...address }: StripeConfig) {
    super();
    this.stripe = new Stripe(apiKey, { ...address, telemetry: false, timeout: TIMEOUT_MS });
    this.webhookSecret = webhookSecret;
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

  collectInvoice(providerCustomerId: string, invoice: InvoiceToCollect): Promise<ProviderInvoice> {
    return asking(() => this.handOver(providerCustomerId, invoice));
  }

  payInvoice(providerInvoiceId: string, attempt: string): Promise<ProviderInvoice> {
    return asking(async () => {
      const invoice = await this.stripe.invoices.retrieve(providerInvoiceId);
      return invoice.status === 'open'
        ? this.pay(providerInvoiceId, `invoice:${providerInvoiceId}:pay:${attempt}`)
        : providerInvoice(invoice);
    });
  }

  fetchInvoice(providerInvoiceId: string): Promise<ProviderInvoice | undefined> {
    return asking(() => this.retrieve(providerInvoiceId));
  }

  private async retrieve(providerInvoiceId: string): Promise<ProviderInvoice | undefined> {
    try {
      return providerInvoice(await this.stripe.invoices.retrieve(providerInvoiceId));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  private async handOver(providerCustomerId: string, invoice: InvoiceToCollect): Promise<ProviderInvoice> {
    let handed = (await this.findInvoice(providerCustomerId, invoice.id)) ?? (await this.createInvoice(providerCustomerId, invoice));
    if (handed.status === 'draft') {
      await this.addLines(providerCustomerId, handed.id, invoice);
      handed = await this.stripe.invoices.retrieve(handed.id);
    }
    if (BigInt(handed.total) !== invoice.totalMinor) {
      throw new AppError(billingErrors.totalMismatch, `${invoice.number} is ${invoice.totalMinor}, at Stripe ${handed.total}`);
    }
    if (handed.status === 'draft') {
      handed = await this.stripe.invoices.finalizeInvoice(
        handed.id,
        { auto_advance: false },
        { idempotencyKey: `invoice:${invoice.id}:finalize` },
      );
    }
    return handed.status === 'open' && !handed.attempted ? this.pay(handed.id, `invoice:${invoice.id}:pay`) : providerInvoice(handed);
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

  private async findInvoice(customer: string, invoiceId: string): Promise<Stripe.Invoice | undefined> {
    for await (const invoice of this.stripe.invoices.list({ customer, limit: 100 })) {
      if (invoice.metadata?.[INVOICE_ID] === invoiceId) return invoice;
    }
    return undefined;
  }

  private createInvoice(customer: string, { id, tenantId, number, currency }: InvoiceToCollect): Promise<Stripe.Invoice> {
    return this.stripe.invoices.create(
      {
        customer,
        number,
        currency: currency.toLowerCase(),
        auto_advance: false,
        collection_method: 'charge_automatically',
        pending_invoice_items_behavior: 'exclude', // a stray item of the customer must not ride along
        metadata: { [INVOICE_ID]: id, [TENANT_ID]: tenantId },
      },
      { idempotencyKey: `invoice:${id}:create` },
    );
  }

  private async addLines(customer: string, providerInvoiceId: string, { id, currency, period, lines }: InvoiceToCollect): Promise<void> {
    const present = new Set<string | undefined>();
    for await (const item of this.stripe.invoiceItems.list({ invoice: providerInvoiceId, limit: 100 }))
      present.add(item.metadata?.[LINE_ID]);
    for (const line of lines.filter((line) => !present.has(line.id))) {
      await this.stripe.invoiceItems.create(
        {
          customer,
          invoice: providerInvoiceId,
          amount: Number(line.amountMinor),
          currency: currency.toLowerCase(),
          description: `${line.description} (${line.quantity})`,
          period: { start: period.from.getTime() / 1000, end: period.to.getTime() / 1000 },
          metadata: { [LINE_ID]: line.id },
        },
        { idempotencyKey: `invoice:${id}:line:${line.id}` },
      );
    }
  }

  private async pay(providerInvoiceId: string, idempotencyKey: string): Promise<ProviderInvoice> {
    try {
      return providerInvoice(await this.stripe.invoices.pay(providerInvoiceId, { off_session: true }, { idempotencyKey }));
    } catch (error) {
      const now = await this.retrieve(providerInvoiceId);
      if (now && now.state !== 'open') return now; // another attempt was faster
      if (!now || !isRefusedPayment(error)) throw error;
      return { ...now, state: 'payment_failed' };
    }
  }
}
