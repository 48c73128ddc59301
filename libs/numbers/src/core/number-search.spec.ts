import fc from 'fast-check';
import { relaxations, vanityDigits } from './number-search.ts';
import type { NumberFilters } from './number-search.ts';

describe('vanityDigits', () => {
  it.each([
    ['FLOWERS', '3569377'],
    ['taxi', '8294'],
    ['call-me', '2255-63'],
    ['PQRSWXYZ', '77779999'],
    ['4*CASH', '4*2274'],
  ])('%s is dialled %s', (word, digits) => expect(vanityDigits(word)).toBe(digits));
});

/** Whether a number is what is looked for. */
const matches = (n: { digits: string; areaCode: string; locality: string }, f: NumberFilters) =>
  (f.areaCode === undefined || n.areaCode === f.areaCode) &&
  (f.locality === undefined || n.locality === f.locality) &&
  (f.startsWith === undefined || `+${n.digits}`.startsWith(f.startsWith)) &&
  (f.endsWith === undefined || n.digits.endsWith(f.endsWith)) &&
  (f.contains === undefined || n.digits.includes(f.contains));

describe('relaxations', () => {
  const digits = (min: number, max: number) => fc.stringMatching(new RegExp(`^[0-9]{${min},${max}}$`));
  const number = fc.record({ digits: digits(7, 12), areaCode: digits(3, 3), locality: fc.constantFrom('London', 'Paris') });
  const filters: fc.Arbitrary<NumberFilters> = fc.record(
    {
      country: fc.constant('US'),
      type: fc.constant('local'),
      areaCode: digits(3, 3),
      locality: fc.constantFrom('London', 'Paris'),
      startsWith: digits(1, 8).map((d) => `+${d}`),
      endsWith: digits(1, 6),
      contains: digits(3, 7),
    },
    { requiredKeys: [] },
  );

  it('never lose a number that the search before would have found', () =>
    fc.assert(
      fc.property(
        number,
        fc.array(fc.nat(12), { minLength: 6, maxLength: 6 }),
        fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
        (n, cut, has) => {
          const [first, last, from, until] = [cut[0]! % 8, cut[1]! % 6, cut[2]! % 4, cut[3]! % 4];
          const f: NumberFilters = {
            ...(has[0] && { areaCode: n.areaCode }),
            ...(has[1] && { locality: n.locality }),
            ...(has[2] && { startsWith: `+${n.digits.slice(0, first + 1)}` }),
            ...(has[3] && { endsWith: n.digits.slice(-1 - last) }),
            ...(has[4] && { contains: n.digits.slice(from, from + 3 + until) }),
          };
          return matches(n, f) && relaxations(f).every((easier) => matches(n, easier));
        },
      ),
    ));
  it('keep country and type, and are few', () =>
    fc.assert(
      fc.property(filters, (f) => {
        const easier = relaxations(f);
        return easier.length <= 20 && easier.every((e) => e.country === f.country && e.type === f.type);
      }),
    ));
  it('give up what is least missed first', () =>
    expect(relaxations({ country: 'US', areaCode: '202', endsWith: '7777' })).toEqual([
      { country: 'US', areaCode: '202', endsWith: '777' },
      { country: 'US', areaCode: '202', endsWith: '77' },
      { country: 'US', areaCode: '202' },
      { country: 'US' },
    ]));
  it('give up rate center and LATA as they do places', () =>
    expect(relaxations({ country: 'US', rateCenter: 'A', lata: '236', endsWith: '77' })).toEqual([
      { country: 'US', rateCenter: 'A', lata: '236' },
      { country: 'US' },
    ]));
  it('know nothing easier than a country', () => expect(relaxations({ country: 'US', type: 'mobile' })).toEqual([]));
});
