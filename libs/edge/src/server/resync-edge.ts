import { Injectable } from '@nestjs/common';
import { AppError, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, sql } from '@trunkline/platform';
import { edgeErrors } from '../core/errors.ts';
import { EdgeQueries } from './edge-queries.ts';
import type { Edge } from './edge-queries.ts';
import { lockEdge } from './homes.sql.ts';
import { EDGE_ENTRY } from './scope.ts';

const request = sql('edge-resync-request', `UPDATE edge SET resync_requested_at = clock_timestamp() WHERE id = $1`);
const wake = sql('edge-resync-wake', `SELECT pg_notify('${EDGE_ENTRY}', '')`);

/** Asks that an edge be sent everything anew: at once, or when it connects. */
@Injectable()
export class ResyncEdge {
  constructor(
    private readonly db: Database,
    private readonly edges: EdgeQueries,
  ) {}

  /** @throws AppError resource.not_found, edge.not_enrolled */
  execute(ctx: SystemContext, id: string): Promise<Edge> {
    return this.db.tx(ctx, async (tx) => {
      const [edge] = await tx.query(lockEdge, id);
      if (!edge) throw notFound();
      if (!edge.enrolled) throw new AppError(edgeErrors.notEnrolled);
      await tx.query(request, id);
      await tx.query(wake);
      audit(tx, ctx, 'edge.resync_requested', id);
      return this.edges.byId(ctx, id);
    });
  }
}
