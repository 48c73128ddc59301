import fc from 'fast-check';
import { monthOf } from '@trunkline/kernel';
import type { Period } from '@trunkline/kernel';
import { recurringFee, recurringFees } from './recurring.ts';
import type { RecurringItem } from './recurring.ts';

const at = (text: string) => new Date(`${text}Z`);
const item = (from: string, to: string | null, quantity = 1): RecurringItem => ({
  kind: 'channel',
  quantity,
  unitMonthlyNanos: 30_000_000_000n,
  from: at(from),
  to: to === null ? null : at(to),
});
const november = monthOf(at('2026-11-05T00:00'));
const MONTHS_2024_TO_2032 = Array.from({ length: 108 }, (_, i): Period => monthOf(new Date(Date.UTC(2024, i, 1))));

describe('a recurring fee in a month', () => {
  it.each([
    ['the whole month', '2026-10-03T10:00', null, 30, 30_000_000_000n],
    ['from the day of the order', '2026-11-21T23:59', null, 10, 10_000_000_000n],
    ['not the day it ends', '2026-10-01T00:00', '2026-11-04T12:00', 3, 3_000_000_000n],
    ['across the month', '2026-11-10T00:00', '2026-11-12T00:00', 2, 2_000_000_000n],
  ])('%s', (_, from, to, days, amountNanos) => expect(recurringFee(item(from, to), november)).toMatchObject({ days, amountNanos }));

  it.each([
    ['ended before', '2026-10-01T00:00', '2026-11-01T09:00'],
    ['begins after', '2026-12-01T00:00', null],
    ['gone on the day it came', '2026-11-10T08:00', '2026-11-10T20:00'],
  ])('nothing when it %s', (_, from, to) => expect(recurringFee(item(from, to), november)).toBeUndefined());

  it('gives the day of a resize to the later quantity', () => {
    const charges = recurringFees([item('2026-11-01T00:00', '2026-11-16T15:00', 2), item('2026-11-16T15:00', null, 4)], november);
    expect(charges.map((c) => [c.days, c.amountNanos])).toEqual([
      [15, 30_000_000_000n],
      [15, 60_000_000_000n],
    ]);
  });

  it('adds up to the fee of every month from 2024 to 2032, to the nano, however it is cut', () => {
    const cuts = fc.array(fc.date({ min: at('2024-01-01T00:00'), max: at('2032-12-31T00:00'), noInvalidDate: true }), { maxLength: 40 });
    fc.assert(
      fc.property(cuts, fc.bigInt(0n, 10n ** 13n), fc.integer({ min: 1, max: 1000 }), (moments, unitMonthlyNanos, quantity) => {
        const sorted = [at('2023-12-31T00:00'), ...moments.sort((a, b) => a.getTime() - b.getTime())];
        const items = sorted.map((from, i): RecurringItem => ({
          kind: 'number',
          quantity,
          unitMonthlyNanos,
          from,
          to: sorted[i + 1] ?? null,
        }));
        for (const month of MONTHS_2024_TO_2032) {
          const total = recurringFees(items, month).reduce((sum, c) => sum + c.amountNanos, 0n);
          if (total !== unitMonthlyNanos * BigInt(quantity)) throw new Error(`${month.from.toISOString()}: ${total}`);
        }
      }),
      { numRuns: 50 },
    );
  });
});
