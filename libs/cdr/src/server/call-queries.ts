import { Injectable } from '@nestjs/common';
import type { ChannelKind } from '@trunkline/edge-core';
import { Clock, decodeCursor, notFound, pageOf } from '@trunkline/kernel';
import type { Page, PageQuery, Period, TenantContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { callWindow, daysOf } from '../core/call-window.ts';
import { LAST_YEAR, startedAtOf } from '../core/cdr-id.ts';
import { CALL_COLUMNS, callSearch } from './call-search.sql.ts';
import type { CallFilter, CallPosition } from './call-search.sql.ts';

/** A stored call attempt. Texts of callers are exactly as they were sent, until they are masked. */
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
  readonly attestation: 'A' | 'B' | 'C' | null;
  readonly estimated: boolean;
  readonly channelKind: ChannelKind | null;
  readonly channelPoolId: string | null;
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
  readonly maskedAt: Date | null;
  readonly waivedAt: Date | null;
};
/** The rate that was applied, as its deck names it. */
export type RateName = { readonly deckId: string; readonly deckVersion: number; readonly destination: string };
/** A filter with the starts it covers, see `callWindow`. */
export type CallSearch = CallFilter & { readonly from?: Date | undefined; readonly to?: Date | undefined };

type Found = StoredCall & { readonly deckId: string | null; readonly deckVersion: number | null; readonly rateDestination: string | null };
// LIMIT 1, or Postgres takes the plan for all months to be dearer than one made anew for each call: planning was four fifths of what this read cost
const one = sql<Found>(
  'call-one',
  `SELECT c.*, v.deck_id AS "deckId", v.version AS "deckVersion", r.destination AS "rateDestination"
   FROM (SELECT ${CALL_COLUMNS} FROM cdr WHERE tenant_id = $1 AND started_at = $2 AND id = $3 LIMIT 1) c
     LEFT JOIN (deck_version v JOIN deck_rate r ON r.deck_version_id = v.id) ON v.id = c."deckVersionId" AND r.prefix = c.prefix`,
);
const rateNames = sql<RateName & { readonly deckVersionId: string; readonly prefix: string }>(
  'call-rate-names',
  `SELECT v.id AS "deckVersionId", r.prefix, v.deck_id AS "deckId", v.version AS "deckVersion", r.destination
   FROM unnest($1::uuid[], $2::text[]) AS c (version, prefix) JOIN deck_version v ON v.id = c.version
   JOIN deck_rate r ON r.deck_version_id = v.id AND r.prefix = c.prefix`,
);

@Injectable()
export class CallQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Newest first. @throws AppError request.bad_cursor */
  async list(
    ctx: TenantContext,
    { limit, cursor, from, to, ...filter }: PageQuery & CallSearch,
  ): Promise<Page<StoredCall & { readonly createdAt: Date }>> {
    const position = cursor === undefined ? undefined : decodeCursor(cursor);
    const after = position && { startedAt: position.createdAt, id: position.id };
    const rows = await this.search(ctx, filter, callWindow({ from, to }, this.clock.now()), after, limit + 1);
    return pageOf(
      rows.map((row) => ({ ...row, createdAt: row.startedAt })),
      limit,
    );
  }

  /**
   * All calls of a search, newest first, piece by piece, each read in a transaction of its own when it is asked for: a slow reader holds no
   * connection, and no statement reads more than one day of calls, so none runs into the time a statement may take.
   */
  async *pieces(ctx: TenantContext, { from, to, ...filter }: CallSearch, size: number): AsyncGenerator<readonly StoredCall[]> {
    for (const day of daysOf(callWindow({ from, to }, this.clock.now()))) yield* this.piecesOfDay(ctx, filter, day, size);
  }

  private search(ctx: TenantContext, filter: CallFilter, window: Period, after: CallPosition | undefined, limit: number) {
    const [statement, ...values] = callSearch(ctx.tenantId, filter, window, after, limit);
    return this.db.ask(ctx, statement, ...values);
  }

  private async *piecesOfDay(ctx: TenantContext, filter: CallFilter, day: Period, size: number): AsyncGenerator<readonly StoredCall[]> {
    let after: CallPosition | undefined;
    do {
      const from = after;
      const calls = await this.search(ctx, filter, day, from, size);
      if (calls.length > 0) yield calls;
      after = calls.length === size ? calls.at(-1) : undefined;
    } while (after);
  }

  /** One call, with the name of its rate when it has one. @throws AppError resource.not_found */
  async byId(ctx: TenantContext, id: string): Promise<{ readonly call: StoredCall; readonly rate: RateName | undefined }> {
    const startedAt = startedAtOf(id);
    if (startedAt.getUTCFullYear() > LAST_YEAR) throw notFound();
    const [found] = await this.db.ask(ctx, one, ctx.tenantId, startedAt, id);
    if (!found) throw notFound();
    const { deckId, deckVersion, rateDestination, ...call } = found;
    const named = deckId !== null && deckVersion !== null && rateDestination !== null;
    return { call, rate: named ? { deckId, deckVersion, destination: rateDestination } : undefined };
  }

  /** The names of the rates that these calls have, by the call's id. */
  ratesOf(ctx: TenantContext, calls: readonly StoredCall[]): Promise<ReadonlyMap<string, RateName>> {
    const rated = calls.filter(({ deckVersionId }) => deckVersionId !== null);
    const keyOf = (c: Pick<StoredCall, 'deckVersionId' | 'prefix'>) => `${c.deckVersionId} ${c.prefix}`;
    return this.db.read(ctx, async (tx) => {
      const wanted = [...new Map(rated.map((call) => [keyOf(call), call])).values()];
      const rows = await tx.query(
        rateNames,
        wanted.map((c) => c.deckVersionId),
        wanted.map((c) => c.prefix),
      );
      const names = new Map(rows.map((row) => [keyOf(row), row]));
      return new Map(
        rated.flatMap((call) => {
          const name = names.get(keyOf(call));
          return name ? [[call.id, name] as const] : [];
        }),
      );
    });
  }
}
