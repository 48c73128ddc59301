import { monthOf } from '@trunkline/kernel';
import type { FieldError } from '@trunkline/kernel';
import { recurringFee } from './recurring.ts';

/** From the unit of this number on, each unit costs this, up to the next step. Earlier units keep the price of theirs: more never costs less. */
export type PriceStep = { readonly fromChannels: number; readonly monthlyNanos: bigint; readonly setupNanos: bigint };

/** Units of one step. */
export type SteppedUnits = PriceStep & { readonly quantity: number };

/** The units numbered `after + 1` to `upTo`, by their steps. */
export const unitsBySteps = (steps: readonly PriceStep[], after: number, upTo: number): SteppedUnits[] =>
  steps.flatMap((step, i) => {
    const last = Math.min(upTo, (steps[i + 1]?.fromChannels ?? Infinity) - 1);
    const quantity = last - Math.max(after, step.fromChannels - 1);
    return quantity > 0 ? [{ ...step, quantity }] : [];
  });

/** What a change of a quantity costs: once, for the rest of this month at the new quantity, and by every full month after it. */
export type SteppedPrice = { readonly setupNanos: bigint; readonly firstMonthNanos: bigint; readonly monthlyNanos: bigint };

/** By the same proration that the invoice will use. Only units that are added pay a setup fee. */
export const steppedPrice = (steps: readonly PriceStep[], before: number, after: number, at: Date): SteppedPrice => {
  const sum = (values: readonly bigint[]) => values.reduce((a, b) => a + b, 0n);
  const held = unitsBySteps(steps, 0, after);
  const feeOf = ({ quantity, monthlyNanos }: SteppedUnits): bigint =>
    recurringFee({ kind: 'channel', quantity, unitMonthlyNanos: monthlyNanos, from: at, to: null }, monthOf(at))?.amountNanos ?? 0n;
  return {
    setupNanos: sum(unitsBySteps(steps, before, after).map((u) => u.setupNanos * BigInt(u.quantity))),
    firstMonthNanos: sum(held.map(feeOf)),
    monthlyNanos: sum(held.map((u) => u.monthlyNanos * BigInt(u.quantity))),
  };
};

/** Steps begin with the first unit and rise. @param pointer of the list */
export const faultsOfSteps = (steps: readonly PriceStep[], pointer: string): FieldError[] =>
  steps.flatMap(({ fromChannels }, i) => {
    const before = steps[i - 1]?.fromChannels;
    const at = { pointer: `${pointer}/${i}/from_channels`, code: 'order' };
    if (before === undefined) return fromChannels === 1 ? [] : [{ ...at, detail: 'The first step begins with channel 1' }];
    return fromChannels > before ? [] : [{ ...at, detail: `Must be more than ${before}, where the step before begins` }];
  });
