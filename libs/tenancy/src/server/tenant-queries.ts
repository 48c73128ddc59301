import { Injectable } from '@nestjs/common';
import { decodeCursor, notFound, pageOf } from '@trunkline/kernel';
import type { Context, Page, PageQuery, SystemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { HoldKind } from '../core/hold.ts';

export type Tenant = {
  readonly id: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly country: string;
  readonly currency: string;
  readonly channelsMax: number | null;
  readonly homeEdgeId: string | null;
  readonly externalReference: string | null;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly holds: readonly HoldKind[]; // the active ones
};

@Injectable()
export class TenantQueries {
  constructor(private readonly db: Database) {}

  /** @throws AppError resource.not_found */
  byId(ctx: Context, id: string): Promise<Tenant> {
    return this.db.read(ctx, async ({ prisma }) => {
      const row = await prisma.tenant.findUnique({ where: { id } });
      if (!row) throw notFound();
      const holds = await prisma.hold.findMany({ where: { tenantId: id, liftedAt: null }, orderBy: { kind: 'asc' } });
      return { ...row, holds: holds.map((h) => h.kind as HoldKind) };
    });
  }

  list(ctx: SystemContext, { limit, cursor }: PageQuery): Promise<Page<Tenant>> {
    return this.db.read(ctx, async ({ prisma }) => {
      const after = cursor === undefined ? undefined : decodeCursor(cursor);
      const where = after ? { OR: [{ createdAt: { lt: after.createdAt } }, { createdAt: after.createdAt, id: { lt: after.id } }] } : {};
      const rows = await prisma.tenant.findMany({ where, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: limit + 1 });
      const holds = await prisma.hold.findMany({ where: { tenantId: { in: rows.map((r) => r.id) }, liftedAt: null } });
      return pageOf(
        rows.map((row) => ({ ...row, holds: holds.filter((h) => h.tenantId === row.id).map((h) => h.kind as HoldKind) })),
        limit,
      );
    });
  }
}
