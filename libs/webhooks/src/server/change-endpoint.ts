import { Inject, Injectable } from '@nestjs/common';
import { Clock, notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, Sealer, audit, changed, expectRevision, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { refuseBadUrl, sealOf } from './create-endpoint.ts';
import { deleteEndpoint, disableEndpoint, enableEndpoint, lockEndpoint, rotateKeys, updateEndpoint } from './endpoints.sql.ts';
import type { EndpointSettings, WebhookEndpoint } from './endpoints.sql.ts';
import { newKeys, publicKeyOf } from './webhook-keys.ts';
import { ALLOW_PRIVATE_WEBHOOKS } from './webhook-url.ts';

export type EndpointChange = { readonly [K in keyof EndpointSettings]?: EndpointSettings[K] | undefined };

/** Everything that is done to an endpoint after it was made. All throw AppError resource.not_found, request.revision_mismatch. */
@Injectable()
export class ChangeEndpoint {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly sealer: Sealer,
    @Inject(ALLOW_PRIVATE_WEBHOOKS) private readonly allowPrivate: boolean,
  ) {}

  /** What is left out stays. @throws AppError webhook.url_refused */
  update(ctx: TenantContext, id: string, change: EndpointChange): Promise<WebhookEndpoint> {
    if (change.url !== undefined) refuseBadUrl(change.url, this.allowPrivate);
    return this.db.tx(ctx, async (tx) => {
      const before = await locked(tx, ctx, id);
      const settings: EndpointSettings = {
        url: change.url ?? before.url,
        description: change.description === undefined ? before.description : change.description,
        eventTypes: change.eventTypes ?? before.eventTypes,
      };
      audit(tx, ctx, 'webhook_endpoint.updated', id, changed<EndpointSettings>(before, settings, Object.keys(settings)));
      tell(tx, ctx, 'updated', id);
      return found(await updateEndpoint(tx, ctx.tenantId, id, settings, this.clock.now()));
    });
  }

  /** Gives new keys and returns the new secret, which nothing can show again. Until the overlap ends, messages carry both signatures. */
  rotate(ctx: TenantContext, id: string, overlapSecs: number): Promise<WebhookEndpoint & { readonly secret: string }> {
    return this.db.tx(ctx, async (tx) => {
      await locked(tx, ctx, id);
      const now = this.clock.now();
      const keys = newKeys();
      const sealed = this.sealer.seal(JSON.stringify(keys), sealOf(id));
      const until = new Date(now.getTime() + overlapSecs * 1000);
      const endpoint = found(await rotateKeys(tx, ctx.tenantId, id, sealed, publicKeyOf(keys), until, now));
      audit(tx, ctx, 'webhook_endpoint.secret_rotated', id, { previousUntil: until });
      tell(tx, ctx, 'secret_rotated', id);
      return { ...endpoint, secret: keys.secret };
    });
  }

  enable(ctx: TenantContext, id: string): Promise<WebhookEndpoint> {
    return this.db.tx(ctx, async (tx) => {
      const before = await locked(tx, ctx, id);
      if (before.disabledAt === null) return before;
      audit(tx, ctx, 'webhook_endpoint.enabled', id, { wasDisabled: before.disabledReason });
      tell(tx, ctx, 'enabled', id);
      return found(await enableEndpoint(tx, ctx.tenantId, id, this.clock.now()));
    });
  }

  /** What was still to be sent is called off; what happens from now on is not recorded for it. */
  disable(ctx: TenantContext, id: string): Promise<WebhookEndpoint> {
    return this.db.tx(ctx, async (tx) => {
      const before = await locked(tx, ctx, id);
      const disabled = await disableEndpoint(tx, ctx.tenantId, id, 'requested', this.clock.now());
      if (!disabled) return before;
      audit(tx, ctx, 'webhook_endpoint.disabled', id, { reason: 'requested' });
      publish(tx, { type: 'webhook_endpoint.disabled', tenantId: ctx.tenantId, data: { webhookEndpointId: id, reason: 'requested' } });
      return disabled;
    });
  }

  delete(ctx: TenantContext, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      await locked(tx, ctx, id);
      await deleteEndpoint(tx, ctx.tenantId, id, this.clock.now());
      audit(tx, ctx, 'webhook_endpoint.deleted', id);
      tell(tx, ctx, 'deleted', id);
    });
  }
}

/** The other endpoints hear of it: whoever can send events elsewhere should not do so unseen. */
const tell = (tx: Tx, ctx: TenantContext, what: 'updated' | 'secret_rotated' | 'enabled' | 'deleted', id: string): void =>
  publish(tx, { type: `webhook_endpoint.${what}`, tenantId: ctx.tenantId, data: { webhookEndpointId: id } });

/** The endpoint, locked until the transaction ends, in the state that the request is meant for. */
const locked = async (tx: Tx, ctx: TenantContext, id: string): Promise<WebhookEndpoint> => {
  const endpoint = found(await lockEndpoint(tx, ctx.tenantId, id));
  expectRevision(ctx, endpoint.revision);
  return endpoint;
};

const found = (endpoint: WebhookEndpoint | undefined): WebhookEndpoint => {
  if (!endpoint) throw notFound();
  return endpoint;
};
