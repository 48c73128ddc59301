const DAY_MS = 86_400_000;

/** When an unpaid invoice is tried again, and how long it may stay unpaid before the tenant is held. */
export type DunningPolicy = {
  /** Days after the first attempt; the first is 0. */
  readonly attemptDays: readonly number[];
  /** Days from the first refusal to the billing hold. */
  readonly graceDays: number;
  /** Days for which the hold stops only what the tenant places; after them it stops all. */
  readonly restrictedDays: number;
};
export const DEFAULT_DUNNING: DunningPolicy = { attemptDays: [0, 1, 3, 5, 7], graceDays: 0, restrictedDays: 7 };

/**
 * Refusals that trying the same card again cannot cure: the provider's list of hard declines, a card that is missing or has expired, and one whose
 * holder must confirm the payment. Docs: stripe.com/docs/declines/codes, and Smart Retries.
 */
const HARD_DECLINES: ReadonlySet<string> = new Set([
  'authentication_required',
  'expired_card',
  'highest_risk_level',
  'incorrect_number',
  'invalid_account',
  'lost_card',
  'no_payment_method',
  'pickup_card',
  'revocation_of_all_authorizations',
  'revocation_of_authorization',
  'stolen_card',
  'transaction_not_allowed',
]);

export const isHardDecline = (declineCode: string | null): boolean => declineCode !== null && HARD_DECLINES.has(declineCode);

/**
 * When to try again after an attempt was refused; null for not by itself: the attempts are used up, or the card will not do.
 * @param attempts made by now, at least 1. The days between attempts count from the last one, so that attempts that were late do not bunch up
 */
export const nextAttemptAt = (attempts: number, declineCode: string | null, now: Date, { attemptDays }: DunningPolicy): Date | null => {
  const [last, next] = [attemptDays[attempts - 1], attemptDays[attempts]];
  if (last === undefined || next === undefined || isHardDecline(declineCode)) return null;
  return new Date(now.getTime() + (next - last) * DAY_MS);
};

/** When the grace of an invoice that failed is over. */
export const graceEnd = (failedAt: Date, { graceDays }: DunningPolicy): Date => new Date(failedAt.getTime() + graceDays * DAY_MS);

/** When a tenant that owes since then is stopped altogether. */
export const restrictionEnd = (owedFrom: Date, { restrictedDays }: DunningPolicy): Date =>
  new Date(owedFrom.getTime() + restrictedDays * DAY_MS);
