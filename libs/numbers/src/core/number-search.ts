/** What to look for among numbers; all of it must hold. */
export type NumberFilters = {
  readonly country?: string | undefined;
  readonly type?: string | undefined;
  readonly features?: readonly string[] | undefined; // each of them
  readonly areaCode?: string | undefined;
  readonly region?: string | undefined;
  readonly locality?: string | undefined; // without regard to case
  readonly rateCenter?: string | undefined; // without regard to case
  readonly lata?: string | undefined;
  readonly startsWith?: string | undefined; // the first digits of an E.164 number, with the +
  readonly endsWith?: string | undefined;
  readonly contains?: string | undefined; // digits in a row; * is any digit
};

/** Letters as the keys of a telephone carry them (ITU-T E.161). */
const KEYS = ['ABC', 'DEF', 'GHI', 'JKL', 'MNO', 'PQRS', 'TUV', 'WXYZ'];

/** The digits that a word is dialled with. */
export const vanityDigits = (word: string): string =>
  word.toUpperCase().replace(/[A-Z]/g, (letter) => String(KEYS.findIndex((letters) => letters.includes(letter)) + 2));

/** The first digits of a North American number by its exchange, e.g. 202555: NPA and NXX. */
export const exchangePrefix = (npaNxx: string): string => `+1${npaNxx}`;

const CONTAINS_MIN = 3;
const PLACES = ['locality', 'rateCenter', 'lata', 'region', 'areaCode'] as const;
const PREFIX_MIN = 2; // the + and one digit

const without = (filters: NumberFilters, ...keys: (keyof NumberFilters)[]): NumberFilters =>
  Object.fromEntries(Object.entries(filters).filter(([key]) => !keys.includes(key as keyof NumberFilters)));

/** Every shorter beginning, the longest first. */
const shorterPrefixes = (prefix: string): string[] =>
  Array.from({ length: Math.max(0, prefix.length - PREFIX_MIN) }, (_, i) => prefix.slice(0, prefix.length - 1 - i));

/** Every shorter end, the longest first. */
const shorterEnds = (digits: string, min: number): string[] =>
  Array.from({ length: Math.max(0, digits.length - min) }, (_, i) => digits.slice(i + 1));

/**
 * Searches to try when one finds nothing, the nearest first: what a number ends with or contains is given up digit by digit from the left, then
 * the city, the region, the area; the beginning digit by digit from the right. What a number must be able to do, its type and country stay.
 */
export const relaxations = (filters: NumberFilters): NumberFilters[] => {
  const { endsWith, contains, startsWith } = filters;
  const steps: NumberFilters[] = [];
  if (endsWith) steps.push(...shorterEnds(endsWith, 2).map((digits) => ({ ...filters, endsWith: digits })));
  if (contains) steps.push(...shorterEnds(contains, CONTAINS_MIN).map((digits) => ({ ...filters, contains: digits })));
  const anyDigits = without(filters, 'endsWith', 'contains');
  if (endsWith || contains) steps.push(anyDigits);
  const anyPlace = without(anyDigits, ...PLACES);
  if (filters.locality && (filters.areaCode || filters.region)) steps.push(without(anyDigits, 'locality'));
  if (startsWith) steps.push(...shorterPrefixes(startsWith).map((prefix) => ({ ...anyPlace, startsWith: prefix })));
  if (PLACES.some((place) => filters[place])) steps.push(without(anyPlace, 'startsWith'));
  return steps;
};
