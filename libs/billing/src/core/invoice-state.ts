import { canTransition } from '@trunkline/kernel';
import type { Transitions } from '@trunkline/kernel';

export type InvoiceState = 'open' | 'payment_failed' | 'paid' | 'void';

/** Issued invoices are open: there is no draft, since the open month is shown as the upcoming invoice until it closes. */
export const INVOICE_TRANSITIONS: Transitions<InvoiceState> = {
  open: ['paid', 'payment_failed', 'void'],
  payment_failed: ['paid', 'void'],
  paid: [],
  void: [],
};

/**
 * The state after the provider has told of its own. What the invoice cannot become any more is ignored, so that news that come late, twice or
 * in the wrong order end in the same state.
 */
export const afterProviderNews = (current: InvoiceState, news: InvoiceState): InvoiceState =>
  canTransition(INVOICE_TRANSITIONS, current, news) ? news : current;
