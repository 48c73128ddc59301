import { billingHoldChange } from './billing-hold.ts';
import type { InvoiceDue } from './billing-hold.ts';

const now = new Date('2026-12-15T00:00:00Z');
const past = (state: InvoiceDue['state']): InvoiceDue => ({ state, dueAt: now });
const future = (state: InvoiceDue['state']): InvoiceDue => ({ state, dueAt: new Date('2026-12-15T00:00:00.001Z') });

describe('the billing hold', () => {
  it.each([
    ['no invoice', [], 'none', 'lift'],
    ['open, not yet due', [future('open')], 'none', 'lift'],
    ['open, due', [past('open')], 'place', 'none'],
    ['collecting failed, not yet due', [future('payment_failed')], 'place', 'none'],
    ['paid and void', [past('paid'), past('void')], 'none', 'lift'],
    ['one paid, another failed', [past('paid'), past('payment_failed')], 'place', 'none'],
    ['one paid, another overdue', [past('paid'), past('open')], 'place', 'none'],
  ] as const)('%s', (_, invoices, whenFree, whenHeld) => {
    expect(billingHoldChange(invoices, false, now)).toBe(whenFree);
    expect(billingHoldChange(invoices, true, now)).toBe(whenHeld);
  });
});
