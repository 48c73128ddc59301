import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { LAST_YEAR, startedAtOf } from '../core/cdr-id.ts';
import type { CdrRating } from '../core/rate-cdr.ts';
import type { StoredCall } from './call-queries.ts';
import { CALL_COLUMNS } from './call-search.sql.ts';

/** Calls of one transaction. */
export const CHUNK = 5_000;

/** A call without a rate. Only answered calls of two directions can be one. */
export type UnratedCall = {
  readonly id: string;
  readonly direction: 'outbound' | 'inbound';
  readonly startedAt: Date;
  readonly answeredAt: Date;
  readonly endedAt: Date;
  readonly destination: string | null;
  readonly to: string;
};
/** Which of the calls without a rate: by their start, and by what their destination begins with. */
export type UnratedFilter = {
  readonly tenantId?: string | undefined;
  readonly from?: Date | undefined; //   started at or after
  readonly to?: Date | undefined; //     started before
  readonly prefix?: string | undefined; // digits, without +
};
export type WaitingCall = StoredCall & { readonly tenantId: string };
export type Position = { readonly startedAt: Date | string; readonly id: string };
export const NEWEST: Position = { startedAt: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };
export const OLDEST: Position = { startedAt: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

const MATCHES = (first: number): string =>
  `started_at >= coalesce($${first}::timestamptz, '-infinity') AND started_at < coalesce($${first + 1}::timestamptz, 'infinity')
     AND ($${first + 2}::text IS NULL OR starts_with(ltrim(coalesce(destination, "to"), '+'), $${first + 2}))`;

const lockChunk = sql<UnratedCall>(
  'cdr-unrated-lock',
  `SELECT id, direction, started_at AS "startedAt", answered_at AS "answeredAt", ended_at AS "endedAt", destination, "to" FROM cdr
   WHERE tenant_id = $1 AND rating_state = 'unrated' AND (started_at, id) > ($2::timestamptz, $3::uuid) AND ${MATCHES(4)}
   ORDER BY started_at, id LIMIT ${CHUNK} FOR UPDATE`,
);
const list = sql<WaitingCall>(
  'cdr-unrated-list',
  `SELECT tenant_id AS "tenantId", ${CALL_COLUMNS} FROM cdr
   WHERE rating_state = 'unrated' AND (started_at, id) < ($1::timestamptz, $2::uuid) AND ($3::uuid IS NULL OR tenant_id = $3) AND ${MATCHES(4)}
   ORDER BY started_at DESC, id DESC LIMIT $7`,
);
const lockOne = sql<{ tenantId: string; currency: string }>(
  'cdr-unrated-lock-one',
  `SELECT c.tenant_id AS "tenantId", t.currency FROM cdr c JOIN tenant t ON t.id = c.tenant_id
   WHERE c.rating_state = 'unrated' AND c.started_at = $1 AND c.id = $2 FOR UPDATE OF c`,
);
const waive = sql(
  'cdr-waive',
  `UPDATE cdr SET rating_state = 'free', currency = $4, amount_nanos = 0, waived_at = $5 WHERE tenant_id = $1 AND started_at = $2 AND id = $3`,
);
const waitingTenants = sql<{ id: string }>(
  'cdr-unrated-tenants',
  `SELECT t.id FROM tenant t WHERE EXISTS (SELECT FROM cdr WHERE tenant_id = t.id AND rating_state = 'unrated') ORDER BY t.id`,
);
const setRated = sql(
  'cdr-set-rated',
  `UPDATE cdr SET rating_state = u.state, currency = u.currency, amount_nanos = u.amount, billed_seconds = u.billed, deck_version_id = u.version,
     prefix = u.prefix, rate_per_minute_nanos = u.rate, connect_fee_nanos = u.fee, initial_seconds = u.initial, increment_seconds = u.increment
   FROM unnest($2::timestamptz[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::int[], $8::uuid[], $9::text[], $10::bigint[], $11::bigint[], $12::int[], $13::int[])
     AS u (started_at, id, state, currency, amount, billed, version, prefix, rate, fee, initial, increment)
   WHERE cdr.tenant_id = $1 AND cdr.started_at = u.started_at AND cdr.id = u.id AND cdr.rating_state = 'unrated'`,
);
const APPLIED = ['deckVersionId', 'prefix', 'ratePerMinuteNanos', 'connectFeeNanos', 'initialSeconds', 'incrementSeconds'] as const;

/** The next unrated calls of a tenant, the oldest first, locked until the transaction ends: nobody else rates them meanwhile. */
export const lockUnrated = (tx: Tx, tenantId: string, { from, to, prefix }: UnratedFilter, after: Position): Promise<UnratedCall[]> =>
  tx.query(lockChunk, tenantId, after.startedAt, after.id, from ?? null, to ?? null, prefix ?? null);

/** The tenants that have any. */
export const tenantsWithUnrated = async (tx: Tx): Promise<string[]> => (await tx.query(waitingTenants)).map((row) => row.id);

/** Of all tenants, the newest first, behind `after`. */
export const listUnrated = (tx: Tx, filter: UnratedFilter, after: Position, limit: number): Promise<WaitingCall[]> =>
  tx.query(list, after.startedAt, after.id, filter.tenantId ?? null, filter.from ?? null, filter.to ?? null, filter.prefix ?? null, limit);

/** Makes an unrated call free for good. @returns its tenant; undefined when there is no such unrated call */
export const waiveUnrated = async (tx: Tx, id: string, at: Date): Promise<string | undefined> => {
  if (startedAtOf(id).getUTCFullYear() > LAST_YEAR) return undefined;
  const [call] = await tx.query(lockOne, startedAtOf(id), id);
  if (!call) return undefined;
  await tx.query(waive, call.tenantId, startedAtOf(id), id, call.currency, at);
  return call.tenantId;
};

/** Gives locked calls their rating. */
export const setRatings = async (
  tx: Tx,
  tenantId: string,
  rated: readonly { readonly call: UnratedCall; readonly rating: CdrRating }[],
): Promise<void> => {
  const calls = rated.map((r) => r.call);
  const ratings = rated.map((r) => r.rating);
  await tx.query(
    setRated,
    tenantId,
    calls.map((c) => c.startedAt),
    calls.map((c) => c.id),
    ratings.map((r) => r.state),
    ratings.map((r) => r.currency),
    ratings.map((r) => r.amountNanos),
    ratings.map((r) => r.billedSeconds),
    ...APPLIED.map((key) => ratings.map((r) => r.applied?.[key] ?? null)),
  );
};
