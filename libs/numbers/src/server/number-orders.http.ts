import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, CanDryRun, CanQuote, Problems, Returns, Tenant, idIn, pageOut } from '@trunkline/platform';
import type { z } from 'zod';
import { CancelNumberOrder } from './cancel-number-order.ts';
import { NumberOfferQueries } from './number-offer-queries.ts';
import { NumberOrderQueries } from './number-order-queries.ts';
import {
  newNumberOrder,
  numberOfferQuery,
  numberOffersOut,
  numberOrderOut,
  numberOrderQuery,
  numberOrderToWire,
  offersToWire,
  orderOf,
} from './number-orders.schema.ts';
import { PlaceNumberOrder } from './place-number-order.ts';

const id = idIn('numberOrder');

@ApiTags('Numbers')
@Controller('v1')
export class NumberOrdersController {
  constructor(
    private readonly place: PlaceNumberOrder,
    private readonly cancelling: CancelNumberOrder,
    private readonly queries: NumberOrderQueries,
    private readonly offers: NumberOfferQueries,
  ) {}

  @Get('number-offers')
  @Allow('numbers:read')
  @ApiOperation({
    operationId: 'searchNumberOffers',
    summary: 'Search the numbers of the inventory and of carriers together',
    description: 'Carriers are asked as it is called; one that does not answer in two seconds is left out, and `complete` is false.',
  })
  @Returns(200, numberOffersOut, 'What can be ordered, that of the inventory first')
  @Problems(400, 403, 409)
  async search(@Tenant() ctx: TenantContext, @Query({ schema: numberOfferQuery }) query: z.infer<typeof numberOfferQuery>) {
    const { found, late, plan } = await this.offers.search(ctx, camelKeys(query));
    return offersToWire(found, late.length === 0, plan);
  }

  @Post('number-orders')
  @Allow('numbers:write')
  @CanDryRun()
  @CanQuote()
  @ApiOperation({
    operationId: 'createNumberOrder',
    summary: 'Order up to 100 numbers, named or searched for; each succeeds or fails by itself',
    description:
      'Numbers of the inventory are there at once. Those that a carrier has to be asked for come later: see the state of each item.',
  })
  @Returns(201, numberOrderOut, 'The order, with what became of each number so far')
  @Problems(400, 402, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newNumberOrder }) body: z.infer<typeof newNumberOrder>) {
    return numberOrderToWire(await this.place.execute(ctx, orderOf(body)));
  }

  @Get('number-orders')
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'listNumberOrders', summary: 'List orders of numbers' })
  @Returns(200, pageOut(numberOrderOut, 'NumberOrderPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: numberOrderQuery }) query: z.infer<typeof numberOrderQuery>) {
    const { data, nextCursor } = await this.queries.list(ctx, camelKeys(query));
    return { data: data.map(numberOrderToWire), next_cursor: nextCursor };
  }

  @Get('number-orders/:id')
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'getNumberOrder', summary: 'Get an order of numbers' })
  @Returns(200, numberOrderOut, 'The order')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) orderId: string) {
    return numberOrderToWire(await this.queries.byId(ctx, orderId));
  }

  @Post('number-orders/:id/cancel')
  @HttpCode(200)
  @Allow('numbers:write')
  @CanDryRun()
  @ApiOperation({ operationId: 'cancelNumberOrder', summary: 'Give up the numbers of an order that no carrier was asked for yet' })
  @Returns(200, numberOrderOut, 'The order')
  @Problems(403, 404, 409, 422)
  async cancel(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) orderId: string) {
    return numberOrderToWire(await this.cancelling.execute(ctx, orderId));
  }
}
