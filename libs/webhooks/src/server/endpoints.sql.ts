import type { Position } from '@trunkline/kernel';
import { sql, takeTurn } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { filtersFor } from '../core/event-filter.ts';

/** Why nothing is sent: the tenant asked, the receiver did (410), or nothing arrived for days. */
export const DISABLED_REASONS = ['requested', 'gone', 'failing'] as const;
export type DisabledReason = (typeof DISABLED_REASONS)[number];

export type WebhookEndpoint = {
  readonly id: string;
  readonly url: string;
  readonly description: string | null;
  readonly eventTypes: readonly string[];
  readonly onlyAbout: string | null; // the public id of what alone it is told of
  readonly publicKey: string;
  readonly previousKeysUntil: Date | null;
  readonly disabledReason: DisabledReason | null; // null while it is enabled
  readonly disabledAt: Date | null;
  readonly lastSuccessAt: Date | null;
  readonly revision: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
};
export type EndpointSettings = Pick<WebhookEndpoint, 'url' | 'description' | 'eventTypes'>;

const COLUMNS = `id, url, description, event_types AS "eventTypes", only_about AS "onlyAbout", public_key AS "publicKey", previous_keys_until AS "previousKeysUntil",
  disabled_reason AS "disabledReason", disabled_at AS "disabledAt", last_success_at AS "lastSuccessAt", revision, created_at AS "createdAt", updated_at AS "updatedAt"`;
const LIVE = `WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL`;

const insert = sql(
  'webhook-endpoint-insert',
  `INSERT INTO webhook_endpoint (tenant_id, id, url, description, event_types, keys_sealed, public_key, created_at, updated_at, only_about)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)`,
);
const countLive = sql<{ live: number }>(
  'webhook-endpoint-count',
  `SELECT count(*)::int AS live FROM webhook_endpoint WHERE tenant_id = $1 AND deleted_at IS NULL AND only_about IS NOT DISTINCT FROM $2`,
);
const list = sql<WebhookEndpoint>(
  'webhook-endpoint-list',
  `SELECT ${COLUMNS} FROM webhook_endpoint WHERE tenant_id = $1 AND deleted_at IS NULL AND (created_at, id) < ($2::timestamptz, $3::uuid)
   ORDER BY created_at DESC, id DESC LIMIT $4`,
);
const one = sql<WebhookEndpoint>('webhook-endpoint-one', `SELECT ${COLUMNS} FROM webhook_endpoint ${LIVE}`);
const lock = sql<WebhookEndpoint>('webhook-endpoint-lock', `SELECT ${COLUMNS} FROM webhook_endpoint ${LIVE} FOR UPDATE`);
const update = sql<WebhookEndpoint>(
  'webhook-endpoint-update',
  `UPDATE webhook_endpoint SET url = $3, description = $4, event_types = $5, updated_at = $6, revision = revision + 1 ${LIVE} RETURNING ${COLUMNS}`,
);
const rotate = sql<WebhookEndpoint>(
  'webhook-endpoint-rotate',
  `UPDATE webhook_endpoint SET previous_keys_sealed = keys_sealed, previous_keys_until = $5, keys_sealed = $3, public_key = $4, updated_at = $6, revision = revision + 1 ${LIVE}
   RETURNING ${COLUMNS}`,
);
const enable = sql<WebhookEndpoint>(
  'webhook-endpoint-enable',
  `UPDATE webhook_endpoint SET disabled_reason = NULL, disabled_at = NULL, updated_at = $3, revision = revision + 1 ${LIVE} RETURNING ${COLUMNS}`,
);
const disable = sql<WebhookEndpoint>(
  'webhook-endpoint-disable',
  `UPDATE webhook_endpoint SET disabled_reason = $3, disabled_at = $4, updated_at = $4, revision = revision + 1 ${LIVE} AND disabled_at IS NULL RETURNING ${COLUMNS}`,
);
const remove = sql<{ id: string }>(
  'webhook-endpoint-delete',
  `UPDATE webhook_endpoint SET deleted_at = $3, updated_at = $3 ${LIVE} RETURNING id`,
);
const cancel = sql(
  'webhook-deliveries-cancel',
  `UPDATE webhook_delivery SET state = 'cancelled', next_attempt_at = NULL WHERE tenant_id = $1 AND endpoint_id = $2 AND state = 'pending'`,
);
/** What is recorded for an endpoint: all that it listens to, unless its tenant stopped it. What failed by itself can be replayed once mended. */
export const LISTENS = `deleted_at IS NULL AND disabled_reason IS DISTINCT FROM 'requested'`;
const listening = sql<{ tenantId: string }>(
  'webhook-tenants-listening',
  `SELECT tenant_id AS "tenantId" FROM webhook_endpoint WHERE tenant_id = ANY ($1::uuid[]) AND ${LISTENS} AND event_types && $2::text[]
   UNION SELECT tenant_id FROM live_interest WHERE tenant_id = ANY ($1::uuid[]) AND type = ANY ($2::text[]) AND until > clock_timestamp()`,
);

