import type { Tx } from './database.ts';

/** The kinds of resource an edge's configuration is computed from. */
export type DirtyResource = 'tenant' | 'trunk' | 'number' | 'carriers' | 'allow_list' | 'channel_pool' | 'channel_group';

/**
 * Says that the edges' configuration may no longer match these resources. Only a pointer: the compiler reads what is true when it runs.
 * Must be called in the transaction of the change; written when it commits. Numbers are named by E.164, carriers and
 * the allow-list all together by `all`, the rest by uuid.
 */
export const markDirty = (tx: Tx, type: DirtyResource, ids: readonly string[]): void => {
  for (const id of ids) tx.records.marks.push([type, id]);
};
