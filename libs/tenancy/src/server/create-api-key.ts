import { Injectable } from '@nestjs/common';
import { Clock, newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, sql } from '@trunkline/platform';
import type { ApiScope } from '@trunkline/platform';
import { apiKeyHint } from '../core/api-key.ts';
import type { ApiKey } from './api-key-queries.ts';
import { hashKey, newApiKey } from './hash-key.ts';

export type NewApiKey = { readonly name: string; readonly scopes: readonly ApiScope[]; readonly expiresAt: Date | null };

const insert = sql(
  'api-key-insert',
  `INSERT INTO api_key (tenant_id, id, name, hash, hint, scopes, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

/** Makes a key and returns its secret, which nothing can show again. */
@Injectable()
export class CreateApiKey {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  execute(ctx: TenantContext, input: NewApiKey): Promise<ApiKey & { readonly secret: string }> {
    return this.db.tx(ctx, async (tx) => {
      const secret = newApiKey();
      const key = {
        id: newId(),
        ...input,
        scopes: [...input.scopes],
        hint: apiKeyHint(secret),
        createdAt: this.clock.now(),
        revokedAt: null,
      };
      await tx.query(insert, ctx.tenantId, key.id, key.name, hashKey(secret), key.hint, key.scopes, key.expiresAt, key.createdAt);
      await audit(tx, ctx, 'api_key.created', key.id, { name: key.name, scopes: key.scopes });
      return { ...key, secret };
    });
  }
}
