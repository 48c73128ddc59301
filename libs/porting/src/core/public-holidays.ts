import Holidays from 'date-holidays';

type Almanac = { readonly place: readonly [string, string?]; readonly also?: readonly string[]; readonly movesOn?: true };

/**
 * Whose public holidays count where. Wales shares those of England. Canadian carriers are under the federal labour code, wherever the number is:
 * its ten days, which move on when they fall on a weekend, and not those of the provinces.
 */
const ALMANACS: Readonly<Record<string, Almanac>> = {
  US: { place: ['US'] },
  CA: { place: ['CA'], also: ['monday before 05-25', '09-30', '2nd monday in October', '11-11', '12-26'], movesOn: true },
  GB: { place: ['GB', 'ENG'] },
  DE: { place: ['DE'] },
  FR: { place: ['FR'] },
  ES: { place: ['ES'] },
  IT: { place: ['IT'] },
  NL: { place: ['NL'] },
  AU: { place: ['AU'] },
};

const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

export const isWeekend = (date: string): boolean => [0, 6].includes(new Date(`${date}T00:00:00Z`).getUTCDay());
export const dayAfter = (date: string): string => addDays(date, 1);

const readYear = (country: string, year: number): ReadonlySet<string> => {
  const { place, also = [], movesOn } = ALMANACS[country]!;
  const almanac = new Holidays(...(place as [string]));
  for (const rule of also) almanac.setHoliday(rule, { name: rule, type: 'public' });
  const days = almanac
    .getHolidays(year)
    // a day that banks alone keep is worked, unless it stands in for a public one
    .filter(({ type, substitute }) => type === 'public' || (type === 'bank' && substitute))
    .map(({ date }) => date.slice(0, 10))
    .sort();
  const taken = new Set(days);
  if (!movesOn) return taken;
  for (const day of days.filter(isWeekend)) taken.add(freeAfter(day, taken));
  return taken;
};

const freeAfter = (day: string, taken: ReadonlySet<string>): string => {
  while (isWeekend(day) || taken.has(day)) day = dayAfter(day);
  return day;
};

const years = new Map<string, ReadonlySet<string>>();

/** The public holidays of a year, as local dates. Kept: a year takes some milliseconds to work out. */
const holidaysOf = (country: string, year: number): ReadonlySet<string> => {
  const key = `${country}-${year}`;
  const known = years.get(key) ?? readYear(country, year);
  years.set(key, known);
  return known;
};

/** @param date YYYY-MM-DD, of the next year too when its first day is kept on the last of this one */
export const isPublicHoliday = (country: string, date: string): boolean => holidaysOf(country, Number(date.slice(0, 4))).has(date);
