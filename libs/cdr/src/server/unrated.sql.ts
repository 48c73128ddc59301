import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { CdrRating } from '../core/rate-cdr.ts';

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
export type Position = { readonly startedAt: Date | string; readonly id: string };
export const OLDEST: Position = { startedAt: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

const lockChunk = sql<UnratedCall>(
  'cdr-unrated-lock',
  `SELECT id, direction, started_at AS "startedAt", answered_at AS "answeredAt", ended_at AS "endedAt", destination, "to" FROM cdr
   WHERE tenant_id = $1 AND rating_state = 'unrated' AND (started_at, id) > ($2::timestamptz, $3::uuid)
   ORDER BY started_at, id LIMIT ${CHUNK} FOR UPDATE`,
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
export const lockUnrated = (tx: Tx, tenantId: string, after: Position): Promise<UnratedCall[]> =>
  tx.query(lockChunk, tenantId, after.startedAt, after.id);

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
