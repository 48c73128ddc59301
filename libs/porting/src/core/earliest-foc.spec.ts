import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { E164 } from '@trunkline/kernel';
import fc from 'fast-check';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { DateTime } from 'luxon';
import { NO_CARRIER_DAYS, isBusinessDay, localTime } from './business-days.ts';
import { earliestFoc, focFault } from './earliest-foc.ts';
import type { FocQuestion } from './earliest-foc.ts';
import { NANP_AREAS } from './nanp-zones.ts';
import { numberZone } from './number-zone.ts';

const at = (local: string, zone: string): Date => DateTime.fromISO(local, { zone }).toJSDate();

const NEW_YORK = 'America/New_York';
const ask = (country: string, e164: E164, receivedAt: Date, other: Partial<FocQuestion> = {}): FocQuestion => ({
  country,
  e164,
  receivedAt,
  type: 'local',
  customer: 'business',
  lines: 1,
  simple: true,
  intermodal: false,
  installation: 'single_line',
  fromRangeHolder: true,
  carrierDays: NO_CARRIER_DAYS,
  ...other,
});
const us = (local: string, other: Partial<FocQuestion> = {}) => ask('US', '+12125550123', at(local, NEW_YORK), other);
const instant = (question: FocQuestion): string | undefined => earliestFoc(question)?.at.toISOString().slice(0, 16);

/** Every day of four years, at one minute before one o'clock and one after it. Written anew with UPDATE_GOLDEN=1, and then read by a person. */
describe('golden files', () => {
  const SHEETS: readonly (readonly [string, E164, string, Readonly<Record<string, Partial<FocQuestion>>>])[] = [
    ['US', '+12125550123', NEW_YORK, { simple: {}, other: { simple: false } }],
    ['CA', '+14165550123', 'America/Toronto', { local: {} }],
    ['GB', '+442079460123', 'Europe/London', { holder: {}, other: { fromRangeHolder: false } }],
    ['DE', '+493012345678', 'Europe/Berlin', { local: {} }],
    ['FR', '+33123456789', 'Europe/Paris', { local: {} }],
  ];
  const folder = new URL('./golden/', import.meta.url);

  it.each(SHEETS)('%s', (country, e164, zone, kinds) => {
    const lines = [`received at 12:59 and 13:01, then the earliest date of: ${Object.keys(kinds).join(', ')}; all in UTC`];
    for (let day = DateTime.utc(2025); day.year < 2029; day = day.plus({ days: 1 })) {
      const noon = at(`${day.toISODate()}T12:59`, zone);
      const cells = [noon, new Date(noon.getTime() + 120_000)].map((receivedAt) => {
        const answers = Object.values(kinds).map((other) => instant(ask(country, e164, receivedAt, other))?.slice(5));
        return `${receivedAt.toISOString().slice(11, 16)} ${answers.join(' ')}`;
      });
      lines.push(`${day.toISODate()} ${day.weekdayShort}  ${cells.join('  ')}`);
    }
    const file = new URL(`earliest-foc-${country.toLowerCase()}.txt`, folder);
    const sheet = `${lines.join('\n')}\n`;
    if (process.env['UPDATE_GOLDEN'] === '1') {
      if (!existsSync(folder)) mkdirSync(folder);
      writeFileSync(file, sheet);
    }
    expect(sheet).toBe(readFileSync(file, 'utf8'));
  });
});

