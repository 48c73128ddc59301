import { notFound } from '@trunkline/kernel';
import type { E164 } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { CallerName } from '../core/caller-name.ts';

type NamedNumber = { readonly id: string; readonly e164: E164; readonly country: string; readonly isLive: boolean };

const number = sql<NamedNumber>(
  'caller-name-number',
  `SELECT n.id, n.e164, i.country, n.released_at IS NULL AS "isLive" FROM number_assignment n JOIN number_inventory i ON i.e164 = n.e164 WHERE n.tenant_id = $1 AND n.id = $2`,
);
const keepNumber = sql<NamedNumber>('caller-name-number-keep', `${number.text} FOR SHARE OF n`);
const read = sql<CallerName>(
  'caller-name',
  `SELECT number_id AS "numberId", name, state, reason, created_at AS "createdAt", updated_at AS "updatedAt" FROM caller_name WHERE tenant_id = $1 AND number_id = $2`,
);
const lock = sql<CallerName>('caller-name-lock', `${read.text} FOR UPDATE`);
const put = sql(
  'caller-name-put',
  `INSERT INTO caller_name (tenant_id, number_id, name, state, reason, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
   ON CONFLICT (tenant_id, number_id) DO UPDATE SET name = excluded.name, state = excluded.state, reason = excluded.reason, updated_at = excluded.updated_at`,
);
const remove = sql('caller-name-remove', `DELETE FROM caller_name WHERE tenant_id = $1 AND number_id = $2`);

/** The tenant's number while it holds it; `keep`: it does until the transaction ends. @throws AppError resource.not_found */
export const namedNumber = async (tx: Tx, tenantId: string, id: string, keep: boolean): Promise<NamedNumber> => {
  const [found] = await tx.query(keep ? keepNumber : number, tenantId, id);
  if (!found?.isLive) throw notFound();
  return found;
};

/** The same also of one that was released. */
export const anyNamedNumber = async (tx: Tx, tenantId: string, id: string): Promise<NamedNumber | undefined> =>
  (await tx.query(number, tenantId, id))[0];

export const readCallerName = async (tx: Tx, tenantId: string, numberId: string): Promise<CallerName | undefined> =>
  (await tx.query(read, tenantId, numberId))[0];

export const lockCallerName = async (tx: Tx, tenantId: string, numberId: string): Promise<CallerName | undefined> =>
  (await tx.query(lock, tenantId, numberId))[0];

export const saveCallerName = (tx: Tx, tenantId: string, n: CallerName): Promise<unknown> =>
  tx.query(put, tenantId, n.numberId, n.name, n.state, n.reason, n.createdAt, n.updatedAt);

export const removeCallerName = (tx: Tx, tenantId: string, numberId: string): Promise<unknown> => tx.query(remove, tenantId, numberId);
