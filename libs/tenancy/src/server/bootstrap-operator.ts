import { Injectable } from '@nestjs/common';
import { Clock, newId, systemContext } from '@trunkline/kernel';
import { Database, audit, sql } from '@trunkline/platform';
import { apiKeyHint } from '../core/api-key.ts';
import { hashKey, newApiKey } from './hash-key.ts';

const lock = sql('operator-key-lock', `LOCK TABLE operator_key IN EXCLUSIVE MODE`);
const any = sql<{ id: string }>('operator-key-any', `SELECT id FROM operator_key LIMIT 1`);
const insert = sql('operator-key-insert', `INSERT INTO operator_key (id, name, hash, hint, created_at) VALUES ($1, $2, $3, $4, $5)`);

/** Makes the operator's first key on a fresh platform. Returns it once; on a platform that has one, undefined. */
@Injectable()
export class BootstrapOperator {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  execute(): Promise<string | undefined> {
    const ctx = systemContext('bootstrap operator');
    return this.db.tx(ctx, async (tx) => {
      await tx.query(lock); // two processes may start on one empty platform
      if ((await tx.query(any)).length > 0) return undefined;
      const key = newApiKey();
      const id = newId();
      await tx.query(insert, id, 'bootstrap', hashKey(key), apiKeyHint(key), this.clock.now());
      audit(tx, ctx, 'operator_key.created', id, { name: 'bootstrap' });
      return key;
    });
  }
}
