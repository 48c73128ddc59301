import type { Tx } from '@trunkline/platform';
import { arrayLiteral, sql } from '@trunkline/platform';
import type { CdrRating } from '../core/rate-cdr.ts';
import type { EndRecord } from '../core/sort-lines.ts';

/** A call about to be stored. `key` is its row's identity, see `keyOf`. */
export type NewCdr = {
  readonly key: string;
  readonly id: string;
  readonly edgeId: string;
  readonly contentHash: string;
  readonly record: EndRecord;
  readonly rating: CdrRating;
};

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

type Column = {
  readonly name: string;
  readonly type: string;
  readonly cast?: string;
  readonly value: (cdr: NewCdr) => string | number | bigint | null;
};
/** Every column that comes from the call, `stored_at` being the batch's. An array inside an array would be unnested too: it travels as text. */
const COLUMNS: readonly Column[] = [
  { name: 'tenant_id', type: 'uuid', value: (c) => c.record.tenantId },
  { name: 'started_at', type: 'timestamptz', value: (c) => iso(c.record.startedAtMs) },
  { name: 'id', type: 'uuid', value: (c) => c.id },
  { name: 'edge_id', type: 'uuid', value: (c) => c.edgeId },
  { name: 'trunk_id', type: 'uuid', value: (c) => c.record.trunkId },
  { name: 'carrier_id', type: 'uuid', value: (c) => c.record.carrierId },
  { name: 'direction', type: 'text', value: (c) => c.record.direction },
  { name: 'outcome', type: 'text', value: (c) => c.record.outcome },
  { name: 'from', type: 'text', value: (c) => c.record.from },
  { name: 'to', type: 'text', value: (c) => c.record.to },
  { name: 'caller_id', type: 'text', value: (c) => c.record.callerId },
  { name: 'destination', type: 'text', value: (c) => c.record.destination },
  { name: 'call_id', type: 'text', value: (c) => c.record.callId },
  { name: 'source_address', type: 'text', value: (c) => c.record.sourceAddress },
  { name: 'gateway', type: 'text', value: (c) => c.record.gateway },
  { name: 'answered_at', type: 'timestamptz', value: (c) => iso(c.record.answeredAtMs) },
  { name: 'ended_at', type: 'timestamptz', value: (c) => iso(c.record.endedAtMs) },
  { name: 'sip_code', type: 'int', value: (c) => c.record.sipCode },
  { name: 'reason', type: 'text', value: (c) => c.record.reason },
  { name: 'hangup_by', type: 'text', value: (c) => c.record.hangupBy },
  { name: 'attempts', type: 'text', cast: '::int[]', value: (c) => `{${c.record.attempts.join(',')}}` },
  { name: 'estimated', type: 'boolean', value: (c) => String(c.record.estimated) },
  { name: 'channel_kind', type: 'text', value: (c) => c.record.channel?.kind ?? null },
  { name: 'channel_pool_id', type: 'uuid', value: (c) => c.record.channel?.poolId ?? null },
  { name: 'content_hash', type: 'text', value: (c) => c.contentHash },
  { name: 'rating_state', type: 'text', value: (c) => c.rating.state },
  { name: 'currency', type: 'text', value: (c) => c.rating.currency },
  { name: 'amount_nanos', type: 'bigint', value: (c) => c.rating.amountNanos },
  { name: 'billed_seconds', type: 'int', value: (c) => c.rating.billedSeconds },
  { name: 'deck_version_id', type: 'uuid', value: (c) => c.rating.applied?.deckVersionId ?? null },
  { name: 'prefix', type: 'text', value: (c) => c.rating.applied?.prefix ?? null },
  { name: 'rate_per_minute_nanos', type: 'bigint', value: (c) => c.rating.applied?.ratePerMinuteNanos ?? null },
  { name: 'connect_fee_nanos', type: 'bigint', value: (c) => c.rating.applied?.connectFeeNanos ?? null },
  { name: 'initial_seconds', type: 'int', value: (c) => c.rating.applied?.initialSeconds ?? null },
  { name: 'increment_seconds', type: 'int', value: (c) => c.rating.applied?.incrementSeconds ?? null },
];

const names = COLUMNS.map((c) => `"${c.name}"`).join(', ');
const insert = sql<{ tenantId: string; id: string }>(
  'cdr-insert',
  `INSERT INTO cdr (stored_at, ${names})
   SELECT $1::timestamptz, ${COLUMNS.map((c) => `"${c.name}"${c.cast ?? ''}`).join(', ')}
   FROM unnest(${COLUMNS.map((c, i) => `$${i + 2}::${c.type}[]`).join(', ')}) AS u (${names})
   ON CONFLICT DO NOTHING RETURNING tenant_id AS "tenantId", id`,
);

// LATERAL with LIMIT keeps the planner from reading the whole table when it misjudges how few rows are asked for
const readHashes = sql<{ tenantId: string; id: string; contentHash: string }>(
  'cdr-hashes',
  `SELECT k.tenant_id AS "tenantId", k.id, c.content_hash AS "contentHash"
   FROM unnest($1::uuid[], $2::timestamptz[], $3::uuid[]) AS k (tenant_id, started_at, id)
   CROSS JOIN LATERAL (SELECT content_hash FROM cdr WHERE cdr.tenant_id = k.tenant_id AND cdr.started_at = k.started_at AND cdr.id = k.id LIMIT 1) c`,
);

/** A row's identity: the id holds the start, so tenant and id are the whole primary key. */
export const keyOf = (tenantId: string, id: string): string => `${tenantId}/${id}`;

/**
 * Stores what is not stored yet. Rows are taken in the order of their key: two batches that share rows wait for each other, never in a circle.
 * @returns the keys (`keyOf`) of the rows that are new
 */
export const insertCdrs = async (tx: Tx, cdrs: readonly NewCdr[], storedAt: Date): Promise<ReadonlySet<string>> => {
  if (cdrs.length === 0) return new Set();
  const sorted = cdrs.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const rows = await tx.query(insert, storedAt.toISOString(), ...COLUMNS.map(({ value }) => arrayLiteral(sorted.map(value))));
  return new Set(rows.map((row) => keyOf(row.tenantId, row.id)));
};

/** The content hash of each of these calls that is stored, by key. */
export const storedHashes = async (tx: Tx, cdrs: readonly NewCdr[]): Promise<ReadonlyMap<string, string>> => {
  if (cdrs.length === 0) return new Map();
  const rows = await tx.query(
    readHashes,
    cdrs.map((c) => c.record.tenantId),
    cdrs.map((c) => iso(c.record.startedAtMs)),
    cdrs.map((c) => c.id),
  );
  return new Map(rows.map((row) => [keyOf(row.tenantId, row.id), row.contentHash]));
};
