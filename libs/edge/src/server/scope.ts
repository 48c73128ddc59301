import { systemContext } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { EntrySums } from '../core/entry-sums.ts';
import type { Removals } from '../core/removal-brake.ts';

/** All edges share one configuration until there are edge groups. */
export const MAIN_SCOPE = 'main';

export const edgeContext = systemContext('edge configuration');

/** The NOTIFY channel that says that entries were written. */
export const EDGE_ENTRY = 'edge_entry';
/** The NOTIFY channel that says that a sweep is wanted now. */
export const EDGE_SWEEP = 'edge_sweep';

/**
 * The state of the scope: versions as numbers, for they travel as JSON (a scope would need 2⁵³ changes to run out). `blocked`: why the last sweep
 * stopped itself; `released`: what an operator let the next one remove.
 */
export type Scope = {
  readonly version: number;
  readonly floor: number;
  readonly sums: EntrySums;
  readonly blocked: string | null;
  readonly released: Removals | null;
};

type Row = Omit<Scope, 'version' | 'floor'> & { version: bigint; floor: bigint };
const COLUMNS = `version, floor, checksums AS sums, sweep_blocked AS blocked, sweep_released_removals AS released`;
const lock = sql<Row>('edge-scope-lock', `SELECT ${COLUMNS} FROM edge_scope WHERE scope = '${MAIN_SCOPE}' FOR UPDATE`);
const read = sql<Row>('edge-scope-read', `SELECT ${COLUMNS} FROM edge_scope WHERE scope = '${MAIN_SCOPE}'`);

const scopeOf = ([row]: readonly Row[]): Scope => {
  if (!row) throw new Error(`edge_scope has no row ${MAIN_SCOPE}`);
  return { ...row, version: Number(row.version), floor: Number(row.floor) };
};

/** Locks the scope to the end of the transaction: one writer at a time, so versions become visible in the order in which they were given. */
export const lockScope = async (tx: Tx): Promise<Scope> => scopeOf(await tx.query(lock));

export const readScope = async (tx: Tx): Promise<Scope> => scopeOf(await tx.query(read));

/** Makes all reads of the transaction see one moment. Must be its first statement. */
export const repeatableRead = sql('repeatable-read', 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
