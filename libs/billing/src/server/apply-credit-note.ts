import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { post } from '@trunkline/ledger/server';
import { Database, audit, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { creditAcross, creditNoteAfter, creditPostings } from '../core/credit-note.ts';
import type { CreditLine } from '../core/credit-note.ts';
import type { InvoiceState } from '../core/invoice-state.ts';
import type { CreditNoteState, ProviderCreditNote } from '../core/provider-news.ts';
import { ApplyPayment } from './apply-payment.ts';
import { readCreditable, writeCreditNote } from './credit-notes.sql.ts';
import type { CreditedInvoice } from './credit-notes.sql.ts';
import { lockTenant } from './invoices.sql.ts';

type Row = CreditedInvoice & { readonly state: InvoiceState };
const findInvoice = sql<Row>(
  'invoice-to-credit-by-news',
  `SELECT id, tenant_id AS "tenantId", number, state, currency, period_from AS "periodFrom" FROM invoice WHERE tenant_id = $1 AND id = $2`,
);
const find = sql<{ id: string; state: CreditNoteState }>(
  'credit-note-find',
  `SELECT id, state FROM credit_note WHERE tenant_id = $1 AND (id = $2 OR provider_credit_note_id = $3)`,
);
const handedOver = sql(
  'credit-note-handed-over',
  `UPDATE credit_note SET provider_credit_note_id = $3, handed_over_at = coalesce(handed_over_at, $4) WHERE tenant_id = $1 AND id = $2`,
);
const makeVoid = sql('credit-note-void', `UPDATE credit_note SET state = 'void' WHERE tenant_id = $1 AND id = $2`);
const linesOf = sql<CreditLine>(
  'credit-note-lines',
  `SELECT category, reason, amount_minor AS "amountMinor" FROM credit_note_line WHERE tenant_id = $1 AND credit_note_id = $2 ORDER BY position`,
);

/** Takes over what the payment provider says of a credit note: ours was received, somebody made one there, or one was taken back. */
@Injectable()
export class ApplyCreditNote {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly applyPayment: ApplyPayment,
  ) {}

  execute(ctx: SystemContext, news: ProviderCreditNote): Promise<void> {
    const { invoiceId, tenantId } = news.invoice;
    return this.db.tx(ctx, async (tx) => {
      if (!invoiceId || !tenantId || !(await lockTenant(tx, tenantId))) return;
      const [invoice] = await tx.query(findInvoice, tenantId, invoiceId);
      if (!invoice) return;
      const [known] = await tx.query(find, tenantId, news.creditNoteId, news.providerCreditNoteId);
      if (known) await tx.query(handedOver, tenantId, known.id, news.providerCreditNoteId, this.clock.now());
      const step = creditNoteAfter(known?.state, news.state, invoice.state);
      if (step === 'issue' || step === 'keep_void') await this.write(ctx, tx, invoice, news);
      if (step === 'void' && known) await this.takeBack(ctx, tx, invoice, known.id);
      await this.applyPayment.execute(ctx, news.invoice);
    });
  }

  private async write(
    ctx: SystemContext,
    tx: Tx,
    invoice: Row,
    { providerCreditNoteId, amountMinor, state }: ProviderCreditNote,
  ): Promise<void> {
    const lines = creditAcross(amountMinor, await readCreditable(tx, invoice), 'Credited at the payment provider');
    if (lines.length === 0) return;
    const note = { lines, settlement: 'reduce', state, at: this.clock.now(), providerCreditNoteId } as const;
    const id = await writeCreditNote(tx, invoice, note);
    audit(tx, ctx, 'credit_note.issued', id, { tenantId: invoice.tenantId, state });
    if (state === 'issued')
      publish(tx, { type: 'credit_note.issued', tenantId: invoice.tenantId, data: { creditNoteId: id, invoiceId: invoice.id } });
  }

  private async takeBack(ctx: SystemContext, tx: Tx, { id: invoiceId, tenantId, currency, periodFrom }: Row, id: string): Promise<void> {
    await tx.query(makeVoid, tenantId, id);
    const head = { tenantId, currency, month: periodFrom, postedAt: this.clock.now(), reference: id };
    await post(tx, creditPostings(await tx.query(linesOf, tenantId, id), head, 'void'));
    audit(tx, ctx, 'credit_note.voided', id, { tenantId });
    publish(tx, { type: 'credit_note.voided', tenantId, data: { creditNoteId: id, invoiceId } });
  }
}
