import { AsyncLocalStorage } from 'node:async_hooks';
import type { Context } from '@trunkline/kernel';
import type { PoolClient } from 'pg';
import type { CommitRecords } from './commit-records.ts';

/** The transaction the current call chain runs in. Prisma and raw SQL both look here, so they share one connection. */
export type Scope = {
  readonly ctx: Context;
  readonly client: PoolClient;
  readonly readOnly: boolean;
  readonly records: CommitRecords;
  savepoints: number;
};

export const scopes = new AsyncLocalStorage<Scope>();

export const currentScope = (): Scope => {
  const scope = scopes.getStore();
  if (!scope) throw new Error('database used outside db.tx or db.read');
  return scope;
};
