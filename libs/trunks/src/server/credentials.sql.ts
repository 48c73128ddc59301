import type { Position } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { CredentialOwner } from './credential-owner.ts';

/** A digest user. Of its passwords only hashes are kept, which no read gives out. */
export type Credential = {
  readonly id: string;
  readonly trunkId: string | null; //          whose it is: a trunk's, or a list's
  readonly credentialListId: string | null;
  readonly username: string;
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
  readonly oldValidUntil: Date | null; // until when the password before the present one is valid, too
};

const SELECT = `SELECT id, trunk_id AS "trunkId", credential_list_id AS "credentialListId", username, created_at AS "createdAt", revoked_at AS "revokedAt",
     old_valid_until AS "oldValidUntil" FROM trunk_credential WHERE tenant_id = $1`;
const one = sql<Credential>(
  'credential-one',
  `${SELECT} AND id = $2 AND trunk_id IS NOT DISTINCT FROM $3 AND credential_list_id IS NOT DISTINCT FROM $4`,
);
/** The first of each of these owners after the same position. */
const pageOf = (owner: 'trunk_id' | 'credential_list_id') =>
  sql<Credential>(
    `credentials-by-${owner}`,
    `SELECT c.* FROM unnest($2::uuid[]) AS o (id) CROSS JOIN LATERAL
       (${SELECT} AND ${owner} = o.id AND (created_at, id) < ($3, $4) ORDER BY created_at DESC, id DESC LIMIT $5) AS c
     ORDER BY c."createdAt" DESC, c.id DESC`,
  );
const [pageOfTrunks, pageOfLists] = [pageOf('trunk_id'), pageOf('credential_list_id')];

export const readCredential = async (tx: Tx, tenantId: string, owner: CredentialOwner, id: string): Promise<Credential | undefined> =>
  (await tx.query(one, tenantId, id, owner.trunkId, owner.credentialListId))[0];

export const listOfTrunks = (
  tx: Tx,
  tenantId: string,
  trunkIds: readonly string[],
  after: Position,
  limit: number,
): Promise<Credential[]> => tx.query(pageOfTrunks, tenantId, trunkIds, after.createdAt, after.id, limit);

export const listOfLists = (tx: Tx, tenantId: string, listIds: readonly string[], after: Position, limit: number): Promise<Credential[]> =>
  tx.query(pageOfLists, tenantId, listIds, after.createdAt, after.id, limit);
