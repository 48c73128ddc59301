import type { SystemContext } from '@trunkline/kernel';
import { audit, markDirty, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { spread } from '../core/choose-homes.ts';
import { homes, isAtWork } from './homes.sql.ts';
import type { HomeRow } from './homes.sql.ts';

/** Why a tenant's home moved; `returned`: back to where it was before. */
export type MoveCause = 'lost' | 'drained' | 'returned' | 'operator';

const movable = sql<{ id: string }>('home-movable', `SELECT id FROM tenant WHERE home_edge_id = $1 AND NOT home_pinned ORDER BY id`);
const away = sql<{ id: string }>('home-away', `SELECT id FROM tenant WHERE home_moved_from_id = $1 AND NOT home_pinned ORDER BY id`);
// the first home is remembered over several moves, until the tenant is there again
const move = sql<{ id: string }>(
  'home-move',
  `UPDATE tenant t SET home_edge_id = m.edge, home_moved_at = clock_timestamp(),
     home_moved_from_id = nullif(coalesce(t.home_moved_from_id, t.home_edge_id), m.edge)
   FROM unnest($1::uuid[], $2::uuid[]) AS m (tenant, edge) WHERE t.id = m.tenant AND t.home_edge_id IS DISTINCT FROM m.edge RETURNING t.id`,
);

/**
 * Moves the tenants of an edge to those at work, all but the pinned. The scope must be locked.
 * @returns how many were moved; undefined when there are some and no edge is at work for them
 */
export const moveTenantsAway = async (tx: Tx, ctx: SystemContext, edgeId: string, cause: MoveCause): Promise<number | undefined> => {
  const tenants = await tx.query(movable, edgeId);
  const others = (await tx.query(homes)).filter((e) => e.id !== edgeId && isAtWork(e));
  const given = spread(tenants.length, others);
  if (tenants.length === 0) return 0;
  if (!given) return undefined;
  return moveTenants(tx, ctx, tenants.map((t) => t.id), given, others, { edgeId, cause }); // prettier-ignore
};

/** Moves the tenants back that were moved away from an edge. The scope must be locked. */
export const moveTenantsBack = async (tx: Tx, ctx: SystemContext, edge: HomeRow): Promise<number> => {
  const tenants = (await tx.query(away, edge.id)).map((t) => t.id);
  return moveTenants(tx, ctx, tenants, tenants.map(() => edge.id), [edge], { edgeId: edge.id, cause: 'returned' }); // prettier-ignore
};

/** @param about the edge that the audit entry names */
const moveTenants = async (
  tx: Tx,
  ctx: SystemContext,
  tenants: readonly string[],
  given: readonly string[],
  edges: readonly HomeRow[],
  about: { readonly edgeId: string; readonly cause: MoveCause },
): Promise<number> => {
  if (tenants.length === 0) return 0;
  const moved = new Set((await tx.query(move, tenants, given)).map((t) => t.id));
  const names = new Map(edges.map((e) => [e.id, e]));
  tenants.forEach((id, i) => {
    const home = names.get(given[i] ?? '');
    if (home && moved.has(id)) announceMove(tx, id, home, about.cause);
  });
  markDirty(tx, 'tenant', [...moved]);
  audit(tx, ctx, 'edge.tenants_moved', about.edgeId, { cause: about.cause, tenants: moved.size });
  return moved.size;
};

/** Tells the tenant where its PBX is to send calls from now on. */
export const announceMove = (tx: Tx, tenantId: string, home: Pick<HomeRow, 'name' | 'sipAddress'>, cause: MoveCause): void =>
  publish(tx, { type: 'tenant.home_moved', tenantId, data: { tenantId, edge: home.name, sipAddress: home.sipAddress, cause } });
