import { createPublicKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AppError, Clock, systemContext } from '@trunkline/kernel';
import { Database, audit, markDirty, sql } from '@trunkline/platform';
import { edgeErrors } from '../core/errors.ts';
import { hashEnrolToken, hashUsedToken } from './enrol-token.ts';
import { lockScope } from './scope.ts';

// what it had acknowledged belongs to the folder it lost
const enrol = sql<{ id: string; name: string }>(
  'edge-enrol',
  `UPDATE edge SET public_key = $2, enrolled_at = coalesce(enrolled_at, $3), key_enrolled_at = clock_timestamp(), enrol_token_hash = $4,
      applied_version = 0, applied_at = NULL, status = NULL
   WHERE enrol_token_hash = $1 AND enrol_expires_at > $3 RETURNING id, name`,
);
const enrolledBefore = sql<{ id: string; name: string }>(
  'edge-enrolled-before',
  `SELECT id, name FROM edge WHERE enrol_token_hash = $1 AND enrol_expires_at > $2`,
);
const homeless = sql<{ id: string }>('edge-enrol-homeless', `SELECT id FROM tenant WHERE home_edge_id IS NULL`);

/** `repeated`: it was so already, and nothing changed. */
export type EnrolledEdge = { readonly id: string; readonly name: string; readonly repeated: boolean };

/**
 * Trades a one-time token for an identity: from now on whoever signs with this key is that edge. While the token would be valid the same
 * trade is answered again, since an answer may be lost.
 */
@Injectable()
export class EnrolEdge {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @param publicKey Ed25519, SPKI, PEM. @throws AppError edge.bad_public_key, edge.enrol_token_unknown */
  execute(token: string, publicKey: string): Promise<EnrolledEdge> {
    const pem = ed25519(publicKey);
    const ctx = systemContext('edge enrolment');
    return this.db.tx(ctx, async (tx) => {
      await lockScope(tx); // or a tenant compiled meanwhile would find no edge and not be seen below either
      const now = this.clock.now();
      const usedHash = hashUsedToken(token, pem);
      const [edge] = await tx.query(enrol, hashEnrolToken(token), pem, now, usedHash);
      if (!edge) return repeated(await tx.query(enrolledBefore, usedHash, now));
      const tenants = await tx.query(homeless);
      markDirty(tx, 'tenant', tenants.map((t) => t.id)); // prettier-ignore
      audit(tx, ctx, 'edge.enrolled', edge.id);
      return { ...edge, repeated: false };
    });
  }
}

const repeated = ([edge]: readonly { id: string; name: string }[]): EnrolledEdge => {
  if (!edge) throw new AppError(edgeErrors.tokenUnknown);
  return { ...edge, repeated: true };
};

const ed25519 = (pem: string): string => {
  try {
    const key = createPublicKey({ key: pem, format: 'pem' });
    if (key.asymmetricKeyType === 'ed25519') return key.export({ type: 'spki', format: 'pem' }).toString();
  } catch {
    // no key at all
  }
  throw new AppError(edgeErrors.badPublicKey);
};
