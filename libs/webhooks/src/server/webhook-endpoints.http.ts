import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { camelKeys } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, HeedsIfMatch, Problems, Returns, Tenant, idIn, pageOut } from '@trunkline/platform';
import type { z } from 'zod';
import { ChangeEndpoint } from './change-endpoint.ts';
import { CreateEndpoint } from './create-endpoint.ts';
import { ReplayDeliveries } from './replay-deliveries.ts';
import { WebhookQueries } from './webhook-queries.ts';
import {
  deliveryOut,
  deliveryToWire,
  endpointChange,
  endpointOut,
  endpointToWire,
  endpointWithSecret,
  newEndpoint,
  page,
  replaySpan,
  replayed,
  rotation,
} from './webhooks.schema.ts';

const id = { schema: idIn('webhookEndpoint') };

@ApiTags('Webhooks')
@Controller('v1/webhook-endpoints')
export class WebhookEndpointsController {
  constructor(
    private readonly create: CreateEndpoint,
    private readonly change: ChangeEndpoint,
    private readonly replays: ReplayDeliveries,
    private readonly queries: WebhookQueries,
  ) {}

  @Post()
  @Allow('webhooks:write')
  @ApiOperation({ operationId: 'createWebhookEndpoint', summary: 'Have events sent to a URL' })
  @Returns(201, endpointWithSecret, 'Created, with its secret')
  @Problems(400, 403, 409, 422)
  async post(@Tenant() ctx: TenantContext, @Body({ schema: newEndpoint }) body: z.infer<typeof newEndpoint>) {
    const { secret, ...endpoint } = await this.create.execute(ctx, camelKeys(body));
    return { ...endpointToWire(endpoint), secret };
  }

  @Get()
  @Allow('webhooks:read')
  @ApiOperation({ operationId: 'listWebhookEndpoints', summary: 'List webhook endpoints' })
  @Returns(200, pageOut(endpointOut, 'WebhookEndpointPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: page }) query: z.infer<typeof page>) {
    const { data, nextCursor } = await this.queries.endpoints(ctx, query);
    return { data: data.map(endpointToWire), next_cursor: nextCursor };
  }

  @Get(':id')
  @Allow('webhooks:read')
  @ApiOperation({ operationId: 'getWebhookEndpoint', summary: 'Get a webhook endpoint' })
  @Returns(200, endpointOut, 'The endpoint')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', id) endpointId: string) {
    return endpointToWire(await this.queries.endpoint(ctx, endpointId));
  }

  @Patch(':id')
  @Allow('webhooks:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'updateWebhookEndpoint', summary: 'Change a webhook endpoint' })
  @Returns(200, endpointOut, 'The changed endpoint')
  @Problems(400, 403, 404)
  async patch(
    @Tenant() ctx: TenantContext,
    @Param('id', id) endpointId: string,
    @Body({ schema: endpointChange }) body: z.infer<typeof endpointChange>,
  ) {
    // prettier-ignore
    return endpointToWire(await this.change.update(ctx, endpointId, camelKeys(body)));
  }

  @Delete(':id')
  @Allow('webhooks:write')
  @HttpCode(204)
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'deleteWebhookEndpoint', summary: 'Delete a webhook endpoint' })
  @ApiResponse({ status: 204, description: 'Deleted' })
  @Problems(403, 404)
  async delete(@Tenant() ctx: TenantContext, @Param('id', id) endpointId: string): Promise<void> {
    await this.change.delete(ctx, endpointId);
  }

  @Post(':id/enable')
  @Allow('webhooks:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'enableWebhookEndpoint', summary: 'Send to an endpoint again, from now on' })
  @Returns(200, endpointOut, 'The endpoint')
  @Problems(403, 404)
  async enable(@Tenant() ctx: TenantContext, @Param('id', id) endpointId: string) {
    return endpointToWire(await this.change.enable(ctx, endpointId));
  }

  @Post(':id/disable')
  @Allow('webhooks:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'disableWebhookEndpoint', summary: 'Send nothing more to an endpoint' })
  @Returns(200, endpointOut, 'The endpoint')
  @Problems(403, 404)
  async disable(@Tenant() ctx: TenantContext, @Param('id', id) endpointId: string) {
    return endpointToWire(await this.change.disable(ctx, endpointId));
  }

  @Post(':id/rotate-secret')
  @Allow('webhooks:write')
  @HeedsIfMatch()
  @ApiOperation({ operationId: 'rotateWebhookSecret', summary: 'Give an endpoint a new secret and key; the old ones sign too for a while' })
  @Returns(200, endpointWithSecret, 'The endpoint, with its new secret')
  @Problems(400, 403, 404, 422)
  async rotate(
    @Tenant() ctx: TenantContext,
    @Param('id', id) endpointId: string,
    @Body({ schema: rotation }) body: z.infer<typeof rotation>,
  ) {
    // prettier-ignore
    const { secret, ...endpoint } = await this.change.rotate(ctx, endpointId, body.overlap_secs);
    return { ...endpointToWire(endpoint), secret };
  }

  @Post(':id/ping')
  @Allow('webhooks:write')
  @ApiOperation({ operationId: 'pingWebhookEndpoint', summary: 'Send a test event to an endpoint' })
  @Returns(201, deliveryOut, 'Its delivery, about to be made')
  @Problems(403, 404, 409)
  async ping(@Tenant() ctx: TenantContext, @Param('id', id) endpointId: string) {
    return deliveryToWire(await this.queries.delivery(ctx, await this.replays.ping(ctx, endpointId)));
  }

  @Post(':id/replay')
  @Allow('webhooks:write')
  @ApiOperation({ operationId: 'replayWebhooks', summary: 'Send again what happened in a span of time' })
  @Returns(200, replayed, 'How many messages are sent again')
  @Problems(400, 403, 404, 409, 422)
  async replay(
    @Tenant() ctx: TenantContext,
    @Param('id', id) endpointId: string,
    @Body({ schema: replaySpan }) body: z.infer<typeof replaySpan>,
  ) {
    // prettier-ignore
    const { from, to, states } = body;
    return { object: 'webhook_replay', count: await this.replays.span(ctx, endpointId, { from, to, states }) };
  }
}
