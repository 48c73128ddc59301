import { AppError } from '@trunkline/kernel';
import type { Currency } from '@trunkline/kernel';
import { CHARGES } from './chart-of-accounts.ts';
import type { Account, ChargeKind } from './chart-of-accounts.ts';
import { ledgerErrors } from './errors.ts';

export type PostingKind =
  | ChargeKind
  | 'payment_received'
  | 'top_up_received'
  | 'payment_refunded'
  | 'credit_note'
  | 'credit_note_voided'
  | 'dispute_opened'
  | 'dispute_won'
  | 'dispute_lost'
  | 'rounding_residue';

/** What every posting says beside its amount. */
export type PostingHead = {
  readonly tenantId: string;
  readonly currency: Currency;
  /** First instant (UTC) of the month in which the service was rendered, which need not be the month of posting. */
  readonly month: Date;
  readonly postedAt: Date;
  /** What it is for. Unique with tenant and kind, so that one cause never posts twice. */
  readonly reference: string;
};

/** How much of a thing is charged: calls and their billed seconds, or channels or numbers and 0. What is no charge counts 1 and 0 seconds. */
export type Quantity = { readonly count: number; readonly seconds: number };

/** One amount, more than zero, that leaves the credited account for the debited one: a posting cannot be out of balance. */
export type Posting = PostingHead &
  Quantity & { readonly kind: PostingKind; readonly debit: Account; readonly credit: Account; readonly amountNanos: bigint };

/** What a posting did to an account: a debit is positive, a credit negative. */
export const amountOn = ({ debit, credit, amountNanos }: Posting, account: Account): bigint => {
  if (debit === account) return amountNanos;
  return credit === account ? -amountNanos : 0n;
};

const move = (
  kind: PostingKind,
  head: PostingHead,
  debit: Account,
  credit: Account,
  amountNanos: bigint,
  quantity: Quantity = { count: 1, seconds: 0 },
): Posting => {
  if (amountNanos <= 0n) throw new AppError(ledgerErrors.amountNotPositive, `${amountNanos} nanos cannot be posted`);
  return { ...head, kind, ...quantity, debit, credit, amountNanos };
};

/** What the tenant owes for one kind of thing. What costs nothing is not posted: leave it out. */
export const charge = (kind: ChargeKind, head: PostingHead, nanos: bigint, quantity: Quantity): Posting =>
  move(kind, head, 'customer', CHARGES[kind], nanos, quantity);

export const paymentReceived = (head: PostingHead, nanos: bigint): Posting =>
  move('payment_received', head, 'stripe_clearing', 'customer', nanos);

/** What a tenant put on its balance before it is charged. */
export const topUpReceived = (head: PostingHead, nanos: bigint): Posting =>
  move('top_up_received', head, 'stripe_clearing', 'customer', nanos);

/**
 * Money given back to a card.
 * @param of what the tenant had to its credit (a top-up, a credit note), or a gift that leaves its balance alone
 */
export const paymentRefunded = (of: 'credit' | 'gift', head: PostingHead, nanos: bigint): Posting =>
  move('payment_refunded', head, of === 'credit' ? 'customer' : 'refunds_given', 'stripe_clearing', nanos);

/** Stripe holds back what a cardholder disputes, until the bank decides: then it is ours again, or the tenant owes it anew. */
export const disputeOpened = (head: PostingHead, nanos: bigint): Posting =>
  move('dispute_opened', head, 'disputes', 'stripe_clearing', nanos);
export const disputeWon = (head: PostingHead, nanos: bigint): Posting => move('dispute_won', head, 'stripe_clearing', 'disputes', nanos);
export const disputeLost = (head: PostingHead, nanos: bigint): Posting => move('dispute_lost', head, 'customer', 'disputes', nanos);

/** Takes back what was charged: the way to correct a closed month, since postings never change. */
export const creditNote = (kind: ChargeKind, head: PostingHead, nanos: bigint): Posting =>
  move('credit_note', head, CHARGES[kind], 'customer', nanos);

/** Takes a credit back. */
export const creditNoteVoided = (kind: ChargeKind, head: PostingHead, nanos: bigint): Posting =>
  move('credit_note_voided', head, 'customer', CHARGES[kind], nanos);

/** Lifts (or, negative, lowers) the exact debt of a closed month to the whole minor units of its invoice. Never zero. */
export const roundingResidue = (head: PostingHead, nanos: bigint): Posting =>
  nanos < 0n
    ? move('rounding_residue', head, 'rounding', 'customer', -nanos)
    : move('rounding_residue', head, 'customer', 'rounding', nanos);
