import { Injectable } from '@nestjs/common';
import { decodeCursor, pageOf } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';

export type BalanceView = { readonly owedNanos: bigint; readonly currency: string };

/** A posting as its tenant sees it. `amountNanos`: what it added to what is owed; a payment is negative. */
export type PostingView = {
  readonly id: string;
  readonly kind: string;
  readonly currency: string;
  readonly month: Date;
  readonly postedAt: Date;
  readonly createdAt: Date; // of the cursor; the list is ordered by id, which is time-ordered
  readonly reference: string;
  readonly count: number;
  readonly seconds: bigint;
  readonly amountNanos: bigint;
};

@Injectable()
export class LedgerQueries {
  constructor(private readonly db: Database) {}

  balance(ctx: TenantContext): Promise<BalanceView> {
    return this.db.read(ctx, async ({ prisma }) => {
      const { currency } = await prisma.tenant.findUniqueOrThrow({ where: { id: ctx.tenantId }, select: { currency: true } });
      const row = await prisma.balance.findUnique({ where: { tenantId_currency: { tenantId: ctx.tenantId, currency } } });
      return { owedNanos: row?.amountNanos ?? 0n, currency };
    });
  }

  /** Newest first, in the order of booking. */
  postings(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<PostingView>> {
    const before = cursor === undefined ? {} : { id: { lt: decodeCursor(cursor).id } };
    return this.db.read(ctx, async ({ prisma }) => {
      const rows = await prisma.posting.findMany({
        where: { tenantId: ctx.tenantId, ...before },
        orderBy: { id: 'desc' },
        take: limit + 1,
      });
      const views = rows.map(({ amountNanos, ...row }) => ({
        ...row,
        createdAt: row.postedAt,
        amountNanos: row.debit === 'customer' ? amountNanos : -amountNanos,
      }));
      return pageOf(views, limit);
    });
  }
}
