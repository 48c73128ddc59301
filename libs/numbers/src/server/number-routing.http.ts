import { Body, Controller, Get, Param, Put } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, HeedsIfMatch, Problems, Returns, Tenant, idIn } from '@trunkline/platform';
import type { z } from 'zod';
import { numberRoutingIn, numberRoutingOut, numberRoutingToWire, routingSettings } from './inbound-routing.schema.ts';
import { NumberRoutingQueries } from './number-routing-queries.ts';
import { SetNumberRouting } from './set-number-routing.ts';

const id = idIn('number');

@ApiTags('Inbound routing')
@Controller('v1/numbers/:id/routing')
export class NumberRoutingController {
  constructor(
    private readonly set: SetNumberRouting,
    private readonly queries: NumberRoutingQueries,
  ) {}

  @Get()
  @Allow('numbers:read')
  @ApiOperation({ operationId: 'getNumberRouting', summary: 'Get what takes a number’s calls instead of its trunk’s routes' })
  @Returns(200, numberRoutingOut, 'Its routing')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', { schema: id }) numberId: string) {
    return numberRoutingToWire(await this.queries.ofNumber(ctx, numberId));
  }

  @Put()
  @Allow('numbers:write')
  @HeedsIfMatch()
  @ApiOperation({
    operationId: 'setNumberRouting',
    summary: 'Say what takes a number’s calls instead of its trunk’s routes',
    description: 'The trunk that the number points at still counts the calls in its channels; a number that points at none has none.',
  })
  @Returns(200, numberRoutingOut, 'Its routing')
  @Problems(400, 403, 404, 409)
  async put(
    @Tenant() ctx: TenantContext,
    @Param('id', { schema: id }) numberId: string,
    @Body({ schema: numberRoutingIn }) body: z.infer<typeof numberRoutingIn>,
  ) {
    return numberRoutingToWire(await this.set.execute(ctx, numberId, routingSettings(body)));
  }
}
