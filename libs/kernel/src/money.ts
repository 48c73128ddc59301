/** An ISO 4217 currency code, upper case. */
export type Currency = string;

/** Money is a whole number of nanos, 10⁻⁹ of the currency unit. Never a float. */
export type Money = { readonly nanos: bigint; readonly currency: Currency };

export const NANOS_PER_UNIT = 1_000_000_000n;

/** The highest price of one unit of anything, a million: what is charged for many units must still fit into the 64 bits of an amount. */
export const PRICE_MAX_NANOS = 1_000_000n * NANOS_PER_UNIT;

/** Decimal places of a currency's minor unit (ISO 4217); two unless listed. */
const EXPONENTS: Readonly<Record<Currency, number>> = { JPY: 0, KRW: 0, CLP: 0, ISK: 0, VND: 0, BHD: 3, KWD: 3, JOD: 3, OMR: 3, TND: 3 };
export const minorUnitExponent = (currency: Currency): number => EXPONENTS[currency] ?? 2;

/** Nanos in one minor unit (a cent). */
export const nanosPerMinor = (currency: Currency): bigint => 10n ** BigInt(9 - minorUnitExponent(currency));

/** Division rounded half away from zero, the convention of invoices. `divisor` is positive. */
export const divideRounded = (value: bigint, divisor: bigint): bigint => {
  const half = value < 0n ? -divisor / 2n : divisor / 2n;
  return (value + half) / divisor;
};

/** Rounds to `places` decimals (0–9) of the currency unit, half away from zero. */
export const roundNanos = (nanos: bigint, places: number): bigint => {
  const step = 10n ** BigInt(9 - places);
  return divideRounded(nanos, step) * step;
};

export const toMinor = (nanos: bigint, currency: Currency): bigint => divideRounded(nanos, nanosPerMinor(currency));
export const fromMinor = (minor: bigint, currency: Currency): bigint => minor * nanosPerMinor(currency);

const DECIMAL = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?$/;

/** `"0.0085"` → 8500000n; undefined when it is no plain decimal with at most 12 whole and 9 fractional digits. */
export const parseDecimal = (text: string): bigint | undefined => {
  const match = DECIMAL.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  const nanos = BigInt(whole) * NANOS_PER_UNIT + BigInt(fraction.padEnd(9, '0'));
  return sign ? -nanos : nanos;
};

/** 8500000n → `"0.0085"`; at least two decimals, no more than needed. */
export const formatDecimal = (nanos: bigint): string => {
  const digits = (nanos < 0n ? -nanos : nanos).toString().padStart(10, '0');
  const fraction = digits.slice(-9).replace(/0+$/, '').padEnd(2, '0');
  return `${nanos < 0n ? '-' : ''}${digits.slice(0, -9)}.${fraction}`;
};

/** The wire form: `{ "amount": "0.0085", "currency": "USD" }`. */
export const moneyToWire = (nanos: bigint, currency: Currency): { amount: string; currency: Currency } => ({
  amount: formatDecimal(nanos),
  currency,
});
