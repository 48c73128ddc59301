import { sql } from './database.ts';
import type { Tx } from './database.ts';

/** The kinds of resource an edge's configuration is computed from. */
export type DirtyResource = 'tenant' | 'trunk' | 'number' | 'carriers';

/** The channel that wakes the compiler. */
export const EDGE_DIRTY = 'edge_dirty';

const insertDirty = sql(
  'edge-dirty-insert',
  `WITH marked AS (INSERT INTO edge_dirty (resource_type, resource_id, created_at) SELECT $1, unnest($2::text[]), clock_timestamp()) SELECT pg_notify('${EDGE_DIRTY}', '')`,
);

/**
 * Says that the edges' configuration may no longer match these resources. Only a pointer: the compiler reads what is true when it runs.
 * Must be called in the transaction of the change. Numbers are named by E.164, carriers all together by `all`, the rest by uuid.
 */
export const markDirty = async (tx: Tx, type: DirtyResource, ids: readonly string[]): Promise<void> => {
  if (ids.length > 0) await tx.query(insertDirty, type, ids);
};
