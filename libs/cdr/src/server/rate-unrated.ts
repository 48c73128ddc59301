import { Injectable } from '@nestjs/common';
import { Clock, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { DeckCache } from './deck-cache.ts';
import { postUsage } from './post-usage.ts';
import { rateCalls } from './rate-calls.ts';
import type { CallToPrice } from './rate-calls.ts';

/** Calls of one transaction. */
const CHUNK = 5_000;

type Waiting = {
  readonly id: string;
  readonly direction: 'outbound' | 'inbound';
  readonly startedAt: Date;
  readonly answeredAt: Date;
  readonly endedAt: Date;
  readonly destination: string | null;
  readonly to: string;
};
type Position = { readonly startedAt: Date | string; readonly id: string };

const tenantExists = sql('cdr-tenant-exists', `SELECT 1 FROM tenant WHERE id = $1`);
// only answered calls can be unrated
const lockChunk = sql<Waiting>(
  'cdr-unrated-lock',
  `SELECT id, direction, started_at AS "startedAt", answered_at AS "answeredAt", ended_at AS "endedAt", destination, "to" FROM cdr
   WHERE tenant_id = $1 AND rating_state = 'unrated' AND (started_at, id) > ($2::timestamptz, $3::uuid) ORDER BY started_at, id LIMIT ${CHUNK} FOR UPDATE`,
);
const setRated = sql<{ id: string }>(
  'cdr-set-rated',
  `UPDATE cdr SET rating_state = u.state, currency = u.currency, amount_nanos = u.amount, billed_seconds = u.billed, deck_version_id = u.version, prefix = u.prefix,
     rate_per_minute_nanos = u.rate, connect_fee_nanos = u.fee, initial_seconds = u.initial, increment_seconds = u.increment
   FROM unnest($2::timestamptz[], $3::uuid[], $4::text[], $5::text[], $6::bigint[], $7::int[], $8::uuid[], $9::text[], $10::bigint[], $11::bigint[], $12::int[], $13::int[])
     AS u (started_at, id, state, currency, amount, billed, version, prefix, rate, fee, initial, increment)
   WHERE cdr.tenant_id = $1 AND cdr.started_at = u.started_at AND cdr.id = u.id AND cdr.rating_state = 'unrated' RETURNING cdr.id`,
);

/** Rates and charges a tenant's calls that came before their rate did, once a plan or a deck version covers them. Safe to repeat at any time. */
@Injectable()
export class RateUnrated {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly decks: DeckCache,
  ) {}

  /** @throws AppError resource.not_found for an unknown tenant */
  async execute(ctx: SystemContext, tenantId: string): Promise<{ rated: number; stillUnrated: number }> {
    await this.db.read(ctx, async (tx) => {
      if ((await tx.query(tenantExists, tenantId)).length === 0) throw notFound();
    });
    const total = { rated: 0, stillUnrated: 0 };
    let after: Position | undefined = { startedAt: '-infinity', id: '00000000-0000-0000-0000-000000000000' };
    while (after) {
      const from: Position = after;
      const { rated, seen, last } = await this.db.tx(ctx, (tx) => this.rateChunk(tx, ctx, tenantId, from));
      total.rated += rated;
      total.stillUnrated += seen - rated;
      after = seen === CHUNK ? last : undefined;
    }
    return total;
  }

  private async rateChunk(
    tx: Tx,
    ctx: SystemContext,
    tenantId: string,
    after: Position,
  ): Promise<{ rated: number; seen: number; last: Position | undefined }> {
    const calls = await tx.query(lockChunk, tenantId, after.startedAt, after.id);
    const ratings = await rateCalls(
      tx,
      this.decks,
      calls.map((c) => toPrice(tenantId, c)),
    );
    const rated = calls.flatMap((call, i) => {
      const rating = ratings[i];
      return rating && rating.state !== 'unrated' ? [{ call, rating }] : [];
    });
    if (rated.length > 0) {
      const of = <T>(pick: (r: (typeof rated)[number]) => T): T[] => rated.map(pick);
      const rates = (
        ['deckVersionId', 'prefix', 'ratePerMinuteNanos', 'connectFeeNanos', 'initialSeconds', 'incrementSeconds'] as const
      ).map((key) => of((r) => r.rating.applied?.[key] ?? null));
      const amounts = [
        of((r) => r.rating.state),
        of((r) => r.rating.currency),
        of((r) => r.rating.amountNanos),
        of((r) => r.rating.billedSeconds),
      ];
      await tx.query(
        setRated,
        tenantId,
        of((r) => r.call.startedAt),
        of((r) => r.call.id),
        ...amounts,
        ...rates,
      );
      await postUsage(
        tx,
        of(({ call, rating }) => ({
          ...rating,
          tenantId,
          id: call.id,
          direction: call.direction,
          answeredAtMs: call.answeredAt.getTime(),
        })),
        this.clock.now(),
      );
      await audit(tx, ctx, 'cdr.rated', tenantId, { calls: rated.length });
    }
    return { rated: rated.length, seen: calls.length, last: calls.at(-1) };
  }
}

const toPrice = (tenantId: string, { direction, answeredAt, endedAt, destination, to }: Waiting): CallToPrice => ({
  tenantId,
  direction,
  destination,
  to,
  answeredAtMs: answeredAt.getTime(),
  endedAtMs: endedAt.getTime(),
});
