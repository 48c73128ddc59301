import { Injectable } from '@nestjs/common';
import { pageOf, positionOf } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { listItems, listOrders, readOrder } from './number-orders.sql.ts';
import type { PlacedOrder } from './place-number-order.ts';

@Injectable()
export class NumberOrderQueries {
  constructor(private readonly db: Database) {}

  list(
    ctx: TenantContext,
    { limit, cursor, externalReference }: PageQuery & { readonly externalReference?: string | undefined },
  ): Promise<Page<PlacedOrder>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => {
      const { data, nextCursor } = pageOf(await listOrders(tx, ctx.tenantId, after, limit + 1, externalReference), limit);
      const items = Map.groupBy(await listItems(tx, ctx.tenantId, data.map(({ id }) => id)), ({ orderId }) => orderId); // prettier-ignore
      return { data: data.map((order) => ({ ...order, items: items.get(order.id) ?? [] })), nextCursor };
    });
  }

  /** @throws AppError resource.not_found */
  byId(ctx: TenantContext, id: string): Promise<PlacedOrder> {
    return this.db.read(ctx, async (tx) => ({
      ...(await readOrder(tx, ctx.tenantId, id)),
      items: await listItems(tx, ctx.tenantId, [id]),
    }));
  }
}
