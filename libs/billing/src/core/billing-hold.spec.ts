import { billingHoldReason } from './billing-hold.ts';
import type { InvoiceDue } from './billing-hold.ts';
import { DEFAULT_DUNNING } from './dunning.ts';

const now = new Date('2026-12-15T00:00:00Z');
const later = new Date('2026-12-15T00:00:00.001Z');
const past = (state: InvoiceDue['state']): InvoiceDue => ({ state, dueAt: now, failedAt: null });
const future = (state: InvoiceDue['state'], failedAt: Date | null = null): InvoiceDue => ({ state, dueAt: later, failedAt });

describe('the billing hold', () => {
  it.each([
    ['no invoice', [], false],
    ['open, not yet due', [future('open')], false],
    ['open, due', [past('open')], true],
    ['collecting failed, not yet due', [future('payment_failed', now)], true],
    ['given up', [future('uncollectible')], true],
    ['paid and void', [past('paid'), past('void')], false],
    ['one paid, another failed', [past('paid'), past('payment_failed')], true],
    ['one paid, another overdue', [past('paid'), past('open')], true],
  ] as const)('%s', (_, invoices, held) => {
    const reason = billingHoldReason({ mode: 'postpaid', availableNanos: -5n, invoices }, now, DEFAULT_DUNNING);
    expect(reason).toBe(held ? 'An invoice is not paid' : undefined);
  });

  it('waits for the grace after a failed payment, and for nothing when the invoice is due', () => {
    const failedAt = new Date('2026-12-13T00:00:00Z');
    const reason = (graceDays: number, invoice = future('payment_failed', failedAt)) =>
      billingHoldReason({ mode: 'postpaid', availableNanos: 0n, invoices: [invoice] }, now, { ...DEFAULT_DUNNING, graceDays });
    expect([2, 3].map((days) => reason(days))).toEqual(['An invoice is not paid', undefined]);
    expect(reason(3, { ...past('payment_failed'), failedAt })).toBe('An invoice is not paid');
  });

  it.each([
    [1n, undefined],
    [0n, 'The balance is used up'],
    [-1n, 'The balance is used up'],
  ])('of a prepaid tenant with %s nanos left', (availableNanos, reason) =>
    expect(billingHoldReason({ mode: 'prepaid', availableNanos, invoices: [] }, now, DEFAULT_DUNNING)).toBe(reason),
  );
});
