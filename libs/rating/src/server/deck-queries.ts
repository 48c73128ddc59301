import { Injectable } from '@nestjs/common';
import { decodeCursor, notFound, pageOf } from '@trunkline/kernel';
import type { Page, PageQuery, SystemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { DeckHead } from './create-deck.ts';
import type { DeckVersion } from './publish-deck-version.ts';

@Injectable()
export class DeckQueries {
  constructor(private readonly db: Database) {}

  /** A deck and its versions, newest first. @throws AppError resource.not_found */
  byId(ctx: SystemContext, id: string): Promise<DeckHead & { readonly versions: readonly DeckVersion[] }> {
    return this.db.read(ctx, async ({ prisma }) => {
      const deck = await prisma.deck.findUnique({ where: { id } });
      if (!deck) throw notFound();
      const versions = await prisma.deckVersion.findMany({ where: { deckId: id }, orderBy: { version: 'desc' } });
      return { ...deck, versions };
    });
  }

  /** The versions of these decks, newest first. */
  versionsOf(ctx: SystemContext, deckIds: readonly string[]): Promise<DeckVersion[]> {
    const where = { deckId: { in: [...deckIds] } };
    return this.db.read(ctx, ({ prisma }) => prisma.deckVersion.findMany({ where, orderBy: { version: 'desc' } }));
  }

  list(ctx: SystemContext, { limit, cursor }: PageQuery): Promise<Page<DeckHead>> {
    return this.db.read(ctx, async ({ prisma }) => {
      const after = cursor === undefined ? undefined : decodeCursor(cursor);
      const where = after ? { OR: [{ createdAt: { lt: after.createdAt } }, { createdAt: after.createdAt, id: { lt: after.id } }] } : {};
      return pageOf(await prisma.deck.findMany({ where, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take: limit + 1 }), limit);
    });
  }
}
