import { systemContext } from '@trunkline/kernel';
import type { Database, Sql } from '../db/database.ts';
import type { Log } from '../telemetry/log.ts';

/**
 * Does something for each row that has waited since a time. One that fails holds up none behind it, and is found again by the next sweep.
 * @param purpose of the sweep, for audit and log: 'sweep caller names'
 */
export const sweepEach = async <T extends object>(
  { db, log }: { readonly db: Database; readonly log: Log },
  purpose: string,
  waiting: Sql<T>,
  since: Date,
  act: (row: T) => Promise<void>,
): Promise<void> => {
  const rows = await db.read(systemContext(purpose), (tx) => tx.query(waiting, since));
  for (const row of rows) await act(row).catch((err: unknown) => log.error({ ...row, err }, `${purpose}: tried again later`));
};
