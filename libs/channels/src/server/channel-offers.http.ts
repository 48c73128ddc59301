import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { SystemContext, TenantContext } from '@trunkline/kernel';
import { Allow, CanDryRun, Operator, OperatorOnly, Problems, Returns, Tenant, pageOut } from '@trunkline/platform';
import type { z } from 'zod';
import { ChannelQueries } from './channel-queries.ts';
import { newOffer, offerOf, offerOut, offerQuery, offerToWire } from './channel-offers.schema.ts';
import { CreateChannelOffer } from './create-channel-offer.ts';

/** What channels cost, by sets of countries. */
@ApiTags('Channels')
@Controller('v1')
export class ChannelOffersController {
  constructor(
    private readonly create: CreateChannelOffer,
    private readonly queries: ChannelQueries,
  ) {}

  @Post('channel-offers')
  @OperatorOnly()
  @CanDryRun()
  @ApiOperation({ operationId: 'createChannelOffer', summary: 'Offer channels for a set of countries' })
  @Returns(201, offerOut, 'Created')
  @Problems(400, 403, 409, 422)
  async post(@Operator() ctx: SystemContext, @Body({ schema: newOffer }) body: z.infer<typeof newOffer>) {
    return offerToWire(await this.create.execute(ctx, offerOf(body)));
  }

  @Get('channel-offers')
  @OperatorOnly()
  @ApiOperation({ operationId: 'listChannelOffers', summary: 'List the offers of channels' })
  @Returns(200, pageOut(offerOut, 'ChannelOfferPage'), 'A page')
  @Problems(400, 403)
  async list(@Operator() ctx: SystemContext, @Query({ schema: offerQuery }) query: z.infer<typeof offerQuery>) {
    const { data, nextCursor } = await this.queries.offers(ctx, query);
    return { data: data.map(offerToWire), next_cursor: nextCursor };
  }

  @Get('available-channel-offers')
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'listAvailableChannelOffers', summary: 'List the offers of channels that this tenant can order' })
  @Returns(200, pageOut(offerOut, 'ChannelOfferPage'), 'A page')
  @Problems(400, 403)
  async available(@Tenant() ctx: TenantContext, @Query({ schema: offerQuery }) query: z.infer<typeof offerQuery>) {
    const { data, nextCursor } = await this.queries.availableOffers(ctx, query);
    return { data: data.map(offerToWire), next_cursor: nextCursor };
  }
}
