import { Injectable } from '@nestjs/common';
import { Clock, notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, markDirty, publish, sql } from '@trunkline/platform';

const revoke = sql<{ id: string }>(
  'credential-revoke',
  `UPDATE trunk_credential SET revoked_at = coalesce(revoked_at, $4), old_ha1_md5_sealed = NULL, old_valid_until = NULL
   WHERE tenant_id = $1 AND trunk_id = $2 AND id = $3 RETURNING id`,
);

/** The edges stop accepting the user within moments, with the password before as well. Revoking twice is revoking once. */
@Injectable()
export class RevokeCredential {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found */
  execute(ctx: TenantContext, trunkId: string, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      if ((await tx.query(revoke, ctx.tenantId, trunkId, id, this.clock.now())).length === 0) throw notFound();
      markDirty(tx, 'trunk', [trunkId]);
      audit(tx, ctx, 'credential.revoked', id, { trunkId });
      publish(tx, { type: 'credential.revoked', tenantId: ctx.tenantId, data: { credentialId: id, trunkId } });
    });
  }
}
