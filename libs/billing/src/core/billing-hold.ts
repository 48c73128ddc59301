import type { InvoiceState } from './invoice-state.ts';

export type InvoiceDue = { readonly state: InvoiceState; readonly dueAt: Date };

/** An invoice that restricts its tenant: collecting it failed, or it is open past its due date. */
export const isOwed = ({ state, dueAt }: InvoiceDue, now: Date): boolean =>
  state === 'payment_failed' || (state === 'open' && dueAt <= now);

/**
 * What the tenant's invoices mean for its billing hold; holds of other kinds are not touched, and emergency calls pass any hold.
 * @param invoices all of the tenant's; the hold is lifted only when not one of them is owed
 */
export const billingHoldChange = (invoices: readonly InvoiceDue[], held: boolean, now: Date): 'place' | 'lift' | 'none' => {
  const owed = invoices.some((invoice) => isOwed(invoice, now));
  if (owed === held) return 'none';
  return owed ? 'place' : 'lift';
};
