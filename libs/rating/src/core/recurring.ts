import { daysIn, overlap, prorate, startOfUtcDay } from '@trunkline/kernel';
import type { Period } from '@trunkline/kernel';

export type RecurringKind = 'channel' | 'number';

/** Something that costs by the month while it is held: `quantity` of it, from `from` until `to` (null: still held). */
export type RecurringItem = {
  readonly kind: RecurringKind;
  readonly quantity: number;
  readonly unitMonthlyNanos: bigint;
  readonly from: Date;
  readonly to: Date | null;
};

/** What an item costs in one period, and the days that it is charged for. */
export type RecurringFee = {
  readonly kind: RecurringKind;
  readonly quantity: number;
  readonly unitMonthlyNanos: bigint;
  readonly from: Date;
  readonly to: Date;
  readonly days: number;
  readonly amountNanos: bigint;
};

/**
 * The share of a month's fee for the UTC days on which the item was held at the end of the day. Where one item ends and the next begins
 * (a resize) the day therefore belongs to the later one, and parts that tile a month add up to its fee to the nano.
 * @param month starts and ends at UTC midnight
 * @returns undefined when no day of the month is charged
 */
export const recurringFee = (item: RecurringItem, month: Period): RecurringFee | undefined => {
  const held = overlap(month, { from: startOfUtcDay(item.from), to: item.to && startOfUtcDay(item.to) });
  if (!held) return undefined;
  const { kind, quantity, unitMonthlyNanos } = item;
  return {
    kind,
    quantity,
    unitMonthlyNanos,
    ...held,
    days: daysIn(held),
    amountNanos: prorate(unitMonthlyNanos * BigInt(quantity), month, held),
  };
};

/** Every item that costs something in the month. */
export const recurringFees = (items: readonly RecurringItem[], month: Period): RecurringFee[] =>
  items.flatMap((item) => recurringFee(item, month) ?? []);
