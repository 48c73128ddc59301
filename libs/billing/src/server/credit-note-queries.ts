import { Injectable } from '@nestjs/common';
import { notFound } from '@trunkline/kernel';
import type { Context, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { CreditLine } from '../core/credit-note.ts';
import type { CreditNoteState } from '../core/provider-news.ts';
import type { Settlement } from './credit-notes.sql.ts';

export type CreditNoteView = {
  readonly id: string;
  readonly invoiceId: string;
  readonly number: string;
  readonly currency: string;
  readonly totalMinor: bigint;
  readonly settlement: Settlement;
  readonly state: CreditNoteState;
  readonly issuedAt: Date;
  readonly lines: ReadonlyArray<CreditLine & { readonly position: number }>;
};
type Row = Omit<CreditNoteView, 'settlement' | 'state'> & { readonly settlement: string; readonly state: string };
const view = (row: Row): CreditNoteView => ({ ...row, settlement: row.settlement as Settlement, state: row.state as CreditNoteState });
const include = { lines: { orderBy: { position: 'asc' } } } as const;

@Injectable()
export class CreditNoteQueries {
  constructor(private readonly db: Database) {}

  /** @throws AppError resource.not_found */
  byId(ctx: Context, tenantId: string, id: string): Promise<CreditNoteView> {
    return this.db.read(ctx, async ({ prisma }) => {
      const row = await prisma.creditNote.findUnique({ where: { tenantId_id: { tenantId, id } }, include });
      if (!row) throw notFound();
      return view(row);
    });
  }

  /** All of an invoice, in the order of their numbers. @throws AppError resource.not_found */
  ofInvoice(ctx: Context, tenantId: string, invoiceId: string): Promise<CreditNoteView[]> {
    return this.db.read(ctx, async ({ prisma }) => {
      const invoice = await prisma.invoice.findUnique({ where: { tenantId_id: { tenantId, id: invoiceId } }, select: { id: true } });
      if (!invoice) throw notFound();
      const rows = await prisma.creditNote.findMany({
        where: { tenantId, invoiceId },
        orderBy: [{ issuedAt: 'asc' }, { id: 'asc' }],
        include,
      });
      return rows.map(view);
    });
  }

  /** The credit notes of each of these invoices, in the order of their numbers. */
  ofInvoices(ctx: TenantContext, invoiceIds: readonly string[]): Promise<ReadonlyMap<string, CreditNoteView[]>> {
    return this.db.read(ctx, async ({ prisma }) => {
      const where = { tenantId: ctx.tenantId, invoiceId: { in: [...invoiceIds] } };
      const rows = await prisma.creditNote.findMany({ where, orderBy: [{ issuedAt: 'asc' }, { id: 'asc' }], include });
      return Map.groupBy(rows.map(view), ({ invoiceId }) => invoiceId);
    });
  }
}
