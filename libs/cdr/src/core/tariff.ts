import type { EndRecord } from './sort-lines.ts';

/** A plan's decks, from an instant on. `inboundDeckId` null: calls received are free. */
export type Assignment = { readonly fromMs: number; readonly outboundDeckId: string; readonly inboundDeckId: string | null };
/** What decides a tenant's prices: its plans, the newest first. `currency` is the tenant's own. */
export type Tariff = { readonly currency: string; readonly assignments: readonly Assignment[] };
/** The published versions of each deck, the newest first. */
export type DeckVersions = ReadonlyMap<string, readonly { readonly id: string; readonly fromMs: number }[]>;

/** Where the price of a call comes from: a deck version, nowhere because it is free, or nowhere although it is not. */
export type PriceSource =
  | { readonly kind: 'deck'; readonly versionId: string }
  | { readonly kind: 'free'; readonly why: string }
  | { readonly kind: 'none'; readonly why: string };

/** Why a call costs nothing. */
export const FREE = {
  emergency: { kind: 'free', why: 'emergency calls are free' },
  unanswered: { kind: 'free', why: 'not answered: nothing is charged' },
  inbound: { kind: 'free', why: 'the plan has no inbound deck: calls received are free' },
  waived: { kind: 'free', why: 'no rate was found, and the operator charges nothing for it' },
} as const;
const NONE = {
  plan: { kind: 'none', why: 'the tenant had no plan when the call was answered' },
  version: { kind: 'none', why: 'the deck had no version in force when the call was answered' },
} as const;

/** What prices a call: the plan and the deck version in force when it was answered, whenever its record arrives. */
export const priceSource = (
  { direction, answeredAtMs }: Pick<EndRecord, 'direction' | 'answeredAtMs'>,
  { assignments }: Tariff,
  versions: DeckVersions,
): PriceSource => {
  if (direction === 'emergency') return FREE.emergency;
  if (answeredAtMs === null) return FREE.unanswered;
  const plan = assignments.find((a) => a.fromMs <= answeredAtMs);
  if (!plan) return NONE.plan;
  const deckId = direction === 'outbound' ? plan.outboundDeckId : plan.inboundDeckId;
  if (deckId === null) return FREE.inbound;
  const version = versions.get(deckId)?.find((v) => v.fromMs <= answeredAtMs);
  return version ? { kind: 'deck', versionId: version.id } : NONE.version;
};
