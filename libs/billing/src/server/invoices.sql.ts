import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { monthName } from '../core/billing-month.ts';
import { invoiceNumber } from '../core/invoice.ts';
import type { Invoice } from '../core/invoice.ts';

const lock = sql<{ id: string; currency: string }>('billing-tenant-lock', `SELECT id, currency FROM tenant WHERE id = $1 FOR UPDATE`);
const next = sql<{ last: number }>(
  'invoice-number-next',
  `INSERT INTO invoice_number (month, last) VALUES ($1::date, 1) ON CONFLICT (month) DO UPDATE SET last = invoice_number.last + 1 RETURNING last`,
);
const insert = sql(
  'invoice-insert',
  `INSERT INTO invoice (tenant_id, id, number, period_from, period_to, currency, total_minor, from_balance_minor, state, issued_at, due_at, paid_at, next_attempt_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, CASE WHEN $9 = 'paid' THEN $10::timestamptz END, CASE WHEN $9 = 'open' THEN $10::timestamptz END)`,
);
const insertLines = sql(
  'invoice-lines-insert',
  `INSERT INTO invoice_line (tenant_id, invoice_id, id, position, category, description, quantity, exact_nanos, amount_minor)
   SELECT $1, $2, * FROM unnest($3::uuid[], $4::int[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::bigint[])`,
);
const insertPostings = sql(
  'invoice-postings-insert',
  `INSERT INTO invoice_posting (tenant_id, invoice_id, posting_id) SELECT $1, $2, unnest($3::uuid[])`,
);

/** Whatever changes a tenant's invoices holds this lock, so that each sees what the other did. */
export const lockTenant = async (tx: Tx, tenantId: string): Promise<{ id: string; currency: string } | undefined> =>
  (await tx.query(lock, tenantId))[0];

/** The next number of the month. Others wait for it until this transaction ends, so take it late. */
export const nextInvoiceNumber = async (tx: Tx, { period }: Pick<Invoice, 'period'>): Promise<string> => {
  const [row] = await tx.query(next, `${monthName(period)}-01`);
  return invoiceNumber(period, row?.last ?? 1);
};

/** Writes an invoice with its lines and says which postings it bills. When the balance pays all of it, there is nothing to collect. */
export const insertInvoice = async (tx: Tx, invoice: Invoice, fromBalanceMinor: bigint, postingIds: readonly string[]): Promise<void> => {
  const { tenantId, id, period, lines } = invoice;
  const column = <K extends keyof (typeof lines)[number]>(key: K) => lines.map((line) => line[key]);
  await tx.query(
    insert,
    tenantId,
    id,
    invoice.number,
    period.from,
    period.to,
    invoice.currency,
    invoice.totalMinor,
    fromBalanceMinor,
    fromBalanceMinor === invoice.totalMinor ? 'paid' : 'open',
    invoice.issuedAt,
    invoice.dueAt,
  );
  await tx.query(
    insertLines,
    tenantId,
    id,
    column('id'),
    column('position'),
    column('category'),
    column('description'),
    column('quantity'),
    column('exactNanos'),
    column('amountMinor'),
  );
  await tx.query(insertPostings, tenantId, id, postingIds);
};
