import { AppError } from '@trunkline/kernel';
import type { Currency } from '@trunkline/kernel';
import { REVENUE_ACCOUNT } from './chart-of-accounts.ts';
import type { Account, ChargeCategory } from './chart-of-accounts.ts';
import { ledgerErrors } from './errors.ts';

/** `amountNanos` is signed: a debit is positive, a credit negative. */
export type PostingLine = { readonly account: Account; readonly amountNanos: bigint };

export type PostingKind = 'usage_charge' | 'recurring_charge' | 'setup_charge' | 'payment_received' | 'credit_note' | 'rounding_residue';

/** What every posting says beside its lines. */
export type PostingHead = {
  readonly id: string;
  readonly tenantId: string;
  readonly currency: Currency;
  /** First instant (UTC) of the month in which the service was rendered, which need not be the month of posting. */
  readonly month: Date;
  readonly postedAt: Date;
  /** What it is for. Unique with tenant and kind, so that one cause never posts twice. */
  readonly reference: string;
};

/** A balanced set of lines: they add up to zero. `count` and `seconds` are the calls and billed seconds of usage, else 1 and 0. */
export type Posting = PostingHead & {
  readonly kind: PostingKind;
  readonly count: number;
  readonly seconds: bigint;
  readonly lines: readonly PostingLine[];
};

/** What went to an account. */
export const amountOn = (posting: Posting, account: Account): bigint =>
  posting.lines.reduce((sum, line) => (line.account === account ? sum + line.amountNanos : sum), 0n);

/** @throws AppError ledger.unbalanced */
export const assertBalanced = (posting: Posting): Posting => {
  const sum = posting.lines.reduce((total, line) => total + line.amountNanos, 0n);
  if (sum !== 0n) throw new AppError(ledgerErrors.unbalanced, `${posting.kind} ${posting.id} is off by ${sum} nanos`);
  return posting;
};

const move = (
  kind: PostingKind,
  head: PostingHead,
  debit: Account,
  credit: Account,
  nanos: bigint,
  usage = { count: 1, seconds: 0n },
): Posting =>
  assertBalanced({
    ...head,
    kind,
    ...usage,
    lines: [
      { account: debit, amountNanos: nanos },
      { account: credit, amountNanos: -nanos },
    ],
  });

const positive = (nanos: bigint): bigint => {
  if (nanos <= 0n) throw new AppError(ledgerErrors.amountNotPositive, `${nanos} nanos cannot be posted`);
  return nanos;
};

/** Calls of one tenant, charged together. Calls that cost nothing are not posted: leave them out, or post nothing when all are free. */
export const usageCharge = (head: PostingHead, nanos: bigint, usage: { readonly count: number; readonly seconds: bigint }): Posting =>
  move('usage_charge', head, 'customer', 'usage_revenue', positive(nanos), usage);

export const recurringCharge = (head: PostingHead, nanos: bigint): Posting =>
  move('recurring_charge', head, 'customer', 'recurring_revenue', positive(nanos));

export const setupCharge = (head: PostingHead, nanos: bigint): Posting =>
  move('setup_charge', head, 'customer', 'setup_revenue', positive(nanos));

export const paymentReceived = (head: PostingHead, nanos: bigint): Posting =>
  move('payment_received', head, 'stripe_clearing', 'customer', positive(nanos));

/** Takes back what was charged: the way to correct a closed month, since postings never change. */
export const creditNote = (head: PostingHead, category: ChargeCategory, nanos: bigint): Posting =>
  move('credit_note', head, REVENUE_ACCOUNT[category], 'customer', positive(nanos));

/** Lifts (or, negative, lowers) the exact debt of a closed month to the whole minor units of its invoice. Never zero. */
export const roundingResidue = (head: PostingHead, nanos: bigint): Posting => {
  if (nanos === 0n) throw new AppError(ledgerErrors.amountNotPositive, 'There is no residue to post');
  return move('rounding_residue', head, 'customer', 'rounding', nanos);
};
