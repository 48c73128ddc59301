import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, changed, publish } from '@trunkline/platform';
import { demandBundle } from '@trunkline/regulatory/server';
import { listItems, lockOrder, readOrder, setOrderBundle, wakeOrder } from './number-orders.sql.ts';
import type { PlacedOrder } from './place-number-order.ts';

/** Names the papers of an order that waits for some. Of what has ended they change nothing. */
@Injectable()
export class ChangeOrderPapers {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, request.invalid at /regulatory_bundle_id */
  execute(ctx: TenantContext, id: string, bundleId: string): Promise<PlacedOrder> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      await readOrder(tx, ctx.tenantId, id);
      await demandBundle(tx, ctx.tenantId, bundleId);
      await wakeOrder(tx, ctx.tenantId, id, now); // locked before their order, as everywhere
      const before = await lockOrder(tx, ctx.tenantId, id);
      await setOrderBundle(tx, ctx.tenantId, id, bundleId, now);
      audit(tx, ctx, 'number_order.updated', id, changed(before, { ...before, bundleId }, ['bundleId']));
      publish(tx, { type: 'number_order.updated', tenantId: ctx.tenantId, data: { numberOrderId: id, regulatoryBundleId: bundleId } });
      return { ...(await readOrder(tx, ctx.tenantId, id)), items: await listItems(tx, ctx.tenantId, [id]) };
    });
  }
}
