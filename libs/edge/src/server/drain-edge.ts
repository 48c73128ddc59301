import { Injectable } from '@nestjs/common';
import { AppError, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, sql } from '@trunkline/platform';
import { edgeErrors } from '../core/errors.ts';
import { EdgeQueries } from './edge-queries.ts';
import type { Edge } from './edge-queries.ts';
import { lockEdge, setEdgeState } from './homes.sql.ts';
import { moveTenantsAway } from './move-homes.ts';
import { lockScope } from './scope.ts';

const pinned = sql<{ tenants: number }>(
  'edge-pinned',
  `SELECT count(*)::int AS tenants FROM tenant WHERE home_edge_id = $1 AND home_pinned`,
);

/** New calls of its tenants go to other edges from now on; those that are up finish where they are. The watch sees when it is empty. */
@Injectable()
export class DrainEdge {
  constructor(
    private readonly db: Database,
    private readonly edges: EdgeQueries,
  ) {}

  /** @throws AppError resource.not_found, edge.not_enrolled, edge.tenants_pinned, edge.no_stand_by */
  execute(ctx: SystemContext, id: string): Promise<Edge> {
    return this.db.tx(ctx, async (tx) => {
      await lockScope(tx);
      const [edge] = await tx.query(lockEdge, id);
      if (!edge) throw notFound();
      if (!edge.enrolled) throw new AppError(edgeErrors.notEnrolled);
      if (edge.state !== 'active') return this.edges.byId(ctx, id);
      const [held] = await tx.query(pinned, id);
      if (held && held.tenants > 0) throw new AppError(edgeErrors.tenantsPinned, `Tenants pinned to it: ${held.tenants}. Move them first`);
      await tx.query(setEdgeState, id, 'draining');
      const moved = await moveTenantsAway(tx, ctx, id, 'drained');
      if (moved === undefined) throw new AppError(edgeErrors.noStandBy);
      audit(tx, ctx, 'edge.drain_started', id, { tenants: moved });
      return this.edges.byId(ctx, id);
    });
  }
}
