import { Injectable } from '@nestjs/common';
import { AppError, Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, publish } from '@trunkline/platform';
import { numberErrors } from '../core/errors.ts';
import { failed } from '../core/number-order.ts';
import { listItems, lockUnaskedItems, readOrder } from './number-orders.sql.ts';
import type { PlacedOrder } from './place-number-order.ts';
import { endItem } from './settle-order-item.ts';

/** Gives up what nobody was asked for yet. What a carrier was asked for comes, or does not. */
@Injectable()
export class CancelNumberOrder {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, number_order.ended */
  execute(ctx: TenantContext, id: string): Promise<PlacedOrder> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      await readOrder(tx, ctx.tenantId, id);
      const items = await lockUnaskedItems(tx, ctx.tenantId, id);
      if (items.length === 0) throw new AppError(numberErrors.orderEnded);
      const { code, title } = numberErrors.orderCancelled;
      audit(tx, ctx, 'number_order.cancelled', id, { items: items.length });
      publish(tx, { type: 'number_order.cancelled', tenantId: ctx.tenantId, data: { numberOrderId: id } });
      for (const item of items) await endItem(tx, ctx, failed(item, { code, detail: title }), now);
      return { ...(await readOrder(tx, ctx.tenantId, id)), items: await listItems(tx, ctx.tenantId, [id]) };
    });
  }
}
