import { Injectable } from '@nestjs/common';
import { AppError, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, changed, markDirty, sql } from '@trunkline/platform';
import { edgeErrors } from '../core/errors.ts';
import { homes } from './homes.sql.ts';
import { announceMove } from './move-homes.ts';
import { lockScope } from './scope.ts';
import { TenantHomeQueries } from './tenant-home-queries.ts';
import type { TenantHome } from './tenant-home-queries.ts';

/** `pinned`: no lost or drained edge moves it, only an operator. */
export type Placement = { readonly edgeId: string; readonly pinned: boolean };

const lock = sql<{ homeEdgeId: string | null; pinned: boolean }>(
  'home-lock',
  `SELECT home_edge_id AS "homeEdgeId", home_pinned AS pinned FROM tenant WHERE id = $1 FOR UPDATE`,
);
const place = sql(
  'home-place',
  `UPDATE tenant SET home_edge_id = $2, home_pinned = $3, home_moved_from_id = NULL,
     home_moved_at = CASE WHEN home_edge_id IS DISTINCT FROM $2 THEN clock_timestamp() ELSE home_moved_at END WHERE id = $1`,
);

/** An operator decides which edge is a tenant's home. */
@Injectable()
export class PlaceTenant {
  constructor(
    private readonly db: Database,
    private readonly queries: TenantHomeQueries,
  ) {}

  /** @throws AppError resource.not_found for a tenant or an edge that is not there, edge.not_at_work */
  execute(ctx: SystemContext, tenantId: string, { edgeId, pinned }: Placement): Promise<TenantHome> {
    return this.db.tx(ctx, async (tx) => {
      await lockScope(tx);
      const [tenant] = await tx.query(lock, tenantId);
      if (!tenant) throw notFound();
      const home = (await tx.query(homes)).find((e) => e.id === edgeId);
      if (!home) throw unknownEdge();
      if (!home.active || home.lost) throw new AppError(edgeErrors.notAtWork);
      await tx.query(place, tenantId, edgeId, pinned);
      audit(tx, ctx, 'tenant.home_placed', tenantId, changed(tenant, { homeEdgeId: edgeId, pinned }));
      if (tenant.homeEdgeId !== edgeId) {
        markDirty(tx, 'tenant', [tenantId]);
        announceMove(tx, tenantId, home, 'operator');
      }
      return this.queries.of(ctx, tenantId);
    });
  }
}

const unknownEdge = (): AppError =>
  new AppError(edgeErrors.unknown, undefined, { errors: [{ pointer: '/edge_id', code: 'unknown', detail: edgeErrors.unknown.title }] });
