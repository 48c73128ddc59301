import { newId } from '@trunkline/kernel';
import type { PostingHead } from '@trunkline/ledger';
import { post } from '@trunkline/ledger/server';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { creditNoteNumber, creditPostings, creditable, sumOf } from '../core/credit-note.ts';
import type { CreditLine, Creditable } from '../core/credit-note.ts';
import type { CreditNoteState } from '../core/provider-news.ts';

/** `reduce`: less is collected; `refund`: paid back to the card; `balance`: kept for later. */
export type Settlement = 'reduce' | 'refund' | 'balance';
/** The invoice that a credit note is of. */
export type CreditedInvoice = {
  readonly id: string;
  readonly tenantId: string;
  readonly number: string;
  readonly currency: string;
  readonly periodFrom: Date;
};

type Line = { category: string; amountMinor: bigint };
const invoiceLines = sql<Line>(
  'invoice-lines-creditable',
  `SELECT category, amount_minor AS "amountMinor" FROM invoice_line WHERE tenant_id = $1 AND invoice_id = $2 ORDER BY position`,
);
const creditLines = sql<Line>(
  'invoice-lines-credited',
  `SELECT l.category, l.amount_minor AS "amountMinor" FROM credit_note_line l JOIN credit_note c ON (c.tenant_id, c.id) = (l.tenant_id, l.credit_note_id)
   WHERE c.tenant_id = $1 AND c.invoice_id = $2 AND c.state = 'issued'`,
);
const count = sql<{ n: number }>(
  'credit-notes-count',
  `SELECT count(*)::int AS n FROM credit_note WHERE tenant_id = $1 AND invoice_id = $2`,
);
const insert = sql(
  'credit-note-insert',
  `INSERT INTO credit_note (tenant_id, id, invoice_id, number, currency, total_minor, settlement, state, provider_credit_note_id, issued_at, handed_over_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);
const insertLines = sql(
  'credit-note-lines-insert',
  `INSERT INTO credit_note_line (tenant_id, credit_note_id, id, position, category, reason, amount_minor)
   SELECT $1, $2, * FROM unnest($3::uuid[], $4::int[], $5::text[], $6::text[], $7::bigint[])`,
);

/** What of an invoice may still be taken back. Under the tenant's lock. */
export const readCreditable = async (tx: Tx, { tenantId, id }: { readonly tenantId: string; readonly id: string }): Promise<Creditable> =>
  creditable(await tx.query(invoiceLines, tenantId, id), await tx.query(creditLines, tenantId, id));

export type NewCreditNote = {
  readonly lines: readonly CreditLine[];
  readonly settlement: Settlement;
  readonly state: CreditNoteState;
  readonly at: Date;
  /** Of one that somebody made at the provider: it need not be handed over. */
  readonly providerCreditNoteId: string | null;
};

/** Numbers a credit note, writes it and books it. Under the tenant's lock. @returns its id */
export const writeCreditNote = async (tx: Tx, invoice: CreditedInvoice, note: NewCreditNote): Promise<string> => {
  const { tenantId, currency, periodFrom } = invoice;
  const { lines, settlement, state, at, providerCreditNoteId } = note;
  const id = newId();
  const [made] = await tx.query(count, tenantId, invoice.id);
  const number = creditNoteNumber(invoice.number, (made?.n ?? 0) + 1);
  const handedOverAt = providerCreditNoteId === null ? null : at;
  await tx.query(
    insert,
    tenantId,
    id,
    invoice.id,
    number,
    currency,
    sumOf(lines),
    settlement,
    state,
    providerCreditNoteId,
    at,
    handedOverAt,
  );
  await tx.query(
    insertLines,
    tenantId,
    id,
    lines.map(() => newId()),
    lines.map((_, i) => i + 1),
    lines.map((l) => l.category),
    lines.map((l) => l.reason),
    lines.map((l) => l.amountMinor),
  );
  const head: PostingHead = { tenantId, currency, month: periodFrom, postedAt: at, reference: id };
  if (state === 'issued') await post(tx, creditPostings(lines, head));
  return id;
};
