import { Inject, Injectable } from '@nestjs/common';
import { Database, Log, PLATFORM_TENANT_ID, audit, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { judge } from '../core/watch-edges.ts';
import type { WatchRules, WatchedEdge } from '../core/watch-edges.ts';
import { SILENCE } from './homes.sql.ts';
import { moveTenantsAway } from './move-homes.ts';
import { edgeContext, lockScope } from './scope.ts';

export const WATCH_RULES = Symbol('WatchRules');

type Row = WatchedEdge & { name: string; listenedSecs: number };

// Empty: it said so after it had applied, for each tenant that left since the drain began, an entry that says so. Its unsent records count as calls.
const EMPTY = `e.status->>'kamailio' = 'up' AND (e.status->>'active_calls')::int = 0 AND (e.status->>'spool_depth')::int = 0
  AND NOT EXISTS (SELECT FROM tenant t WHERE t.home_edge_id = e.id)
  AND NOT EXISTS (
    SELECT FROM tenant t LEFT JOIN edge_resource r ON r.scope = e.scope AND r.resource_type = 'tenant' AND r.resource_id = t.id::text
    WHERE t.home_moved_at >= e.state_at AND (t.home_moved_at > clock_timestamp() - interval '5 seconds' OR r.version IS NULL OR r.version > coalesce((e.status->>'applied_version')::bigint, 0)
      OR EXISTS (SELECT FROM edge_dirty d WHERE d.resource_type = 'tenant' AND d.resource_id = t.id::text)))`;
const watched = sql<Row>(
  'edge-watch',
  `SELECT e.id, e.name, e.state, e.lost_at IS NOT NULL AS lost,
     extract(epoch FROM clock_timestamp() - coalesce(e.last_up_at, e.key_enrolled_at, e.enrolled_at))::float8 AS "silentSecs",
     coalesce((SELECT extract(epoch FROM clock_timestamp() - p.listening_since) FROM gateway_presence p
               WHERE p.scope = e.scope AND p.listening_at > clock_timestamp() - interval '${SILENCE}'), 0)::float8 AS "listenedSecs",
     e.state = 'draining' AND coalesce(${EMPTY}, false) AS empty,
     (SELECT count(*) FROM tenant t WHERE t.home_edge_id = e.id AND NOT t.home_pinned)::int AS tenants
   FROM edge e WHERE e.enrolled_at IS NOT NULL AND e.deleted_at IS NULL ORDER BY e.name`,
);
const lose = sql<{ id: string }>('edge-lose', `UPDATE edge SET lost_at = clock_timestamp() WHERE id = $1 AND lost_at IS NULL RETURNING id`);
const find = sql<{ id: string }>('edge-find-again', `UPDATE edge SET lost_at = NULL WHERE id = $1 AND lost_at IS NOT NULL RETURNING id`);
const drain = sql<{ id: string }>(
  'edge-drained',
  `UPDATE edge SET state = 'drained', state_at = clock_timestamp() WHERE id = $1 AND state = 'draining' RETURNING id`,
);

/** Notices which edges are lost, are back, or are empty after a drain, and gives the tenants of a lost one another home. Safe to run anywhere. */
@Injectable()
export class WatchEdges {
  constructor(
    private readonly db: Database,
    private readonly log: Log,
    @Inject(WATCH_RULES) private readonly rules: WatchRules,
  ) {}

  async execute(): Promise<void> {
    const edges = await this.db.read(edgeContext, (tx) => tx.query(watched));
    for (const edge of edges) {
      const { lost, drained } = judge(edge, this.rules, edge.listenedSecs);
      if (lost && !edge.lost) await this.note(edge, lose, 'lost');
      if (!lost && edge.lost) await this.note(edge, find, 'recovered');
      if (drained) await this.note(edge, drain, 'drained');
    }
    if (edges.some((e) => this.mustLeave(e))) await this.db.tx(edgeContext, (tx) => this.leave(tx));
  }

  /** Whoever changes the row tells of it: two watches at once tell it once. */
  private note({ id, name }: Row, change: typeof lose, what: 'lost' | 'recovered' | 'drained'): Promise<void> {
    return this.db.tx(edgeContext, async (tx) => {
      if ((await tx.query(change, id)).length === 0) return;
      audit(tx, edgeContext, `edge.${what}`, id);
      publish(tx, { type: `edge.${what}`, tenantId: PLATFORM_TENANT_ID, data: { edgeId: id, edge: name } });
      this.log.warn({ edge: name }, `edge ${what}`);
    });
  }

  private mustLeave(edge: Row): boolean {
    return judge(edge, this.rules, edge.listenedSecs).leave;
  }

  /** Looks again under the lock: an edge that came back meanwhile keeps its tenants. */
  private async leave(tx: Tx): Promise<void> {
    await lockScope(tx);
    for (const edge of (await tx.query(watched)).filter((e) => this.mustLeave(e))) {
      const moved = await moveTenantsAway(tx, edgeContext, edge.id, 'lost');
      if (moved === undefined)
        this.log.error({ edge: edge.name, tenants: edge.tenants }, 'edge lost, and no other is at work for its tenants');
      else this.log.warn({ edge: edge.name, tenants: moved }, 'tenants of a lost edge moved to others');
    }
  }
}
