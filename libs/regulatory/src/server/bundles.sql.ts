import { notFound } from '@trunkline/kernel';
import type { Position } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { Bundle, BundleState } from '../core/bundle.ts';

/** A bundle with its tenant. */
export type TenantsBundle = Bundle & { readonly tenantId: string };

const SELECT = `SELECT tenant_id AS "tenantId", id, name, country, number_type AS "numberType", end_user AS "endUser", state, items, reason, valid_until AS "validUntil",
    noticed_days AS "noticedDays", revision, created_at AS "createdAt", updated_at AS "updatedAt" FROM regulatory_bundle`;
const insert = sql(
  'regulatory-bundle-insert',
  `INSERT INTO regulatory_bundle (tenant_id, id, name, country, number_type, end_user, state, items, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)`,
);
const save = sql(
  'regulatory-bundle-save',
  `UPDATE regulatory_bundle SET name = $3, state = $4, items = $5, reason = $6, valid_until = $7, noticed_days = $8, revision = $9, updated_at = $10
   WHERE tenant_id = $1 AND id = $2`,
);
const one = sql<TenantsBundle>('regulatory-bundle', `${SELECT} WHERE tenant_id = $1 AND id = $2`);
const lock = sql<TenantsBundle>('regulatory-bundle-lock', `${SELECT} WHERE tenant_id = $1 AND id = $2 FOR UPDATE`);
const lockAny = sql<TenantsBundle>('regulatory-bundle-lock-any', `${SELECT} WHERE id = $1 FOR UPDATE`);
const list = sql<TenantsBundle>(
  'regulatory-bundle-list',
  `${SELECT} WHERE tenant_id = $1 AND (created_at, id) < ($2, $3) AND ($5::text IS NULL OR state = $5) ORDER BY created_at DESC, id DESC LIMIT $4`,
);
const listAll = sql<TenantsBundle>(
  'regulatory-bundle-list-all',
  `${SELECT} WHERE (created_at, id) < ($1, $2) AND state = $4 ORDER BY created_at DESC, id DESC LIMIT $3`,
);
const ending = sql<{ id: string }>(
  'regulatory-bundle-ending',
  `SELECT id FROM regulatory_bundle WHERE state = 'approved' AND valid_until <= $1::timestamptz + interval '60 days'
     AND (valid_until <= $1 OR noticed_days IS NULL OR valid_until <= $1::timestamptz + interval '30 days' AND noticed_days > 30
       OR valid_until <= $1::timestamptz + interval '7 days' AND noticed_days > 7) ORDER BY valid_until LIMIT 500`,
);
const policy = sql<{ countries: string[] }>('regulatory-policy', `SELECT countries FROM regulatory_policy`);
const setPolicy = sql('regulatory-policy-write', `UPDATE regulatory_policy SET countries = $1`);

export const insertBundle = async (tx: Tx, tenantId: string, b: Bundle): Promise<void> => {
  await tx.query(insert, tenantId, b.id, b.name, b.country, b.numberType, b.endUser, b.state, JSON.stringify(b.items), b.createdAt);
};

export const saveBundle = async (tx: Tx, tenantId: string, b: Bundle): Promise<void> => {
  const end = [b.reason, b.validUntil, b.noticedDays];
  await tx.query(save, tenantId, b.id, b.name, b.state, JSON.stringify(b.items), ...end, b.revision, b.updatedAt);
};

export const findBundle = async (tx: Tx, tenantId: string, id: string): Promise<TenantsBundle | undefined> =>
  (await tx.query(one, tenantId, id))[0];

/** The bundle, locked until the transaction ends. @throws AppError resource.not_found */
export const lockBundle = async (tx: Tx, tenantId: string, id: string): Promise<TenantsBundle> => {
  const [bundle] = await tx.query(lock, tenantId, id);
  if (!bundle) throw notFound();
  return bundle;
};

/** The same of whatever tenant's. @throws AppError resource.not_found */
export const lockAnyBundle = async (tx: Tx, id: string): Promise<TenantsBundle> => {
  const [bundle] = await tx.query(lockAny, id);
  if (!bundle) throw notFound();
  return bundle;
};

export const listBundles = (tx: Tx, tenantId: string, after: Position, limit: number, state?: BundleState): Promise<TenantsBundle[]> =>
  tx.query(list, tenantId, after.createdAt, after.id, limit, state);
export const listAllBundles = (tx: Tx, after: Position, limit: number, state: BundleState): Promise<TenantsBundle[]> =>
  tx.query(listAll, after.createdAt, after.id, limit, state);

/** Approvals that are over, or about whose end their tenants may have to be told. */
export const endingBundles = async (tx: Tx, now: Date): Promise<string[]> => (await tx.query(ending, now)).map(({ id }) => id);

/** Of which countries numbers are ordered with a bundle alone. */
export const guardedCountries = async (tx: Tx): Promise<readonly string[]> => (await tx.query(policy))[0]?.countries ?? [];
export const setGuardedCountries = async (tx: Tx, countries: readonly string[]): Promise<void> => {
  await tx.query(setPolicy, countries);
};
