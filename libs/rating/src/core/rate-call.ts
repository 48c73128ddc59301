import { NANOS_PER_UNIT, divideRounded, formatDecimal } from '@trunkline/kernel';
import { findRate } from './deck.ts';
import type { Deck, DeckTerms, Rate } from './deck.ts';

/** What rating needs of a call. `number` is the key into the deck: the callee of an outbound call, the number called of an inbound one. */
export type CallToRate = { readonly number: string; readonly answered: boolean; readonly durationMs: number };

/**
 * The price of a call with everything that it follows from, so that it can be checked by hand. `prefix` is null when no rate was
 * needed: the call was not answered, or its direction is free.
 */
export type RatedCall = {
  readonly ok: true;
  readonly amountNanos: bigint;
  readonly billedSeconds: number;
  readonly prefix: string | null;
  readonly ratePerMinuteNanos: bigint;
  readonly connectFeeNanos: bigint;
  readonly initialSeconds: number;
  readonly incrementSeconds: number;
  readonly explanation: readonly string[];
};

/**
 * No prefix of the deck fits, or the amount is beyond belief (AMOUNT_MAX_NANOS). Such a call is kept as unrated and alerted: never free,
 * never lost.
 */
export type UnratedCall = { readonly ok: false; readonly reason: 'no_rate' | 'too_large' };

/** A hundred million. One mistaken price must not overflow the sums of all calls that are stored with it. */
const AMOUNT_MAX_NANOS = 100_000_000n * NANOS_PER_UNIT;

/** `d ≤ initial ? initial : initial + ceil((d − initial) / increment) · increment`, for an answered call of d seconds. */
export const billedSeconds = (
  seconds: number,
  { initialSeconds, incrementSeconds }: Pick<Rate, 'initialSeconds' | 'incrementSeconds'>,
): number =>
  seconds <= initialSeconds ? initialSeconds : initialSeconds + Math.ceil((seconds - initialSeconds) / incrementSeconds) * incrementSeconds;

/** `connect + billed · rate / 60`, rounded once, to `scale` decimals. */
const amountOf = (rate: Rate, billed: number, scale: number): bigint => {
  const step = 10n ** BigInt(9 - scale);
  return divideRounded(rate.connectFeeNanos * 60n + rate.ratePerMinuteNanos * BigInt(billed), 60n * step) * step;
};

/** A call that costs nothing, and why. */
export const freeCall = (why: string): RatedCall => ({
  ok: true,
  amountNanos: 0n,
  billedSeconds: 0,
  prefix: null,
  ratePerMinuteNanos: 0n,
  connectFeeNanos: 0n,
  initialSeconds: 0,
  incrementSeconds: 0,
  explanation: [why],
});

const explain = (rate: Rate, deck: DeckTerms, durationMs: number, seconds: number, billed: number, amount: bigint): string[] => [
  `longest prefix ${rate.prefix}${rate.destination ? ` (${rate.destination})` : ''}: ${formatDecimal(rate.ratePerMinuteNanos)} ${deck.currency} per minute`,
  `${durationMs} ms of talk, rounded up to ${seconds} s; billed ${rate.initialSeconds}/${rate.incrementSeconds}: ${billed} s`,
  `${formatDecimal(rate.connectFeeNanos)} + ${billed} × ${formatDecimal(rate.ratePerMinuteNanos)} / 60, rounded to ${deck.ratingScale} decimals: ${formatDecimal(amount)} ${deck.currency}`,
];

/** Prices one call by a published deck. Pure: the same call and deck give the same nanos for ever. */
export const rate = (call: CallToRate, deck: Deck): RatedCall | UnratedCall => {
  if (!call.answered) return freeCall('not answered: nothing is charged');
  const row = findRate(deck, call.number);
  return row ? rateBy(row, call, deck) : { ok: false, reason: 'no_rate' };
};

/** Prices an answered call by the rate that was found for it. */
export const rateBy = (row: Rate, call: Pick<CallToRate, 'durationMs'>, deck: DeckTerms): RatedCall | UnratedCall => {
  const seconds = Math.ceil(call.durationMs / 1000);
  const billed = billedSeconds(seconds, row);
  const amountNanos = amountOf(row, billed, deck.ratingScale);
  if (amountNanos > AMOUNT_MAX_NANOS) return { ok: false, reason: 'too_large' };
  return {
    ok: true,
    amountNanos,
    billedSeconds: billed,
    prefix: row.prefix,
    ratePerMinuteNanos: row.ratePerMinuteNanos,
    connectFeeNanos: row.connectFeeNanos,
    initialSeconds: row.initialSeconds,
    incrementSeconds: row.incrementSeconds,
    explanation: explain(row, deck, call.durationMs, seconds, billed, amountNanos),
  };
};
