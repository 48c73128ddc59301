import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId, notFound } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { envelope } from '../core/envelope.ts';
import { webhookErrors } from '../core/errors.ts';
import { openDeliveries, readDelivery, reopenDeliveries, reopenDelivery } from './deliveries.sql.ts';
import type { DeliveryState } from './deliveries.sql.ts';
import { readEndpoint } from './endpoints.sql.ts';

export type ReplaySpan = { readonly from: Date; readonly to: Date; readonly states: readonly DeliveryState[] | undefined };

/** Sends when somebody asks, rather than when something happened. All throw AppError resource.not_found, webhook.endpoint_disabled. */
@Injectable()
export class ReplayDeliveries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** Sends one message again, with the id it had: who has it already can tell. */
  one(ctx: TenantContext, id: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const delivery = await readDelivery(tx, ctx.tenantId, id);
      if (!delivery) throw notFound();
      await requireEnabled(tx, ctx, delivery.endpointId);
      await reopenDelivery(tx, ctx.tenantId, id, this.clock.now());
      audit(tx, ctx, 'webhook_delivery.replayed', id);
    });
  }

  /** Sends again what happened in a span of time. @returns how many messages */
  span(ctx: TenantContext, endpointId: string, span: ReplaySpan): Promise<number> {
    return this.db.tx(ctx, async (tx) => {
      await requireEnabled(tx, ctx, endpointId);
      const count = await reopenDeliveries(tx, ctx.tenantId, endpointId, span, this.clock.now());
      audit(tx, ctx, 'webhook_endpoint.replayed', endpointId, { ...span, count });
      return count;
    });
  }

  /** Sends a test to one endpoint. @returns its delivery */
  ping(ctx: TenantContext, endpointId: string): Promise<string> {
    return this.db.tx(ctx, async (tx) => {
      await requireEnabled(tx, ctx, endpointId);
      const id = newId();
      const body = envelope(id, 'webhook.ping', { webhookEndpointId: endpointId });
      const [deliveryId = ''] = await openDeliveries(tx, ctx.tenantId, { id, type: 'webhook.ping', body }, [{ id: endpointId, enabled: true }], this.clock.now()); // prettier-ignore
      audit(tx, ctx, 'webhook_endpoint.pinged', endpointId);
      return deliveryId;
    });
  }
}

const requireEnabled = async (tx: Tx, ctx: TenantContext, endpointId: string): Promise<void> => {
  const endpoint = await readEndpoint(tx, ctx.tenantId, endpointId);
  if (!endpoint) throw notFound();
  if (endpoint.disabledAt !== null) throw new AppError(webhookErrors.endpointDisabled);
};
