import { newId, notFound } from '@trunkline/kernel';
import type { AboveContext } from '@trunkline/kernel';
import { publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { HoldStops } from '../core/hold.ts';

// A tenant has the hold `parent` exactly as long as the tenant above it has any, and it stops what they stop. One lock for a whole tree, taken last, keeps that true: whoever has it waits for
// nothing more.
const lock = sql<{ id: string }>(
  'tenant-tree-lock',
  `SELECT id, pg_advisory_xact_lock(hashtextextended('tenant_tree:' || path[1]::text, 0)) FROM tenant_node WHERE id = $1`,
);
// what the tenants right below some should have, and have
const followers = sql<{ id: string; stops: HoldStops | null; had: HoldStops | null }>(
  'hold-followers',
  `SELECT n.id, above.stops, own.stops AS had FROM tenant_node n
   LEFT JOIN LATERAL (SELECT min(h.stops) AS stops FROM hold h WHERE h.tenant_id = n.parent_id AND h.lifted_at IS NULL) AS above ON true
   LEFT JOIN hold own ON own.tenant_id = n.id AND own.kind = 'parent' AND own.lifted_at IS NULL
   WHERE n.parent_id = ANY ($1::uuid[]) AND above.stops IS DISTINCT FROM own.stops`, // 'all' < 'outbound'
);
const place = sql(
  'hold-place-below',
  `INSERT INTO hold (tenant_id, id, kind, stops, reason, placed_at) SELECT tenant, id, 'parent', stops, $4, $5 FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS h (tenant, id, stops)`,
);
const change = sql(
  'hold-change-below',
  `UPDATE hold h SET stops = w.stops FROM unnest($1::uuid[], $2::text[]) AS w (tenant, stops) WHERE h.tenant_id = w.tenant AND h.kind = 'parent' AND h.lifted_at IS NULL`,
);
const lift = sql(
  'hold-lift-below',
  `UPDATE hold SET lifted_at = $2 WHERE tenant_id = ANY ($1::uuid[]) AND kind = 'parent' AND lifted_at IS NULL`,
);
const standing = sql<{ stops: HoldStops | null }>(
  'hold-standing',
  `SELECT min(stops) AS stops FROM hold WHERE tenant_id = $1 AND lifted_at IS NULL`,
);

/** What a tenant learns of a hold above it. */
export const PARENT_REASON = 'A tenant above this one is held';

/** Nobody places or lifts holds, or plants tenants, in the tenant's whole tree until the transaction ends. @throws AppError resource.not_found, for a subtree's root too */
export const lockTree = async (tx: Tx, ctx: AboveContext, tenantId: string): Promise<void> => {
  const found = ctx.kind === 'subtree' && ctx.tenantId === tenantId ? [] : await tx.query(lock, tenantId);
  if (found.length === 0) throw notFound();
};

/** The same for a tenant that is about to be planted below another. */
export const lockTreeOf = async (tx: Tx, parentId: string): Promise<void> => void (await tx.query(lock, parentId));

/** What all holds of a tenant stop together; null: nothing. */
export const stopsOf = async (tx: Tx, tenantId: string): Promise<HoldStops | null> =>
  (await tx.query(standing, tenantId))[0]?.stops ?? null;

/** A tenant whose hold `parent` follows another's: what it stops now; null: it was lifted. */
export type Follower = { readonly id: string; readonly stops: HoldStops | null };

/** Has everybody below a tenant held as it is itself, level by level for as long as that changes anything. @returns those whose hold was placed, changed or lifted */
export const followBelow = async (tx: Tx, tenantId: string, now: Date): Promise<Follower[]> => {
  const changed: Follower[] = [];
  for (let above = [tenantId]; above.length > 0;) {
    const level = await tx.query(followers, above);
    const [held, freed] = [level.filter(({ stops }) => stops !== null), level.filter(({ stops }) => stops === null)];
    const [fresh, kept] = [held.filter(({ had }) => had === null), held.filter(({ had }) => had !== null)];
    if (fresh.length > 0) await holdAll(tx, fresh, now);
    if (kept.length > 0) await tx.query(change, ids(kept), kept.map(({ stops }) => stops)); // prettier-ignore
    if (freed.length > 0) await tx.query(lift, ids(freed), now);
    changed.push(...level);
    above = ids(level);
  }
  return changed;
};

/** Gives these tenants, who have none, the hold `parent`. */
export const holdAll = async (tx: Tx, tenants: readonly Follower[], now: Date): Promise<void> => {
  await tx.query(place, ids(tenants), tenants.map(newId), tenants.map(({ stops }) => stops), PARENT_REASON, now); // prettier-ignore
};

/** Tells the followers. */
export const tellBelow = (tx: Tx, followers: readonly Follower[]): void => {
  for (const { id, stops } of followers) {
    if (stops === null) publish(tx, { type: 'tenant.hold_lifted', tenantId: id, data: { tenantId: id, kind: 'parent' } });
    else publish(tx, { type: 'tenant.held', tenantId: id, data: { tenantId: id, kind: 'parent', reason: PARENT_REASON, stops } });
  }
};

const ids = (tenants: readonly Follower[]): string[] => tenants.map(({ id }) => id);
