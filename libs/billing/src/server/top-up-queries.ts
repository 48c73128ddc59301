import { Injectable } from '@nestjs/common';
import { decodeCursor, notFound, pageOf } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { TopUpState } from '../core/provider-news.ts';

export type TopUpView = {
  readonly id: string;
  readonly tenantId: string;
  readonly origin: 'manual' | 'automatic';
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly state: TopUpState;
  readonly declineCode: string | null;
  readonly actionUrl: string | null;
  readonly createdAt: Date;
  readonly settledAt: Date | null;
};
type Row = Omit<TopUpView, 'origin' | 'state'> & { readonly origin: string; readonly state: string };
const view = (row: Row): TopUpView => ({ ...row, origin: row.origin as TopUpView['origin'], state: row.state as TopUpState });

@Injectable()
export class TopUpQueries {
  constructor(private readonly db: Database) {}

  /** Newest first. */
  list(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<TopUpView>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const older = after ? { OR: [{ createdAt: { lt: after.createdAt } }, { createdAt: after.createdAt, id: { lt: after.id } }] } : {};
    return this.db.read(ctx, async ({ prisma }) => {
      const where = { tenantId: ctx.tenantId, ...older };
      const rows = await prisma.topUp.findMany({ where, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: limit + 1 });
      return pageOf(rows.map(view), limit);
    });
  }

  /** @throws AppError resource.not_found */
  byId(ctx: TenantContext, id: string): Promise<TopUpView> {
    return this.db.read(ctx, async ({ prisma }) => {
      const row = await prisma.topUp.findUnique({ where: { tenantId_id: { tenantId: ctx.tenantId, id } } });
      if (!row) throw notFound();
      return view(row);
    });
  }
}
