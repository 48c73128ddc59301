import { sql } from '@trunkline/platform';

/** An agent reports every 5 s: three missed reports. */
export const SILENCE = '15 seconds';

/** An edge as a home: where tenants are, and could be. `up`: it reported a moment ago that its Kamailio runs. */
export type HomeRow = {
  id: string;
  name: string;
  sipAddress: string;
  active: boolean;
  lost: boolean;
  up: boolean;
  tenants: number;
};

/** Every edge that has enrolled and is not deleted. */
export const homes = sql<HomeRow>(
  'edge-homes',
  `SELECT e.id, e.name, e.sip_address AS "sipAddress", e.state = 'active' AS active, e.lost_at IS NOT NULL AS lost,
     coalesce(e.last_up_at > clock_timestamp() - interval '${SILENCE}', false) AS up, count(t.id)::int AS tenants
   FROM edge e LEFT JOIN tenant t ON t.home_edge_id = e.id WHERE e.enrolled_at IS NOT NULL AND e.deleted_at IS NULL GROUP BY e.id ORDER BY e.name`,
);

/** Whether tenants may be moved to it. */
export const isAtWork = ({ active, lost, up }: HomeRow): boolean => active && up && !lost;

export type EdgeRow = { id: string; name: string; state: 'active' | 'draining' | 'drained'; enrolled: boolean; lost: boolean };

/** Held to the end of the transaction. The scope is locked before it, always in this order. */
export const lockEdge = sql<EdgeRow>(
  'edge-lock',
  `SELECT id, name, state, enrolled_at IS NOT NULL AS enrolled, lost_at IS NOT NULL AS lost FROM edge WHERE id = $1 AND deleted_at IS NULL FOR UPDATE`,
);

export const setEdgeState = sql('edge-state-set', `UPDATE edge SET state = $2, state_at = clock_timestamp() WHERE id = $1`);
