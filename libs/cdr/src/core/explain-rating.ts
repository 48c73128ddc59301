import { DEFAULT_RATING_SCALE, rateBy } from '@trunkline/rating';
import { callToRate } from './rate-cdr.ts';
import type { CdrRating, Talk } from './rate-cdr.ts';
import type { EndRecord } from './sort-lines.ts';
import { FREE } from './tariff.ts';

type ExplainedCall = Talk & Pick<EndRecord, 'direction'> & { readonly waived?: boolean };

/**
 * Says how the amount of a stored call comes about, by rating it again from nothing but what was stored with it.
 * @param destination the name that the deck gives the prefix
 */
export const explainRating = (call: ExplainedCall, rating: CdrRating, destination: string): readonly string[] => {
  if (rating.state === 'unrated')
    return ['not rated yet: no plan, deck version or prefix covered the call when it was answered, or its price is beyond belief'];
  if (rating.state === 'free') return [whyFree(call)];
  const terms = { currency: rating.currency, ratingScale: DEFAULT_RATING_SCALE, durationRounding: 'ceil' } as const;
  // by the rate that was found: of the number itself, too little may be left to find it again
  const again = rateBy({ ...rating.applied, destination }, callToRate(call), terms);
  return again.ok ? again.explanation : [];
};

const whyFree = ({ direction, answeredAtMs, waived }: ExplainedCall): string => {
  if (waived) return FREE.waived.why;
  if (direction === 'emergency') return FREE.emergency.why;
  return (answeredAtMs === null ? FREE.unanswered : FREE.inbound).why;
};
