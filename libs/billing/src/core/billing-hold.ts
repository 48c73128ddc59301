import { graceEnd, restrictionEnd } from './dunning.ts';
import type { DunningPolicy } from './dunning.ts';
import type { InvoiceState } from './invoice-state.ts';
import type { BillingMode } from './prepaid.ts';

export type InvoiceDue = { readonly state: InvoiceState; readonly dueAt: Date; readonly failedAt: Date | null };
/** What a billing hold depends on. `availableNanos` counts for prepaid tenants only. */
export type Standing = { readonly mode: BillingMode; readonly availableNanos: bigint; readonly invoices: readonly InvoiceDue[] };

export type BillingHold = { readonly reason: string; readonly stops: 'all' | 'outbound' };

const EVER = new Date(0);

/** From when an invoice counts against its tenant: the end of the grace after collecting it failed, or its due date, whichever comes first; null: it does not. */
const owedFrom = ({ state, dueAt, failedAt }: InvoiceDue, policy: DunningPolicy): Date | null => {
  if (state === 'open') return dueAt;
  if (state !== 'payment_failed') return null;
  const graceOver = failedAt === null ? EVER : graceEnd(failedAt, policy);
  return graceOver < dueAt ? graceOver : dueAt;
};

/** What an invoice stops: first the calls that its tenant places, later all; when it was given up, all at once. */
const stopsOf = (invoice: InvoiceDue, now: Date, policy: DunningPolicy): BillingHold['stops'] | null => {
  if (invoice.state === 'uncollectible') return 'all';
  const from = owedFrom(invoice, policy);
  if (from === null || from > now) return null;
  return restrictionEnd(from, policy) <= now ? 'all' : 'outbound';
};

/** The billing hold that a tenant is to have; undefined: none. Holds of other kinds are not touched, and emergency calls pass any hold. */
export const billingHold = ({ mode, availableNanos, invoices }: Standing, now: Date, policy: DunningPolicy): BillingHold | undefined => {
  const stops = invoices.map((invoice) => stopsOf(invoice, now, policy));
  const deepest = stops.includes('all') ? 'all' : stops.includes('outbound') ? 'outbound' : null;
  if (mode === 'prepaid' && availableNanos <= 0n && deepest !== 'all') return { reason: 'The balance is used up', stops: 'all' };
  return deepest === null ? undefined : { reason: 'An invoice is not paid', stops: deepest };
};
