import { Injectable } from '@nestjs/common';
import { decodeCursor, pageOf } from '@trunkline/kernel';
import type { AboveContext, Cursor, Page, PageQuery, SystemContext, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { PlanAssignment } from './assign-plan.ts';
import type { StoredPlan } from './create-plan.ts';

const NEWEST_FIRST = [{ createdAt: 'desc' as const }, { id: 'desc' as const }];
const olderThan = ({ createdAt, id }: Cursor) => ({ OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: id } }] });

@Injectable()
export class PlanQueries {
  constructor(private readonly db: Database) {}

  list(ctx: SystemContext, { limit, cursor }: PageQuery): Promise<Page<StoredPlan>> {
    const where = cursor === undefined ? {} : olderThan(decodeCursor(cursor));
    return this.db.read(ctx, async ({ prisma }) =>
      pageOf(await prisma.plan.findMany({ where, orderBy: NEWEST_FIRST, take: limit + 1 }), limit),
    );
  }

  /** Those that a tenant may assign to tenants below it. */
  resalePlans(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<StoredPlan>> {
    const resale = { some: { tenantId: ctx.tenantId } };
    const where = { resale, ...(cursor === undefined ? {} : olderThan(decodeCursor(cursor))) };
    return this.db.read(ctx, async ({ prisma }) =>
      pageOf(await prisma.plan.findMany({ where, orderBy: NEWEST_FIRST, take: limit + 1 }), limit),
    );
  }

  /** Plans of one tenant, or of all, the latest assignment first. */
  assignments(
    ctx: AboveContext,
    { limit, cursor, tenantId }: PageQuery & { readonly tenantId?: string | undefined },
  ): Promise<Page<PlanAssignment>> {
    const where = { ...(tenantId === undefined ? {} : { tenantId }), ...(cursor === undefined ? {} : olderThan(decodeCursor(cursor))) };
    return this.db.read(ctx, async ({ prisma }) =>
      pageOf(await prisma.planAssignment.findMany({ where, orderBy: NEWEST_FIRST, take: limit + 1 }), limit),
    );
  }
}
