import pg from 'pg';
import type { PoolClient } from 'pg';
import { currentScope } from './scope.ts';

/**
 * What Prisma sees as its pool. It owns no connection: every query goes to the client of the transaction in scope, and the
 * transactions Prisma opens by itself (nested writes) become savepoints of it.
 */
export class ScopedPool extends pg.Pool {
  override query(...args: unknown[]): never {
    return (currentScope().client.query as (...a: unknown[]) => never)(...args);
  }

  override connect(): never {
    const scope = currentScope();
    const name = `prisma_${++scope.savepoints}`;
    const swaps: Record<string, string> = { BEGIN: `SAVEPOINT ${name}`, COMMIT: `RELEASE ${name}`, ROLLBACK: `ROLLBACK TO ${name}` };
    const { client } = scope;
    const query = (q: string | { text: string }, ...rest: unknown[]) => {
      const swap = swaps[(typeof q === 'string' ? q : q.text).trim().toUpperCase()];
      return (client.query as (...a: unknown[]) => unknown)(swap ?? q, ...(swap ? [] : rest));
    };
    const nested = Object.assign(Object.create(client) as PoolClient, {
      query,
      release: () => {},
      on: () => client,
      once: () => client,
      removeListener: () => client,
    });
    return Promise.resolve(nested) as never;
  }
}
