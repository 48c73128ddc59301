import { AppError, invalidField, notFound } from '@trunkline/kernel';
import type { E164, Position } from '@trunkline/kernel';
import { hasTag, sql, tagsOf } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { lockTrunk } from '@trunkline/trunks/server';
import type { TenantNumber } from '../core/number.ts';

const SELECT = `SELECT a.id, a.e164, i.country, i.type, i.state, a.trunk_id AS "trunkId", a.external_reference AS "externalReference",
    a.deletion_lock AS "deletionLock", a.suspended_at AS "suspendedAt", a.asked_for_at AS "askedForAt", a.revision, a.created_at AS "createdAt",
    a.updated_at AS "updatedAt", a.released_at AS "releasedAt", a.quarantined_until AS "quarantinedUntil", ${tagsOf('number', 'a')} AS tags
  FROM number_assignment a JOIN number_inventory i ON i.e164 = a.e164`;
// $2 is now: a tenant sees what it released until the quarantine is over
const HELD = `a.tenant_id = $1 AND (a.released_at IS NULL OR a.quarantined_until > $2)`;

const OWN = (reference: string, tag: string) =>
  `(${reference}::text IS NULL OR a.external_reference = ${reference}) AND ${hasTag('number', 'a', tag)}`;

const one = sql<TenantNumber>('number-one', `${SELECT} WHERE ${HELD} AND a.id = $3`);
const lock = sql<TenantNumber>('number-lock', `${SELECT} WHERE ${HELD} AND a.id = $3 FOR UPDATE OF a`);
// whoever has it: for what is done from above
const lockAny = sql<TenantNumber & { tenantId: string }>(
  'number-lock-held',
  `${SELECT.replace('SELECT ', 'SELECT a.tenant_id AS "tenantId", ')} WHERE a.e164 = $1 AND a.released_at IS NULL FOR UPDATE OF a`,
);
const list = sql<TenantNumber>(
  'number-list',
  `${SELECT} WHERE ${HELD} AND (a.created_at, a.id) < ($3, $4) AND ${OWN('$6', '$7')} ORDER BY a.created_at DESC, a.id DESC LIMIT $5`,
);
const listOfTrunk = sql<TenantNumber>(
  'number-list-of-trunk',
  `${SELECT} WHERE ${HELD} AND (a.created_at, a.id) < ($3, $4) AND a.trunk_id = $8 AND ${OWN('$6', '$7')} ORDER BY a.created_at DESC, a.id DESC LIMIT $5`,
);
const listOfTrunks = sql<TenantNumber>(
  'number-list-of-trunks',
  `SELECT n.* FROM unnest($6::uuid[]) AS t (id) CROSS JOIN LATERAL
     (${SELECT} WHERE ${HELD} AND (a.created_at, a.id) < ($3, $4) AND a.trunk_id = t.id ORDER BY a.created_at DESC, a.id DESC LIMIT $5) AS n
   ORDER BY n."createdAt" DESC, n.id DESC`,
);
const insert = sql(
  'number-insert',
  `INSERT INTO number_assignment (tenant_id, id, e164, trunk_id, external_reference, revision, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const update = sql(
  'number-update',
  `UPDATE number_assignment SET trunk_id = $3, external_reference = $4, revision = $5, updated_at = $6, released_at = $7, quarantined_until = $8,
     deletion_lock = $9, suspended_at = $10
   WHERE tenant_id = $1 AND id = $2`,
);

/** @throws AppError resource.not_found */
export const readNumber = async (tx: Tx, tenantId: string, id: string, now: Date): Promise<TenantNumber> => {
  const [number] = await tx.query(one, tenantId, now, id);
  if (!number) throw notFound();
  return number;
};

/** The number, locked until the transaction ends. @throws AppError resource.not_found */
export const lockNumber = async (tx: Tx, tenantId: string, id: string, now: Date): Promise<TenantNumber> => {
  const [number] = await tx.query(lock, tenantId, now, id);
  if (!number) throw notFound();
  return number;
};

/** The number in whoever's hands it is, locked; undefined when no tenant within reach has it. */
export const lockHeld = async (tx: Tx, e164: E164): Promise<{ readonly tenantId: string; readonly number: TenantNumber } | undefined> => {
  const [found] = await tx.query(lockAny, e164);
  const row = found ?? (await tx.query(lockAny, e164))[0]; // whoever waited for a transfer finds it where it went
  if (!row) return undefined;
  const { tenantId, ...number } = row;
  return { tenantId, number };
};

/** What a list is narrowed by. */
export type NumberFilter = {
  readonly trunkId?: string | undefined;
  readonly tag?: string | undefined;
  readonly externalReference?: string | undefined;
};

/** Numbers after a position, newest first. */
export const listNumbers = (
  tx: Tx,
  tenantId: string,
  now: Date,
  after: Position,
  limit: number,
  { trunkId, tag, externalReference }: NumberFilter,
): Promise<TenantNumber[]> =>
  trunkId === undefined
    ? tx.query(list, tenantId, now, after.createdAt, after.id, limit, externalReference, tag)
    : tx.query(listOfTrunk, tenantId, now, after.createdAt, after.id, limit, externalReference, tag, trunkId);

/** The same of each of these trunks: so many numbers for each, newest first. */
export const listNumbersOfTrunks = (
  tx: Tx,
  tenantId: string,
  now: Date,
  after: Position,
  limit: number,
  trunkIds: readonly string[],
): Promise<TenantNumber[]> => tx.query(listOfTrunks, tenantId, now, after.createdAt, after.id, limit, trunkIds);

export const insertNumber = (tx: Tx, tenantId: string, n: TenantNumber): Promise<unknown> =>
  tx.query(insert, tenantId, n.id, n.e164, n.trunkId, n.externalReference, n.revision, n.createdAt, n.updatedAt);

export const updateNumberRow = (tx: Tx, tenantId: string, n: TenantNumber): Promise<unknown> =>
  tx.query(
    update,
    tenantId,
    n.id,
    n.trunkId,
    n.externalReference,
    n.revision,
    n.updatedAt,
    n.releasedAt,
    n.quarantinedUntil,
    n.deletionLock,
    n.suspendedAt,
  );

/** Holds on to the trunk a number is pointed at, so that it cannot be deleted meanwhile. @throws AppError request.invalid at /trunk_id */
export const lockTarget = async (tx: Tx, tenantId: string, trunkId: string): Promise<void> => {
  try {
    await lockTrunk(tx, tenantId, trunkId);
  } catch (error) {
    throw error instanceof AppError && error.kind === 'not_found' ? invalidField('/trunk_id', 'unknown', 'No such trunk') : error;
  }
};
