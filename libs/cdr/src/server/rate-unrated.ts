import { Injectable } from '@nestjs/common';
import { Clock, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, publish, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { DeckCache } from './deck-cache.ts';
import { postUsage } from './post-usage.ts';
import { rateCalls } from './rate-calls.ts';
import { CHUNK, OLDEST, lockUnrated, setRatings, tenantsWithUnrated } from './unrated.sql.ts';
import type { Position, UnratedCall, UnratedFilter } from './unrated.sql.ts';

export type RatedCount = { readonly rated: number; readonly stillUnrated: number };

const tenantExists = sql('cdr-tenant-exists', `SELECT 1 FROM tenant WHERE id = $1`);

/** Rates and charges calls that came before their rate did, once a plan or a deck version covers them. Safe to repeat at any time. */
@Injectable()
export class RateUnrated {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly decks: DeckCache,
  ) {}

  /** @throws AppError resource.not_found for an unknown tenant */
  async execute(ctx: SystemContext, filter: UnratedFilter): Promise<RatedCount> {
    const { tenantId } = filter;
    if (tenantId !== undefined) {
      const [tenant] = await this.db.read(ctx, (tx) => tx.query(tenantExists, tenantId));
      if (!tenant) throw notFound();
    }
    const total = { rated: 0, stillUnrated: 0 };
    for (const id of tenantId === undefined ? await this.db.read(ctx, tenantsWithUnrated) : [tenantId]) {
      const { rated, stillUnrated } = await this.rateTenant(ctx, id, filter);
      total.rated += rated;
      total.stillUnrated += stillUnrated;
    }
    return total;
  }

  private async rateTenant(ctx: SystemContext, tenantId: string, filter: UnratedFilter): Promise<RatedCount> {
    const total = { rated: 0, stillUnrated: 0 };
    let after: Position | undefined = OLDEST;
    while (after) {
      const from: Position = after;
      const { rated, calls } = await this.db.tx(ctx, (tx) => this.rateChunk(tx, ctx, tenantId, filter, from));
      total.rated += rated;
      total.stillUnrated += calls.length - rated;
      after = calls.length === CHUNK ? calls.at(-1) : undefined;
    }
    return total;
  }

  private async rateChunk(
    tx: Tx,
    ctx: SystemContext,
    tenantId: string,
    filter: UnratedFilter,
    after: Position,
  ): Promise<{ rated: number; calls: readonly UnratedCall[] }> {
    const calls = await lockUnrated(tx, tenantId, filter, after);
    const toPrice = calls.map((c) => ({ ...c, tenantId, answeredAtMs: c.answeredAt.getTime(), endedAtMs: c.endedAt.getTime() }));
    const ratings = await rateCalls(tx, this.decks, toPrice);
    const rated = calls.flatMap((call, i) => {
      const rating = ratings[i];
      return rating && rating.state !== 'unrated' ? [{ call, rating }] : [];
    });
    if (rated.length > 0) {
      await setRatings(tx, tenantId, rated);
      const charged = rated.map(({ call, rating }) => ({
        ...rating,
        tenantId,
        id: call.id,
        direction: call.direction,
        answeredAtMs: call.answeredAt.getTime(),
      }));
      await postUsage(tx, charged, this.clock.now());
      audit(tx, ctx, 'tenant.calls_rated', tenantId, { calls: rated.length });
      publish(tx, { type: 'tenant.calls_rated', tenantId, data: { tenantId, calls: rated.length } });
    }
    return { rated: rated.length, calls };
  }
}
