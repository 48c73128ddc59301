import { billingHold } from './billing-hold.ts';
import type { InvoiceDue } from './billing-hold.ts';
import { DEFAULT_DUNNING } from './dunning.ts';

const now = new Date('2026-12-15T00:00:00Z');
const later = new Date('2026-12-15T00:00:00.001Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
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
    const hold = billingHold({ mode: 'postpaid', availableNanos: -5n, invoices }, now, DEFAULT_DUNNING);
    expect(hold?.reason).toBe(held ? 'An invoice is not paid' : undefined);
  });

  it('waits for the grace after a failed payment, and for nothing when the invoice is due', () => {
    const failedAt = new Date('2026-12-13T00:00:00Z');
    const reason = (graceDays: number, invoice = future('payment_failed', failedAt)) =>
      billingHold({ mode: 'postpaid', availableNanos: 0n, invoices: [invoice] }, now, { ...DEFAULT_DUNNING, graceDays })?.reason;
    expect([2, 3].map((days) => reason(days))).toEqual(['An invoice is not paid', undefined]);
    expect(reason(3, { ...past('payment_failed'), failedAt })).toBe('An invoice is not paid');
  });

  it.each([
    [1n, undefined],
    [0n, 'The balance is used up'],
    [-1n, 'The balance is used up'],
  ])('of a prepaid tenant with %s nanos left', (availableNanos, reason) =>
    expect(billingHold({ mode: 'prepaid', availableNanos, invoices: [] }, now, DEFAULT_DUNNING)).toEqual(
      reason && { reason, stops: 'all' },
    ),
  );

  it.each([
    ['one that was just refused', [future('payment_failed', daysAgo(0))], 'outbound'],
    ['until the restriction is over', [future('payment_failed', daysAgo(6.99))], 'outbound'],
    ['then altogether', [future('payment_failed', daysAgo(7))], 'all'],
    ['overdue since then', [{ state: 'open', dueAt: daysAgo(7), failedAt: null }], 'all'],
    ['overdue for less', [{ state: 'open', dueAt: daysAgo(3), failedAt: null }], 'outbound'],
    ['refused after it was due: from its due date', [{ state: 'payment_failed', dueAt: daysAgo(7), failedAt: daysAgo(1) }], 'all'],
    ['one given up', [future('uncollectible')], 'all'],
    ['the worst of several counts', [future('payment_failed', daysAgo(1)), future('uncollectible')], 'all'],
  ] as const)('of %s', (_, invoices, stops) =>
    expect(billingHold({ mode: 'postpaid', availableNanos: 0n, invoices }, now, DEFAULT_DUNNING)?.stops).toBe(stops),
  );

  it('of a prepaid tenant with an invoice in its first days stops all when nothing is left', () => {
    const invoices = [future('payment_failed', daysAgo(1))];
    expect(billingHold({ mode: 'prepaid', availableNanos: 0n, invoices }, now, DEFAULT_DUNNING)?.stops).toBe('all');
    expect(billingHold({ mode: 'prepaid', availableNanos: 1n, invoices }, now, DEFAULT_DUNNING)?.stops).toBe('outbound');
  });
});
