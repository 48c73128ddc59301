import type { Currency, Period } from '@trunkline/kernel';
import type { InvoiceState } from '../core/invoice-state.ts';

/** What the provider needs of an invoice. `currency` as ISO 4217 writes it, amounts in its minor units. */
export type InvoiceToCollect = {
  readonly id: string;
  readonly tenantId: string;
  readonly number: string;
  readonly currency: Currency;
  readonly period: Period;
  readonly totalMinor: bigint;
  readonly lines: ReadonlyArray<{
    readonly id: string;
    readonly description: string;
    readonly quantity: string;
    readonly amountMinor: bigint;
  }>;
};

/** An invoice as the provider has it. `invoiceId` and `tenantId` are ours, read back; null on an invoice that is not of our making. */
export type ProviderInvoice = {
  readonly providerInvoiceId: string;
  readonly invoiceId: string | null;
  readonly tenantId: string | null;
  readonly number: string | null;
  readonly state: InvoiceState;
  readonly totalMinor: bigint;
  readonly paidAt: Date | null;
};

/**
 * A verified message from the provider. It only says what to look at: the receiver keeps `id` (repeats carry the same) and fetches the
 * invoice, since messages come late, repeatedly and in any order.
 */
export type ProviderEvent = { readonly id: string; readonly type: string; readonly objectId: string; readonly createdAt: Date };

/**
 * Who collects our invoices. Every call may be repeated after a crash without a second effect.
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

  /**
   * Hands an invoice over and has it paid, once. A refused payment is no error: the state says `payment_failed`.
   * @throws AppError billing.total_mismatch when the provider's total is not ours; nothing is collected then
   */
  abstract collectInvoice(providerCustomerId: string, invoice: InvoiceToCollect): Promise<ProviderInvoice>;

  /**
   * Tries once more to have an open invoice paid, with the customer's present payment method. A refused payment is no error.
   * @param attempt names the try: a repeat with the same name is the same try
   */
  abstract payInvoice(providerInvoiceId: string, attempt: string): Promise<ProviderInvoice>;

  /** @returns undefined when the provider has no such invoice, e.g. a draft that was deleted */
  abstract fetchInvoice(providerInvoiceId: string): Promise<ProviderInvoice | undefined>;

  /**
   * @param rawBody as received, byte for byte
   * @throws AppError billing.bad_signature
   */
  abstract parseWebhook(rawBody: string | Uint8Array, signature: string): ProviderEvent;
}
