import { notFound } from '@trunkline/kernel';
import type { Position } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

/** Addresses that several trunks may use. */
export type IpList = {
  readonly id: string;
  readonly name: string;
  readonly networks: readonly string[];
  readonly trunkIds: readonly string[]; // those that use it
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};
/** Digest users that several trunks may use. */
export type CredentialList = Omit<IpList, 'networks'>;

type ListKind = 'ip_list' | 'credential_list';
const statementsOf = <T extends CredentialList>(kind: ListKind, own: string) => {
  const columns = `id, name, ${own} revision, created_at AS "createdAt", updated_at AS "updatedAt",
    ARRAY(SELECT u.trunk_id FROM trunk_${kind} u WHERE u.tenant_id = l.tenant_id AND u.${kind}_id = l.id AND u.released_at IS NULL ORDER BY u.trunk_id) AS "trunkIds"`;
  const live = `SELECT ${columns} FROM ${kind} l WHERE tenant_id = $1 AND deleted_at IS NULL`;
  return {
    one: sql<T>(`${kind}-one`, `${live} AND id = $2`),
    lock: sql<T>(`${kind}-lock`, `${live} AND id = $2 FOR UPDATE`),
    page: sql<T>(`${kind}-page`, `${live} AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4`),
    remove: sql(`${kind}-delete`, `UPDATE ${kind} SET deleted_at = $3, revision = revision + 1 WHERE tenant_id = $1 AND id = $2`),
    users: sql<{ id: string; name: string }>(
      `${kind}-users`,
      `SELECT t.id, t.name FROM trunk_${kind} u JOIN trunk t ON t.tenant_id = u.tenant_id AND t.id = u.trunk_id
       WHERE u.tenant_id = $1 AND u.${kind}_id = $2 AND u.released_at IS NULL ORDER BY t.name`,
    ),
  };
};
const ipLists = statementsOf<IpList>('ip_list', 'networks,');
const credentialLists = statementsOf<CredentialList>('credential_list', '');

/** Reads of one kind of list, all within the transaction's tenant. */
const readsOf = <T>({ one, lock, page, remove, users }: ReturnType<typeof statementsOf<CredentialList>>) => ({
  /** @throws AppError resource.not_found */
  read: async (tx: Tx, tenantId: string, id: string): Promise<T> => found(await tx.query(one, tenantId, id)) as T,
  /** Locked until the transaction ends. @throws AppError resource.not_found */
  lock: async (tx: Tx, tenantId: string, id: string): Promise<T> => found(await tx.query(lock, tenantId, id)) as T,
  page: async (tx: Tx, tenantId: string, after: Position, limit: number): Promise<T[]> =>
    (await tx.query(page, tenantId, after.createdAt, after.id, limit)) as T[],
  remove: (tx: Tx, tenantId: string, id: string, now: Date): Promise<unknown> => tx.query(remove, tenantId, id, now),
  /** The trunks that use it. */
  users: (tx: Tx, tenantId: string, id: string): Promise<{ id: string; name: string }[]> => tx.query(users, tenantId, id),
});
export const ipListRows = readsOf<IpList>(ipLists);
export const credentialListRows = readsOf<CredentialList>(credentialLists);

const found = <T>([row]: readonly T[]): T => {
  if (!row) throw notFound();
  return row;
};

const putIpList = sql(
  'ip-list-put',
  `INSERT INTO ip_list (tenant_id, id, name, networks, revision, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
   ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name, networks = excluded.networks, revision = excluded.revision, updated_at = excluded.updated_at`,
);
const putCredentialList = sql(
  'credential-list-put',
  `INSERT INTO credential_list (tenant_id, id, name, revision, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
   ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name, revision = excluded.revision, updated_at = excluded.updated_at`,
);

/** Writes it, new or changed. */
export const writeIpList = (tx: Tx, tenantId: string, l: IpList): Promise<unknown> =>
  tx.query(putIpList, tenantId, l.id, l.name, l.networks, l.revision, l.createdAt, l.updatedAt);
export const writeCredentialList = (tx: Tx, tenantId: string, l: CredentialList): Promise<unknown> =>
  tx.query(putCredentialList, tenantId, l.id, l.name, l.revision, l.createdAt, l.updatedAt);
