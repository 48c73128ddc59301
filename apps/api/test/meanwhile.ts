import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { ApiHarness } from './harness.ts';

/** A request while somebody else writes to the database: their transaction, begun before, is committed as soon as the request waits for it. */
export const meanwhile = async <T>(api: ApiHarness, statement: string, values: unknown[], request: () => Promise<T>): Promise<T> => {
  const [other, watch] = [0, 1].map(() => new pg.Client({ connectionString: api.database.ownerUrl })) as [pg.Client, pg.Client];
  await Promise.all([other.connect(), watch.connect()]);
  try {
    await other.query('BEGIN');
    await other.query(statement, values);
    const answer = request();
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    while ((await watch.query(waiting)).rowCount === 0) await sleep(10);
    await other.query('COMMIT');
    return await answer;
  } finally {
    await Promise.all([other.end(), watch.end()]);
  }
};
