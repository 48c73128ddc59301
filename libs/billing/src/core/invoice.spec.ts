import fc from 'fast-check';
import { fromMinor } from '@trunkline/kernel';
import { buildInvoice, invoiceNumber } from './invoice.ts';
import type { InvoiceCharges, InvoiceHead } from './invoice.ts';

const period = { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-12-01T00:00:00Z') };
const head: InvoiceHead = {
  id: 'i1',
  tenantId: 't1',
  number: invoiceNumber(period, 42),
  currency: 'USD',
  period,
  issuedAt: period.to,
  dueAt: new Date('2026-12-15T00:00:00Z'),
};
const lineIds = () => {
  let n = 0;
  return () => `l${(n += 1)}`;
};
const charges: InvoiceCharges = {
  usage: [
    { category: 'outbound', calls: 3, billedSeconds: 180n, amountNanos: 25_500_000n },
    { category: 'inbound', calls: 9, billedSeconds: 0n, amountNanos: 0n },
  ],
  recurring: [{ kind: 'channel', quantity: 10, amountNanos: 4_666_666_667n }],
  setup: [{ kind: 'number', quantity: 1, amountNanos: 1_000_000_000n }],
};

describe('an invoice', () => {
  it('has a number of its month', () => expect(head.number).toBe('INV-202611-000042'));

  it('has one line a category, rounded once, and says what rounding added', () => {
    const invoice = buildInvoice(head, charges, lineIds());
    expect(invoice.lines).toEqual([
      {
        id: 'l1',
        position: 1,
        category: 'recurring.channel',
        description: 'Channels, monthly',
        quantity: '10',
        exactNanos: 4_666_666_667n,
        amountMinor: 467n,
      },
      {
        id: 'l2',
        position: 2,
        category: 'setup.number',
        description: 'Numbers, setup',
        quantity: '1',
        exactNanos: 1_000_000_000n,
        amountMinor: 100n,
      },
      {
        id: 'l3',
        position: 3,
        category: 'usage.outbound',
        description: 'Outbound calls',
        quantity: '3 calls, 180 s',
        exactNanos: 25_500_000n,
        amountMinor: 3n,
      },
    ]);
    expect(invoice).toMatchObject({ totalMinor: 570n, residueNanos: 7_833_333n, number: head.number });
  });

  it('may be of nothing', () => {
    expect(buildInvoice(head, { usage: [], recurring: [], setup: [] }, lineIds())).toMatchObject({
      lines: [],
      totalMinor: 0n,
      residueNanos: 0n,
    });
  });

  it('adds up: Σ lines = Σ exact + residue, and the residue is at most half a minor unit a line', () => {
    const nanos = fc.bigInt(0n, 10n ** 14n);
    fc.assert(
      fc.property(nanos, nanos, nanos, fc.constantFrom('USD', 'JPY', 'KWD'), (usage, recurring, setup, currency) => {
        const { lines, totalMinor, residueNanos } = buildInvoice(
          { ...head, currency },
          {
            usage: [{ category: 'outbound', calls: 1, billedSeconds: 1n, amountNanos: usage }],
            recurring: [{ kind: 'channel', quantity: 1, amountNanos: recurring }],
            setup: [{ kind: 'number', quantity: 1, amountNanos: setup }],
          },
          lineIds(),
        );
        expect(lines.reduce((sum, l) => sum + l.amountMinor, 0n)).toBe(totalMinor);
        expect(fromMinor(totalMinor, currency)).toBe(usage + recurring + setup + residueNanos);
        const twice = 2n * (residueNanos < 0n ? -residueNanos : residueNanos);
        expect(twice).toBeLessThanOrEqual(3n * fromMinor(1n, currency));
      }),
    );
  });
});
