import { notFound } from '@trunkline/kernel';
import type { Position } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { VerifiedNumber } from '../core/verified-number.ts';

const COLUMNS = `id, e164, method, state, "right", document_id AS "documentId", code_expires_at AS "codeExpiresAt", code_sent_at AS "codeSentAt",
  attempts_left AS "attemptsLeft", sends_left AS "sendsLeft", reason, verified_at AS "verifiedAt", expires_at AS "expiresAt", created_at AS "createdAt",
  updated_at AS "updatedAt"`;
const SELECT = `SELECT ${COLUMNS} FROM verified_number`;

/** With the tenant it is of, for the operator. */
export type TenantsVerifiedNumber = VerifiedNumber & { readonly tenantId: string };

const insert = sql(
  'verified-number-insert',
  `INSERT INTO verified_number (tenant_id, id, e164, method, state, document_id, sends_left, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
);
const update = sql(
  'verified-number-update',
  `UPDATE verified_number SET state = $3, "right" = $4, code_expires_at = $5, code_sent_at = $6, attempts_left = $7, sends_left = $8, reason = $9, verified_at = $10,
     expires_at = $11, updated_at = $12, code_mac = CASE WHEN $3 = 'pending' THEN code_mac END, code_sealed = CASE WHEN $3 = 'pending' THEN code_sealed END
   WHERE tenant_id = $1 AND id = $2`,
);
const one = sql<VerifiedNumber>('verified-number-one', `${SELECT} WHERE tenant_id = $1 AND id = $2`);
const lock = sql<VerifiedNumber>('verified-number-lock', `${SELECT} WHERE tenant_id = $1 AND id = $2 FOR UPDATE`);
const list = sql<VerifiedNumber>(
  'verified-number-list',
  `${SELECT} WHERE tenant_id = $1 AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT $4`,
);
const lockAnyones = sql<TenantsVerifiedNumber>(
  'verified-number-lock-anyones',
  `SELECT tenant_id AS "tenantId", ${COLUMNS} FROM verified_number WHERE id = $1 FOR UPDATE`,
);
const inReview = sql<TenantsVerifiedNumber>(
  'verified-number-in-review',
  `SELECT tenant_id AS "tenantId", ${COLUMNS} FROM verified_number WHERE state = 'in_review' AND (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3`,
);
const expire = sql<TenantsVerifiedNumber>(
  'verified-number-expire',
  `UPDATE verified_number SET state = 'expired', updated_at = $1 WHERE state = 'verified' AND expires_at <= $1 AND ($2::uuid IS NULL OR (tenant_id = $2 AND e164 = $3))
   RETURNING tenant_id AS "tenantId", ${COLUMNS}`,
);

export const insertVerifiedNumber = (tx: Tx, tenantId: string, n: VerifiedNumber): Promise<unknown> =>
  tx.query(insert, tenantId, n.id, n.e164, n.method, n.state, n.documentId, n.sendsLeft, n.createdAt);

/** A code is forgotten when it has been of use, or will never be. */
export const updateVerifiedNumber = (tx: Tx, tenantId: string, n: VerifiedNumber): Promise<unknown> =>
  tx.query(
    update,
    tenantId,
    n.id,
    n.state,
    n.right,
    n.codeExpiresAt,
    n.codeSentAt,
    n.attemptsLeft,
    n.sendsLeft,
    n.reason,
    n.verifiedAt,
    n.expiresAt,
    n.updatedAt,
  );

/** @throws AppError resource.not_found */
export const readVerifiedNumber = async (tx: Tx, tenantId: string, id: string): Promise<VerifiedNumber> => {
  const [number] = await tx.query(one, tenantId, id);
  if (!number) throw notFound();
  return number;
};

/** The number, locked until the transaction ends. @throws AppError resource.not_found */
export const lockVerifiedNumber = async (tx: Tx, tenantId: string, id: string): Promise<VerifiedNumber> => {
  const [number] = await tx.query(lock, tenantId, id);
  if (!number) throw notFound();
  return number;
};

/** The same of whichever tenant. @throws AppError resource.not_found */
export const lockAnyonesVerifiedNumber = async (tx: Tx, id: string): Promise<TenantsVerifiedNumber> => {
  const [number] = await tx.query(lockAnyones, id);
  if (!number) throw notFound();
  return number;
};

export const listVerifiedNumbers = (tx: Tx, tenantId: string, after: Position, limit: number): Promise<VerifiedNumber[]> =>
  tx.query(list, tenantId, after.createdAt, after.id, limit);

/** Every tenant's that wait for the operator. */
export const listInReview = (tx: Tx, after: Position, limit: number): Promise<TenantsVerifiedNumber[]> =>
  tx.query(inReview, after.createdAt, after.id, limit);

/** Ends what is over, of one number or of all. */
export const expireVerifiedNumbers = (
  tx: Tx,
  now: Date,
  of?: { readonly tenantId: string; readonly e164: string },
): Promise<TenantsVerifiedNumber[]> => tx.query(expire, now, of?.tenantId, of?.e164);

/** What the edges call it, see `markDirty`. */
export const edgeKeyOf = (tenantId: string, e164: string): string => `${tenantId}:${e164.slice(1)}`;
