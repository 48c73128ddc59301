import { Injectable } from '@nestjs/common';
import { AppError, Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, expectRevision, publish, sql } from '@trunkline/platform';
import { apiKeyHint } from '../core/api-key.ts';
import { tenancyErrors } from '../core/errors.ts';
import type { ApiKey } from './api-key-queries.ts';
import { lockApiKey, refuseBeyond } from './api-keys.sql.ts';
import { hashKey, newApiKey } from './hash-key.ts';
import { forgetKeys } from './known-keys.ts';

const rotate = sql(
  'api-key-rotate',
  `UPDATE api_key SET old_valid_until = $3, old_hash = CASE WHEN $3::timestamptz IS NOT NULL THEN hash END, hash = $4, hint = $5, revision = $6, updated_at = $7
   WHERE tenant_id = $1 AND id = $2`,
);

/**
 * A new secret for the same key, returned once. The one before stays valid for a while, so that a client can be told without a refused
 * request; one before that, from a rotation whose time is not over, ends now.
 */
@Injectable()
export class RotateApiKey {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * @param overlapSecs how long the old secret stays valid; 0: not at all
   * @throws AppError resource.not_found, api_key.revoked, auth.scope_missing: the secret of a key that may more is more
   */
  execute(ctx: TenantContext, id: string, overlapSecs: number): Promise<ApiKey & { readonly secret: string }> {
    return this.db.tx(ctx, async (tx) => {
      const before = await lockApiKey(tx, ctx.tenantId, id);
      expectRevision(ctx, before.revision);
      if (before.revokedAt) throw new AppError(tenancyErrors.keyRevoked);
      await refuseBeyond(this.db, ctx, before);
      const now = this.clock.now();
      const secret = newApiKey();
      const oldValidUntil = overlapSecs === 0 ? null : new Date(now.getTime() + overlapSecs * 1000);
      const key: ApiKey = { ...before, hint: apiKeyHint(secret), oldValidUntil, revision: before.revision + 1, updatedAt: now };
      await tx.query(rotate, ctx.tenantId, id, oldValidUntil, hashKey(secret), key.hint, key.revision, now);
      forgetKeys(tx);
      audit(tx, ctx, 'api_key.rotated', id, { oldValidUntil });
      publish(tx, { type: 'api_key.rotated', tenantId: ctx.tenantId, data: { apiKeyId: id, oldValidUntil } });
      return { ...key, secret };
    });
  }
}
