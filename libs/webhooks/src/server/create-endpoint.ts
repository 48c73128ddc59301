import { Inject, Injectable, Optional } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, Sealer, audit, publish } from '@trunkline/platform';
import { webhookErrors } from '../core/errors.ts';
import { countEndpoints, insertEndpoint } from './endpoints.sql.ts';
import type { EndpointSettings, WebhookEndpoint } from './endpoints.sql.ts';
import { newKeys, publicKeyOf } from './webhook-keys.ts';
import { ALLOW_PRIVATE_WEBHOOKS, faultOfUrl } from './webhook-url.ts';

const LIVE_MAX = 20;
const LIVE_OF_ONE_MAX = 3;

export type NewEndpoint = EndpointSettings & Pick<WebhookEndpoint, 'onlyAbout'>;

/** What the keys of an endpoint are sealed for. */
export const sealOf = (endpointId: string): string => `webhook_endpoint:${endpointId}`;

/** @param pointer where the URL was given. @throws AppError webhook.url_refused */
export const refuseBadUrl = (url: string, allowPrivate: boolean, pointer = '/url'): void => {
  const fault = faultOfUrl(url, allowPrivate);
  if (fault) throw new AppError(webhookErrors.urlRefused, undefined, { errors: [{ pointer, code: 'refused', detail: `The URL ${fault}` }] }); // prettier-ignore
};

/** Makes an endpoint and returns its secret, which nothing can show again. */
@Injectable()
export class CreateEndpoint {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    @Optional() @Inject(ALLOW_PRIVATE_WEBHOOKS) private readonly allowPrivate = false,
  ) {}

  /** @param pointer where the URL was given. @throws AppError webhook.url_refused, webhook.too_many_endpoints */
  execute(ctx: TenantContext, input: NewEndpoint, pointer?: string): Promise<WebhookEndpoint & { readonly secret: string }> {
    refuseBadUrl(input.url, this.allowPrivate, pointer);
    return this.db.tx(ctx, async (tx) => {
      const max = input.onlyAbout === null ? LIVE_MAX : LIVE_OF_ONE_MAX;
      if ((await countEndpoints(tx, ctx.tenantId, input.onlyAbout)) >= max) throw new AppError(webhookErrors.tooManyEndpoints);
      const now = this.clock.now();
      const keys = newKeys();
      const endpoint: WebhookEndpoint = {
        ...input,
        id: newId(),
        publicKey: publicKeyOf(keys),
        previousKeysUntil: null,
        disabledReason: null,
        disabledAt: null,
        lastSuccessAt: null,
        revision: 1,
        createdAt: now,
        updatedAt: now,
      };
      await insertEndpoint(tx, ctx.tenantId, endpoint, this.sealer.seal(JSON.stringify(keys), sealOf(endpoint.id)));
      audit(tx, ctx, 'webhook_endpoint.created', endpoint.id, { url: input.url, eventTypes: input.eventTypes, onlyAbout: input.onlyAbout });
      publish(tx, { type: 'webhook_endpoint.created', tenantId: ctx.tenantId, data: { webhookEndpointId: endpoint.id } });
      return { ...endpoint, secret: keys.secret };
    });
  }
}
