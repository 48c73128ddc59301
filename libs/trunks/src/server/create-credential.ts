import { createHash, randomInt } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, Sealer, audit, markDirty, sql } from '@trunkline/platform';
import { ha1Input } from '../core/digest.ts';
import { trunkErrors } from '../core/errors.ts';
import type { Credential } from './credential-queries.ts';
import { lockTrunk } from './trunks.sql.ts';

/** The digest realm of the whole platform. Changing it would invalidate every HA1, so it is fixed at installation. */
export const SIP_REALM = Symbol('SipRealm');

const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789'; // no l, o, 0, 1: people type these into phones
const random = (length: number): string => Array.from({ length }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('');

const insert = sql(
  'credential-insert',
  `INSERT INTO trunk_credential (tenant_id, id, trunk_id, username, ha1_md5_sealed, ha1_sha256_sealed, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
);

/** Credentials cost nothing, but every edge keeps all of them in memory: enough for a PBX at each of many sites. */
const LIVE_MAX = 50;
const countLive = sql<{ live: number }>(
  'credential-count',
  `SELECT count(*)::int AS live FROM trunk_credential WHERE tenant_id = $1 AND trunk_id = $2 AND revoked_at IS NULL`,
);

/** What a sealed HA1 is bound to. */
export const ha1Context = (credentialId: string): string => `trunk_credential:${credentialId}`;

/** Makes a digest user for a trunk. The password (26 characters, 130 bits) is returned once; only its HA1 hashes are kept, sealed. */
@Injectable()
export class CreateCredential {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    @Inject(SIP_REALM) private readonly realm: string,
  ) {}

  /** @throws AppError resource.not_found, trunk.too_many_credentials */
  execute(ctx: TenantContext, trunkId: string): Promise<Credential & { readonly password: string }> {
    return this.db.tx(ctx, async (tx) => {
      await lockTrunk(tx, ctx.tenantId, trunkId);
      const [count] = await tx.query(countLive, ctx.tenantId, trunkId);
      if (count && count.live >= LIVE_MAX) throw new AppError(trunkErrors.tooManyCredentials);
      const credential: Credential = { id: newId(), trunkId, username: `tl${random(14)}`, createdAt: this.clock.now(), revokedAt: null };
      const password = random(26);
      const secret = ha1Input(credential.username, this.realm, password);
      const sealed = (algorithm: string) => this.sealer.seal(createHash(algorithm).update(secret).digest('hex'), ha1Context(credential.id));
      await tx.query(
        insert,
        ctx.tenantId,
        credential.id,
        trunkId,
        credential.username,
        sealed('md5'),
        sealed('sha256'),
        credential.createdAt,
      );
      markDirty(tx, 'trunk', [trunkId]);
      audit(tx, ctx, 'credential.created', credential.id, { trunkId, username: credential.username });
      return { ...credential, password };
    });
  }
}
