import { newId, toMinor } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { PaidFor, ProviderInvoice, ProviderPayment, ProviderRefund } from '../core/provider-news.ts';
import type { Difference, Facts } from '../core/reconciliation.ts';

export type ReconciledObject = { readonly type: 'invoice' | 'payment' | 'refund'; readonly id: string };

type InvoiceRow = { state: string; currency: string; expectedMinor: bigint; paidNanos: bigint };
const invoice = sql<InvoiceRow>(
  'reconcile-invoice',
  `SELECT state, currency, total_minor - from_balance_minor AS "expectedMinor",
     coalesce((SELECT amount_nanos FROM posting p WHERE p.tenant_id = i.tenant_id AND p.kind = 'payment_received' AND p.reference = i.id::text), 0)::bigint AS "paidNanos"
   FROM invoice i WHERE tenant_id = $1 AND id = $2`,
);
const topUp = sql<{ state: string; currency: string; receivedNanos: bigint }>(
  'reconcile-top-up',
  `SELECT state, currency,
     coalesce((SELECT amount_nanos FROM posting p WHERE p.tenant_id = t.tenant_id AND p.kind = 'top_up_received' AND p.reference = t.id::text), 0)::bigint AS "receivedNanos"
   FROM top_up t WHERE tenant_id = $1 AND id = $2`,
);
const refund = sql<{ state: string; amountMinor: bigint }>(
  'reconcile-refund',
  `SELECT state, amount_minor AS "amountMinor" FROM refund WHERE tenant_id = $1 AND provider_refund_id = $2`,
);
const unsettledInvoices = sql<{ id: string }>(
  'reconcile-invoices-unsettled',
  `SELECT provider_invoice_id AS id FROM invoice WHERE provider_invoice_id IS NOT NULL AND (state IN ('open', 'payment_failed', 'uncollectible') OR issued_at >= $1)`,
);
const unsettledPayments = sql<{ id: string }>(
  'reconcile-top-ups-unsettled',
  `SELECT provider_payment_id AS id FROM top_up WHERE provider_payment_id IS NOT NULL AND (state IN ('pending', 'requires_action') OR created_at >= $1)`,
);
const save = sql<{ fresh: boolean }>(
  'reconciliation-save',
  `INSERT INTO reconciliation (id, object_type, object_id, kind, ours, theirs, state, found_at, seen_at) VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $7)
   ON CONFLICT (object_type, object_id, kind) WHERE state = 'open' DO UPDATE SET ours = excluded.ours, theirs = excluded.theirs, seen_at = excluded.seen_at
   RETURNING found_at = seen_at AS fresh`,
);
const saveHealed = sql(
  'reconciliation-healed',
  `INSERT INTO reconciliation (id, object_type, object_id, kind, ours, theirs, state, found_at, seen_at, closed_at) VALUES ($1, $2, $3, $4, $5, $6, 'healed', $7, $7, $7)`,
);
const close = sql('reconciliation-gone', `UPDATE reconciliation SET state = 'gone', closed_at = $1 WHERE state = 'open' AND seen_at < $1`);

export const ourInvoice = async (tx: Tx, { tenantId, invoiceId }: ProviderInvoice): Promise<Facts | undefined> => {
  const [row] = tenantId && invoiceId ? await tx.query(invoice, tenantId, invoiceId) : [];
  return row && { state: row.state, total: String(row.expectedMinor), paid: String(toMinor(row.paidNanos, row.currency)) };
};
export const theirInvoice = ({ state, totalMinor, paidMinor }: ProviderInvoice): Facts => ({
  state,
  total: String(totalMinor),
  paid: String(paidMinor),
});

export const ourTopUp = async (tx: Tx, paidFor: PaidFor): Promise<Facts | undefined> => {
  const [row] = await tx.query(topUp, paidFor.tenantId, paidFor.id);
  return row && { state: row.state, received: String(toMinor(row.receivedNanos, row.currency)) };
};
export const theirTopUp = ({ state, receivedMinor }: ProviderPayment): Facts => ({ state, received: String(receivedMinor) });

export const ourRefund = async (tx: Tx, tenantId: string, { providerRefundId }: ProviderRefund): Promise<Facts | undefined> => {
  const [row] = await tx.query(refund, tenantId, providerRefundId);
  return row && { state: row.state, amount: String(row.amountMinor) };
};
export const theirRefund = ({ state, amountMinor }: ProviderRefund): Facts => ({ state, amount: String(amountMinor) });

/** The provider's ids of what we have that is not settled, or is younger than `since`. */
export const ourProviderIds = async (tx: Tx, since: Date): Promise<{ invoices: string[]; payments: string[] }> => ({
  invoices: (await tx.query(unsettledInvoices, since)).map(({ id }) => id),
  payments: (await tx.query(unsettledPayments, since)).map(({ id }) => id),
});

/** @returns whether it is found for the first time */
export const saveOpen = async (tx: Tx, { type, id }: ReconciledObject, difference: Difference, at: Date): Promise<boolean> => {
  const [row] = await tx.query(save, newId(), type, id, difference.kind, difference.ours, difference.theirs, at);
  return row?.fresh ?? false;
};
export const saveMadeUp = async (tx: Tx, { type, id }: ReconciledObject, difference: Difference, at: Date): Promise<void> => {
  await tx.query(saveHealed, newId(), type, id, difference.kind, difference.ours, difference.theirs, at);
};
/** What was not seen in the run that began at `at` differs no more. */
export const closeGone = async (tx: Tx, at: Date): Promise<void> => {
  await tx.query(close, at);
};
