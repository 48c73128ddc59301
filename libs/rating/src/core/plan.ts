import { AppError, monthOf } from '@trunkline/kernel';
import type { Currency, FieldError } from '@trunkline/kernel';
import { ratingErrors } from './errors.ts';
import { recurringFee } from './recurring.ts';
import type { RecurringKind } from './recurring.ts';

/** The prices of a tenant from the date on which the plan is assigned to it. Immutable: another price is another plan. */
export type Plan = {
  readonly currency: Currency;
  readonly channelMonthlyNanos: bigint;
  readonly channelSetupNanos: bigint;
  readonly numberMonthlyNanos: bigint;
  readonly numberSetupNanos: bigint;
  readonly outboundDeckId: string;
  /** null: inbound calls are free. */
  readonly inboundDeckId: string | null;
};

/** What one unit costs: once when it is ordered, and by the month while it is held. */
export const unitFees = (plan: Plan, kind: RecurringKind): { readonly monthlyNanos: bigint; readonly setupNanos: bigint } => ({
  monthlyNanos: plan[`${kind}MonthlyNanos`],
  setupNanos: plan[`${kind}SetupNanos`],
});

/** What an order costs now (`setup` and the rest of this month) and in every full month after it. */
export type Quote = {
  readonly currency: Currency;
  readonly setupNanos: bigint;
  readonly firstMonthNanos: bigint;
  readonly monthlyNanos: bigint;
};

/** Prices an order of `quantity` units placed at `at`, by the same proration that the invoice will use. */
export const quote = (plan: Plan, kind: RecurringKind, quantity: number, at: Date): Quote => {
  const { setupNanos, monthlyNanos } = unitFees(plan, kind);
  const firstMonth = recurringFee({ kind, quantity, unitMonthlyNanos: monthlyNanos, from: at, to: null }, monthOf(at));
  const units = BigInt(quantity);
  return {
    currency: plan.currency,
    setupNanos: setupNanos * units,
    firstMonthNanos: firstMonth?.amountNanos ?? 0n,
    monthlyNanos: monthlyNanos * units,
  };
};

const feeFaults = (plan: Plan): FieldError[] =>
  (['channel', 'number'] as const)
    .flatMap((kind) => [
      { pointer: `/${kind}_monthly`, nanos: plan[`${kind}MonthlyNanos`] },
      { pointer: `/${kind}_setup`, nanos: plan[`${kind}SetupNanos`] },
    ])
    .filter(({ nanos }) => nanos < 0n)
    .map(({ pointer }) => ({ pointer, code: 'negative', detail: 'A fee cannot be negative' }));

/**
 * Checks what a plan promises: no negative fee, and decks of its own currency (an invoice has one currency).
 * @param deckCurrencies of the decks that the plan names; inbound null when inbound is free
 * @throws AppError rating.plan_invalid, one entry per faulty field
 */
export const checkPlan = (plan: Plan, deckCurrencies: { readonly outbound: Currency; readonly inbound: Currency | null }): void => {
  const currencyFaults = (['outbound', 'inbound'] as const)
    .filter((direction) => (deckCurrencies[direction] ?? plan.currency) !== plan.currency)
    .map((direction) => ({
      pointer: `/${direction}_deck_id`,
      code: 'currency',
      detail: `The deck is in ${deckCurrencies[direction]}, the plan in ${plan.currency}`,
    }));
  const errors = [...feeFaults(plan), ...currencyFaults];
  if (errors.length > 0) throw new AppError(ratingErrors.planInvalid, undefined, { errors });
};
