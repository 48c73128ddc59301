import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, isUniqueViolation, sql } from '@trunkline/platform';
import { ratingErrors } from '../core/errors.ts';

/** A price list; its prices live in its versions. */
export type DeckHead = { readonly id: string; readonly name: string; readonly currency: string; readonly createdAt: Date };

const insert = sql('deck-insert', `INSERT INTO deck (id, name, currency, created_at) VALUES ($1, $2, $3, $4)`);

@Injectable()
export class CreateDeck {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError rating.deck_name_taken */
  execute(ctx: SystemContext, input: { name: string; currency: string }): Promise<DeckHead> {
    return this.db.tx(ctx, async (tx) => {
      const deck: DeckHead = { id: newId(), ...input, createdAt: this.clock.now() };
      await tx.query(insert, deck.id, deck.name, deck.currency, deck.createdAt).catch(nameTaken);
      audit(tx, ctx, 'deck.created', deck.id, input);
      return deck;
    });
  }
}

const nameTaken = (error: unknown): never => {
  if (!isUniqueViolation(error, 'deck_name_key')) throw error;
  throw new AppError(ratingErrors.deckNameTaken, undefined, {
    errors: [{ pointer: '/name', code: 'taken', detail: ratingErrors.deckNameTaken.title }],
  });
};
