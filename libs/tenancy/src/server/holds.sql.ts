import { newId, notFound } from '@trunkline/kernel';
import type { AboveContext } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

// A tenant has the hold `parent` exactly as long as the tenant above it has any. One lock for a whole tree, taken last, keeps that true: whoever has it waits for
// nothing more.
const lock = sql<{ id: string }>(
  'tenant-tree-lock',
  `SELECT id, pg_advisory_xact_lock(hashtextextended('tenant_tree:' || path[1]::text, 0)) FROM tenant_node WHERE id = $1`,
);
const children = sql<{ id: string }>('tenant-children', `SELECT id FROM tenant_node WHERE parent_id = ANY ($1::uuid[])`);
const place = sql<{ tenantId: string }>(
  'hold-place-below',
  `INSERT INTO hold (tenant_id, id, kind, reason, placed_at) SELECT tenant, id, 'parent', $3, $4 FROM unnest($1::uuid[], $2::uuid[]) AS h (tenant, id)
   ON CONFLICT (tenant_id, kind) WHERE lifted_at IS NULL DO NOTHING RETURNING tenant_id AS "tenantId"`,
);
const lift = sql<{ tenantId: string }>(
  'hold-lift-below',
  `UPDATE hold SET lifted_at = $2 WHERE tenant_id = ANY ($1::uuid[]) AND kind = 'parent' AND lifted_at IS NULL RETURNING tenant_id AS "tenantId"`,
);
const stillHeld = sql<{ tenantId: string }>(
  'hold-any',
  `SELECT DISTINCT tenant_id AS "tenantId" FROM hold WHERE tenant_id = ANY ($1::uuid[]) AND lifted_at IS NULL`,
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

export const isHeld = async (tx: Tx, tenantId: string): Promise<boolean> => (await tx.query(stillHeld, [tenantId])).length > 0;

/** Holds everybody below a tenant that is held. @returns those held now */
export const holdBelow = async (tx: Tx, tenantId: string, now: Date): Promise<string[]> => {
  const held: string[] = [];
  for (let level = [tenantId]; level.length > 0; held.push(...level)) {
    const ids = (await tx.query(children, level)).map(({ id }) => id);
    level = ids.length === 0 ? [] : await holdAll(tx, ids, now);
  }
  return held;
};

/** Gives these tenants the hold `parent`. @returns those that had none */
export const holdAll = async (tx: Tx, ids: readonly string[], now: Date): Promise<string[]> =>
  (await tx.query(place, ids, ids.map(newId), PARENT_REASON, now)).map(({ tenantId }) => tenantId);

/** Frees everybody below a tenant that is held no more, down to whoever is held for a reason of its own. @returns those whose hold was lifted */
export const freeBelow = async (tx: Tx, tenantId: string, now: Date): Promise<string[]> => {
  const lifted: string[] = [];
  for (let free = [tenantId]; free.length > 0;) {
    const ids = (await tx.query(children, free)).map(({ id }) => id);
    const level = ids.length === 0 ? [] : (await tx.query(lift, ids, now)).map((row) => row.tenantId);
    lifted.push(...level);
    const held = new Set((await tx.query(stillHeld, level)).map((row) => row.tenantId));
    free = level.filter((id) => !held.has(id));
  }
  return lifted;
};
