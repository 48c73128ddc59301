import { Injectable } from '@nestjs/common';
import { Clock, notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, publish, sql } from '@trunkline/platform';

const revoke = sql<{ id: string }>(
  'api-key-revoke',
  `UPDATE api_key SET revoked_at = coalesce(revoked_at, $3) WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);

/** The very next request with the key is refused. Revoking twice is revoking once. */
@Injectable()
export class RevokeApiKey {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  execute(ctx: TenantContext, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const rows = await tx.query(revoke, ctx.tenantId, id, this.clock.now());
      if (rows.length === 0) throw notFound();
      audit(tx, ctx, 'api_key.revoked', id);
      publish(tx, { type: 'api_key.revoked', tenantId: ctx.tenantId, data: { apiKeyId: id } });
    });
  }
}
