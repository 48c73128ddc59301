import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';
import { missing } from './stripe-fault.ts';

/** Of each object what the emulator keeps, under the SDK's own names and types. */
export type Customer = Pick<Stripe.Customer, 'id' | 'object' | 'created' | 'email' | 'name' | 'metadata' | 'livemode'> & {
  invoice_settings: { default_payment_method: string | null };
};
export type PaymentMethod = Pick<Stripe.PaymentMethod, 'id' | 'object' | 'created' | 'type' | 'livemode'> & {
  customer: string;
  test_card: TestCard;
};
export type InvoiceItem = Pick<
  Stripe.InvoiceItem,
  'id' | 'object' | 'amount' | 'currency' | 'description' | 'metadata' | 'period' | 'livemode' | 'date'
> & {
  customer: string;
  invoice: string;
};
export type Invoice = Pick<
  Stripe.Invoice,
  | 'id'
  | 'object'
  | 'number'
  | 'currency'
  | 'description'
  | 'metadata'
  | 'total'
  | 'subtotal'
  | 'amount_due'
  | 'amount_paid'
  | 'amount_remaining'
  | 'attempted'
  | 'attempt_count'
  | 'auto_advance'
  | 'collection_method'
  | 'created'
  | 'livemode'
> & { customer: string; status: Stripe.Invoice.Status; status_transitions: Stripe.Invoice.StatusTransitions };
export type StripeEvent = {
  id: string;
  object: 'event';
  api_version: string;
  created: number;
  data: { object: object };
  livemode: false;
  pending_webhooks: number;
  request: { id: string | null; idempotency_key: string | null };
  type: string;
};

/**
 * Stripe's test cards (docs.stripe.com/testing). `pm_card_chargeCustomerFail` can be attached, and every charge of it is declined;
 * `pm_card_chargeDeclined` is declined as it is attached.
 */
export const TEST_CARDS = ['pm_card_visa', 'pm_card_chargeCustomerFail', 'pm_card_chargeDeclined'] as const;
export type TestCard = (typeof TEST_CARDS)[number];

/** A reply kept under its idempotency key, with what was asked. */
export type KeptReply = { readonly request: string; readonly status: number; readonly body: object };

/** All that an account holds: plain JSON, so that it can be kept in a file. */
export type AccountState = {
  customers: { [id: string]: Customer };
  paymentMethods: { [id: string]: PaymentMethod };
  invoices: { [id: string]: Invoice };
  invoiceItems: { [id: string]: InvoiceItem };
  events: StripeEvent[];
  replies: { [key: string]: KeptReply };
};

export const emptyAccount = (): AccountState => ({
  customers: {},
  paymentMethods: {},
  invoices: {},
  invoiceItems: {},
  events: [],
  replies: {},
});

/** What an operation works with. */
export type Account = {
  readonly state: AccountState;
  /** Unix seconds */
  readonly now: () => number;
  /** Writes the event log and sends the webhook, with the object as it is now. */
  readonly emit: (type: string, object: object) => void;
  /** What a new customer pays with until a payment method is attached; undefined: nothing. */
  readonly newCustomerCard: TestCard | undefined;
};

export const newStripeId = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`;

/** @throws StripeFault 404 resource_missing */
export const find = <T>(table: { readonly [id: string]: T }, kind: string, id: string, param?: string): T => {
  const found = Object.hasOwn(table, id) ? table[id] : undefined;
  if (found === undefined) throw missing(kind, id, param);
  return found;
};

/** A list reply, newest first, with Stripe's cursor. */
export const listOf = <T extends { readonly id: string }>(
  url: string,
  all: readonly T[],
  params: { limit?: number; starting_after?: string },
): object => {
  const newest = all.toReversed();
  const start = params.starting_after === undefined ? 0 : newest.findIndex(({ id }) => id === params.starting_after) + 1;
  const limit = params.limit ?? 10;
  return { object: 'list', url, has_more: newest.length > start + limit, data: newest.slice(start, start + limit) };
};
