import { Injectable } from '@nestjs/common';
import { decodeCursor, notFound, pageOf } from '@trunkline/kernel';
import type { AboveContext, Context, Page, PageQuery } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { Allotment, Usage } from '../core/allotment.ts';
import type { Hold } from '../core/hold.ts';

export type Tenant = {
  readonly id: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly country: string;
  readonly currency: string;
  readonly channelsMax: number | null;
  readonly requestsPerSecMax: number | null;
  readonly homeEdgeId: string | null;
  readonly externalReference: string | null;
  readonly tags: readonly string[];
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly holds: readonly Hold[]; // the active ones
  readonly allotment: Allotment;
  readonly usage: Usage; // of it and all below it
};

const include = { node: true, tags: { orderBy: { tag: 'asc' } } } as const;

export type TenantFilter = { readonly tag?: string | undefined; readonly externalReference?: string | undefined };
type Row = Omit<Tenant, 'holds' | 'allotment' | 'usage' | 'tags'> & {
  readonly tags: readonly { readonly tag: string }[];
  readonly node:
    | ({
        readonly [K in 'channelsAllotted' | 'numbersAllotted' | 'tenantsAllotted']: number | null;
      } & { readonly [K in 'channelsUsed' | 'numbersUsed' | 'tenantsUsed']: number })
    | null;
};

@Injectable()
export class TenantQueries {
  constructor(private readonly db: Database) {}

  /** From above: one of those below; the root itself is not. @throws AppError resource.not_found */
  byId(ctx: Context, id: string): Promise<Tenant> {
    return this.db.read(ctx, async ({ prisma }) => {
      const row = ctx.kind === 'subtree' && ctx.tenantId === id ? null : await prisma.tenant.findUnique({ where: { id }, include });
      if (!row) throw notFound();
      const holds = await prisma.hold.findMany({ where: { tenantId: id, liftedAt: null }, orderBy: { kind: 'asc' } });
      return tenantOf(row, holds);
    });
  }

  /** All tenants, or all below one. @throws AppError request.bad_cursor */
  list(ctx: AboveContext, { limit, cursor, tag, externalReference }: PageQuery & TenantFilter): Promise<Page<Tenant>> {
    return this.db.read(ctx, async ({ prisma }) => {
      const after = cursor === undefined ? undefined : decodeCursor(cursor);
      const older = after ? { OR: [{ createdAt: { lt: after.createdAt } }, { createdAt: after.createdAt, id: { lt: after.id } }] } : {};
      const below = ctx.kind === 'subtree' ? { id: { not: ctx.tenantId } } : {};
      const filters = [externalReference === undefined ? {} : { externalReference }, tag === undefined ? {} : { tags: { some: { tag } } }];
      const where = { AND: [below, older, ...filters] };
      const rows = await prisma.tenant.findMany({ where, include, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: limit + 1 });
      const holds = await prisma.hold.findMany({ where: { tenantId: { in: rows.map((r) => r.id) }, liftedAt: null } });
      return pageOf(
        rows.map((row) =>
          tenantOf(
            row,
            holds.filter((h) => h.tenantId === row.id),
          ),
        ),
        limit,
      );
    });
  }
}

const tenantOf = ({ node, tags, ...row }: Row, holds: readonly { readonly kind: string; readonly stops: string }[]): Tenant => {
  if (!node) throw new Error(`tenant ${row.id} stands nowhere in the tree`);
  return {
    ...row,
    tags: tags.map(({ tag }) => tag),
    holds: holds.map(({ kind, stops }) => ({ kind, stops }) as Hold),
    allotment: { channels: node.channelsAllotted, numbers: node.numbersAllotted, tenants: node.tenantsAllotted },
    usage: { channels: node.channelsUsed, numbers: node.numbersUsed, tenants: node.tenantsUsed },
  };
};
