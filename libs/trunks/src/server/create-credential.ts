import { Inject, Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, Sealer, audit, publish, sql } from '@trunkline/platform';
import { trunkErrors } from '../core/errors.ts';
import { lockOwner, markOwners } from './credential-owner.ts';
import type { CredentialOwner } from './credential-owner.ts';
import type { Credential } from './credentials.sql.ts';
import { SIP_REALM, newPassword, newUsername } from './sip-password.ts';

const insert = sql(
  'credential-insert',
  `INSERT INTO trunk_credential (tenant_id, id, trunk_id, credential_list_id, username, ha1_md5_sealed, ha1_sha256_sealed, created_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

/** Credentials cost nothing, but every edge keeps all of them in memory: enough for a PBX at each of many sites. */
const LIVE_MAX = 50;
const countLive = sql<{ live: number }>(
  'credential-count',
  `SELECT count(*)::int AS live FROM trunk_credential WHERE tenant_id = $1 AND (trunk_id = $2 OR credential_list_id = $3) AND revoked_at IS NULL`,
);

/** Makes a digest user for a trunk or a list. Its password is returned once; only the HA1 hashes are kept, sealed. */
@Injectable()
export class CreateCredential {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    @Inject(SIP_REALM) private readonly realm: string,
  ) {}

  /** @throws AppError resource.not_found, trunk.too_many_credentials */
  execute(ctx: TenantContext, owner: CredentialOwner): Promise<Credential & { readonly password: string }> {
    return this.db.tx(ctx, async (tx) => {
      const { trunkId, credentialListId } = owner;
      await lockOwner(tx, ctx.tenantId, owner);
      const [count] = await tx.query(countLive, ctx.tenantId, trunkId, credentialListId);
      if (count && count.live >= LIVE_MAX) throw new AppError(trunkErrors.tooManyCredentials);
      const credential: Credential = {
        ...{ id: newId(), trunkId, credentialListId, username: newUsername(), createdAt: this.clock.now() },
        ...{ revokedAt: null, oldValidUntil: null },
      };
      const { id, username, createdAt } = credential;
      const { password, md5, sha256 } = newPassword(credential, this.realm, this.sealer);
      await tx.query(insert, ctx.tenantId, id, trunkId, credentialListId, username, md5, sha256, createdAt);
      await markOwners(tx, [owner]);
      audit(tx, ctx, 'credential.created', id, { ...owner, username });
      publish(tx, { type: 'credential.created', tenantId: ctx.tenantId, data: { credentialId: id, ...owner } });
      return { ...credential, password };
    });
  }
}
