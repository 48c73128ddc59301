import { rate } from '@trunkline/rating';
import type { CallToRate, Deck } from '@trunkline/rating';
import type { EndRecord } from './sort-lines.ts';
import type { PriceSource } from './tariff.ts';

/** The fields by which a rated call can be rated again, for ever. */
export type AppliedRate = {
  readonly deckVersionId: string;
  readonly prefix: string;
  readonly ratePerMinuteNanos: bigint;
  readonly connectFeeNanos: bigint;
  readonly initialSeconds: number;
  readonly incrementSeconds: number;
};

/** What a call costs. `unrated`: nobody knows yet; such a call waits for a rate, it is neither free nor lost. */
export type CdrRating =
  | {
      readonly state: 'rated';
      readonly currency: string;
      readonly amountNanos: bigint;
      readonly billedSeconds: number;
      readonly applied: AppliedRate;
    }
  | {
      readonly state: 'free';
      readonly currency: string;
      readonly amountNanos: bigint;
      readonly billedSeconds: number;
      readonly applied: null;
    }
  | {
      readonly state: 'unrated';
      readonly currency: null;
      readonly amountNanos: null;
      readonly billedSeconds: number;
      readonly applied: null;
    };

export type Talk = Pick<EndRecord, 'answeredAtMs' | 'endedAtMs' | 'destination' | 'to'>;

const UNRATED = { state: 'unrated', currency: null, amountNanos: null, billedSeconds: 0, applied: null } as const;

/** What rating needs to know of a call. A number that could not be made E.164 is looked up as it was sent. */
export const callToRate = ({ answeredAtMs, endedAtMs, destination, to }: Talk): CallToRate => ({
  number: destination ?? to,
  answered: answeredAtMs !== null,
  durationMs: answeredAtMs === null ? 0 : endedAtMs - answeredAtMs,
});

/**
 * Prices one call by the deck that `priceSource` named.
 * @param currency the tenant's, for calls that are free
 */
export const rateCdr = (call: Talk, source: PriceSource, currency: string, decks: ReadonlyMap<string, Deck>): CdrRating => {
  if (source.kind === 'free') return { state: 'free', currency, amountNanos: 0n, billedSeconds: 0, applied: null };
  const deck = source.kind === 'deck' ? decks.get(source.versionId) : undefined;
  if (source.kind === 'none' || !deck) return UNRATED;
  const price = rate(callToRate(call), deck);
  if (!price.ok || price.prefix === null) return UNRATED;
  const { amountNanos, billedSeconds, prefix, ratePerMinuteNanos, connectFeeNanos, initialSeconds, incrementSeconds } = price;
  const applied = { deckVersionId: source.versionId, prefix, ratePerMinuteNanos, connectFeeNanos, initialSeconds, incrementSeconds };
  return { state: 'rated', currency: deck.currency, amountNanos, billedSeconds, applied };
};
