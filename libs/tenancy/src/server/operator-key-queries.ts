import { Injectable } from '@nestjs/common';
import { decodeCursor, notFound, pageOf } from '@trunkline/kernel';
import type { Page, PageQuery, SystemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';

export type OperatorKey = {
  readonly id: string;
  readonly name: string;
  readonly hint: string;
  readonly allowedNetworks: readonly string[];
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly oldValidUntil: Date | null;
  readonly createdAt: Date;
};

const omit = { hash: true, oldHash: true } as const;

@Injectable()
export class OperatorKeyQueries {
  constructor(private readonly db: Database) {}

  list(ctx: SystemContext, { limit, cursor }: PageQuery): Promise<Page<OperatorKey>> {
    return this.db.read(ctx, async ({ prisma }) => {
      const after = cursor === undefined ? undefined : decodeCursor(cursor);
      const where = after ? { OR: [{ createdAt: { lt: after.createdAt } }, { createdAt: after.createdAt, id: { lt: after.id } }] } : {};
      const orderBy = [{ createdAt: 'desc' as const }, { id: 'desc' as const }];
      return pageOf(await prisma.operatorKey.findMany({ where, omit, orderBy, take: limit + 1 }), limit);
    });
  }

  /** @throws AppError resource.not_found */
  byId(ctx: SystemContext, id: string): Promise<OperatorKey> {
    return this.db.read(ctx, async ({ prisma }) => {
      const row = await prisma.operatorKey.findUnique({ where: { id }, omit });
      if (!row) throw notFound();
      return row;
    });
  }
}
