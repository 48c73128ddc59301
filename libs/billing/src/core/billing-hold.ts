import { graceEnd } from './dunning.ts';
import type { DunningPolicy } from './dunning.ts';
import type { InvoiceState } from './invoice-state.ts';
import type { BillingMode } from './prepaid.ts';

export type InvoiceDue = { readonly state: InvoiceState; readonly dueAt: Date; readonly failedAt: Date | null };
/** What a billing hold depends on. `availableNanos` counts for prepaid tenants only. */
export type Standing = { readonly mode: BillingMode; readonly availableNanos: bigint; readonly invoices: readonly InvoiceDue[] };

/** An invoice that restricts its tenant: given up, collecting it failed and the grace is over, or it is open past its due date. */
export const isOwed = ({ state, dueAt, failedAt }: InvoiceDue, now: Date, policy: DunningPolicy): boolean =>
  state === 'uncollectible' ||
  (state === 'payment_failed' && (failedAt === null || graceEnd(failedAt, policy) <= now)) ||
  ((state === 'open' || state === 'payment_failed') && dueAt <= now);

/** Why a tenant is to have the billing hold; undefined: it is not. Holds of other kinds are not touched, and emergency calls pass any hold. */
export const billingHoldReason = ({ mode, availableNanos, invoices }: Standing, now: Date, policy: DunningPolicy): string | undefined => {
  if (invoices.some((invoice) => isOwed(invoice, now, policy))) return 'An invoice is not paid';
  return mode === 'prepaid' && availableNanos <= 0n ? 'The balance is used up' : undefined;
};
