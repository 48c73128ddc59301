import { Injectable } from '@nestjs/common';
import { AppError, Clock, invalidField, newId, notFound } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, publish, sql, PLATFORM_TENANT_ID } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { parseDeckCsv } from '../core/deck-csv.ts';
import type { Rate } from '../core/deck.ts';
import { isPast } from '../core/effective-date.ts';
import { ratingErrors } from '../core/errors.ts';

/** A published price list. It never changes: calls that it rated can be rated again to the same nano. */
export type DeckVersion = {
  readonly id: string;
  readonly deckId: string;
  readonly version: number; // counts from 1 within the deck
  readonly effectiveFrom: Date;
  readonly ratesCount: number;
  readonly createdAt: Date;
};

/** Rows sent in one statement: large enough to be few, small enough to be no burden on either side. */
const CHUNK = 50_000;

const lockDeck = sql<{ id: string }>('deck-lock', `SELECT id FROM deck WHERE id = $1 FOR UPDATE`);
const nextVersion = sql<{ version: number }>(
  'deck-version-next',
  `SELECT coalesce(max(version), 0) + 1 AS version FROM deck_version WHERE deck_id = $1`,
);
const insertVersion = sql(
  'deck-version-insert',
  `INSERT INTO deck_version (id, deck_id, version, effective_from, rates_count, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
);
const insertRates = sql(
  'deck-rates-insert',
  `INSERT INTO deck_rate (deck_version_id, prefix, destination, rate_per_minute_nanos, connect_fee_nanos, initial_seconds, increment_seconds)
   SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::int[], $7::int[])`,
);

/** Publishes a rate sheet whole or not at all. Calls answered from `effectiveFrom` on are rated by it. */
@Injectable()
export class PublishDeckVersion {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /**
   * @param effectiveFrom now when absent; the past is refused, since its calls are rated already
   * @throws AppError resource.not_found, rating.deck_invalid with every fault of the sheet, request.invalid
   */
  execute(ctx: SystemContext, deckId: string, csv: string, effectiveFrom?: Date): Promise<DeckVersion> {
    const now = this.clock.now();
    const from = effectiveFrom ?? now;
    if (isPast(from, now)) throw invalidField('/query/effective_from', 'past', 'Prices cannot change in the past');
    const { rates, errors } = parseDeckCsv(csv);
    if (errors.length > 0) {
      const faults = errors.map(({ pointer, code, detail }) => ({ pointer, code, detail }));
      throw new AppError(ratingErrors.deckInvalid, `${errors.length} faults; the first: line ${errors[0]?.line}: ${errors[0]?.detail}`, {
        errors: faults,
      });
    }
    return this.db.tx(ctx, async (tx) => {
      if ((await tx.query(lockDeck, deckId)).length === 0) throw notFound();
      const [next] = await tx.query(nextVersion, deckId);
      const version = { id: newId(), deckId, version: next?.version ?? 1, effectiveFrom: from, ratesCount: rates.length, createdAt: now };
      await tx.query(insertVersion, version.id, deckId, version.version, from, rates.length, now);
      await insertAll(tx, version.id, rates);
      audit(tx, ctx, 'deck_version.published', version.id, { deckId, version: version.version, rates: rates.length });
      publish(tx, { type: 'deck.version_published', tenantId: PLATFORM_TENANT_ID, data: { deckId, deckVersionId: version.id } });
      return version;
    });
  }
}

const insertAll = async (tx: Tx, versionId: string, rates: readonly Rate[]): Promise<void> => {
  for (let at = 0; at < rates.length; at += CHUNK) {
    const part = rates.slice(at, at + CHUNK);
    const column = <K extends keyof Rate>(key: K) => part.map((r) => r[key]);
    await tx.query(
      insertRates,
      versionId,
      column('prefix'),
      column('destination'),
      column('ratePerMinuteNanos'),
      column('connectFeeNanos'),
      column('initialSeconds'),
      column('incrementSeconds'),
    );
  }
};
