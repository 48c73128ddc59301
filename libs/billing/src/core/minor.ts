import { fromMinor, invalidField, toMinor } from '@trunkline/kernel';
import type { Currency } from '@trunkline/kernel';

/** Stripe takes at most eight digits in one charge. */
const CHARGE_MAX_MINOR = 99_999_999n;

/**
 * An amount that a card is charged, or gets back: more than nothing, in whole minor units.
 * @throws AppError request.invalid, naming the field
 */
export const wholeMinor = (nanos: bigint, currency: Currency, pointer: string): bigint => {
  const minor = toMinor(nanos, currency);
  if (minor <= 0n) throw invalidField(pointer, 'too_small', 'must be more than zero');
  if (fromMinor(minor, currency) !== nanos) throw invalidField(pointer, 'too_precise', `must be in whole minor units of ${currency}`);
  if (minor > CHARGE_MAX_MINOR) throw invalidField(pointer, 'too_large', `must be at most ${CHARGE_MAX_MINOR} minor units of ${currency}`);
  return minor;
};
