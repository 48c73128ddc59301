import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys, monthOf } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, CanDryRun, CanQuote, Problems, Returns, Tenant, idIn, pageOut, pageQuery } from '@trunkline/platform';
import { ProvisioningView } from '@trunkline/trunks/server';
import { z } from 'zod';
import { ChannelQueries } from './channel-queries.ts';
import { ChannelUsage } from './channel-usage.ts';
import {
  newOrder,
  orderOf,
  orderOut,
  orderQuery,
  orderToWire,
  poolOut,
  poolToWire,
  usageOut,
  usageQuery,
  usageToWire,
} from './channel-pools.schema.ts';
import { OrderChannels } from './order-channels.ts';

const page = z.strictObject(pageQuery);

/** What a tenant holds of offers, and how it came to. */
@ApiTags('Channels')
@Controller('v1')
export class ChannelPoolsController {
  constructor(
    private readonly order: OrderChannels,
    private readonly usage: ChannelUsage,
    private readonly queries: ChannelQueries,
    private readonly provisioning: ProvisioningView,
  ) {}

  @Post('channel-orders')
  @Allow('trunks:write')
  @CanDryRun()
  @CanQuote()
  @ApiOperation({ operationId: 'orderChannels', summary: 'Order channels of an offer, or give some back' })
  @Returns(201, orderOut, 'Ordered')
  @Problems(400, 402, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newOrder }) body: z.infer<typeof newOrder>) {
    return orderToWire(await this.order.execute(ctx, orderOf(body)));
  }

  @Get('channel-orders')
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'listChannelOrders', summary: 'List orders of channels' })
  @Returns(200, pageOut(orderOut, 'ChannelOrderPage'), 'A page')
  @Problems(400, 403)
  async orders(@Tenant() ctx: TenantContext, @Query({ schema: orderQuery }) query: z.infer<typeof orderQuery>) {
    const { data, nextCursor } = await this.queries.orders(ctx, camelKeys(query));
    return { data: data.map(orderToWire), next_cursor: nextCursor };
  }

  @Get('channel-orders/:id')
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'getChannelOrder', summary: 'Get an order of channels' })
  @Returns(200, orderOut, 'The order')
  @Problems(403, 404)
  async getOrder(@Tenant() ctx: TenantContext, @Param('id', { schema: idIn('channelOrder') }) id: string) {
    return orderToWire(await this.queries.order(ctx, id));
  }

  @Get('channel-usage')
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'getChannelUsage', summary: 'Get how much of its channels the tenant used in a month, by kind' })
  @Returns(200, usageOut, 'Calls that have ended, and how many are up')
  @Problems(400, 403)
  async use(@Tenant() ctx: TenantContext, @Query({ schema: usageQuery }) query: z.infer<typeof usageQuery>) {
    const { month, uses } = await this.usage.execute(ctx, query.month === undefined ? undefined : monthOf(new Date(`${query.month}-01`)));
    return usageToWire(month, uses);
  }

  @Get('channel-pools')
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'listChannelPools', summary: 'List what the tenant holds of offers' })
  @Returns(200, pageOut(poolOut, 'ChannelPoolPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.pools(ctx, query);
    const provisioning = await this.provisioning.of(ctx, 'channel_pool', data);
    return { data: data.map((p) => poolToWire(p, provisioning.get(p.id))), next_cursor: nextCursor };
  }

  @Get('channel-pools/:id')
  @Allow('trunks:read')
  @ApiOperation({ operationId: 'getChannelPool', summary: 'Get what the tenant holds of an offer' })
  @Returns(200, poolOut, 'The pool')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', { schema: idIn('channelPool') }) id: string) {
    const pool = await this.queries.pool(ctx, id);
    return poolToWire(pool, (await this.provisioning.of(ctx, 'channel_pool', [pool])).get(id));
  }
}
