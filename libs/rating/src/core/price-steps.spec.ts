import fc from 'fast-check';
import { faultsOfSteps, steppedPrice, unitsBySteps } from './price-steps.ts';
import type { PriceStep } from './price-steps.ts';

const step = (fromChannels: number, monthly: bigint, setup = 0n): PriceStep => ({
  fromChannels,
  monthlyNanos: monthly * 1_000_000_000n,
  setupNanos: setup * 1_000_000_000n,
});
const steps = [step(1, 30n, 2n), step(11, 20n, 1n), step(51, 10n)];
const at = new Date('2026-11-21T10:00:00Z');

it.each([
  [0, 5, [5]],
  [0, 10, [10]],
  [0, 11, [10, 1]],
  [0, 60, [10, 40, 10]],
  [8, 12, [2, 2]],
  [60, 60, []],
  [60, 8, []],
])('from %i to %i channels: %j by steps', (before, after, quantities) =>
  expect(unitsBySteps(steps, before, after).map((u) => u.quantity)).toEqual(quantities),
);

it('prices an order by its steps: setup for what is added, ten of thirty days of all', () =>
  expect(steppedPrice(steps, 8, 12, at)).toEqual({
    setupNanos: 6_000_000_000n,
    firstMonthNanos: 113_333_333_333n, // 10 × 30 / 3 is whole, 2 × 20 / 3 is not
    monthlyNanos: 340_000_000_000n,
  }));

it('charges nothing for what is given back', () =>
  expect(steppedPrice(steps, 12, 0, at)).toEqual({ setupNanos: 0n, firstMonthNanos: 0n, monthlyNanos: 0n }));

it.each([
  [[step(1, 1n)], []],
  [[step(2, 1n)], ['/steps/0/from_channels']],
  [[step(1, 1n), step(1, 2n)], ['/steps/1/from_channels']],
  [[step(1, 1n), step(9, 2n), step(5, 2n)], ['/steps/2/from_channels']],
])('finds the faulty steps of %#', (given, pointers) => expect(faultsOfSteps(given, '/steps').map((f) => f.pointer)).toEqual(pointers));

it('costs no less for more, and by two orders what it costs by one', () => {
  const price = fc.bigInt(0n, 10n ** 12n);
  const raising = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 50 }), price, price), { minLength: 1, maxLength: 6 })
    .map((list) => list.reduce<PriceStep[]>((all, [gap, monthlyNanos, setupNanos], i) => [...all, { fromChannels: i === 0 ? 1 : all[i - 1]!.fromChannels + gap, monthlyNanos, setupNanos }], [])); // prettier-ignore
  const many = fc.integer({ min: 0, max: 300 });
  fc.assert(
    fc.property(raising, many, many, many, (list, ...counts) => {
      const [a, b, c] = counts.sort((x, y) => x - y) as [number, number, number];
      expect(faultsOfSteps(list, '')).toEqual([]);
      const price = (from: number, to: number) => steppedPrice(list, from, to, at);
      expect(price(a, c).setupNanos).toBe(price(a, b).setupNanos + price(b, c).setupNanos);
      expect(price(0, c).monthlyNanos).toBeGreaterThanOrEqual(price(0, b).monthlyNanos);
      expect(unitsBySteps(list, a, c).reduce((n, u) => n + u.quantity, 0)).toBe(c - a);
    }),
    { numRuns: 1000 },
  );
});
