import { AppError } from '@trunkline/kernel';
import type { Currency } from '@trunkline/kernel';
import { CHARGES } from './chart-of-accounts.ts';
import type { Account, ChargeKind } from './chart-of-accounts.ts';
import { ledgerErrors } from './errors.ts';

/** `amountNanos` is signed: a debit is positive, a credit negative. */
export type PostingLine = { readonly account: Account; readonly amountNanos: bigint };

export type PostingKind = ChargeKind | 'payment_received' | 'credit_note' | 'rounding_residue';

/** What every posting says beside its lines. */
export type PostingHead = {
  readonly tenantId: string;
  readonly currency: Currency;
  /** First instant (UTC) of the month in which the service was rendered, which need not be the month of posting. */
  readonly month: Date;
  readonly postedAt: Date;
  /** What it is for. Unique with tenant and kind, so that one cause never posts twice. */
  readonly reference: string;
};

/** How much of a thing is charged: calls and their billed seconds, or channels or numbers and 0. */
export type Quantity = { readonly count: number; readonly seconds: number };

/** A balanced set of lines: they add up to zero. What is no charge counts 1 and 0 seconds. */
export type Posting = PostingHead & Quantity & { readonly kind: PostingKind; readonly lines: readonly PostingLine[] };

/** What went to an account. */
export const amountOn = (posting: Posting, account: Account): bigint =>
  posting.lines.reduce((sum, line) => (line.account === account ? sum + line.amountNanos : sum), 0n);

/** @throws AppError ledger.unbalanced */
export const assertBalanced = (posting: Posting): Posting => {
  const sum = posting.lines.reduce((total, line) => total + line.amountNanos, 0n);
  if (sum !== 0n) throw new AppError(ledgerErrors.unbalanced, `${posting.kind} ${posting.reference} is off by ${sum} nanos`);
  return posting;
};

const move = (
  kind: PostingKind,
  head: PostingHead,
  debit: Account,
  credit: Account,
  nanos: bigint,
  quantity: Quantity = { count: 1, seconds: 0 },
): Posting =>
  assertBalanced({
    ...head,
    kind,
    ...quantity,
    lines: [
      { account: debit, amountNanos: nanos },
      { account: credit, amountNanos: -nanos },
    ],
  });

const positive = (nanos: bigint): bigint => {
  if (nanos <= 0n) throw new AppError(ledgerErrors.amountNotPositive, `${nanos} nanos cannot be posted`);
  return nanos;
};

/** What the tenant owes for one kind of thing. What costs nothing is not posted: leave it out. */
export const charge = (kind: ChargeKind, head: PostingHead, nanos: bigint, quantity: Quantity): Posting =>
  move(kind, head, 'customer', CHARGES[kind], positive(nanos), quantity);

export const paymentReceived = (head: PostingHead, nanos: bigint): Posting =>
  move('payment_received', head, 'stripe_clearing', 'customer', positive(nanos));

/** Takes back what was charged: the way to correct a closed month, since postings never change. */
export const creditNote = (kind: ChargeKind, head: PostingHead, nanos: bigint): Posting =>
  move('credit_note', head, CHARGES[kind], 'customer', positive(nanos));

/** Lifts (or, negative, lowers) the exact debt of a closed month to the whole minor units of its invoice. Never zero. */
export const roundingResidue = (head: PostingHead, nanos: bigint): Posting => {
  if (nanos === 0n) throw new AppError(ledgerErrors.amountNotPositive, 'There is no residue to post');
  return move('rounding_residue', head, 'customer', 'rounding', nanos);
};
