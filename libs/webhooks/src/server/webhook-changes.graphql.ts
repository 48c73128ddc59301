import { Inject, Injectable } from '@nestjs/common';
import { camelKeys, toPublicId } from '@trunkline/kernel';
import { GRAPH, addMutation, inputOf, objectOf, scoped } from '@trunkline/platform';
import type { Graph } from '@trunkline/platform';
import { ChangeEndpoint } from './change-endpoint.ts';
import { CreateEndpoint } from './create-endpoint.ts';
import type { WebhookEndpoint } from './endpoints.sql.ts';
import { ReplayDeliveries } from './replay-deliveries.ts';
import { WebhookQueries } from './webhook-queries.ts';
import { WebhooksGraphql } from './webhooks.graphql.ts';
import { deliveryToWire, endpointChange, endpointToWire, newEndpoint, replaySpan, replayed, rotation } from './webhooks.schema.ts';

const access = scoped('webhooks:write');
const ids = { id: 'webhookEndpoint' } as const;

/** What changes webhook endpoints, and sends again. A secret is told in the answer that made it, and never again. */
@Injectable()
export class WebhookChangesGraphql {
  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    private readonly types: WebhooksGraphql,
    private readonly create: CreateEndpoint,
    private readonly change: ChangeEndpoint,
    private readonly replays: ReplayDeliveries,
    private readonly queries: WebhookQueries,
  ) {
    this.defineSecrets();
    this.defineChanges();
    this.defineReplays();
  }

  private defineSecrets(): void {
    const { graph, types, create, change } = this;
    const withSecret = graph.objectRef<WebhookEndpoint & { readonly secret: string }>('WebhookEndpointWithSecret').implement({
      fields: (t) => ({
        endpoint: t.field({ type: types.endpoint, resolve: (made) => endpointToWire(made) }),
        secret: t.exposeString('secret', { description: 'Verifies the v1 signature (HMAC-SHA256). Shown this once' }),
      }),
    });
    addMutation(graph, 'createWebhookEndpoint', access, {
      type: withSecret,
      description: 'Have events sent to a URL',
      input: inputOf(graph, newEndpoint),
      run: (ctx, { input }) => create.execute(ctx, camelKeys(input)),
    });
    addMutation(graph, 'rotateWebhookSecret', access, {
      type: withSecret,
      description: 'Give an endpoint a new secret and key; the old ones sign too for a while',
      ids,
      input: inputOf(graph, rotation),
      run: (ctx, { id, input }) => change.rotate(ctx, id, input.overlap_secs),
    });
  }

  private defineChanges(): void {
    const { graph, change } = this;
    const { endpoint: type } = this.types;
    addMutation(graph, 'updateWebhookEndpoint', access, {
      type,
      description: 'Change a webhook endpoint: what is left out stays as it is',
      ids,
      input: inputOf(graph, endpointChange),
      run: async (ctx, { id, input }) => endpointToWire(await change.update(ctx, id, camelKeys(input))),
    });
    addMutation(graph, 'enableWebhookEndpoint', access, {
      type,
      description: 'Send to an endpoint again, from now on',
      ids,
      run: async (ctx, { id }) => endpointToWire(await change.enable(ctx, id)),
    });
    addMutation(graph, 'disableWebhookEndpoint', access, {
      type,
      description: 'Send nothing more to an endpoint',
      ids,
      run: async (ctx, { id }) => endpointToWire(await change.disable(ctx, id)),
    });
    addMutation(graph, 'deleteWebhookEndpoint', access, {
      type: 'ID',
      description: 'Delete a webhook endpoint',
      ids,
      run: async (ctx, { id }) => {
        await change.delete(ctx, id);
        return toPublicId('webhookEndpoint', id);
      },
    });
  }

  private defineReplays(): void {
    const { graph, replays, queries } = this;
    const { delivery: type } = this.types;
    addMutation(graph, 'pingWebhookEndpoint', access, {
      type,
      description: 'Send a test event to an endpoint',
      ids,
      run: async (ctx, { id }) => deliveryToWire(await queries.delivery(ctx, await replays.ping(ctx, id))),
    });
    addMutation(graph, 'replayWebhookDelivery', access, {
      type,
      description: 'Send a message again',
      ids: { id: 'webhookDelivery' },
      run: async (ctx, { id }) => {
        await replays.one(ctx, id);
        return deliveryToWire(await queries.delivery(ctx, id));
      },
    });
    addMutation(graph, 'replayWebhooks', access, {
      type: objectOf(graph, replayed),
      description: 'Send again what happened in a span of time',
      ids,
      input: inputOf(graph, replaySpan),
      run: async (ctx, { id, input: { from, to, states } }) => ({
        object: 'webhook_replay',
        count: await replays.span(ctx, id, { from, to, states }),
      }),
    });
  }
}
