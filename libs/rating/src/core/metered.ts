/** What metered channels of a pool carried in a month: answered calls, their seconds, and the most that were up at one time. */
export type MeteredUse = { readonly calls: number; readonly seconds: bigint; readonly peak: number };
export type MeteredPrice = { readonly meteredBy: 'minute' | 'peak'; readonly meteredNanos: bigint };

/** `count` and `seconds` as the posting and the invoice tell them: calls and their seconds, or channels and none. */
export type MeteredFee = { readonly count: number; readonly seconds: bigint; readonly amountNanos: bigint };

/** By the minute: all seconds together, rounded up once to the nano. By the peak: each channel of it for the month. */
export const meteredFee = ({ meteredBy, meteredNanos }: MeteredPrice, { calls, seconds, peak }: MeteredUse): MeteredFee =>
  meteredBy === 'peak'
    ? { count: peak, seconds: 0n, amountNanos: meteredNanos * BigInt(peak) }
    : { count: calls, seconds, amountNanos: (meteredNanos * seconds + 59n) / 60n };

/** What is due of it and was not charged before: calls of a month that was closed already arrive late. */
export const meteredDue = (fee: MeteredFee, before: MeteredFee): MeteredFee => ({
  count: Math.max(0, fee.count - before.count),
  seconds: fee.seconds > before.seconds ? fee.seconds - before.seconds : 0n,
  amountNanos: fee.amountNanos > before.amountNanos ? fee.amountNanos - before.amountNanos : 0n,
});
