import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { Attempt, Verdict } from '../core/verdict.ts';

/** A delivery whose time has come, with all that sending it takes. */
export type DueDelivery = {
  readonly tenantId: string;
  readonly id: string;
  readonly endpointId: string;
  readonly messageId: string;
  readonly attempts: number; //       made so far, over all replays
  readonly attemptsBefore: number; // of them, those before the last replay
  readonly openedAt: Date;
  readonly body: string;
  readonly url: string;
  readonly enabled: boolean;
  readonly keysSealed: Buffer;
  readonly previousKeysSealed: Buffer | null;
  readonly previousKeysUntil: Date | null;
};

/** Attempts at one endpoint at a time, so that a slow one takes no more than its share. */
export const PER_ENDPOINT_MAX = 4;
/** Looked through for those to take: enough to get past what one endpoint has waiting. */
const LOOKED_AT = 500;

// taken by moving its time to the end of a lease: a worker that dies gives it back then
export const claimDue = sql<DueDelivery>(
  'webhook-claim',
  `WITH due AS (
     SELECT tenant_id, id, row_number() OVER (PARTITION BY tenant_id, endpoint_id ORDER BY next_attempt_at, id) AS place FROM (
       SELECT tenant_id, id, endpoint_id, next_attempt_at FROM webhook_delivery
       WHERE state = 'pending' AND next_attempt_at <= $1 AND endpoint_id <> ALL ($2::uuid[]) ORDER BY next_attempt_at LIMIT ${LOOKED_AT}) d
   ), taken AS (
     SELECT d.tenant_id, d.id FROM webhook_delivery d JOIN due USING (tenant_id, id)
     WHERE due.place <= ${PER_ENDPOINT_MAX} AND d.state = 'pending' AND d.next_attempt_at <= $1 ORDER BY d.next_attempt_at LIMIT $3 FOR UPDATE OF d SKIP LOCKED
   )
   UPDATE webhook_delivery d SET next_attempt_at = $4 FROM taken, webhook_endpoint e, webhook_message m
   WHERE (d.tenant_id, d.id) = (taken.tenant_id, taken.id) AND (e.tenant_id, e.id) = (d.tenant_id, d.endpoint_id) AND (m.tenant_id, m.id) = (d.tenant_id, d.message_id)
   RETURNING d.tenant_id AS "tenantId", d.id, d.endpoint_id AS "endpointId", d.message_id AS "messageId", d.attempts, d.attempts_before AS "attemptsBefore",
     d.opened_at AS "openedAt", m.body, e.url, (e.disabled_at IS NULL AND e.deleted_at IS NULL) AS enabled, e.keys_sealed AS "keysSealed",
     e.previous_keys_sealed AS "previousKeysSealed", e.previous_keys_until AS "previousKeysUntil"`,
);

const settle = sql<{ id: string }>(
  'webhook-settle',
  `UPDATE webhook_delivery SET state = $4, attempts = attempts + 1, next_attempt_at = $5 WHERE tenant_id = $1 AND id = $2 AND attempts = $3 RETURNING id`,
);
const logAttempt = sql(
  'webhook-attempt-insert',
  `INSERT INTO webhook_attempt (tenant_id, delivery_id, number, at, latency_ms, status, error, answer) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const succeeded = sql('webhook-endpoint-succeeded', `UPDATE webhook_endpoint SET last_success_at = $3 WHERE tenant_id = $1 AND id = $2`);
const silence = sql<{ silent: boolean }>(
  'webhook-endpoint-silent',
  `SELECT last_success_at IS NULL OR last_success_at < $3 AS silent FROM webhook_endpoint WHERE tenant_id = $1 AND id = $2 FOR UPDATE`,
);
const cancelOne = sql(
  'webhook-delivery-cancel',
  `UPDATE webhook_delivery SET state = 'cancelled', next_attempt_at = NULL WHERE tenant_id = $1 AND id = $2 AND state = 'pending'`,
);

/** @returns false when the attempt was recorded before, by whoever held the lease in the meantime */
export const recordAttempt = async (
  tx: Tx,
  due: DueDelivery,
  attempt: Attempt,
  verdict: Verdict,
  next: Date | undefined,
  at: Date,
): Promise<boolean> => {
  const state = verdict === 'delivered' ? 'delivered' : next ? 'pending' : 'failed';
  const [settled] = await tx.query(settle, due.tenantId, due.id, due.attempts, state, next ?? null);
  if (!settled) return false;
  const answered = 'status' in attempt ? ([attempt.status, null, attempt.answer] as const) : ([null, attempt.error, ''] as const);
  await tx.query(logAttempt, due.tenantId, due.id, due.attempts + 1, at, attempt.latencyMs, ...answered);
  if (verdict === 'delivered') await tx.query(succeeded, due.tenantId, due.endpointId, at);
  return true;
};

/** Whether nothing at all arrived at the endpoint since then. */
export const silentSince = async (tx: Tx, { tenantId, endpointId }: DueDelivery, since: Date): Promise<boolean> =>
  (await tx.query(silence, tenantId, endpointId, since))[0]?.silent ?? false;

export const callOff = (tx: Tx, { tenantId, id }: DueDelivery) => tx.query(cancelOne, tenantId, id);