export const insertEndpoint = (tx: Tx, tenantId: string, e: WebhookEndpoint, keysSealed: Buffer) =>
  tx.query(insert, tenantId, e.id, e.url, e.description, e.eventTypes, keysSealed, e.publicKey, e.createdAt, e.onlyAbout);

/** How many endpoints there are for one thing, or for everything; nobody adds one until the transaction ends. */
export const countEndpoints = async (tx: Tx, tenantId: string, onlyAbout: string | null): Promise<number> => {
  await takeTurn(tx, `webhook_endpoint:${tenantId}`);
  return (await tx.query(countLive, tenantId, onlyAbout))[0]?.live ?? 0;
};

export const listEndpoints = (tx: Tx, tenantId: string, after: Position, limit: number) =>
  tx.query(list, tenantId, after.createdAt, after.id, limit);
export const readEndpoint = async (tx: Tx, tenantId: string, id: string) => (await tx.query(one, tenantId, id))[0];
export const lockEndpoint = async (tx: Tx, tenantId: string, id: string) => (await tx.query(lock, tenantId, id))[0];
export const updateEndpoint = async (tx: Tx, tenantId: string, id: string, s: EndpointSettings, at: Date) =>
  (await tx.query(update, tenantId, id, s.url, s.description, s.eventTypes, at))[0];
export const rotateKeys = async (
  tx: Tx,
  tenantId: string,
  id: string,
  keysSealed: Buffer,
  publicKey: string,
  previousUntil: Date,
  at: Date,
) => (await tx.query(rotate, tenantId, id, keysSealed, publicKey, previousUntil, at))[0];
export const enableEndpoint = async (tx: Tx, tenantId: string, id: string, at: Date) => (await tx.query(enable, tenantId, id, at))[0];

/** Disables an endpoint, and calls off what was still to be sent to it. @returns undefined when it was disabled before */
export const disableEndpoint = async (tx: Tx, tenantId: string, id: string, reason: DisabledReason, at: Date) => {
  const [disabled] = await tx.query(disable, tenantId, id, reason, at);
  if (disabled) await tx.query(cancel, tenantId, id);
  return disabled;
};

/** @returns false when there is no such endpoint */
export const deleteEndpoint = async (tx: Tx, tenantId: string, id: string, at: Date): Promise<boolean> => {
  const [gone] = await tx.query(remove, tenantId, id, at);
  if (gone) await tx.query(cancel, tenantId, id);
  return gone !== undefined;
};

/**
 * Which of these tenants have an endpoint that listens to an event, or somebody who follows it live. Whoever publishes events by the thousand asks this first, and publishes
 * for nobody else.
 */
export const tenantsListening = async (tx: Tx, type: string, tenantIds: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await tx.query(listening, [...new Set(tenantIds)], filtersFor(type));
  return new Set(rows.map((row) => row.tenantId));
};
