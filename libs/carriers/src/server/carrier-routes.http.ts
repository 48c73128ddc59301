import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { SystemContext } from '@trunkline/kernel';
import { Operator, OperatorOnly, Problems, Returns, idIn, pageOut, pageQuery } from '@trunkline/platform';
import { z } from 'zod';
import { AddRoute } from './add-route.ts';
import type { NewRoute } from './add-route.ts';
import { CarrierQueries } from './carrier-queries.ts';
import { newRoute, routeOut, routeToWire } from './carriers.schema.ts';
import { RemoveRoute } from './remove-route.ts';

const page = z.strictObject(pageQuery);

const routeOf = (body: z.infer<typeof newRoute>): NewRoute => {
  const target = { gatewayId: body.gateway_id, priority: body.priority, weight: body.weight };
  return body.kind === 'pstn'
    ? { kind: 'pstn', prefix: body.prefix, country: null, ...target }
    : { kind: 'emergency', prefix: null, country: body.country, ...target };
};

@ApiTags('Carriers')
@Controller('v1/carrier-routes')
export class CarrierRoutesController {
  constructor(
    private readonly add: AddRoute,
    private readonly remove: RemoveRoute,
    private readonly queries: CarrierQueries,
  ) {}

  @Post()
  @OperatorOnly()
  @ApiOperation({ operationId: 'addCarrierRoute', summary: 'Send calls to a prefix, or a country’s emergency calls, to a gateway' })
  @Returns(201, routeOut, 'Added')
  @Problems(400, 403, 409, 422)
  async post(@Operator() ctx: SystemContext, @Body({ schema: newRoute }) body: z.infer<typeof newRoute>) {
    return routeToWire(await this.add.execute(ctx, routeOf(body)));
  }

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'listCarrierRoutes', summary: 'List outbound routes' })
  @Returns(200, pageOut(routeOut, 'CarrierRoutePage'), 'A page')
  @Problems(400, 403)
  async list(@Operator() ctx: SystemContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.routes(ctx, query);
    return { data: data.map(routeToWire), next_cursor: nextCursor };
  }

  @Delete(':id')
  @HttpCode(204)
  @OperatorOnly()
  @ApiOperation({ operationId: 'removeCarrierRoute', summary: 'Remove an outbound route' })
  @ApiResponse({ status: 204, description: 'Removed' })
  @Problems(403, 404)
  async delete(@Operator() ctx: SystemContext, @Param('id', { schema: idIn('carrierRoute') }) id: string): Promise<void> {
    await this.remove.execute(ctx, id);
  }
}
