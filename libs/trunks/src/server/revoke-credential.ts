import { Injectable } from '@nestjs/common';
import { Clock, notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, publish, sql } from '@trunkline/platform';
import { markOwners } from './credential-owner.ts';
import type { CredentialOwner } from './credential-owner.ts';

const revoke = sql<{ id: string }>(
  'credential-revoke',
  `UPDATE trunk_credential SET revoked_at = coalesce(revoked_at, $4), old_ha1_md5_sealed = NULL, old_valid_until = NULL
   WHERE tenant_id = $1 AND (trunk_id = $2 OR credential_list_id = $3) AND id = $5 RETURNING id`,
);

/** The edges stop accepting the user within moments, with the password before as well. Revoking twice is revoking once. */
@Injectable()
export class RevokeCredential {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found */
  execute(ctx: TenantContext, owner: CredentialOwner, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const { trunkId, credentialListId } = owner;
      const revoked = await tx.query(revoke, ctx.tenantId, trunkId, credentialListId, this.clock.now(), id);
      if (revoked.length === 0) throw notFound();
      await markOwners(tx, [owner]);
      audit(tx, ctx, 'credential.revoked', id, owner);
      publish(tx, { type: 'credential.revoked', tenantId: ctx.tenantId, data: { credentialId: id, ...owner } });
    });
  }
}
