import { Injectable } from '@nestjs/common';
import { decodeCursor, notFound, pageOf } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { startedAtOf } from '../core/cdr-id.ts';

/** A stored call attempt. Texts of callers are exactly as they were sent. */
export type StoredCall = {
  readonly id: string;
  readonly trunkId: string | null;
  readonly direction: 'outbound' | 'inbound' | 'emergency';
  readonly outcome: 'answered' | 'failed' | 'rejected';
  readonly from: string;
  readonly to: string;
  readonly callerId: string | null;
  readonly destination: string | null;
  readonly startedAt: Date;
  readonly answeredAt: Date | null;
  readonly endedAt: Date;
  readonly sipCode: number;
  readonly reason: string | null;
  readonly hangupBy: 'caller' | 'callee' | 'edge' | null;
  readonly attempts: readonly number[];
  readonly estimated: boolean;
  readonly ratingState: 'rated' | 'free' | 'unrated';
  readonly currency: string | null;
  readonly amountNanos: bigint | null;
  readonly billedSeconds: number;
  readonly deckVersionId: string | null;
  readonly prefix: string | null;
  readonly ratePerMinuteNanos: bigint | null;
  readonly connectFeeNanos: bigint | null;
  readonly initialSeconds: number | null;
  readonly incrementSeconds: number | null;
};
/** The rate that was applied, as its deck names it. */
export type RateName = { readonly deckId: string; readonly deckVersion: number; readonly destination: string };
export type CallFilter = PageQuery & {
  readonly direction?: StoredCall['direction'] | undefined;
  readonly trunkId?: string | undefined;
  readonly number?: string | undefined; // E.164: presented or dialled
  readonly from?: Date | undefined; //     started at or after
  readonly to?: Date | undefined; //       started before
};

const CALL_COLUMNS = `id, trunk_id AS "trunkId", direction, outcome, "from", "to", caller_id AS "callerId", destination, started_at AS "startedAt", answered_at AS "answeredAt",
  ended_at AS "endedAt", sip_code AS "sipCode", reason, hangup_by AS "hangupBy", attempts, estimated, rating_state AS "ratingState", currency, amount_nanos AS "amountNanos",
  billed_seconds AS "billedSeconds", deck_version_id AS "deckVersionId", prefix, rate_per_minute_nanos AS "ratePerMinuteNanos", connect_fee_nanos AS "connectFeeNanos",
  initial_seconds AS "initialSeconds", increment_seconds AS "incrementSeconds"`;

const list = sql<StoredCall>(
  'call-list',
  `SELECT ${CALL_COLUMNS} FROM cdr
   WHERE tenant_id = $1 AND (started_at, id) < ($2::timestamptz, $3::uuid) AND started_at >= coalesce($4::timestamptz, '-infinity') AND started_at < coalesce($5::timestamptz, 'infinity')
     AND ($6::text IS NULL OR direction = $6) AND ($7::uuid IS NULL OR trunk_id = $7) AND ($8::text IS NULL OR caller_id = $8 OR destination = $8)
   ORDER BY started_at DESC, id DESC LIMIT $9`,
);
const one = sql<StoredCall>('call-one', `SELECT ${CALL_COLUMNS} FROM cdr WHERE tenant_id = $1 AND started_at = $2 AND id = $3`);
const rateName = sql<RateName>(
  'call-rate-name',
  `SELECT v.deck_id AS "deckId", v.version AS "deckVersion", r.destination FROM deck_version v JOIN deck_rate r ON r.deck_version_id = v.id
   WHERE v.id = $1 AND r.prefix = $2`,
);

const NEWEST = { createdAt: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };
const LAST_YEAR = 9999;

@Injectable()
export class CallQueries {
  constructor(private readonly db: Database) {}

  /** Newest first. @throws AppError request.bad_cursor */
  list(ctx: TenantContext, filter: CallFilter): Promise<Page<StoredCall>> {
    const { limit, cursor, from, to, direction, trunkId, number } = filter;
    const after = cursor === undefined ? NEWEST : decodeCursor(cursor);
    const optional = [from, to, direction, trunkId, number].map((value) => value ?? null);
    return this.db.read(ctx, async (tx) => {
      const rows = await tx.query(list, ctx.tenantId, after.createdAt, after.id, ...optional, limit + 1);
      return pageOf(
        rows.map((row) => ({ ...row, createdAt: row.startedAt })),
        limit,
      );
    });
  }

  /** One call, with the name of its rate when it has one. @throws AppError resource.not_found */
  byId(ctx: TenantContext, id: string): Promise<{ readonly call: StoredCall; readonly rate: RateName | undefined }> {
    const startedAt = startedAtOf(id);
    if (startedAt.getUTCFullYear() > LAST_YEAR) throw notFound();
    return this.db.read(ctx, async (tx) => {
      const [call] = await tx.query(one, ctx.tenantId, startedAt, id);
      if (!call) throw notFound();
      const [rate] = call.deckVersionId === null ? [] : await tx.query(rateName, call.deckVersionId, call.prefix);
      return { call, rate };
    });
  }
}
