import { systemContext } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { EntrySums } from '../core/entry-sums.ts';

/** All edges share one configuration until there are edge groups. */
export const MAIN_SCOPE = 'main';

export const edgeContext = systemContext('edge configuration');

/** The NOTIFY channel that says that entries were written. */
export const EDGE_ENTRY = 'edge_entry';

/** The state of the scope: versions as numbers, for they travel as JSON (a scope would need 2⁵³ changes to run out). */
export type Scope = { readonly version: number; readonly floor: number; readonly sums: EntrySums };

type Row = { version: bigint; floor: bigint; sums: EntrySums };
const COLUMNS = `version, floor, checksums AS sums`;
const lock = sql<Row>('edge-scope-lock', `SELECT ${COLUMNS} FROM edge_scope WHERE scope = '${MAIN_SCOPE}' FOR UPDATE`);
const read = sql<Row>('edge-scope-read', `SELECT ${COLUMNS} FROM edge_scope WHERE scope = '${MAIN_SCOPE}'`);

const scopeOf = ([row]: readonly Row[]): Scope => {
  if (!row) throw new Error(`edge_scope has no row ${MAIN_SCOPE}`);
  return { version: Number(row.version), floor: Number(row.floor), sums: row.sums };
};

/** Locks the scope to the end of the transaction: one writer at a time, so versions become visible in the order in which they were given. */
export const lockScope = async (tx: Tx): Promise<Scope> => scopeOf(await tx.query(lock));

export const readScope = async (tx: Tx): Promise<Scope> => scopeOf(await tx.query(read));

/** Makes all reads of the transaction see one moment. Must be its first statement. */
export const repeatableRead = sql('repeatable-read', 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
