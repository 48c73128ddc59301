import { canTransition } from '@trunkline/kernel';
import type { Transitions } from '@trunkline/kernel';

export type InvoiceState = 'open' | 'payment_failed' | 'uncollectible' | 'paid' | 'void';

/** Issued invoices are open: there is no draft, since the open month is shown as the upcoming invoice until it closes. */
export const INVOICE_TRANSITIONS: Transitions<InvoiceState> = {
  open: ['paid', 'payment_failed', 'uncollectible', 'void'],
  payment_failed: ['paid', 'uncollectible', 'void'],
  uncollectible: ['paid', 'void'],
  paid: [],
  void: [],
};

/** Nothing will change any more. */
export const isSettled = (state: InvoiceState): boolean => state === 'paid' || state === 'void';

/** What of an invoice is still to be collected. `creditedMinor` is the sum of its credit notes. */
export const dueMinor = (invoice: {
  readonly state: InvoiceState;
  readonly totalMinor: bigint;
  readonly fromBalanceMinor: bigint;
  readonly creditedMinor: bigint;
}): bigint => {
  const due = invoice.totalMinor - invoice.fromBalanceMinor - invoice.creditedMinor;
  return isSettled(invoice.state) || due < 0n ? 0n : due;
};

/**
 * The state after the provider has told of its own. What the invoice cannot become any more is ignored, so that news that come late, twice or
 * in the wrong order end in the same state.
 */
export const afterProviderNews = (current: InvoiceState, news: InvoiceState): InvoiceState =>
  canTransition(INVOICE_TRANSITIONS, current, news) ? news : current;
