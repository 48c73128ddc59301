import { Injectable } from '@nestjs/common';
import { notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';

/** An edge and how far it has come. */
export type Edge = {
  readonly id: string;
  readonly name: string;
  readonly sipAddress: string;
  readonly createdAt: Date;
  readonly enrolledAt: Date | null;
  readonly connected: boolean; //        it was heard of within the last seconds
  readonly lastSeenAt: Date | null;
  readonly desiredVersion: bigint; //    of its scope
  readonly appliedVersion: bigint;
  readonly appliedAt: Date | null;
  readonly driftedAt: Date | null;
  readonly sweptAt: Date | null; //      of its scope
  readonly sweepBlocked: string | null;
  readonly tenants: bigint; //           whose home it is
  readonly status: ReportedStatus | null;
};

/** What the edge said of itself when it was last seen. */
export type ReportedStatus = {
  readonly kamailio: 'up' | 'down';
  readonly spool_depth: number;
  readonly active_calls: number;
  readonly bundle: string;
};

/** An agent reports every 5 s: three missed reports. */
export const SILENCE = '15 seconds';
const SELECT = `SELECT e.id, e.name, e.sip_address AS "sipAddress", e.created_at AS "createdAt", e.enrolled_at AS "enrolledAt",
    coalesce(e.last_seen_at > clock_timestamp() - interval '${SILENCE}', false) AS connected, e.last_seen_at AS "lastSeenAt",
    s.version AS "desiredVersion", e.applied_version AS "appliedVersion", e.applied_at AS "appliedAt", e.drifted_at AS "driftedAt",
    s.swept_at AS "sweptAt", s.sweep_blocked AS "sweepBlocked", (SELECT count(*) FROM tenant t WHERE t.home_edge_id = e.id) AS tenants, e.status
  FROM edge e JOIN edge_scope s ON s.scope = e.scope`;
const all = sql<Edge>('edge-list', `${SELECT} ORDER BY e.name`);
const one = sql<Edge>('edge-one', `${SELECT} WHERE e.id = $1`);

@Injectable()
export class EdgeQueries {
  constructor(private readonly db: Database) {}

  /** All of them, by name: an operator has few. */
  list(ctx: SystemContext): Promise<Edge[]> {
    return this.db.read(ctx, (tx) => tx.query(all));
  }

  /** @throws AppError resource.not_found */
  byId(ctx: SystemContext, id: string): Promise<Edge> {
    return this.db.read(ctx, async (tx) => {
      const [edge] = await tx.query(one, id);
      if (!edge) throw notFound();
      return edge;
    });
  }
}
