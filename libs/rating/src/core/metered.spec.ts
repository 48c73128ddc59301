import { meteredDue, meteredFee } from './metered.ts';

const use = { calls: 3, seconds: 100n, peak: 2 };

it.each([
  ['minute' as const, 60_000_000_000n, { count: 3, seconds: 100n, amountNanos: 100_000_000_000n }],
  ['minute' as const, 1n, { count: 3, seconds: 100n, amountNanos: 2n }], // 100/60, rounded up
  ['peak' as const, 5n, { count: 2, seconds: 0n, amountNanos: 10n }],
])('by the %s at %i nanos', (meteredBy, meteredNanos, fee) => expect(meteredFee({ meteredBy, meteredNanos }, use)).toEqual(fee));

it('charges what came late, and gives nothing back', () => {
  const fee = (count: number, seconds: bigint, amountNanos: bigint) => ({ count, seconds, amountNanos });
  expect(meteredDue(fee(3, 100n, 90n), fee(2, 40n, 36n))).toEqual(fee(1, 60n, 54n));
  expect(meteredDue(fee(2, 40n, 36n), fee(3, 100n, 90n))).toEqual(fee(0, 0n, 0n));
});
