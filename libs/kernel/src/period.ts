import { divideRounded } from './money.ts';

/** A half-open span of time: `from` belongs to it, `to` does not. Periods therefore tile. */
export type Period = { readonly from: Date; readonly to: Date };

const DAY_MS = 86_400_000;

/** The calendar month (UTC) that holds `at`. */
export const monthOf = (at: Date): Period => ({
  from: new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1)),
  to: new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1)),
});

export const startOfUtcDay = (at: Date): Date => new Date(Math.floor(at.getTime() / DAY_MS) * DAY_MS);

export const daysIn = ({ from, to }: Period): number => Math.round((to.getTime() - from.getTime()) / DAY_MS);

/** The part of `inner` inside `outer`, or undefined when they do not meet. An open end (null) reaches past any period. */
export const overlap = (outer: Period, inner: { readonly from: Date; readonly to: Date | null }): Period | undefined => {
  const from = inner.from > outer.from ? inner.from : outer.from;
  const to = inner.to === null || inner.to > outer.to ? outer.to : inner.to;
  return from < to ? { from, to } : undefined;
};

/**
 * The share of a monthly fee that a part of the month costs. Computed as the difference of two roundings of the running total, so the
 * shares of parts that tile a month add up to the fee exactly, whatever the cuts.
 * @param part must lie inside `whole`; both start and end at UTC midnight
 */
export const prorate = (feeNanos: bigint, whole: Period, part: Period): bigint => {
  const days = BigInt(daysIn(whole));
  const upTo = (at: Date) => divideRounded(feeNanos * BigInt(daysIn({ from: whole.from, to: at })), days);
  return upTo(part.to) - upTo(part.from);
};
