import type { Currency, Period } from '@trunkline/kernel';
import type { ProviderInvoice, ProviderNews, ProviderPayment, ProviderRefund } from '../core/provider-news.ts';

/** What the provider needs of an invoice. `currency` as ISO 4217 writes it, amounts in its minor units. */
export type InvoiceToCollect = {
  readonly id: string;
  readonly tenantId: string;
  readonly number: string;
  readonly currency: Currency;
  readonly period: Period;
  readonly totalMinor: bigint;
  /** What the balance paid already. */
  readonly fromBalanceMinor: bigint;
  readonly lines: ReadonlyArray<{
    readonly id: string;
    readonly description: string;
    readonly quantity: string;
    readonly amountMinor: bigint;
  }>;
};

/** How an attempt ended: the invoice as it is now, and why the card was refused, if it was. */
export type PaymentAttempt = { readonly invoice: ProviderInvoice; readonly declineCode: string | null };

export type TopUpToCharge = {
  readonly id: string;
  readonly tenantId: string;
  readonly currency: Currency;
  readonly amountMinor: bigint;
  /** The same on each repeat. */
  readonly paymentMethodId: string;
};
export type RefundToSend = { readonly id: string; readonly providerPaymentId: string; readonly amountMinor: bigint };

/**
 * A verified message from the provider. It only says what to look at: the receiver keeps `id` (repeats carry the same) and fetches the
 * object, since messages come late, repeatedly and in any order.
 */
export type ProviderEvent = { readonly id: string; readonly type: string; readonly objectId: string; readonly createdAt: Date };

/**
 * Who collects our money. Every call may be repeated after a crash without a second effect.
 * Calls throw AppError billing.provider_unavailable when the provider does not answer.
 */
export abstract class PaymentProvider {
  /** The tenant's customer id, made when there is none. Keep it: the provider forgets after a day that it was asked before. */
  abstract ensureCustomer(customer: { readonly tenantId: string; readonly name: string }): Promise<string>;

  /**
   * Makes a payment method (a token from the provider's own form) the customer's default. Returns its lasting id.
   * @throws AppError billing.payment_method_refused
   */
  abstract setPaymentMethod(providerCustomerId: string, token: string): Promise<string>;

  /** What the customer pays with by default; null: nothing. */
  abstract paymentMethodOf(providerCustomerId: string): Promise<string | null>;

  /**
   * Hands an invoice over, once, ready to be paid.
   * @throws AppError billing.total_mismatch when the provider's total is not ours; nothing is collected then
   */
  abstract handOver(providerCustomerId: string, invoice: InvoiceToCollect): Promise<ProviderInvoice>;

  /**
   * Tries to have an open invoice paid, with the customer's present payment method. A refused payment is no error.
   * @param attempt names the try: a repeat with the same name is the same try
   */
  abstract payInvoice(providerInvoiceId: string, attempt: string): Promise<PaymentAttempt>;

  /**
   * Takes a credit note off an open invoice, as much of it as is left to pay; of an invoice that is not open there is nothing to take.
   * @returns the provider's id of the credit note; null when there was nothing to take
   */
  abstract creditInvoice(
    providerInvoiceId: string,
    note: { readonly id: string; readonly number: string; readonly amountMinor: bigint },
  ): Promise<string | null>;

  /**
   * Charges the customer's card while it is not there, once. A refusal is no error; a card whose holder must confirm gives `actionUrl`.
   * @returns null when the provider does not even try: an amount too small, a card that is gone
   */
  abstract chargeTopUp(providerCustomerId: string, topUp: TopUpToCharge): Promise<ProviderPayment | null>;

  /** Gives a payment up that waits for its holder. One that succeeded meanwhile stays so. */
  abstract cancelPayment(providerPaymentId: string): Promise<ProviderPayment | undefined>;

  /** The payment by card that paid the invoice; null: none did. */
  abstract paymentOf(providerInvoiceId: string): Promise<string | null>;

  /** Gives money back, once. A refusal is no error: the state says `failed`. */
  abstract refund(refund: RefundToSend): Promise<ProviderRefund | null>;

  /** @returns undefined when the provider has no such invoice, e.g. a draft that was deleted */
  abstract fetchInvoice(providerInvoiceId: string): Promise<ProviderInvoice | undefined>;
  abstract fetchPayment(providerPaymentId: string): Promise<ProviderPayment | undefined>;

  /** What a message is about, as it is now. Empty when it is about nothing that concerns us, or the object is gone. */
  abstract fetchNews(event: Pick<ProviderEvent, 'type' | 'objectId'>): Promise<ProviderNews[]>;

  /** Everything made since then, for the nightly comparison. */
  abstract invoicesSince(since: Date): Promise<ProviderInvoice[]>;
  abstract paymentsSince(since: Date): Promise<ProviderPayment[]>;

  /**
   * @param rawBody as received, byte for byte
   * @throws AppError billing.bad_signature
   */
  abstract parseWebhook(rawBody: string | Uint8Array, signature: string): ProviderEvent;
}
