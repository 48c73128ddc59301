import { fromMinor } from '@trunkline/kernel';
import { checkCredit, creditAcross, creditNoteNumber, creditPostings, creditRest, creditable } from './credit-note.ts';

const lines = [
  { category: 'recurring.channel', amountMinor: 467n },
  { category: 'usage.outbound', amountMinor: 103n },
];
const line = (category: string, amountMinor: bigint) => ({ category, amountMinor, reason: 'a mistake' });

describe('a credit note', () => {
  it('has the number of its invoice', () => expect(creditNoteNumber('INV-202611-000042', 2)).toBe('INV-202611-000042-C2'));

  it('takes no more of a line than is left of it, also in parts', () => {
    const left = creditable(lines, [line('usage.outbound', 100n)]);
    expect([...left]).toEqual([
      ['recurring.channel', 467n],
      ['usage.outbound', 3n],
    ]);
    expect(() => checkCredit([line('usage.outbound', 3n)], left)).not.toThrow();
    expect(() => checkCredit([line('usage.outbound', 2n), line('usage.outbound', 2n)], left)).toThrow(
      expect.objectContaining({ code: 'billing.credit_too_high', errors: [expect.objectContaining({ pointer: '/lines/1/amount' })] }),
    );
    expect(() => checkCredit([line('setup.number', 1n)], left)).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ pointer: '/lines/0/category' })] }),
    );
  });

  it('made at the provider is spread over the lines, and a void invoice gives back what is left', () => {
    const left = creditable(lines, []);
    expect(creditAcross(500n, left, 'x').map((l) => l.amountMinor)).toEqual([467n, 33n]);
    expect(creditAcross(9_999n, left, 'x').map((l) => l.amountMinor)).toEqual([467n, 103n]);
    expect(creditRest(creditable(lines, [line('recurring.channel', 467n)]), 'x')).toEqual([
      { ...line('usage.outbound', 103n), reason: 'x' },
    ]);
  });

  it('is booked by category against what was earned', () => {
    const month = new Date('2026-11-01T00:00:00Z');
    const head = { tenantId: 't', currency: 'USD', month, postedAt: month, reference: 'c' };
    const postings = creditPostings([line('usage.outbound', 1n), line('usage.outbound', 2n), line('setup.number', 4n)], head);
    expect(postings.map((p) => [p.kind, p.reference, p.debit, p.credit, p.amountNanos])).toEqual([
      ['credit_note', 'c:usage.outbound', 'usage_revenue', 'customer', fromMinor(3n, 'USD')],
      ['credit_note', 'c:setup.number', 'setup_revenue', 'customer', fromMinor(4n, 'USD')],
    ]);
  });
});
