import { Inject, Injectable } from '@nestjs/common';
import { camelKeys } from '@trunkline/kernel';
import { GRAPH, addFilteredList, addItem, addList, objectOf, scoped, uuidOf } from '@trunkline/platform';
import type { Graph, GraphObject } from '@trunkline/platform';
import type { z } from 'zod';
import { webhookEventTypes } from './webhook-deliveries.http.ts';
import { WebhookQueries } from './webhook-queries.ts';
import {
  attemptToWire,
  deliveryDetailOut,
  deliveryFilter,
  deliveryOut,
  deliveryToWire,
  endpointOut,
  endpointToWire,
  eventTypesOut,
} from './webhooks.schema.ts';

type Endpoint = z.infer<typeof endpointOut>;
type Delivery = z.infer<typeof deliveryOut>;

const access = scoped('webhooks:read');

/** Where events are sent, what was sent, and what was answered. */
@Injectable()
export class WebhooksGraphql {
  readonly endpoint: GraphObject<Endpoint>;
  readonly delivery: GraphObject<Delivery>;

  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly queries: WebhookQueries,
  ) {
    this.endpoint = objectOf(graph, endpointOut, {
      loadOne: async (id, reach) => endpointToWire(await queries.endpoint(access.contextOf(reach), id)),
    });
    this.delivery = objectOf(graph, deliveryOut, {
      loadOne: async (id, reach) => deliveryToWire(await queries.delivery(access.contextOf(reach), id)),
    });
    this.defineDetails();
    this.defineEndpoints();
    this.defineDeliveries();
    this.defineEventTypes();
  }

  // what one delivery shows is asked for all deliveries of a page at once
  private defineDetails(): void {
    const { graph, queries, delivery } = this;
    const attempt = objectOf(graph, deliveryDetailOut.shape.attempts.element, { name: 'WebhookAttempt' });
    graph.objectField(delivery, 'body', (t) =>
      t.loadable({
        type: 'String',
        description: 'What is sent, byte by byte',
        load: async (ids: string[], { reach }) => {
          const bodies = await queries.bodiesOf(
            access.contextOf(reach),
            ids.map((id) => uuidOf('webhookDelivery', id)),
          );
          return ids.map((id) => bodies.get(uuidOf('webhookDelivery', id)) ?? '');
        },
        resolve: ({ id }) => id,
      }),
    );
    graph.objectField(delivery, 'attempts', (t) =>
      t.loadableList({
        type: attempt,
        description: 'In their order',
        load: async (ids: string[], { reach }) => {
          const attempts = await queries.attemptsOf(
            access.contextOf(reach),
            ids.map((id) => uuidOf('webhookDelivery', id)),
          );
          return ids.map((id) => (attempts.get(uuidOf('webhookDelivery', id)) ?? []).map(attemptToWire));
        },
        resolve: ({ id }) => id,
      }),
    );
  }

  private defineEndpoints(): void {
    const { graph, queries, endpoint: type } = this;
    addList(graph, 'webhookEndpoints', access, {
      type,
      description: 'Webhook endpoints, the newest first',
      list: (ctx, query) => queries.endpoints(ctx, query),
      toNode: endpointToWire,
    });
    addItem(graph, 'webhookEndpoint', access, {
      type,
      description: 'A webhook endpoint',
      kind: 'webhookEndpoint',
      find: async (ctx, id) => endpointToWire(await queries.endpoint(ctx, id)),
    });
  }

  private defineDeliveries(): void {
    const { graph, queries, delivery: type } = this;
    addFilteredList(graph, 'webhookDeliveries', access, {
      type,
      description: 'What was or is being sent, the newest first; kept for 30 days',
      query: deliveryFilter,
      list: (ctx, query) => queries.deliveries(ctx, camelKeys(query)),
      toNode: deliveryToWire,
    });
    addItem(graph, 'webhookDelivery', access, {
      type,
      description: 'A delivery',
      kind: 'webhookDelivery',
      find: async (ctx, id) => deliveryToWire(await queries.delivery(ctx, id)),
    });
  }

  private defineEventTypes(): void {
    const type = objectOf(this.graph, eventTypesOut.shape.data.element, { name: 'WebhookEventType' });
    this.graph.queryField('webhookEventTypes', (t) =>
      t.field({ type: [type], description: 'The events there are, with their data', resolve: () => webhookEventTypes() }),
    );
  }
}
