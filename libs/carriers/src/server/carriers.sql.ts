import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

const ids = sql<{ id: string }>('carrier-ids', `SELECT id FROM carrier`);

/** The uuids of all carriers: dozens, so whoever checks many references asks once. */
export const carrierIds = async (tx: Tx): Promise<ReadonlySet<string>> => new Set((await tx.query(ids)).map((r) => r.id));
