import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

/** Where a trunk's edge registers itself. Of the password only the HA1 is kept, sealed. */
export type Registrar = {
  readonly trunkId: string;
  readonly uri: string;
  readonly username: string;
  readonly realm: string;
  readonly expiresSecs: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};

const put = sql(
  'registrar-put',
  `INSERT INTO trunk_registrar (tenant_id, id, uri, username, realm, ha1_md5_sealed, expires_secs, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
   ON CONFLICT (tenant_id, id) DO UPDATE SET uri = $3, username = $4, realm = $5, ha1_md5_sealed = $6, expires_secs = $7, updated_at = $8`,
);
const some = sql<Registrar>(
  'registrars-of-trunks',
  `SELECT r.id AS "trunkId", r.uri, r.username, r.realm, r.expires_secs AS "expiresSecs", r.created_at AS "createdAt", r.updated_at AS "updatedAt"
   FROM trunk_registrar r WHERE r.tenant_id = $1 AND r.id = ANY ($2::uuid[])`,
);
const remove = sql<{ id: string }>('registrar-remove', `DELETE FROM trunk_registrar WHERE tenant_id = $1 AND id = $2 RETURNING id`);

/** What a registrar's HA1 is sealed for. */
export const registrarContext = (trunkId: string): string => `trunk_registrar:${trunkId}`;

export const putRegistrar = async (tx: Tx, tenantId: string, r: Omit<Registrar, 'createdAt'>, ha1Sealed: Buffer): Promise<void> => {
  await tx.query(put, tenantId, r.trunkId, r.uri, r.username, r.realm, ha1Sealed, r.expiresSecs, r.updatedAt);
};

export const readRegistrars = (tx: Tx, tenantId: string, trunkIds: readonly string[]): Promise<Registrar[]> =>
  tx.query(some, tenantId, trunkIds);

/** @returns whether there was one */
export const removeRegistrarOf = async (tx: Tx, tenantId: string, trunkId: string): Promise<boolean> =>
  (await tx.query(remove, tenantId, trunkId)).length > 0;
