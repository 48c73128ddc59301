import fc from 'fast-check';
import { nearestNumber } from './local-presence.ts';

const POOL = ['12125550100', '12125559999', '13105550000', '441612340000', '442079460000', '4930123456', '71234567890'];

describe('nearestNumber', () => {
  it.each<[string, string | null, string]>([
    ['12125551234', '12125550100', 'the exchange'],
    ['12127771234', '12125550100', 'the area code, the first of two'],
    ['13107771234', '13105550000', 'another area code'],
    ['14155551234', null, 'North America, but no area of ours'],
    ['442071234567', '442079460000', 'London'],
    ['441611111111', '441612340000', 'Manchester'],
    ['443001234567', null, 'Britain, but no area of ours'],
    ['493012345678', '4930123456', 'Berlin'],
    ['33123456789', null, 'no country of ours'],
    ['71111111111', '71234567890', 'a calling code of one digit'],
  ])('%s is called by %s: %s', (called, nearest) => expect(nearestNumber(POOL, called)).toBe(nearest));

  it('has none in an empty pool', () => expect(nearestNumber([], '12125551234')).toBeNull());

  it('answers as a look at every number would', () => {
    const number = fc.stringMatching(/^(1[23][0-2]{3}|44[0-2]{2}|35[12][0-2])[0-2]{4,6}$/);
    const shared = (a: string, b: string) => [...a].findIndex((c, i) => c !== b[i]);
    const length = (a: string, b: string) => (b.startsWith(a) ? a.length : shared(a, b));
    const area = (called: string) => (called.startsWith('1') ? 4 : called.startsWith('44') ? 3 : 4);
    fc.assert(
      fc.property(fc.uniqueArray(number, { maxLength: 30 }), number, (numbers, called) => {
        const pool = numbers.sort();
        const most = Math.max(0, ...pool.map((n) => length(n, called)));
        const expected = most < area(called) ? null : (pool.find((n) => length(n, called) === most) ?? null);
        expect(nearestNumber(pool, called)).toBe(expected);
      }),
      { numRuns: 1000 },
    );
  });
});
