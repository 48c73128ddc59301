import { Injectable } from '@nestjs/common';
import { decodeCursor, notFound, pageOf } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';

export type ApiKey = {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly scopes: readonly string[];
  readonly allowedNetworks: readonly string[];
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly oldValidUntil: Date | null;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

const omit = { tenantId: true, hash: true, oldHash: true } as const;

@Injectable()
export class ApiKeyQueries {
  constructor(private readonly db: Database) {}

  list(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<ApiKey>> {
    return this.db.read(ctx, async ({ prisma }) => {
      const after = cursor === undefined ? undefined : decodeCursor(cursor);
      const where = after ? { OR: [{ createdAt: { lt: after.createdAt } }, { createdAt: after.createdAt, id: { lt: after.id } }] } : {};
      return pageOf(
        await prisma.apiKey.findMany({
          where: { tenantId: ctx.tenantId, ...where },
          omit,
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
          take: limit + 1,
        }),
        limit,
      );
    });
  }

  /** @throws AppError resource.not_found */
  byId(ctx: TenantContext, id: string): Promise<ApiKey> {
    return this.db.read(ctx, async ({ prisma }) => {
      const row = await prisma.apiKey.findUnique({ where: { tenantId_id: { tenantId: ctx.tenantId, id } }, omit });
      if (!row) throw notFound();
      return row;
    });
  }
}
