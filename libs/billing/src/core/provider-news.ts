import type { Posting, PostingHead } from '@trunkline/ledger';
import { disputeLost, disputeOpened, disputeWon, paymentReceived, paymentRefunded, topUpReceived } from '@trunkline/ledger';
import { canTransition, fromMinor } from '@trunkline/kernel';
import type { Transitions } from '@trunkline/kernel';
import { afterProviderNews } from './invoice-state.ts';
import type { InvoiceState } from './invoice-state.ts';

/** An invoice as the provider has it. `invoiceId` and `tenantId` are ours, read back; null on an invoice that is not of our making. */
export type ProviderInvoice = {
  readonly providerInvoiceId: string;
  readonly invoiceId: string | null;
  readonly tenantId: string | null;
  readonly number: string | null;
  readonly state: InvoiceState;
  readonly totalMinor: bigint;
  readonly paidMinor: bigint;
  /** The provider's page where the customer may pay; null before it is finalised. */
  readonly hostedUrl: string | null;
  readonly paidAt: Date | null;
};

/** What a payment was for, by our own ids. */
export type PaidFor = { readonly kind: 'invoice' | 'top_up'; readonly id: string; readonly tenantId: string };

export type RefundState = 'pending' | 'succeeded' | 'failed';
/** `refundId` is ours, read back; null on a refund that somebody made at the provider. */
export type ProviderRefund = {
  readonly providerRefundId: string;
  readonly refundId: string | null;
  readonly amountMinor: bigint;
  readonly state: RefundState;
};

export type TopUpState = 'pending' | 'requires_action' | 'succeeded' | 'failed';
/** A payment with all its refunds. `paidFor` is null on a payment that is not of our making. */
export type ProviderPayment = {
  readonly providerPaymentId: string;
  readonly paidFor: PaidFor | null;
  readonly state: TopUpState;
  readonly receivedMinor: bigint;
  readonly declineCode: string | null;
  readonly actionUrl: string | null;
  readonly refunds: readonly ProviderRefund[];
};

export type DisputeState = 'inquiry' | 'open' | 'won' | 'lost';
/** `withdrawn`: the provider took the money back; of an inquiry it does not. */
export type ProviderDispute = {
  readonly providerDisputeId: string;
  readonly paidFor: PaidFor | null;
  readonly amountMinor: bigint;
  readonly state: DisputeState;
  readonly withdrawn: boolean;
  readonly reason: string;
};

export type CreditNoteState = 'issued' | 'void';
/** `amountMinor` is what it took off before the invoice was paid. `creditNoteId` is null on one that somebody made at the provider. */
export type ProviderCreditNote = {
  readonly providerCreditNoteId: string;
  readonly creditNoteId: string | null;
  readonly invoice: ProviderInvoice;
  readonly amountMinor: bigint;
  readonly state: CreditNoteState;
};

/** Something at the provider as it is at one moment: what a message makes us look at. */
export type ProviderNews =
  | { readonly kind: 'invoice'; readonly invoice: ProviderInvoice }
  | { readonly kind: 'payment'; readonly payment: ProviderPayment }
  | { readonly kind: 'dispute'; readonly dispute: ProviderDispute }
  | { readonly kind: 'credit_note'; readonly creditNote: ProviderCreditNote }
  | { readonly kind: 'customer'; readonly providerCustomerId: string; readonly paymentMethodId: string | null };

export const TOP_UP_TRANSITIONS: Transitions<TopUpState> = {
  pending: ['requires_action', 'succeeded', 'failed'],
  requires_action: ['succeeded', 'failed'],
  succeeded: [],
  failed: ['succeeded'], // money that came after all is money
};
export const REFUND_TRANSITIONS: Transitions<RefundState> = { pending: ['succeeded', 'failed'], succeeded: [], failed: [] };
export const DISPUTE_TRANSITIONS: Transitions<DisputeState> = {
  inquiry: ['open', 'won', 'lost'],
  open: ['won', 'lost'],
  won: [],
  lost: [],
};
export const CREDIT_NOTE_TRANSITIONS: Transitions<CreditNoteState> = { issued: ['void'], void: [] };

/**
 * What news do to our books. Computed from what we know and what the provider has, old or new: old news change nothing, since no state goes back,
 * and the postings are of what the news say alone, under references that are booked once.
 */
export type Effect<S> = { readonly state: S; readonly postings: readonly Posting[] };

const move = <S extends string>(transitions: Transitions<S>, known: S | undefined, news: S): S =>
  known === undefined || canTransition(transitions, known, news) ? news : known;

const nothingFor = (minor: bigint): boolean => minor <= 0n;

/** @param head its reference is the invoice's id */
export const invoiceEffect = (known: InvoiceState, news: ProviderInvoice, head: PostingHead): Effect<InvoiceState> => ({
  state: afterProviderNews(known, news.state),
  postings: news.state === 'paid' && !nothingFor(news.paidMinor) ? [paymentReceived(head, fromMinor(news.paidMinor, head.currency))] : [],
});

/** @param head its reference is the top-up's id */
export const topUpEffect = (known: TopUpState, news: ProviderPayment, head: PostingHead): Effect<TopUpState> => ({
  state: move(TOP_UP_TRANSITIONS, known, news.state),
  postings:
    news.state === 'succeeded' && !nothingFor(news.receivedMinor)
      ? [topUpReceived(head, fromMinor(news.receivedMinor, head.currency))]
      : [],
});

/**
 * @param known undefined: a refund that somebody made at the provider
 * @param of see paymentRefunded
 */
export const refundEffect = (
  known: RefundState | undefined,
  news: ProviderRefund,
  of: 'credit' | 'gift',
  head: PostingHead,
): Effect<RefundState> => ({
  state: move(REFUND_TRANSITIONS, known, news.state),
  postings:
    news.state === 'succeeded'
      ? [paymentRefunded(of, { ...head, reference: news.providerRefundId }, fromMinor(news.amountMinor, head.currency))]
      : [],
});

/** @param known undefined when nobody has told of the dispute yet */
export const disputeEffect = (known: DisputeState | undefined, news: ProviderDispute, head: PostingHead): Effect<DisputeState> => {
  const of = { ...head, reference: news.providerDisputeId };
  const nanos = fromMinor(news.amountMinor, head.currency);
  const opened = news.withdrawn ? [disputeOpened(of, nanos)] : [];
  const won = news.withdrawn && news.state === 'won' ? [disputeWon(of, nanos)] : [];
  const lost = news.withdrawn && news.state === 'lost' ? [disputeLost(of, nanos)] : [];
  return { state: move(DISPUTE_TRANSITIONS, known, news.state), postings: [...opened, ...won, ...lost] };
};
