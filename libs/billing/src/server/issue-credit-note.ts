import { Injectable } from '@nestjs/common';
import { AppError, Clock, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { checkCredit, sumOf } from '../core/credit-note.ts';
import type { CreditLine } from '../core/credit-note.ts';
import { billingErrors } from '../core/errors.ts';
import { dueMinor, isSettled } from '../core/invoice-state.ts';
import type { InvoiceState } from '../core/invoice-state.ts';
import { wholeMinor } from '../core/minor.ts';
import { CreditNoteQueries } from './credit-note-queries.ts';
import type { CreditNoteView } from './credit-note-queries.ts';
import { readCreditable, writeCreditNote } from './credit-notes.sql.ts';
import type { CreditedInvoice } from './credit-notes.sql.ts';
import { lockTenant } from './invoices.sql.ts';
import { RequestRefund } from './request-refund.ts';
import { ReviewBillingHold } from './review-billing-hold.ts';
import { CREDITED } from './standing.sql.ts';

export type CreditNoteRequest = {
  readonly lines: ReadonlyArray<Omit<CreditLine, 'amountMinor'> & { readonly amountNanos: bigint }>;
  /** Of a paid invoice: back to the card, or kept for later. */
  readonly paid: 'refund' | 'balance';
};
type Row = CreditedInvoice & {
  readonly state: InvoiceState;
  readonly totalMinor: bigint;
  readonly fromBalanceMinor: bigint;
  readonly creditedMinor: bigint;
};

const tenantOf = sql<{ tenantId: string }>('invoice-tenant', `SELECT tenant_id AS "tenantId" FROM invoice WHERE id = $1`);
const find = sql<Row>(
  'invoice-to-credit',
  `SELECT id, tenant_id AS "tenantId", number, state, currency, period_from AS "periodFrom", total_minor AS "totalMinor", from_balance_minor AS "fromBalanceMinor",
     ${CREDITED} AS "creditedMinor" FROM invoice i WHERE tenant_id = $1 AND id = $2`,
);
const settle = sql(
  'invoice-credited',
  `UPDATE invoice SET state = 'paid', paid_at = coalesce(paid_at, $3), next_attempt_at = NULL WHERE tenant_id = $1 AND id = $2`,
);

/** Takes back a part of an issued invoice: less of it is collected, or what was paid is given back. */
@Injectable()
export class IssueCreditNote {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly refund: RequestRefund,
    private readonly reviewHold: ReviewBillingHold,
    private readonly queries: CreditNoteQueries,
  ) {}

  /** @throws AppError resource.not_found, request.invalid, billing.credit_too_high, billing.invoice_void */
  execute(ctx: SystemContext, invoiceId: string, { lines: wanted, paid }: CreditNoteRequest): Promise<CreditNoteView> {
    return this.db.tx(ctx, async (tx) => {
      const invoice = await this.lockInvoice(tx, invoiceId);
      if (invoice.state === 'void') throw new AppError(billingErrors.invoiceVoid);
      const lines = wanted.map(({ amountNanos, ...line }, i) => ({
        ...line,
        amountMinor: wholeMinor(amountNanos, invoice.currency, `/lines/${i}/amount`),
      }));
      checkCredit(lines, await readCreditable(tx, invoice));
      const { tenantId } = invoice;
      const settlement = isSettled(invoice.state) ? paid : 'reduce';
      const at = this.clock.now();
      const id = await writeCreditNote(tx, invoice, { lines, settlement, state: 'issued', at, providerCreditNoteId: null });
      audit(tx, ctx, 'credit_note.issued', id, { tenantId, invoiceId, totalMinor: String(sumOf(lines)) });
      publish(tx, { type: 'credit_note.issued', tenantId, data: { creditNoteId: id, invoiceId } });
      if (settlement === 'reduce') await this.settleIfNothingIsLeft(ctx, tx, invoice, sumOf(lines));
      if (settlement === 'refund') await this.refund.ofCredit(ctx, { tenantId, invoiceId, creditNoteId: id, amountMinor: sumOf(lines) });
      await this.reviewHold.execute(ctx, tenantId);
      return this.queries.byId(ctx, tenantId, id);
    });
  }

  private async lockInvoice(tx: Tx, invoiceId: string): Promise<Row> {
    const [owner] = await tx.query(tenantOf, invoiceId);
    if (!owner) throw notFound();
    await lockTenant(tx, owner.tenantId);
    const [invoice] = await tx.query(find, owner.tenantId, invoiceId);
    if (!invoice) throw notFound();
    return invoice;
  }

  private async settleIfNothingIsLeft(ctx: SystemContext, tx: Tx, invoice: Row, minor: bigint): Promise<void> {
    if (dueMinor({ ...invoice, creditedMinor: invoice.creditedMinor + minor }) > 0n) return;
    const { tenantId, id } = invoice;
    await tx.query(settle, tenantId, id, this.clock.now());
    audit(tx, ctx, 'invoice.paid', id, { tenantId });
    publish(tx, { type: 'invoice.paid', tenantId, data: { invoiceId: id } });
  }
}
