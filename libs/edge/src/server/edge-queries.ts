import { Injectable } from '@nestjs/common';
import { notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import type { EdgeState } from '../core/watch-edges.ts';
import { SILENCE } from './homes.sql.ts';

/** An edge and how far it has come. */
export type Edge = {
  readonly id: string;
  readonly name: string;
  readonly sipAddress: string;
  readonly createdAt: Date;
  readonly state: EdgeState;
  readonly stateAt: Date | null;
  readonly lostAt: Date | null;
  readonly enrolledAt: Date | null;
  readonly keyEnrolledAt: Date | null;
  readonly keyAgeSecs: number | null;
  readonly connected: boolean; //        it was heard of within the last seconds
  readonly lastSeenAt: Date | null;
  readonly contract: number | null;
  readonly agentVersion: string | null;
  readonly refusedCode: string | null; // why it was turned away last; null since it was let in
  readonly refusedAt: Date | null;
  readonly desiredVersion: bigint; //    of its scope
  readonly appliedVersion: bigint;
  readonly appliedAt: Date | null;
  readonly lagSecs: number; //           how long its oldest missing entry has been there
  readonly driftedAt: Date | null;
  readonly driftKinds: readonly string[];
  readonly drifts: number;
  readonly resyncRequestedAt: Date | null;
  readonly resyncedAt: Date | null;
  readonly resyncs: number;
  readonly sweptAt: Date | null; //      of its scope, as all about the sweep
  readonly sweepRepaired: number | null;
  readonly sweepBlocked: string | null;
  readonly tenants: number; //           whose home it is
  readonly status: ReportedStatus | null;
};

/** What the edge said of itself when it was last seen. */
export type ReportedStatus = {
  readonly kamailio: 'up' | 'down';
  readonly spool_depth: number;
  readonly active_calls: number;
  readonly bundle: string;
};

const secondsSince = (time: string) => `greatest(0, floor(extract(epoch FROM clock_timestamp() - ${time})))::int`;
const SELECT = `SELECT e.id, e.name, e.sip_address AS "sipAddress", e.created_at AS "createdAt", e.state, e.state_at AS "stateAt", e.lost_at AS "lostAt",
    e.enrolled_at AS "enrolledAt", e.key_enrolled_at AS "keyEnrolledAt", ${secondsSince('e.key_enrolled_at')} AS "keyAgeSecs",
    coalesce(e.last_seen_at > clock_timestamp() - interval '${SILENCE}', false) AS connected, e.last_seen_at AS "lastSeenAt",
    e.contract, e.agent_version AS "agentVersion", e.refused_code AS "refusedCode", e.refused_at AS "refusedAt",
    s.version AS "desiredVersion", e.applied_version AS "appliedVersion", e.applied_at AS "appliedAt",
    coalesce((SELECT ${secondsSince('n.updated_at')} FROM edge_entry n WHERE n.scope = e.scope AND n.version > e.applied_version ORDER BY n.version LIMIT 1), 0) AS "lagSecs",
    e.drifted_at AS "driftedAt", e.drift_kinds AS "driftKinds", e.drifts,
    e.resync_requested_at AS "resyncRequestedAt", e.resynced_at AS "resyncedAt", e.resyncs,
    s.swept_at AS "sweptAt", s.sweep_repaired AS "sweepRepaired", s.sweep_blocked AS "sweepBlocked",
    (SELECT count(*) FROM tenant t WHERE t.home_edge_id = e.id)::int AS tenants, e.status
  FROM edge e JOIN edge_scope s ON s.scope = e.scope WHERE e.deleted_at IS NULL`;
const all = sql<Edge>('edge-list', `${SELECT} ORDER BY e.name`);
const one = sql<Edge>('edge-one', `${SELECT} AND e.id = $1`);

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
