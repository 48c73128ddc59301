import fc from 'fast-check';
import { daysIn, monthOf } from '@trunkline/kernel';
import { invoiceCharges, resourceFees, totalsOfFees } from './charges.ts';
import type { ResourceItem } from './charges.ts';

const day = (text: string) => new Date(`${text}T00:00:00Z`);
const item = (from: string, to: string | null, quantity = 1, resourceId = 'a'): ResourceItem => ({
  resourceId,
  kind: 'channel',
  quantity,
  unitMonthlyNanos: 30_000_000_000n,
  from: day(from),
  to: to === null ? null : day(to),
});
const november = monthOf(day('2026-11-15'));

describe('what resources cost in a month', () => {
  it('is the days held, also over a resize, with the quantity it had last', () =>
    expect(resourceFees([item('2026-11-11', '2026-11-21', 2), item('2026-11-21', null, 5)], november)).toEqual([
      { resourceId: 'a', kind: 'channel', quantity: 5, amountNanos: 70_000_000_000n }, // 10 days of 2, 10 of 5, at 1 a day
    ]));
  it('adds the quantities of price steps that begin together', () =>
    expect(
      resourceFees([item('2026-01-01', '2026-11-16', 9), item('2026-11-16', null, 4), item('2026-11-16', null, 3)], november),
    ).toMatchObject([
      { quantity: 7, amountNanos: 240_000_000_000n }, // 15 days of 9, 15 of 7
    ]));
  it('is one fee a resource', () =>
    expect(resourceFees([item('2026-01-01', null), item('2026-01-01', null, 1, 'b')], november).map((f) => f.resourceId)).toEqual([
      'a',
      'b',
    ]));
  it('leaves out what was not held in it, or for no day', () =>
    expect(resourceFees([item('2026-10-01', '2026-11-01'), item('2026-12-01', null), item('2026-11-05', '2026-11-05')], november)).toEqual(
      [],
    ));

  it('adds up to the month’s fee however often a resource is resized to the same, leap Februaries too', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2024, max: 2032 }),
        fc.integer({ min: 0, max: 11 }),
        fc.array(fc.integer({ min: 1, max: 31 })),
        (year, month, cuts) => {
          const whole = monthOf(new Date(Date.UTC(year, month, 1)));
          const inside = [...new Set(cuts)].filter((d) => d > 1 && d <= daysIn(whole)).sort((a, b) => a - b);
          const edges = [whole.from, ...inside.map((d) => new Date(Date.UTC(year, month, d))), null];
          const items = edges
            .slice(0, -1)
            .map((from, i) => ({ ...item('2026-01-01', null), from: from as Date, to: edges[i + 1] ?? null }));
          expect(resourceFees(items, whole)).toMatchObject([{ amountNanos: 30_000_000_000n }]);
        },
      ),
    );
  });
});

describe('invoiceCharges', () => {
  it('adds up totals of one kind and knows every kind', () => {
    const totals = [
      { kind: 'usage_outbound', count: 2, seconds: 60n, amountNanos: 5n },
      { kind: 'usage_outbound', count: 1, seconds: 6n, amountNanos: 2n },
      { kind: 'usage_inbound', count: 4, seconds: 9n, amountNanos: 1n },
      { kind: 'usage_metered', count: 5, seconds: 0n, amountNanos: 3n },
      { kind: 'setup_number', count: 3, seconds: 0n, amountNanos: 9n },
      ...totalsOfFees(resourceFees([item('2026-01-01', null, 4)], november)),
    ] as const;
    expect(invoiceCharges(totals)).toEqual({
      usage: [
        { category: 'outbound', calls: 3, billedSeconds: 66n, amountNanos: 7n },
        { category: 'inbound', calls: 4, billedSeconds: 9n, amountNanos: 1n },
        { category: 'metered', calls: 5, billedSeconds: 0n, amountNanos: 3n },
      ],
      recurring: [
        { kind: 'channel', quantity: 4, amountNanos: 120_000_000_000n },
        { kind: 'number', quantity: 0, amountNanos: 0n },
      ],
      setup: [
        { kind: 'channel', quantity: 0, amountNanos: 0n },
        { kind: 'number', quantity: 3, amountNanos: 9n },
      ],
    });
  });
});
