import { notFound } from '@trunkline/kernel';
import { markDirty, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { lockTrunk } from './trunks.sql.ts';

/** Whose a digest user is: one trunk's, or a list's, and so every trunk's that uses the list. */
export type CredentialOwner =
  { readonly trunkId: string; readonly credentialListId: null } | { readonly trunkId: null; readonly credentialListId: string };

export const ofTrunk = (trunkId: string): CredentialOwner => ({ trunkId, credentialListId: null });
export const ofList = (credentialListId: string): CredentialOwner => ({ trunkId: null, credentialListId });

const lockList = sql<{ id: string }>(
  'credential-list-owner-lock',
  `SELECT id FROM credential_list WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL FOR UPDATE`,
);
const trunksOf = sql<{ id: string }>(
  'credential-list-trunks',
  `SELECT trunk_id AS id FROM trunk_credential_list WHERE credential_list_id = ANY ($1::uuid[]) AND released_at IS NULL`,
);

/** @throws AppError resource.not_found */
export const lockOwner = async (tx: Tx, tenantId: string, { trunkId, credentialListId }: CredentialOwner): Promise<void> => {
  if (trunkId !== null) return void (await lockTrunk(tx, tenantId, trunkId));
  if ((await tx.query(lockList, tenantId, credentialListId)).length === 0) throw notFound();
};

/** The edges must hear of it, for every trunk that the digest user may call as. */
export const markOwners = async (tx: Tx, owners: readonly CredentialOwner[]): Promise<void> => {
  const lists = [...new Set(owners.flatMap((o) => o.credentialListId ?? []))];
  const listed = lists.length > 0 ? await tx.query(trunksOf, lists) : [];
  markDirty(tx, 'trunk', [...new Set([...owners.flatMap((o) => o.trunkId ?? []), ...listed.map((t) => t.id)])]);
};
