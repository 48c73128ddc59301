import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiConsumes, ApiOperation, ApiTags } from '@nestjs/swagger';
import { toPublicId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import {
  Operator,
  OperatorOnly,
  Problems,
  Returns,
  currency,
  idIn,
  idOut,
  pageOut,
  pageQuery,
  text,
  timestampOut,
} from '@trunkline/platform';
import { z } from 'zod';
import { CreateDeck } from './create-deck.ts';
import type { DeckHead } from './create-deck.ts';
import { DeckQueries } from './deck-queries.ts';
import { PublishDeckVersion } from './publish-deck-version.ts';
import type { DeckVersion } from './publish-deck-version.ts';

const newDeck = z.strictObject({ name: text(120).meta({ example: 'Outbound USD' }), currency: currency() }).meta({ id: 'NewDeck' });
const sheet = z
  .string('must be a rate sheet sent as text/csv')
  .meta({ example: 'prefix,destination,rate,connect_fee,initial,increment\n1,United States,0.0085,0,6,6\n' });
const publication = z.strictObject({
  effective_from: z.iso
    .datetime({ offset: true })
    .transform((t) => new Date(t))
    .optional()
    .describe('Calls answered from then on; now when absent'),
});

export const versionOut = z
  .strictObject({
    id: idOut('deckVersion'),
    object: z.literal('deck_version'),
    deck_id: idOut('deck'),
    version: z.int(),
    effective_from: timestampOut(),
    rates_count: z.int(),
    created_at: timestampOut(),
  })
  .meta({ id: 'DeckVersion' });
const head = { id: idOut('deck'), object: z.literal('deck'), name: z.string(), currency: z.string(), created_at: timestampOut() };
export const deckOut = z.strictObject(head).meta({ id: 'Deck' });
const deckWithVersionsOut = z
  .strictObject({ ...head, versions: z.array(versionOut).describe('Newest first') })
  .meta({ id: 'DeckWithVersions' });

export const deckToWire = (d: DeckHead): z.infer<typeof deckOut> => ({
  id: toPublicId('deck', d.id),
  object: 'deck',
  name: d.name,
  currency: d.currency,
  created_at: d.createdAt.toISOString(),
});
export const versionToWire = (v: DeckVersion): z.infer<typeof versionOut> => ({
  id: toPublicId('deckVersion', v.id),
  object: 'deck_version',
  deck_id: toPublicId('deck', v.deckId),
  version: v.version,
  effective_from: v.effectiveFrom.toISOString(),
  rates_count: v.ratesCount,
  created_at: v.createdAt.toISOString(),
});

const page = z.strictObject(pageQuery);

@ApiTags('Prices')
@Controller('v1/decks')
export class DecksController {
  constructor(
    private readonly create: CreateDeck,
    private readonly publishVersion: PublishDeckVersion,
    private readonly queries: DeckQueries,
  ) {}

  @Post()
  @OperatorOnly()
  @ApiOperation({ operationId: 'createDeck', summary: 'Create a rate deck' })
  @Returns(201, deckOut, 'Created, without rates')
  @Problems(400, 409, 422)
  async post(@Operator() ctx: SystemContext, @Body({ schema: newDeck }) body: z.infer<typeof newDeck>) {
    return deckToWire(await this.create.execute(ctx, body));
  }

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'listDecks', summary: 'List rate decks' })
  @Returns(200, pageOut(deckOut, 'DeckPage'), 'A page')
  @Problems(400)
  async list(@Operator() ctx: SystemContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: data.map(deckToWire), next_cursor: nextCursor };
  }

  @Get(':id')
  @OperatorOnly()
  @ApiOperation({ operationId: 'getDeck', summary: 'Get a rate deck with its versions' })
  @Returns(200, deckWithVersionsOut, 'The deck')
  @Problems(404)
  async get(@Operator() ctx: SystemContext, @Param('id', { schema: idIn('deck') }) id: string) {
    const deck = await this.queries.byId(ctx, id);
    return { ...deckToWire(deck), versions: deck.versions.map(versionToWire) };
  }

  @Post(':id/versions')
  @OperatorOnly()
  @ApiOperation({ operationId: 'publishDeckVersion', summary: 'Publish a rate sheet as the next version of a deck' })
  @ApiConsumes('text/csv')
  @Returns(201, versionOut, 'Published')
  @Problems(400, 404, 409, 413, 422)
  async publish(
    @Operator() ctx: SystemContext,
    @Param('id', { schema: idIn('deck') }) id: string,
    @Query({ schema: publication }) query: z.infer<typeof publication>,
    @Body({ schema: sheet }) csv: string,
  ) {
    return versionToWire(await this.publishVersion.execute(ctx, id, csv, query.effective_from));
  }
}
