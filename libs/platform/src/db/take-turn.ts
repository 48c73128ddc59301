import { sql } from './database.ts';
import type { Tx } from './database.ts';

const wait = sql('turn', `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`);

/**
 * Waits until nobody else has the turn of this name, and keeps it until the transaction ends: for what is counted and then added to, where there is no
 * row that both would lock. A statement after it sees what the one before has written.
 */
export const takeTurn = (tx: Tx, name: string): Promise<unknown> => tx.query(wait, name);
