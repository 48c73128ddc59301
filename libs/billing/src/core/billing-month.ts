import { monthOf } from '@trunkline/kernel';
import type { Period } from '@trunkline/kernel';

const DAY_MS = 86_400_000;
/** Days from issue to due date: cards are charged at once, so this is for those who pay by hand. */
export const PAYMENT_TERM_DAYS = 14;

export const dueDate = (issuedAt: Date): Date => new Date(issuedAt.getTime() + PAYMENT_TERM_DAYS * DAY_MS);

/** `2026-11` → the month; the form is checked by the caller. */
export const monthNamed = (name: string): Period => monthOf(new Date(`${name}-01T00:00:00Z`));
export const monthName = ({ from }: Period): string => from.toISOString().slice(0, 7);

/**
 * An order made in the last second of a month may commit minutes later (a transaction may idle for five), and what a close does not see is missing on
 * the invoice: so nobody closes a month earlier than this after its end.
 */
const SETTLES_MS = 10 * 60_000;

/** Only what has been over for a while can be closed. */
export const isClosable = ({ to }: Period, now: Date): boolean => now.getTime() >= to.getTime() + SETTLES_MS;

export const monthBefore = ({ from }: Period): Period => monthOf(new Date(from.getTime() - 1));

/** The months from the one that holds `from` up to `last`, in order; none when it comes after. */
export const monthsUpTo = (from: Date, last: Period): Period[] => {
  const months: Period[] = [];
  for (let month = monthOf(from); month.from <= last.from; month = monthOf(month.to)) months.push(month);
  return months;
};

/** Calls that were up at midnight, and records that were late, get this long to arrive. */
const CLOSE_AFTER_MS = 2 * 3_600_000;
/** What could not be closed is tried for this long; then a person must look. */
const CLOSE_FOR_MS = 3 * DAY_MS;

/** The month that is to be closed by itself at this moment: the last one, from two hours after its end until three days after. */
export const monthToClose = (now: Date): Period | undefined => {
  const age = now.getTime() - monthOf(now).from.getTime();
  return age >= CLOSE_AFTER_MS && age < CLOSE_FOR_MS ? monthBefore(monthOf(now)) : undefined;
};
