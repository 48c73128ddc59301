import { isPublicHoliday, isWeekend } from './public-holidays.ts';

/** Free weekdays as the governments publish them, typed by hand. */
const PUBLISHED: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  US: {
    2025: '01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25',
    2026: '01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25',
    2027: '01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31',
    2028: '01-17 02-21 05-29 06-19 07-04 09-04 10-09 11-10 11-23 12-25',
  },
  CA: {
    2025: '01-01 04-18 05-19 07-01 09-01 09-30 10-13 11-11 12-25 12-26',
    2026: '01-01 04-03 05-18 07-01 09-07 09-30 10-12 11-11 12-25 12-28',
    2027: '01-01 03-26 05-24 07-01 09-06 09-30 10-11 11-11 12-27 12-28',
    2028: '01-03 04-14 05-22 07-03 09-04 10-02 10-09 11-13 12-25 12-26',
  },
  GB: {
    2025: '01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26',
    2026: '01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28',
    2027: '01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28',
    2028: '01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26',
  },
  DE: {
    2025: '01-01 04-18 04-21 05-01 05-29 06-09 10-03 12-25 12-26',
    2026: '01-01 04-03 04-06 05-01 05-14 05-25 12-25',
    2027: '01-01 03-26 03-29 05-06 05-17',
    2028: '04-14 04-17 05-01 05-25 06-05 10-03 12-25 12-26',
  },
  FR: {
    2025: '01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-11 12-25',
    2026: '01-01 04-06 05-01 05-08 05-14 05-25 07-14 11-11 12-25',
    2027: '01-01 03-29 05-06 05-17 07-14 11-01 11-11',
    2028: '04-17 05-01 05-08 05-25 06-05 07-14 08-15 11-01 12-25',
  },
};

const freeWeekdays = (country: string, year: number): string => {
  const days = Array.from({ length: 366 }, (_, i) => new Date(Date.UTC(year, 0, 1 + i)).toISOString().slice(0, 10));
  return days
    .filter((day) => day.startsWith(String(year)) && !isWeekend(day) && isPublicHoliday(country, day))
    .map((day) => day.slice(5))
    .join(' ');
};

const YEARS = Object.entries(PUBLISHED).flatMap(([country, years]) =>
  Object.entries(years).map(([year, days]) => [country, Number(year), days] as const),
);

describe('public holidays', () => {
  it.each(YEARS)('are those of %s in %d', (country, year, days) => expect(freeWeekdays(country, year)).toBe(days));

  it('are not days that only banks keep', () => {
    expect(isPublicHoliday('DE', '2026-12-24')).toBe(false);
    expect(isPublicHoliday('NL', '2026-12-31')).toBe(false);
  });
});
