import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { camelKeys } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Allow, Problems, Public, Returns, Tenant, idIn, pageOut } from '@trunkline/platform';
import type { z } from 'zod';
import { EVENTS, EVENT_TYPES, eventDataSchema, eventExample } from '../core/event-catalogue.ts';
import { filtersFor } from '../core/event-filter.ts';
import { ReplayDeliveries } from './replay-deliveries.ts';
import { WebhookQueries } from './webhook-queries.ts';
import { deliveryDetailOut, deliveryDetailToWire, deliveryFilter, deliveryOut, deliveryToWire, eventTypesOut } from './webhooks.schema.ts';

const id = { schema: idIn('webhookDelivery') };

export const webhookEventTypes = () =>
  EVENT_TYPES.map((type) => ({
    type,
    object: 'webhook_event_type' as const,
    summary: EVENTS[type].summary,
    filters: [...filtersFor(type)],
    data_schema: eventDataSchema(type) as Record<string, unknown>,
    example: eventExample(type) as Record<string, unknown>,
  }));

@ApiTags('Webhooks')
@Controller('v1')
export class WebhookDeliveriesController {
  constructor(
    private readonly replays: ReplayDeliveries,
    private readonly queries: WebhookQueries,
  ) {}

  @Get('webhook-deliveries')
  @Allow('webhooks:read')
  @ApiOperation({ operationId: 'listWebhookDeliveries', summary: 'List what was or is being sent, the newest first; kept for 30 days' })
  @Returns(200, pageOut(deliveryOut, 'WebhookDeliveryPage'), 'A page')
  @Problems(400, 403)
  async list(@Tenant() ctx: TenantContext, @Query({ schema: deliveryFilter }) query: z.infer<typeof deliveryFilter>) {
    const { data, nextCursor } = await this.queries.deliveries(ctx, camelKeys(query));
    return { data: data.map(deliveryToWire), next_cursor: nextCursor };
  }

  @Get('webhook-deliveries/:id')
  @Allow('webhooks:read')
  @ApiOperation({ operationId: 'getWebhookDelivery', summary: 'Get a delivery with its attempts' })
  @Returns(200, deliveryDetailOut, 'The delivery')
  @Problems(403, 404)
  async get(@Tenant() ctx: TenantContext, @Param('id', id) deliveryId: string) {
    return deliveryDetailToWire(await this.queries.delivery(ctx, deliveryId));
  }

  @Post('webhook-deliveries/:id/replay')
  @Allow('webhooks:write')
  @ApiOperation({ operationId: 'replayWebhookDelivery', summary: 'Send a message again' })
  @Returns(200, deliveryOut, 'The delivery, about to be made')
  @Problems(403, 404, 409, 422)
  async replay(@Tenant() ctx: TenantContext, @Param('id', id) deliveryId: string) {
    await this.replays.one(ctx, deliveryId);
    return deliveryToWire(await this.queries.delivery(ctx, deliveryId));
  }

  @Get('webhook-event-types')
  @Public()
  @ApiOperation({ operationId: 'listWebhookEventTypes', summary: 'List the events there are, with their data' })
  @Returns(200, eventTypesOut, 'The catalogue')
  eventTypes() {
    return { data: webhookEventTypes() };
  }
}
