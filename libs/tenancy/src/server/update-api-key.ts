import { Injectable } from '@nestjs/common';
import { AppError, Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, changed, expectRevision, publish, sql } from '@trunkline/platform';
import { tenancyErrors } from '../core/errors.ts';
import type { ApiKey } from './api-key-queries.ts';
import { lockApiKey, refuseBeyond } from './api-keys.sql.ts';
import type { NewApiKey } from './create-api-key.ts';
import { forgetKeys } from './known-keys.ts';
import { refusePast } from './refuse-past.ts';

const update = sql(
  'api-key-update',
  `UPDATE api_key SET name = $3, scopes = $4, expires_at = $5, allowed_networks = $6, revision = $7, updated_at = $8 WHERE tenant_id = $1 AND id = $2`,
);

/** Renames, narrows or widens a key; its secret stays. Heeded by the very next request. */
@Injectable()
export class UpdateApiKey {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, api_key.revoked, auth.scope_missing, request.revision_mismatch */
  execute(ctx: TenantContext, id: string, change: Partial<NewApiKey>): Promise<ApiKey> {
    return this.db.tx(ctx, async (tx) => {
      const before = await lockApiKey(tx, ctx.tenantId, id);
      expectRevision(ctx, before.revision);
      if (before.revokedAt) throw new AppError(tenancyErrors.keyRevoked);
      const now = this.clock.now();
      const key: ApiKey = { ...before, ...change, revision: before.revision + 1, updatedAt: now };
      if (change.expiresAt) refusePast(change.expiresAt, now);
      await refuseBeyond(this.db, ctx, key);
      await tx.query(update, ctx.tenantId, id, key.name, key.scopes, key.expiresAt, key.allowedNetworks, key.revision, now);
      forgetKeys(tx);
      audit(tx, ctx, 'api_key.updated', id, changed(before, key, Object.keys(change)));
      publish(tx, { type: 'api_key.updated', tenantId: ctx.tenantId, data: { apiKeyId: id } });
      return key;
    });
  }
}