describe('the cut-off of the FCC', () => {
  it.each([
    ['Monday in time', '2026-11-16T12:59', '2026-11-17T05:00'],
    ['Monday too late', '2026-11-16T13:00', '2026-11-18T05:00'],
    ['before Thanksgiving, in time', '2026-11-25T12:59', '2026-11-27T05:00'],
    ['before Thanksgiving, too late', '2026-11-25T13:01', '2026-11-30T05:00'],
    ['the night before clocks go forward', '2026-03-06T12:59', '2026-03-09T04:00'],
    ['on the Sunday they go forward', '2026-03-08T03:00', '2026-03-10T04:00'],
    ['the night before clocks go back', '2026-10-30T12:59', '2026-11-02T05:00'],
    ['on the Sunday they go back', '2026-11-01T01:30', '2026-11-03T05:00'],
  ])('%s', (_, local, expected) => expect(instant(us(local))).toBe(expected));

  it('is told in the zone of the region, the date in the zone of the number', () => {
    const phoenix = (utc: string) => earliestFoc(ask('US', '+14805550123', new Date(utc)));
    // 13:00 in Denver in summer is noon in Phoenix; midnight in Denver comes an hour before the one in Phoenix
    expect(phoenix('2026-07-06T18:59:00Z')).toMatchObject({
      date: '2026-07-07',
      at: new Date('2026-07-07T07:00:00Z'),
      timeZone: 'America/Phoenix',
    });
    expect(phoenix('2026-07-06T19:00:00Z')).toMatchObject({ date: '2026-07-08' });
    const mobile = earliestFoc(ask('US', '+12055550123', new Date('2026-07-06T16:59:00Z')));
    expect(mobile).toMatchObject({ date: '2026-07-07', at: new Date('2026-07-07T05:00:00Z'), timeZone: 'America/Chicago' });
  });

  it('heeds days that a carrier keeps closed, and those it works', () => {
    const friday = new Map([['2026-11-27', 'closed' as const]]);
    expect(instant(us('2026-11-25T12:59', { carrierDays: friday }))).toBe('2026-11-30T05:00');
    const columbus = new Map([['2026-10-12', 'open' as const]]);
    expect(instant(us('2026-10-09T12:59'))).toBe('2026-10-13T04:00');
    expect(instant(us('2026-10-09T12:59', { carrierDays: columbus }))).toBe('2026-10-12T04:00');
  });
});

describe('how long a port takes', () => {
  const london = (other: Partial<FocQuestion>) =>
    earliestFoc(ask('GB', '+442079460123', at('2026-06-01T09:00', 'Europe/London'), other))?.date;
  it.each([
    ['one line of the range holder', {}, '2026-06-05'],
    ['one line, ported before', { fromRangeHolder: false }, '2026-06-10'],
    ['eleven single lines', { lines: 11 }, '2026-06-19'],
    ['a multi-line of 30', { installation: 'multi_line', lines: 30 }, '2026-06-10'],
    ['a multi-line of 31', { installation: 'multi_line', lines: 31 }, '2026-06-15'],
    ['direct dialling in', { installation: 'ddi', lines: 10 }, '2026-06-15'],
    ['151 lines', { installation: 'ddi', lines: 151, fromRangeHolder: false }, '2026-06-29'],
    ['complex direct dialling in', { installation: 'complex_ddi' }, '2026-07-01'],
    ['a free-phone number', { type: 'toll_free' }, '2026-06-10'],
    ['a home', { customer: 'residential' }, '2026-06-02'],
  ] as const)('in Britain: %s', (_, other, date) => expect(london(other)).toBe(date));

  it.each([
    ['four days when it is not simple', { simple: false }, '2026-11-20T05:00'],
    ['four days for two lines', { lines: 2 }, '2026-11-20T05:00'],
    ['two days for toll-free', { type: 'toll_free' }, '2026-11-18T05:00'],
    ['two and a half hours from mobile to mobile', { type: 'mobile' }, '2026-11-16T16:30'],
    ['one day from mobile to fixed', { type: 'mobile', intermodal: true }, '2026-11-17T05:00'],
  ] as const)('in the United States: %s', (_, other, expected) => expect(instant(us('2026-11-16T09:00', other))).toBe(expected));

  it('counts hours in business hours only, through a weekend and the clocks', () => {
    const mobile = { type: 'mobile' } as const;
    expect(instant(us('2026-11-16T15:00', mobile))).toBe('2026-11-17T13:30');
    expect(instant(us('2026-11-16T23:00', mobile))).toBe('2026-11-17T15:30');
    expect(instant(us('2026-11-16T06:00', mobile))).toBe('2026-11-16T15:30');
    expect(instant(us('2026-03-06T16:00', mobile))).toBe('2026-03-09T13:30');
    expect(instant(us('2026-10-30T16:00', mobile))).toBe('2026-11-02T14:30');
  });

  it('is agreed on for a project, and unknown where no rule is', () => {
    expect(earliestFoc(us('2026-11-16T09:00', { lines: 51 }))).toMatchObject({ date: '2026-12-08', negotiated: true });
    expect(earliestFoc(ask('AU', '+61291234567', new Date('2026-11-16T09:00:00Z')))).toBeUndefined();
  });
});

