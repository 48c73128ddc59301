import { newId } from '@trunkline/kernel';
import type { Position } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { filtersFor } from '../core/event-filter.ts';
import { LISTENS } from './endpoints.sql.ts';

/** The channel that wakes the sender. */
export const WEBHOOK_DUE = 'webhook_due';
export const DELIVERY_STATES = ['pending', 'delivered', 'failed', 'cancelled'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

export type WebhookMessage = { readonly id: string; readonly type: string; readonly body: string };
export type WebhookDelivery = {
  readonly id: string;
  readonly endpointId: string;
  readonly messageId: string;
  readonly eventType: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly createdAt: Date;
};
export type LoggedAttempt = {
  readonly number: number;
  readonly at: Date;
  readonly latencyMs: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly answer: string;
};
export type DeliveryFilter = {
  readonly endpointId?: string | undefined;
  readonly state?: DeliveryState | undefined;
  readonly eventType?: string | undefined;
  readonly from?: Date | undefined; // created at or after
  readonly to?: Date | undefined; //   created before
};

const COLUMNS = `d.id, d.endpoint_id AS "endpointId", d.message_id AS "messageId", m.type AS "eventType", d.state, d.attempts,
  d.next_attempt_at AS "nextAttemptAt", d.created_at AS "createdAt"`;
const FROM = `FROM webhook_delivery d JOIN webhook_message m ON m.tenant_id = d.tenant_id AND m.id = d.message_id`;

const list = sql<WebhookDelivery>(
  'webhook-delivery-list',
  `SELECT ${COLUMNS} ${FROM} WHERE d.tenant_id = $1 AND (d.created_at, d.id) < ($2::timestamptz, $3::uuid) AND ($4::uuid IS NULL OR d.endpoint_id = $4)
     AND ($5::text IS NULL OR d.state = $5) AND ($6::text IS NULL OR m.type = $6) AND ($7::timestamptz IS NULL OR d.created_at >= $7)
     AND ($8::timestamptz IS NULL OR d.created_at < $8)
   ORDER BY d.created_at DESC, d.id DESC LIMIT $9`,
);
const one = sql<WebhookDelivery & { body: string }>(
  'webhook-delivery-one',
  `SELECT ${COLUMNS}, m.body ${FROM} WHERE d.tenant_id = $1 AND d.id = $2`,
);
const log = sql<LoggedAttempt>(
  'webhook-attempts',
  `SELECT number, at, latency_ms AS "latencyMs", status, error, answer FROM webhook_attempt WHERE tenant_id = $1 AND delivery_id = $2 ORDER BY number`,
);
const logs = sql<LoggedAttempt & { readonly deliveryId: string }>(
  'webhook-attempts-of',
  `SELECT delivery_id AS "deliveryId", number, at, latency_ms AS "latencyMs", status, error, answer FROM webhook_attempt
   WHERE tenant_id = $1 AND delivery_id = ANY($2::uuid[]) ORDER BY number`,
);
const bodies = sql<{ readonly id: string; readonly body: string }>(
  'webhook-bodies-of',
  `SELECT d.id, m.body ${FROM} WHERE d.tenant_id = $1 AND d.id = ANY($2::uuid[])`,
);
const endpointsFor = sql<{ id: string; enabled: boolean }>(
  'webhook-endpoints-for',
  `SELECT id, disabled_at IS NULL AS enabled FROM webhook_endpoint WHERE tenant_id = $1 AND ${LISTENS} AND event_types && $2::text[] AND (only_about IS NULL OR only_about = ANY ($3::text[]))`,
);
const insertMessage = sql(
  'webhook-message-insert',
  `INSERT INTO webhook_message (tenant_id, id, type, body, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
);
const insertDeliveries = sql(
  'webhook-delivery-insert',
  `WITH fresh AS (
     INSERT INTO webhook_delivery (tenant_id, id, endpoint_id, message_id, state, opened_at, next_attempt_at, created_at)
     SELECT $1, u.id, u.endpoint, $2, CASE WHEN u.enabled THEN 'pending' ELSE 'cancelled' END, $6, CASE WHEN u.enabled THEN $6::timestamptz END, $6
     FROM unnest($3::uuid[], $4::uuid[], $5::boolean[]) AS u (id, endpoint, enabled)
     ON CONFLICT (tenant_id, endpoint_id, message_id) DO NOTHING RETURNING state
   ) SELECT pg_notify('${WEBHOOK_DUE}', '') FROM fresh WHERE state = 'pending' LIMIT 1`,
);
const REOPEN = `SET state = 'pending', next_attempt_at = $3, opened_at = $3, attempts_before = attempts`;
const reopenOne = sql<{ id: string }>(
  'webhook-delivery-reopen',
  `UPDATE webhook_delivery ${REOPEN} WHERE tenant_id = $1 AND id = $2 RETURNING id`,
);
const reopenRange = sql<{ id: string }>(
  'webhook-deliveries-reopen',
  `UPDATE webhook_delivery d ${REOPEN} FROM webhook_message m
   WHERE m.tenant_id = d.tenant_id AND m.id = d.message_id AND d.tenant_id = $1 AND d.endpoint_id = $2 AND m.created_at >= $4 AND m.created_at < $5
     AND ($6::text[] IS NULL OR d.state = ANY ($6)) RETURNING d.id`,
);
const notify = sql('webhook-notify', `SELECT pg_notify('${WEBHOOK_DUE}', '')`);

export const listDeliveries = (tx: Tx, tenantId: string, f: DeliveryFilter, after: Position, limit: number) =>
  tx.query(
    list,
    tenantId,
    after.createdAt,
    after.id,
    f.endpointId ?? null,
    f.state ?? null,
    f.eventType ?? null,
    f.from ?? null,
    f.to ?? null,
    limit,
  );
export const readDelivery = async (tx: Tx, tenantId: string, id: string) => (await tx.query(one, tenantId, id))[0];
export const readAttempts = (tx: Tx, tenantId: string, id: string) => tx.query(log, tenantId, id);

export const readAttemptsOf = (tx: Tx, tenantId: string, ids: readonly string[]) => tx.query(logs, tenantId, ids);
export const readBodiesOf = (tx: Tx, tenantId: string, ids: readonly string[]) => tx.query(bodies, tenantId, ids);

/** The endpoints that listen to an event. @param about the public ids in it: an endpoint may be for one of them alone */
export const endpointsListening = (tx: Tx, tenantId: string, type: string, about: readonly string[]) =>
  tx.query(endpointsFor, tenantId, filtersFor(type), about);

/** Records a message and opens its deliveries, each once however often this is done, and wakes the sender. @returns the ids of the deliveries, of which those that existed are no ids */
export const openDeliveries = async (
  tx: Tx,
  tenantId: string,
  { id, type, body }: WebhookMessage,
  endpoints: readonly { readonly id: string; readonly enabled: boolean }[],
  at: Date,
): Promise<string[]> => {
  const ids = endpoints.map(() => newId());
  await tx.query(insertMessage, tenantId, id, type, body, at);
  await tx.query(insertDeliveries, tenantId, id, ids, endpoints.map((e) => e.id), endpoints.map((e) => e.enabled), at); // prettier-ignore
  return ids;
};

/** Sends a delivery again, whatever became of it, on a schedule that begins anew. */
export const reopenDelivery = async (tx: Tx, tenantId: string, id: string, at: Date): Promise<void> => {
  await tx.query(reopenOne, tenantId, id, at);
  await tx.query(notify);
};

/** Sends again what happened in a span of time. @returns how many messages */
export const reopenDeliveries = async (
  tx: Tx,
  tenantId: string,
  endpointId: string,
  span: { readonly from: Date; readonly to: Date; readonly states: readonly DeliveryState[] | undefined },
  at: Date,
): Promise<number> => {
  const reopened = await tx.query(reopenRange, tenantId, endpointId, at, span.from, span.to, span.states ?? null);
  await tx.query(notify);
  return reopened.length;
};
