import { Injectable } from '@nestjs/common';
import { Clock, newId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, sql } from '@trunkline/platform';
import { apiKeyHint } from '../core/api-key.ts';
import { hashKey, newApiKey } from './hash-key.ts';
import type { OperatorKey } from './operator-key-queries.ts';
import { refusePast } from './refuse-past.ts';

export type NewOperatorKey = { readonly name: string; readonly expiresAt: Date | null; readonly allowedNetworks: readonly string[] };

const insert = sql(
  'operator-key-create',
  `INSERT INTO operator_key (id, name, hash, hint, created_at, expires_at, allowed_networks) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
);

/** Another key of the operator's own, for one more person or tool. Its secret is returned once. */
@Injectable()
export class CreateOperatorKey {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError request.invalid at /expires_at */
  execute(ctx: SystemContext, input: NewOperatorKey): Promise<OperatorKey & { readonly secret: string }> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      refusePast(input.expiresAt, now);
      const secret = newApiKey();
      const key = {
        id: newId(),
        ...input,
        hint: apiKeyHint(secret),
        revokedAt: null,
        lastUsedAt: null,
        oldValidUntil: null,
        createdAt: now,
      };
      await tx.query(insert, key.id, key.name, hashKey(secret), key.hint, now, key.expiresAt, key.allowedNetworks);
      audit(tx, ctx, 'operator_key.created', key.id, input);
      return { ...key, secret };
    });
  }
}
