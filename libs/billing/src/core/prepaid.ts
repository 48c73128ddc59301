const DAY_MS = 86_400_000;

export type BillingMode = 'postpaid' | 'prepaid';
/** Tops up by itself: when less than `belowNanos` is left, by `amountMinor`, at most `dailyMaxMinor` in 24 hours. */
export type AutoTopUp = { readonly belowNanos: bigint; readonly amountMinor: bigint; readonly dailyMaxMinor: bigint };

/**
 * What a tenant has left to spend.
 * @param owedNanos the `customer` account
 * @param invoicedNanos the part of it that open invoices ask for; they are collected by themselves
 */
export const availableNanos = (owedNanos: bigint, invoicedNanos: bigint): bigint => invoicedNanos - owedNanos;

/** At what debt the balance is to be looked at; null: never. */
export const watchMark = (mode: BillingMode, belowNanos: bigint): bigint | null => (mode === 'prepaid' ? -belowNanos : null);

/** An automatic top-up of the past. */
export type PastTopUp = { readonly state: string; readonly amountMinor: bigint; readonly createdAt: Date };

/**
 * How much to top up now; undefined for nothing. Guards against loops: one at a time, a daily maximum, and after a refusal none for a day or until
 * there is another card.
 * @param past automatic top-ups of the last 24 hours and those not settled
 */
export const topUpDue = (
  available: bigint,
  { belowNanos, amountMinor, dailyMaxMinor }: AutoTopUp,
  past: readonly PastTopUp[],
  methodChangedAt: Date | null,
  now: Date,
): bigint | undefined => {
  if (available >= belowNanos) return undefined;
  if (past.some(({ state }) => state === 'pending' || state === 'requires_action')) return undefined;
  const today = past.filter(({ createdAt }) => createdAt.getTime() > now.getTime() - DAY_MS);
  const refused = today.some(({ state, createdAt }) => state === 'failed' && (methodChangedAt === null || createdAt >= methodChangedAt));
  const spent = today.filter(({ state }) => state === 'succeeded').reduce((n, t) => n + t.amountMinor, 0n);
  return refused || spent + amountMinor > dailyMaxMinor ? undefined : amountMinor;
};
