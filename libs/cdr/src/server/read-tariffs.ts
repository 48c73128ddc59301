import type { Tx } from '@trunkline/platform';
import { sql } from '@trunkline/platform';
import type { Assignment, DeckVersions, Tariff } from '../core/tariff.ts';

type Row = { tenantId: string; currency: string; from: Date | null; outboundDeckId: string | null; inboundDeckId: string | null };

const readPlans = sql<Row>(
  'cdr-tariffs',
  `SELECT t.id AS "tenantId", t.currency, a."from", p.outbound_deck_id AS "outboundDeckId", p.inbound_deck_id AS "inboundDeckId"
   FROM tenant t LEFT JOIN plan_assignment a ON a.tenant_id = t.id LEFT JOIN plan p ON p.id = a.plan_id
   WHERE t.id = ANY ($1::uuid[]) ORDER BY a."from" DESC`,
);
const readVersions = sql<{ deckId: string; id: string; from: Date }>(
  'cdr-deck-versions',
  `SELECT deck_id AS "deckId", id, effective_from AS "from" FROM deck_version WHERE deck_id = ANY ($1::uuid[]) ORDER BY effective_from DESC, version DESC`,
);

/** What prices the calls of these tenants, in two queries. Tenants that do not exist are missing from the answer. */
export const readTariffs = async (
  tx: Tx,
  tenantIds: readonly string[],
): Promise<{ tariffs: ReadonlyMap<string, Tariff>; versions: DeckVersions }> => {
  const tariffs = new Map<string, { currency: string; assignments: Assignment[] }>();
  const deckIds = new Set<string>();
  for (const row of await tx.query(readPlans, tenantIds)) {
    const tariff = tariffs.get(row.tenantId) ?? { currency: row.currency, assignments: [] };
    tariffs.set(row.tenantId, tariff);
    if (row.from === null || row.outboundDeckId === null) continue;
    tariff.assignments.push({ fromMs: row.from.getTime(), outboundDeckId: row.outboundDeckId, inboundDeckId: row.inboundDeckId });
    deckIds.add(row.outboundDeckId);
    if (row.inboundDeckId !== null) deckIds.add(row.inboundDeckId);
  }
  const versions = new Map<string, { id: string; fromMs: number }[]>();
  for (const { deckId, id, from } of await tx.query(readVersions, [...deckIds])) {
    versions.set(deckId, [...(versions.get(deckId) ?? []), { id, fromMs: from.getTime() }]);
  }
  return { tariffs, versions };
};
