import { Injectable } from '@nestjs/common';
import type { Tx } from '@trunkline/platform';
import { sql } from '@trunkline/platform';
import { DEFAULT_RATING_SCALE, openDeck } from '@trunkline/rating';
import type { Deck, Rate } from '@trunkline/rating';

/** About 350 bytes each, with their part of the trie. */
const RATES_MAX = 1_000_000;

const readCurrency = sql<{ currency: string }>(
  'cdr-deck-currency',
  `SELECT d.currency FROM deck_version v JOIN deck d ON d.id = v.deck_id WHERE v.id = $1`,
);
const readRates = sql<Rate>(
  'cdr-deck-rates',
  `SELECT prefix, destination, rate_per_minute_nanos AS "ratePerMinuteNanos", connect_fee_nanos AS "connectFeeNanos",
          initial_seconds AS "initialSeconds", increment_seconds AS "incrementSeconds"
   FROM deck_rate WHERE deck_version_id = $1`,
);

/** Published deck versions in memory. They never change, so what is kept is true; the least recently used go when there are too many rates. */
@Injectable()
export class DeckCache {
  private readonly decks = new Map<string, Promise<Deck>>(); // in order of last use
  private readonly sizes = new Map<string, number>();

  /** The decks of these versions, loaded if need be. A batch keeps what it got, whatever is dropped meanwhile. */
  async decksOf(tx: Tx, versionIds: Iterable<string>): Promise<ReadonlyMap<string, Deck>> {
    const found = new Map<string, Deck>();
    for (const id of versionIds) found.set(id, await this.deckOf(tx, id));
    this.dropOldest();
    return found;
  }

  private deckOf(tx: Tx, id: string): Promise<Deck> {
    const deck = this.decks.get(id) ?? this.load(tx, id);
    this.decks.delete(id);
    this.decks.set(id, deck);
    return deck;
  }

  private load(tx: Tx, id: string): Promise<Deck> {
    const deck = (async () => {
      const [head] = await tx.query(readCurrency, id);
      if (!head) throw new Error(`deck version ${id} does not exist`);
      const rates = await tx.query(readRates, id);
      this.sizes.set(id, rates.length);
      return openDeck({ currency: head.currency, ratingScale: DEFAULT_RATING_SCALE, durationRounding: 'ceil' }, rates);
    })();
    deck.catch(() => this.decks.delete(id)); // the next batch tries again
    return deck;
  }

  private dropOldest(): void {
    let total = [...this.sizes.values()].reduce((sum, n) => sum + n, 0);
    for (const [id, size] of [...this.decks.keys()].map((key) => [key, this.sizes.get(key) ?? 0] as const)) {
      if (total <= RATES_MAX || this.decks.size === 1) return;
      total -= size;
      this.decks.delete(id);
      this.sizes.delete(id);
    }
  }
}
