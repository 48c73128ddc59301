import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, publish, sql, takeTurn } from '@trunkline/platform';
import type { ApiScope } from '@trunkline/platform';
import { apiKeyHint } from '../core/api-key.ts';
import { tenancyErrors } from '../core/errors.ts';
import type { KeyLimits } from '../core/key-limits.ts';
import type { ApiKey } from './api-key-queries.ts';
import { refuseBeyond } from './api-keys.sql.ts';
import { hashKey, newApiKey } from './hash-key.ts';
import { refusePast } from './refuse-past.ts';

export type NewApiKey = KeyLimits & { readonly name: string; readonly scopes: readonly ApiScope[] };

const insert = sql(
  'api-key-insert',
  `INSERT INTO api_key (tenant_id, id, name, hash, hint, scopes, expires_at, created_at, updated_at, allowed_networks) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)`,
);

/** Enough for each of many tools of a tenant; without an end, one that went wrong would fill the table of keys. */
const LIVE_MAX = 500;
const countLive = sql<{ live: number }>(
  'api-key-count',
  `SELECT count(*)::int AS live FROM api_key WHERE tenant_id = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)`,
);

/** Makes a key and returns its secret, which nothing can show again. */
@Injectable()
export class CreateApiKey {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError auth.scope_missing: a key gives no more than it has; api_key.too_many */
  execute(ctx: TenantContext, input: NewApiKey): Promise<ApiKey & { readonly secret: string }> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      refusePast(input.expiresAt, now);
      await refuseBeyond(this.db, ctx, input);
      await takeTurn(tx, `api_key:${ctx.tenantId}`);
      const [count] = await tx.query(countLive, ctx.tenantId, now);
      if (count && count.live >= LIVE_MAX) throw new AppError(tenancyErrors.tooManyKeys);
      const secret = newApiKey();
      const unused = { revokedAt: null, lastUsedAt: null, oldValidUntil: null };
      const key: ApiKey = { id: newId(), ...input, hint: apiKeyHint(secret), ...unused, revision: 1, createdAt: now, updatedAt: now };
      const { id, name, hint, scopes, expiresAt, allowedNetworks } = key;
      await tx.query(insert, ctx.tenantId, id, name, hashKey(secret), hint, scopes, expiresAt, now, allowedNetworks);
      audit(tx, ctx, 'api_key.created', id, { name, scopes, expiresAt, allowedNetworks });
      publish(tx, { type: 'api_key.created', tenantId: ctx.tenantId, data: { apiKeyId: id, name } });
      return { ...key, secret };
    });
  }
}
