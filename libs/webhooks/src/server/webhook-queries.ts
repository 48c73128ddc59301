import { Injectable } from '@nestjs/common';
import { notFound, pageOf, positionOf } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { listDeliveries, readAttempts, readAttemptsOf, readBodiesOf, readDelivery } from './deliveries.sql.ts';
import type { DeliveryFilter, LoggedAttempt, WebhookDelivery } from './deliveries.sql.ts';
import { listEndpoints, readEndpoint } from './endpoints.sql.ts';
import type { WebhookEndpoint } from './endpoints.sql.ts';

/** A delivery with what was sent and what was answered. */
export type DeliveryDetail = WebhookDelivery & { readonly body: string; readonly log: readonly LoggedAttempt[] };

/** Lists are the newest first and throw AppError request.bad_cursor; the rest throws resource.not_found. */
@Injectable()
export class WebhookQueries {
  constructor(private readonly db: Database) {}

  endpoints(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<WebhookEndpoint>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await listEndpoints(tx, ctx.tenantId, after, limit + 1), limit));
  }

  async endpoint(ctx: TenantContext, id: string): Promise<WebhookEndpoint> {
    const endpoint = await this.db.read(ctx, (tx) => readEndpoint(tx, ctx.tenantId, id));
    if (!endpoint) throw notFound();
    return endpoint;
  }

  deliveries(ctx: TenantContext, { limit, cursor, ...filter }: PageQuery & DeliveryFilter): Promise<Page<WebhookDelivery>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await listDeliveries(tx, ctx.tenantId, filter, after, limit + 1), limit));
  }

  delivery(ctx: TenantContext, id: string): Promise<DeliveryDetail> {
    return this.db.read(ctx, async (tx) => {
      const [delivery, log] = await Promise.all([readDelivery(tx, ctx.tenantId, id), readAttempts(tx, ctx.tenantId, id)]);
      if (!delivery) throw notFound();
      return { ...delivery, log };
    });
  }

  /** What was answered, by the delivery's id. */
  attemptsOf(ctx: TenantContext, ids: readonly string[]): Promise<ReadonlyMap<string, LoggedAttempt[]>> {
    return this.db.read(ctx, async (tx) => Map.groupBy(await readAttemptsOf(tx, ctx.tenantId, ids), ({ deliveryId }) => deliveryId));
  }

  /** What is sent, by the delivery's id. */
  bodiesOf(ctx: TenantContext, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.db.read(ctx, async (tx) => new Map((await readBodiesOf(tx, ctx.tenantId, ids)).map(({ id, body }) => [id, body])));
  }
}
