import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, HeedsIfMatch, Problems, Returns, Tenant, idIn, pageOut } from '@trunkline/platform';
import type { z } from 'zod';
import type { EntryData } from '../core/port-history.ts';
import { CommandPortOrder } from './command-port-order.ts';
import type { PortOrderCommand } from './command-port-order.ts';
import { PortQueries } from './port-queries.ts';
import {
  portEventToWire,
  portHistoryOut,
  portOrderChange,
  portOrderOut,
  portOrderQuery,
  portOrderToWire,
  portReason,
  portSchedule,
} from './porting.schema.ts';
import { UpdatePortOrder } from './update-port-order.ts';

const id = { schema: idIn('portOrder') };

@ApiTags('Porting')
@Controller('v1/port-orders')
export class PortOrdersController {
  constructor(
    private readonly update: UpdatePortOrder,
    private readonly commands: CommandPortOrder,
    private readonly queries: PortQueries,
  ) {}

  @Get()
  @Allow('porting:read')
  @ApiOperation({ operationId: 'listPortOrders', summary: 'List port orders' })
  @Returns(200, pageOut(portOrderOut, 'PortOrderPage'), 'A page')
  @Problems(400, 403)
  async list(
    @Tenant() ctx: TenantContext,
    @Query({ schema: portOrderQuery }) { project_id: projectId, ...query }: z.infer<typeof portOrderQuery>,
  ) {
    const { data, nextCursor } = await this.queries.orders(ctx, { ...query, projectId });
    return { data: data.map(portOrderToWire), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('porting:read')
  @ApiOperation({ operationId: 'getPortOrder', summary: 'Get a port order' })
  @Returns(200, portOrderOut, 'The order')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', id) orderId: string) {
    return portOrderToWire(await this.queries.order(ctx, orderId));
  }

  @Get(':id/history')
  @Allow('porting:read')
  @ApiOperation({ operationId: 'getPortOrderHistory', summary: 'Get what happened to a port order' })
  @Returns(200, portHistoryOut, 'In its order')
  @Problems(403, 404)
  async history(@Tenant() ctx: TenantContext, @Param('id', id) orderId: string) {
    return { data: (await this.queries.history(ctx, orderId)).map(portEventToWire) };
  }

  @Patch(':id')
  @Allow('porting:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'updatePortOrder', summary: 'Correct a port order: the account, or the numbers of a draft' })
  @Returns(200, portOrderOut, 'The order')
  @Problems(400, 403, 404, 409)
  async patch(
    @Tenant() ctx: TenantContext,
    @Param('id', id) orderId: string,
    @Body({ schema: portOrderChange }) body: z.infer<typeof portOrderChange>,
  ) {
    await this.update.execute(ctx, orderId, body);
    return portOrderToWire(await this.queries.order(ctx, orderId));
  }

  @Post(':id/resubmit')
  @HttpCode(202)
  @Allow('porting:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'resubmitPortOrder', summary: 'Send what was corrected to the carrier that refused it' })
  @Returns(202, portOrderOut, 'On its way')
  @Problems(403, 404, 409, 422)
  resubmit(@Tenant() ctx: TenantContext, @Param('id', id) orderId: string) {
    return this.command(ctx, orderId, 'resubmit');
  }

  @Post(':id/reschedule')
  @HttpCode(202)
  @Allow('porting:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'reschedulePortOrder', summary: 'Ask for another date; the old one holds until the new one is firm' })
  @Returns(202, portOrderOut, 'Asked')
  @Problems(400, 403, 404, 409, 422)
  reschedule(
    @Tenant() ctx: TenantContext,
    @Param('id', id) orderId: string,
    @Body({ schema: portSchedule }) body: z.infer<typeof portSchedule>,
  ) {
    return this.command(ctx, orderId, 'reschedule', { requestedFocAt: body.requested_foc_at.toISOString() });
  }

  @Post(':id/cancel')
  @HttpCode(202)
  @Allow('porting:write')
  @HeedsIfMatch()
  @ApiOperation({
    operationId: 'cancelPortOrder',
    summary: 'Cancel a port order; once the carrier has it, that is the carrier’s to accept',
  })
  @Returns(202, portOrderOut, 'Cancelled, or asked')
  @Problems(403, 404, 409, 422)
  cancel(@Tenant() ctx: TenantContext, @Param('id', id) orderId: string) {
    return this.command(ctx, orderId, 'cancel');
  }

  @Post(':id/activate')
  @HttpCode(202)
  @Allow('porting:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'activatePortOrder', summary: 'Have the numbers come now' })
  @Returns(202, portOrderOut, 'On their way')
  @Problems(403, 404, 409, 422)
  activate(@Tenant() ctx: TenantContext, @Param('id', id) orderId: string) {
    return this.command(ctx, orderId, 'activate_now');
  }

  @Post(':id/reverse')
  @HttpCode(202)
  @Allow('porting:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'reversePortOrder', summary: 'Ask that numbers go back to the carrier they came from' })
  @Returns(202, portOrderOut, 'Asked')
  @Problems(400, 403, 404, 409, 422)
  reverse(
    @Tenant() ctx: TenantContext,
    @Param('id', id) orderId: string,
    @Body({ schema: portReason }) { reason }: z.infer<typeof portReason>,
  ) {
    return this.command(ctx, orderId, 'reverse', { reason });
  }

  private async command(ctx: TenantContext, orderId: string, command: PortOrderCommand, data: EntryData = {}) {
    await this.commands.execute(ctx, orderId, command, data);
    return portOrderToWire(await this.queries.order(ctx, orderId));
  }
}
