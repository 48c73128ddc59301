import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, expectRevision, publish, sql } from '@trunkline/platform';
import { lockApiKey } from './api-keys.sql.ts';
import { forgetKeys } from './known-keys.ts';

const revoke = sql(
  'api-key-revoke',
  `UPDATE api_key SET revoked_at = $3, updated_at = $3, revision = revision + 1 WHERE tenant_id = $1 AND id = $2`,
);

/** The very next request with the key is refused, at every API process. Revoking twice is revoking once. */
@Injectable()
export class RevokeApiKey {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, request.revision_mismatch */
  execute(ctx: TenantContext, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const key = await lockApiKey(tx, ctx.tenantId, id);
      expectRevision(ctx, key.revision);
      if (key.revokedAt) return;
      await tx.query(revoke, ctx.tenantId, id, this.clock.now());
      forgetKeys(tx);
      audit(tx, ctx, 'api_key.revoked', id);
      publish(tx, { type: 'api_key.revoked', tenantId: ctx.tenantId, data: { apiKeyId: id } });
    });
  }
}
