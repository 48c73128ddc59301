import type { Tx } from '@trunkline/platform';
import { rateCdr } from '../core/rate-cdr.ts';
import type { CdrRating } from '../core/rate-cdr.ts';
import type { EndRecord } from '../core/sort-lines.ts';
import { priceSource } from '../core/tariff.ts';
import type { DeckCache } from './deck-cache.ts';
import { readTariffs } from './read-tariffs.ts';

export type CallToPrice = Pick<EndRecord, 'tenantId' | 'direction' | 'answeredAtMs' | 'endedAtMs' | 'destination' | 'to'>;

/**
 * Prices calls of any tenants by the plans and deck versions in force when they were answered.
 * @returns one rating per call, in order; undefined where there is no such tenant
 */
export const rateCalls = async (tx: Tx, cache: DeckCache, calls: readonly CallToPrice[]): Promise<(CdrRating | undefined)[]> => {
  if (calls.length === 0) return [];
  const { tariffs, versions } = await readTariffs(tx, [...new Set(calls.map((c) => c.tenantId))]);
  const priced = calls.map((call) => {
    const tariff = tariffs.get(call.tenantId);
    return tariff && { call, currency: tariff.currency, source: priceSource(call, tariff, versions) };
  });
  const decks = await cache.decksOf(tx, new Set(priced.flatMap((p) => (p?.source.kind === 'deck' ? [p.source.versionId] : []))));
  return priced.map((p) => p && rateCdr(p.call, p.source, p.currency, decks));
};