describe('of any two moments', () => {
  const questions = [
    us('2026-01-01T00:00'),
    us('2026-01-01T00:00', { type: 'mobile' }),
    ask('US', '+14805550123', new Date(0), { simple: false }),
    ask('CA', '+17095550123', new Date(0)),
    ask('GB', '+442079460123', new Date(0), { installation: 'ddi' }),
    ask('ES', '+34928123456', new Date(0)),
  ];
  const moment = fc.date({ min: new Date('2025-01-01'), max: new Date('2029-01-01'), noInvalidDate: true });

  it('the later has no earlier date, and each a working day after it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...questions), moment, fc.integer({ min: 1, max: 5 * 86_400_000 }), (question, receivedAt, ms) => {
        const first = earliestFoc({ ...question, receivedAt })!;
        const second = earliestFoc({ ...question, receivedAt: new Date(receivedAt.getTime() + ms) })!;
        expect(second.at.getTime()).toBeGreaterThanOrEqual(first.at.getTime());
        expect(first.at.getTime()).toBeGreaterThan(receivedAt.getTime());
        expect(isBusinessDay({ ...question, clock: first.timeZone }, first.date)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a date that is asked for', () => {
  const question = us('2026-11-16T09:00');
  const earliest = earliestFoc(question)!;
  it.each([
    ['2026-11-17T00:00', null],
    ['2026-11-16T23:59', 'too_soon'],
    ['2026-11-21T12:00', 'not_a_business_day'],
    ['2026-11-26T12:00', 'not_a_business_day'],
    ['2026-12-16T09:00', null],
    ['2026-12-17T09:00', 'too_far'],
  ])('%s', (local, fault) => expect(focFault(at(local, NEW_YORK), earliest, question)).toBe(fault));

  it('may be the earliest one, however far away it is', () => {
    const slow = ask('GB', '+442079460123', at('2026-11-30T14:00', 'Europe/London'), {
      installation: 'complex_ddi',
      fromRangeHolder: false,
    });
    const first = earliestFoc(slow)!;
    expect(focFault(first.at, first, slow)).toBeNull();
  });
});

describe('the zone of a number', () => {
  it('is known for every area code of the United States and Canada that the numbering plan has', () => {
    const expected: string[] = [];
    for (let area = 200; area < 1000; area++) {
      const number = parsePhoneNumberFromString(`+1${area}2345678`);
      const american = ['US', 'CA', 'PR', 'VI', 'GU', 'MP', 'AS'].includes(number?.country ?? '');
      if (american && number?.getType() === 'FIXED_LINE_OR_MOBILE') expected.push(String(area));
    }
    expect(expected.length).toBeGreaterThan(380);
    expect(expected.filter((area) => !NANP_AREAS.includes(area))).toEqual([]);
    expect(new Set(NANP_AREAS).size).toBe(NANP_AREAS.length);
  });

  it.each([
    ['US', '+18085550123', 'Pacific/Honolulu'],
    ['US', '+18005550123', NEW_YORK],
    ['CA', '+17095550123', 'America/St_Johns'],
    ['ES', '+34928123456', 'Atlantic/Canary'],
    ['AU', '+61893001234', 'Australia/Perth'],
    ['JP', '+81312345678', undefined],
    ['US', '+42125550123', undefined],
  ] as const)('%s %s', (country, e164, zone) => expect(numberZone(e164, country)?.zone).toBe(zone));

  it('is a zone that exists', () => {
    for (const area of NANP_AREAS)
      expect(localTime(new Date(0), numberZone(`+1${area}5550123`, 'US')!.zone).date).toMatch(/^19(69-12-31|70-01-01)$/);
  });
});
