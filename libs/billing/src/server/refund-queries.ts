import { Injectable } from '@nestjs/common';
import { decodeCursor, pageOf } from '@trunkline/kernel';
import type { Page, PageQuery, SystemContext, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { DisputeState, RefundState } from '../core/provider-news.ts';
import type { RefundView } from './request-refund.ts';

export type DisputeView = {
  readonly id: string;
  readonly tenantId: string;
  readonly invoiceId: string | null;
  readonly topUpId: string | null;
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly reason: string;
  readonly state: DisputeState;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
};

/** What was given back to cards, and what cardholders dispute. */
@Injectable()
export class RefundQueries {
  constructor(private readonly db: Database) {}

  /** A tenant's own, newest first. */
  refunds(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<RefundView>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const older = after ? { OR: [{ createdAt: { lt: after.createdAt } }, { createdAt: after.createdAt, id: { lt: after.id } }] } : {};
    return this.db.read(ctx, async ({ prisma }) => {
      const where = { tenantId: ctx.tenantId, ...older };
      const rows = await prisma.refund.findMany({ where, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: limit + 1 });
      return pageOf(
        rows.map((row) => ({ ...row, state: row.state as RefundState })),
        limit,
      );
    });
  }

  /** All tenants', newest first. */
  disputes(ctx: SystemContext, { limit, cursor }: PageQuery): Promise<Page<DisputeView & { readonly createdAt: Date }>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const older = after ? { OR: [{ openedAt: { lt: after.createdAt } }, { openedAt: after.createdAt, id: { lt: after.id } }] } : {};
    return this.db.read(ctx, async ({ prisma }) => {
      const rows = await prisma.dispute.findMany({ where: older, orderBy: [{ openedAt: 'desc' }, { id: 'desc' }], take: limit + 1 });
      return pageOf(
        rows.map((row) => ({ ...row, state: row.state as DisputeState, createdAt: row.openedAt })),
        limit,
      );
    });
  }
}
