import { AppError, canTransition, fromMinor, invalidField } from '@trunkline/kernel';
import { creditNote, creditNoteVoided } from '@trunkline/ledger';
import type { ChargeKind, Posting, PostingHead } from '@trunkline/ledger';
import { billingErrors } from './errors.ts';
import type { InvoiceLine } from './invoice.ts';
import type { InvoiceState } from './invoice-state.ts';
import { CREDIT_NOTE_TRANSITIONS } from './provider-news.ts';
import type { CreditNoteState } from './provider-news.ts';

/** `category` names the line of the invoice that is taken back, wholly or in part. */
export type CreditLine = { readonly category: string; readonly reason: string; readonly amountMinor: bigint };
/** What may still be taken back, by category, in the order of the invoice. */
export type Creditable = ReadonlyMap<string, bigint>;

/** `INV-202611-000042-C1`: the invoice and the position among its credit notes. */
export const creditNoteNumber = (invoiceNumber: string, position: number): string => `${invoiceNumber}-C${position}`;

/** @param credits the lines of all credit notes of the invoice that are not void */
export const creditable = (
  lines: ReadonlyArray<Pick<InvoiceLine, 'category' | 'amountMinor'>>,
  credits: ReadonlyArray<Pick<CreditLine, 'category' | 'amountMinor'>>,
): Creditable => {
  const left = new Map(lines.map((line) => [line.category, line.amountMinor]));
  for (const { category, amountMinor } of credits) left.set(category, (left.get(category) ?? 0n) - amountMinor);
  return left;
};

export const sumOf = (lines: ReadonlyArray<{ readonly amountMinor: bigint }>): bigint => lines.reduce((n, l) => n + l.amountMinor, 0n);

/** @throws AppError request.invalid, billing.credit_too_high, naming the line */
export const checkCredit = (lines: readonly CreditLine[], left: Creditable): void => {
  const after = new Map(left);
  lines.forEach(({ category, amountMinor }, i) => {
    const before = after.get(category);
    if (before === undefined) throw invalidField(`/lines/${i}/category`, 'unknown', `The invoice has no line ${category}`);
    if (amountMinor > before) {
      const detail = `${before} minor units of ${category} are left to credit`;
      throw new AppError(billingErrors.creditTooHigh, detail, { errors: [{ pointer: `/lines/${i}/amount`, code: 'too_high', detail }] });
    }
    after.set(category, before - amountMinor);
  });
};

/** Takes an amount off the lines in their order, as much of it as is left. */
export const creditAcross = (amountMinor: bigint, left: Creditable, reason: string): CreditLine[] => {
  let rest = amountMinor;
  return [...left].flatMap(([category, most]) => {
    const part = rest < most ? rest : most;
    if (part <= 0n) return [];
    rest -= part;
    return [{ category, reason, amountMinor: part }];
  });
};

/** All that is left: what a void invoice takes back. */
export const creditRest = (left: Creditable, reason: string): CreditLine[] =>
  creditAcross(
    [...left.values()].reduce((a, b) => a + b, 0n),
    left,
    reason,
  );

const kindOf = (category: string): ChargeKind => category.replace('.', '_') as ChargeKind;

/** Lines of one category are one posting. @param head its reference is the credit note's id */
export const creditPostings = (lines: readonly CreditLine[], head: PostingHead, state: CreditNoteState = 'issued'): Posting[] => {
  const post = state === 'issued' ? creditNote : creditNoteVoided;
  return [...new Set(lines.map((l) => l.category))].map((category) => {
    const nanos = fromMinor(sumOf(lines.filter((l) => l.category === category)), head.currency);
    return post(kindOf(category), { ...head, reference: `${head.reference}:${category}` }, nanos);
  });
};

/**
 * What becomes of a credit note when the provider tells of it.
 * @param known undefined: one that somebody made at the provider
 * @param invoice a void invoice has taken everything back already, in whatever order the news come
 */
export const creditNoteAfter = (
  known: CreditNoteState | undefined,
  news: CreditNoteState,
  invoice: InvoiceState,
): 'issue' | 'keep_void' | 'void' | 'nothing' => {
  if (invoice === 'void') return 'nothing';
  if (known === undefined) return news === 'issued' ? 'issue' : 'keep_void';
  return known !== news && canTransition(CREDIT_NOTE_TRANSITIONS, known, news) ? 'void' : 'nothing';
};
