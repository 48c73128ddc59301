import { Inject, Injectable } from '@nestjs/common';
import { AppError, Clock, notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, Sealer, audit, publish, sql } from '@trunkline/platform';
import { trunkErrors } from '../core/errors.ts';
import { markOwners } from './credential-owner.ts';
import type { CredentialOwner } from './credential-owner.ts';
import type { Credential } from './credentials.sql.ts';
import { SIP_REALM, newPassword } from './sip-password.ts';

const lock = sql<Credential>(
  'credential-lock',
  `SELECT id, trunk_id AS "trunkId", credential_list_id AS "credentialListId", username, created_at AS "createdAt", revoked_at AS "revokedAt", old_valid_until AS "oldValidUntil"
   FROM trunk_credential WHERE tenant_id = $1 AND (trunk_id = $2 OR credential_list_id = $3) AND id = $4 FOR UPDATE`,
);
const rotate = sql(
  'credential-rotate',
  `UPDATE trunk_credential SET old_valid_until = $3, old_ha1_md5_sealed = CASE WHEN $3::timestamptz IS NOT NULL THEN ha1_md5_sealed END,
     ha1_md5_sealed = $4, ha1_sha256_sealed = $5 WHERE tenant_id = $1 AND id = $2`,
);

/**
 * A new password for the same digest user, returned once. The one before stays valid for a while, so that a PBX can be told without a lost
 * call; one before that, from a rotation whose time is not over, ends now.
 */
@Injectable()
export class RotateCredential {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    @Inject(SIP_REALM) private readonly realm: string,
  ) {}

  /** @param overlapSecs how long the old password stays valid; 0: not at all. @throws AppError resource.not_found, credential.revoked */
  execute(
    ctx: TenantContext,
    owner: CredentialOwner,
    id: string,
    overlapSecs: number,
  ): Promise<Credential & { readonly password: string }> {
    return this.db.tx(ctx, async (tx) => {
      const [credential] = await tx.query(lock, ctx.tenantId, owner.trunkId, owner.credentialListId, id);
      if (!credential) throw notFound();
      if (credential.revokedAt) throw new AppError(trunkErrors.credentialRevoked);
      const oldValidUntil = overlapSecs === 0 ? null : new Date(this.clock.now().getTime() + overlapSecs * 1000);
      const { password, md5, sha256 } = newPassword(credential, this.realm, this.sealer);
      await tx.query(rotate, ctx.tenantId, id, oldValidUntil, md5, sha256);
      await markOwners(tx, [owner]);
      audit(tx, ctx, 'credential.rotated', id, { ...owner, oldValidUntil });
      publish(tx, { type: 'credential.rotated', tenantId: ctx.tenantId, data: { credentialId: id, ...owner, oldValidUntil } });
      return { ...credential, oldValidUntil, password };
    });
  }
}
