import { dueDate, isClosable, monthName, monthNamed, monthToClose, monthsUpTo } from './billing-month.ts';

const november = monthNamed('2026-11');

describe('billing months', () => {
  it('are named as they are read', () =>
    expect([monthName(november), november.to.toISOString()]).toEqual(['2026-11', '2026-12-01T00:00:00.000Z']));
  it('can be closed ten minutes after their end', () =>
    expect(['2026-12-01T00:09:59.999Z', '2026-12-01T00:10:00Z'].map((now) => isClosable(november, new Date(now)))).toEqual([false, true]));
  it('follow each other without gap or overlap', () => {
    const months = monthsUpTo(new Date('2023-12-31T23:59:59Z'), november);
    expect(months.map(monthName)).toHaveLength(36);
    months.slice(1).forEach((month, i) => expect(month.from).toEqual(months[i]?.to));
    expect(months.at(-1)).toEqual(november);
  });
  it('are none when the last is before the first', () => expect(monthsUpTo(november.to, november)).toEqual([]));
  it('are due 14 days after issue', () => expect(dueDate(november.to).toISOString()).toBe('2026-12-15T00:00:00.000Z'));
});

describe('monthToClose', () => {
  it.each([
    ['2026-12-01T01:59:59Z', undefined],
    ['2026-12-01T02:00:00Z', '2026-11'],
    ['2026-12-03T23:00:00Z', '2026-11'],
    ['2026-12-04T00:00:00Z', undefined],
    ['2027-01-01T05:00:00Z', '2026-12'],
    ['2028-03-01T05:00:00Z', '2028-02'],
  ])('at %s is %s', (now, name) => {
    const month = monthToClose(new Date(now));
    expect(month && monthName(month)).toBe(name);
  });
});
