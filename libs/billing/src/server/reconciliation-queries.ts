import { Injectable } from '@nestjs/common';
import { decodeCursor, pageOf } from '@trunkline/kernel';
import type { Page, PageQuery, SystemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';

export const RECONCILIATION_STATES = ['open', 'healed', 'gone'] as const;
export type ReconciliationState = (typeof RECONCILIATION_STATES)[number];
export type ReconciliationView = {
  readonly id: string;
  readonly objectType: string;
  readonly objectId: string;
  readonly kind: string;
  readonly ours: string;
  readonly theirs: string;
  readonly state: string;
  readonly foundAt: Date;
  readonly seenAt: Date;
  readonly closedAt: Date | null;
};

@Injectable()
export class ReconciliationQueries {
  constructor(private readonly db: Database) {}

  /** Newest first. */
  list(
    ctx: SystemContext,
    { limit, cursor, state }: PageQuery & { readonly state?: ReconciliationState | undefined },
  ): Promise<Page<ReconciliationView & { readonly createdAt: Date }>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const older = after ? { OR: [{ foundAt: { lt: after.createdAt } }, { foundAt: after.createdAt, id: { lt: after.id } }] } : {};
    return this.db.read(ctx, async ({ prisma }) => {
      const where = { ...(state && { state }), ...older };
      const rows = await prisma.reconciliation.findMany({ where, orderBy: [{ foundAt: 'desc' }, { id: 'desc' }], take: limit + 1 });
      return pageOf(
        rows.map((row) => ({ ...row, createdAt: row.foundAt })),
        limit,
      );
    });
  }
}
