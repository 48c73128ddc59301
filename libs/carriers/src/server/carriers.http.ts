import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { camelKeys } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { CanDryRun, HeedsIfMatch, Operator, OperatorOnly, Problems, Returns, idIn, pageOut, pageQuery } from '@trunkline/platform';
import { z } from 'zod';
import type { Carrier } from '../core/gateway.ts';
import { AddGateway } from './add-gateway.ts';
import { CarrierQueries } from './carrier-queries.ts';
import { carrierChange, carrierOut, carrierToWire, gatewayOut, gatewayToWire, newCarrier, newGateway } from './carriers.schema.ts';
import { CreateCarrier } from './create-carrier.ts';
import { RemoveGateway } from './remove-gateway.ts';
import { TargetHealthView } from './target-health-view.ts';
import { UpdateCarrier } from './update-carrier.ts';

const page = z.strictObject(pageQuery);
const id = idIn('carrier');

@ApiTags('Carriers')
@Controller('v1/carriers')
export class CarriersController {
  constructor(
    private readonly create: CreateCarrier,
    private readonly update: UpdateCarrier,
    private readonly addGateway: AddGateway,
    private readonly removeGateway: RemoveGateway,
    private readonly queries: CarrierQueries,
    private readonly health: TargetHealthView,
  ) {}

  @Post()
  @OperatorOnly()
  @CanDryRun()
  @ApiOperation({ operationId: 'createCarrier', summary: 'Create a carrier' })
  @Returns(201, carrierOut, 'Created')
  @Problems(400, 403, 409, 422)
  async post(@Operator() ctx: SystemContext, @Body({ schema: newCarrier }) body: z.infer<typeof newCarrier>) {
    return carrierToWire(await this.create.execute(ctx, body));
  }

  @Get()
  @OperatorOnly()
  @ApiOperation({ operationId: 'listCarriers', summary: 'List carriers with their gateways' })
  @Returns(200, pageOut(carrierOut, 'CarrierPage'), 'A page')
  @Problems(400, 403)
  async list(@Operator() ctx: SystemContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.list(ctx, query);
    return { data: await this.resources(data), next_cursor: nextCursor };
  }

  @Get(':id')
  @OperatorOnly()
  @ApiOperation({ operationId: 'getCarrier', summary: 'Get a carrier with its gateways' })
  @Returns(200, carrierOut, 'The carrier')
  @Problems(403, 404)
  async get(@Operator() ctx: SystemContext, @Param('id', { schema: id }) carrierId: string) {
    return (await this.resources([await this.queries.byId(ctx, carrierId)]))[0];
  }

  @Patch(':id')
  @OperatorOnly()
  @HeedsIfMatch()
  @CanDryRun()
  @ApiOperation({ operationId: 'updateCarrier', summary: 'Change a carrier' })
  @Returns(200, carrierOut, 'The changed carrier')
  @Problems(400, 403, 404, 409)
  async patch(
    @Operator() ctx: SystemContext,
    @Param('id', { schema: id }) carrierId: string,
    @Body({ schema: carrierChange }) body: z.infer<typeof carrierChange>,
  ) {
    return (await this.resources([await this.update.execute(ctx, carrierId, body)]))[0];
  }

  @Post(':id/gateways')
  @OperatorOnly()
  @CanDryRun()
  @ApiOperation({ operationId: 'addGateway', summary: 'Add a gateway to a carrier' })
  @Returns(201, gatewayOut, 'Added')
  @Problems(400, 403, 404, 409, 422)
  async postGateway(
    @Operator() ctx: SystemContext,
    @Param('id', { schema: id }) carrierId: string,
    @Body({ schema: newGateway }) body: z.infer<typeof newGateway>,
  ) {
    return gatewayToWire(await this.addGateway.execute(ctx, carrierId, camelKeys(body)));
  }

  @Delete(':id/gateways/:gateway_id')
  @HttpCode(204)
  @OperatorOnly()
  @ApiOperation({ operationId: 'removeGateway', summary: 'Remove a gateway that no route leads to' })
  @ApiResponse({ status: 204, description: 'Removed' })
  @Problems(403, 404, 409)
  async deleteGateway(
    @Operator() ctx: SystemContext,
    @Param('id', { schema: id }) carrierId: string,
    @Param('gateway_id', { schema: idIn('gateway') }) gatewayId: string,
  ): Promise<void> {
    await this.removeGateway.execute(ctx, carrierId, gatewayId);
  }

  private async resources(carriers: readonly Carrier[]) {
    const health = await this.health.of(carriers.flatMap((c) => c.gateways.map((g) => g.uri)));
    return carriers.map((c) => carrierToWire(c, health));
  }
}
