import { Injectable } from '@nestjs/common';
import { AppError, Clock, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, sql } from '@trunkline/platform';
import { edgeErrors } from '../core/errors.ts';
import { lockEdge } from './homes.sql.ts';
import { lockScope } from './scope.ts';

const atHome = sql<{ tenants: number }>('edge-at-home', `SELECT count(*)::int AS tenants FROM tenant WHERE home_edge_id = $1`);
const forget = sql('edge-moved-forget', `UPDATE tenant SET home_moved_from_id = NULL WHERE home_moved_from_id = $1`);
const remove = sql(
  'edge-delete',
  `UPDATE edge SET deleted_at = $2, public_key = NULL, enrol_token_hash = NULL, resync_requested_at = NULL WHERE id = $1`,
);

/** Ends an edge: its key proves nothing any more, its name is free. The row stays, since call records name it. */
@Injectable()
export class DeleteEdge {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, edge.in_use, edge.has_tenants */
  execute(ctx: SystemContext, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      await lockScope(tx); // nobody gives it a tenant meanwhile
      const [edge] = await tx.query(lockEdge, id);
      if (!edge) throw notFound();
      if (edge.enrolled && edge.state !== 'drained' && !edge.lost) throw new AppError(edgeErrors.inUse);
      const [home] = await tx.query(atHome, id);
      if (home && home.tenants > 0) throw new AppError(edgeErrors.hasTenants, `Tenants at home on it: ${home.tenants}. Move them first`);
      await tx.query(forget, id);
      await tx.query(remove, id, this.clock.now());
      audit(tx, ctx, 'edge.deleted', id, { name: edge.name });
    });
  }
}
