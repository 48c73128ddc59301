import { AppError, invalidField } from '@trunkline/kernel';
import { sql, takeTurn } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { areToldApart } from '../core/address-claims.ts';
import { trunkErrors } from '../core/errors.ts';
import type { Trunk } from '../core/trunk.ts';

const attach = (list: 'ip_list' | 'credential_list') =>
  sql<{ id: string }>(
    `trunk-${list}-attach`,
    `WITH gone AS (UPDATE trunk_${list} SET released_at = $4 WHERE tenant_id = $1 AND trunk_id = $2 AND released_at IS NULL AND NOT ${list}_id = ANY ($3::uuid[]))
     INSERT INTO trunk_${list} (tenant_id, trunk_id, ${list}_id)
     SELECT $1, $2, id FROM ${list} WHERE tenant_id = $1 AND id = ANY ($3::uuid[]) AND deleted_at IS NULL
     ON CONFLICT (tenant_id, trunk_id, ${list}_id) DO UPDATE SET released_at = NULL RETURNING ${list}_id AS id`,
  );
const attachIpLists = attach('ip_list');
const attachCredentialLists = attach('credential_list');
const sharing = sql<{ name: string; techPrefix: string | null }>(
  'trunk-credential-lists-sharing',
  `SELECT DISTINCT t.name, t.tech_prefix AS "techPrefix" FROM trunk_credential_list l JOIN trunk t ON t.tenant_id = l.tenant_id AND t.id = l.trunk_id
   WHERE l.tenant_id = $1 AND l.credential_list_id = ANY ($3::uuid[]) AND l.released_at IS NULL AND t.id <> $2 AND t.deleted_at IS NULL
     AND t.auth_mode <> 'ip' ORDER BY t.name`,
);

/** Who attaches or changes lists waits for whoever is doing so in this tenant. Taken before the locks of trunks: lists know many of them. */
export const lockLists = (tx: Tx, tenantId: string): Promise<unknown> => takeTurn(tx, `trunk_lists ${tenantId}`);

/**
 * Makes the trunk use the lists that it names, and no others.
 * @throws AppError request.invalid at the list that is none, trunk.credentials_shared
 */
export const attachLists = async (tx: Tx, tenantId: string, trunk: Trunk): Promise<void> => {
  const given = [tenantId, trunk.id] as const;
  const ipLists = await tx.query(attachIpLists, ...given, trunk.ipListIds, trunk.updatedAt);
  const credentialLists = await tx.query(attachCredentialLists, ...given, trunk.credentialListIds, trunk.updatedAt);
  refuseMissing('/ip_list_ids', trunk.ipListIds, ipLists);
  refuseMissing('/credential_list_ids', trunk.credentialListIds, credentialLists);
  if (trunk.authMode === 'ip' || trunk.credentialListIds.length === 0) return;
  const others = await tx.query(sharing, ...given, trunk.credentialListIds);
  const confusable = others.find((other) => !areToldApart(trunk.techPrefix, other.techPrefix));
  if (confusable === undefined) return;
  const detail = `The trunk "${confusable.name}" has the same digest users: trunks share them when each has a tech prefix and none begins another`;
  throw new AppError(trunkErrors.credentialsShared, detail, { errors: [{ pointer: '/credential_list_ids', code: 'shared', detail }] });
};

/** A deleted trunk uses none. */
export const releaseLists = (tx: Tx, tenantId: string, trunkId: string, now: Date): Promise<unknown> =>
  Promise.all([tx.query(attachIpLists, tenantId, trunkId, [], now), tx.query(attachCredentialLists, tenantId, trunkId, [], now)]);

const refuseMissing = (pointer: string, asked: readonly string[], found: readonly { readonly id: string }[]): void => {
  const missing = asked.findIndex((id) => !found.some((f) => f.id === id));
  if (missing >= 0) throw invalidField(`${pointer}/${missing}`, 'unknown', 'No such list');
};
