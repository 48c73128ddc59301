import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';
import { missing } from './stripe-fault.ts';

/** Of each object what the emulator keeps, under the SDK's own names and types. */
export type Customer = Pick<Stripe.Customer, 'id' | 'object' | 'created' | 'email' | 'name' | 'metadata' | 'livemode'> & {
  invoice_settings: { default_payment_method: string | null };
};
export type PaymentMethod = Pick<Stripe.PaymentMethod, 'id' | 'object' | 'created' | 'type' | 'livemode'> & {
  customer: string | null;
  test_card: TestCard;
  /** Why the issuer declines it from now on, whatever card it is */
  decline_code?: string;
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
  | 'pre_payment_credit_notes_amount'
  | 'post_payment_credit_notes_amount'
> & { hosted_invoice_url: string | null } & {
  customer: string;
  status: Stripe.Invoice.Status;
  status_transitions: Stripe.Invoice.StatusTransitions;
};
export type PaymentIntent = Pick<
  Stripe.PaymentIntent,
  'id' | 'object' | 'amount' | 'amount_received' | 'currency' | 'created' | 'metadata' | 'livemode' | 'description'
> & {
  customer: string;
  payment_method: string | null;
  latest_charge: string | null;
  status: 'requires_payment_method' | 'requires_confirmation' | 'requires_action' | 'succeeded' | 'canceled';
  last_payment_error: { type: 'card_error'; code: string; decline_code?: string; message: string } | null;
  next_action: { type: 'redirect_to_url'; redirect_to_url: { url: string; return_url: string } } | null;
};
export type Charge = Pick<
  Stripe.Charge,
  'id' | 'object' | 'amount' | 'amount_refunded' | 'currency' | 'created' | 'disputed' | 'paid' | 'refunded' | 'livemode'
> & { customer: string; payment_intent: string; status: 'succeeded' | 'failed' };
export type Refund = Pick<Stripe.Refund, 'id' | 'object' | 'amount' | 'currency' | 'created'> & {
  charge: string;
  payment_intent: string;
  metadata: Stripe.Metadata;
  status: 'pending' | 'succeeded' | 'failed';
};
export type Dispute = Pick<Stripe.Dispute, 'id' | 'object' | 'amount' | 'currency' | 'created' | 'reason' | 'livemode'> & {
  charge: string;
  payment_intent: string;
  status: 'warning_needs_response' | 'needs_response' | 'won' | 'lost';
};
export type CreditNote = Pick<
  Stripe.CreditNote,
  | 'id'
  | 'object'
  | 'amount'
  | 'total'
  | 'currency'
  | 'created'
  | 'number'
  | 'memo'
  | 'pre_payment_amount'
  | 'post_payment_amount'
  | 'livemode'
> & { customer: string; invoice: string; metadata: Stripe.Metadata; status: 'issued' | 'void'; type: 'pre_payment' };
export type InvoicePayment = Pick<
  Stripe.InvoicePayment,
  'id' | 'object' | 'amount_paid' | 'amount_requested' | 'created' | 'currency' | 'livemode'
> & {
  invoice: string;
  is_default: boolean;
  payment: { type: 'payment_intent'; payment_intent: string };
  status: 'open' | 'paid';
};
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
 * Stripe's test cards (docs.stripe.com/testing): one that works; one that can be attached, and every charge of it is declined; one that is
 * declined as it is attached; one whose holder must confirm each payment (3-D Secure); one whose payments are disputed at once.
 */
export const TEST_CARDS = [
  'pm_card_visa',
  'pm_card_chargeCustomerFail',
  'pm_card_chargeDeclined',
  'pm_card_authenticationRequired',
  'pm_card_createDispute',
] as const;
export type TestCard = (typeof TEST_CARDS)[number];

/** A reply kept under its idempotency key, with what was asked. */
export type KeptReply = { readonly request: string; readonly status: number; readonly body: object };

/** All that an account holds: plain JSON, so that it can be kept in a file. */
export type AccountState = {
  customers: { [id: string]: Customer };
  paymentMethods: { [id: string]: PaymentMethod };
  invoices: { [id: string]: Invoice };
  invoiceItems: { [id: string]: InvoiceItem };
  invoicePayments: { [id: string]: InvoicePayment };
  paymentIntents: { [id: string]: PaymentIntent };
  charges: { [id: string]: Charge };
  refunds: { [id: string]: Refund };
  disputes: { [id: string]: Dispute };
  creditNotes: { [id: string]: CreditNote };
  events: StripeEvent[];
  replies: { [key: string]: KeptReply };
};

export const emptyAccount = (): AccountState => ({
  customers: {},
  paymentMethods: {},
  invoices: {},
  invoiceItems: {},
  invoicePayments: {},
  paymentIntents: {},
  charges: {},
  refunds: {},
  disputes: {},
  creditNotes: {},
  events: [],
  replies: {},
});

/** What an operation works with. */
export type Account = {
  readonly state: AccountState;
  /** Unix seconds */
  readonly now: () => number;
  /** Where the emulator is reached: its pages for people are only named, not served. */
  readonly url: () => string;
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

type Range = number | { gt?: number; gte?: number; lt?: number; lte?: number } | undefined;

/** Whether an object was made in the time that a list is asked for. */
export const madeIn = (created: number, range: Range): boolean => {
  if (range === undefined || typeof range === 'number') return range === undefined || created === range;
  const { gt = -1, gte = 0, lt = Infinity, lte = Infinity } = range;
  return created > gt && created >= gte && created < lt && created <= lte;
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
