import { Injectable } from '@nestjs/common';
import { decodeCursor, notFound, pageOf } from '@trunkline/kernel';
import type { Context, Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { InvoiceLine } from '../core/invoice.ts';
import type { InvoiceState } from '../core/invoice-state.ts';

export type InvoiceSummary = {
  readonly id: string;
  readonly tenantId: string;
  readonly number: string;
  readonly state: InvoiceState;
  readonly periodFrom: Date;
  readonly periodTo: Date;
  readonly currency: string;
  readonly totalMinor: bigint;
  readonly issuedAt: Date;
  readonly dueAt: Date;
  readonly paidAt: Date | null;
  readonly providerInvoiceId: string | null;
  readonly fromBalanceMinor: bigint;
  readonly creditedMinor: bigint;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly declineCode: string | null;
  readonly hostedUrl: string | null;
};
export type IssuedInvoice = InvoiceSummary & { readonly lines: readonly InvoiceLine[] };

const creditNotes = { where: { state: 'issued' }, select: { totalMinor: true } };
type Row = Omit<InvoiceSummary, 'state' | 'creditedMinor'> & {
  readonly state: string;
  readonly creditNotes: ReadonlyArray<{ totalMinor: bigint }>;
};
const summary = <R extends Row>({ creditNotes: notes, ...row }: R) => ({
  ...row,
  state: row.state as InvoiceState,
  creditedMinor: notes.reduce((n, note) => n + note.totalMinor, 0n),
});

@Injectable()
export class InvoiceQueries {
  constructor(private readonly db: Database) {}

  /** Newest first. */
  list(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<InvoiceSummary & { readonly createdAt: Date }>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const older = after ? { OR: [{ issuedAt: { lt: after.createdAt } }, { issuedAt: after.createdAt, id: { lt: after.id } }] } : {};
    return this.db.read(ctx, async ({ prisma }) => {
      const where = { tenantId: ctx.tenantId, ...older };
      const rows = await prisma.invoice.findMany({
        where,
        orderBy: [{ issuedAt: 'desc' }, { id: 'desc' }],
        take: limit + 1,
        include: { creditNotes },
      });
      return pageOf(
        rows.map((row) => ({ ...summary(row), createdAt: row.issuedAt })),
        limit,
      );
    });
  }

  /** @throws AppError resource.not_found */
  byId(ctx: Context, tenantId: string, id: string): Promise<IssuedInvoice> {
    return this.db.read(ctx, async ({ prisma }) => {
      const where = { tenantId_id: { tenantId, id } };
      const row = await prisma.invoice.findUnique({ where, include: { creditNotes, lines: { orderBy: { position: 'asc' } } } });
      if (!row) throw notFound();
      return summary(row);
    });
  }

  /** The lines of each of these invoices, in their order. */
  linesOf(ctx: TenantContext, invoiceIds: readonly string[]): Promise<ReadonlyMap<string, InvoiceLine[]>> {
    return this.db.read(ctx, async ({ prisma }) => {
      const where = { tenantId: ctx.tenantId, invoiceId: { in: [...invoiceIds] } };
      return Map.groupBy(await prisma.invoiceLine.findMany({ where, orderBy: { position: 'asc' } }), ({ invoiceId }) => invoiceId);
    });
  }
}
