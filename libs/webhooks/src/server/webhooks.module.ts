import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { ChangeEndpoint } from './change-endpoint.ts';
import { CreateEndpoint } from './create-endpoint.ts';
import { FanOutEvent } from './fan-out-event.ts';
import { PruneWebhooks } from './prune-webhooks.ts';
import { ReplayDeliveries } from './replay-deliveries.ts';
import { SendWebhooks } from './send-webhooks.ts';
import { WebhookDeliveriesController } from './webhook-deliveries.http.ts';
import { WebhookEndpointsController } from './webhook-endpoints.http.ts';
import { WebhookLoop } from './webhook-loop.ts';
import { WebhookPost } from './webhook-post.ts';
import type { PostOptions } from './webhook-post.ts';
import { WebhookQueries } from './webhook-queries.ts';
import { ALLOW_PRIVATE_WEBHOOKS } from './webhook-url.ts';
import { FanOutProcessor, PruneProcessor } from './webhooks.jobs.ts';

const useCases = [ChangeEndpoint, CreateEndpoint, ReplayDeliveries, WebhookQueries];

/** Endpoints and deliveries as the API shows them. Whether private addresses are allowed is known to domains above, which make endpoints too. */
@Module({})
export class WebhooksModule {
  static of({ allowPrivate }: Pick<PostOptions, 'allowPrivate'>): DynamicModule {
    return {
      module: WebhooksModule,
      global: true,
      controllers: [WebhookEndpointsController, WebhookDeliveriesController],
      providers: [{ provide: ALLOW_PRIVATE_WEBHOOKS, useValue: allowPrivate }, ...useCases],
      exports: [ALLOW_PRIVATE_WEBHOOKS, ...useCases],
    };
  }
}

/** What sends. `loop`: whether it does so by itself, or only when told. */
@Module({})
export class WebhookSenderModule {
  static of({ loop, ...options }: PostOptions & { readonly loop: boolean }): DynamicModule {
    return {
      module: WebhookSenderModule,
      providers: [
        { provide: WebhookPost, useFactory: () => new WebhookPost(options) },
        FanOutEvent,
        FanOutProcessor,
        PruneProcessor,
        PruneWebhooks,
        SendWebhooks,
        ...(loop ? [WebhookLoop] : []),
      ],
      exports: [FanOutEvent, PruneWebhooks, SendWebhooks],
    };
  }
}
