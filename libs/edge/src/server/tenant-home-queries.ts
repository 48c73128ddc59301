import { Injectable } from '@nestjs/common';
import { notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';

/** Where a tenant is at home. `movedFrom`: where it was before that edge was lost or drained. */
export type TenantHome = {
  readonly tenantId: string;
  readonly edgeId: string | null;
  readonly edge: string | null;
  readonly sipAddress: string | null;
  readonly pinned: boolean;
  readonly movedAt: Date | null;
  readonly movedFromId: string | null;
};

const find = sql<TenantHome>(
  'tenant-home',
  `SELECT t.id AS "tenantId", e.id AS "edgeId", e.name AS edge, e.sip_address AS "sipAddress", t.home_pinned AS pinned,
     t.home_moved_at AS "movedAt", t.home_moved_from_id AS "movedFromId"
   FROM tenant t LEFT JOIN edge e ON e.id = t.home_edge_id WHERE t.id = $1`,
);

@Injectable()
export class TenantHomeQueries {
  constructor(private readonly db: Database) {}

  /** @throws AppError resource.not_found */
  of(ctx: SystemContext, tenantId: string): Promise<TenantHome> {
    return this.db.read(ctx, async (tx) => {
      const [home] = await tx.query(find, tenantId);
      if (!home) throw notFound();
      return home;
    });
  }
}
