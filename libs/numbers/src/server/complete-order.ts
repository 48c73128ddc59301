import type { TenantContext } from '@trunkline/kernel';
import { audit, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { isOpen, orderStateOf } from '../core/number-order.ts';
import { itemStates, lockOrder, touchOrder } from './number-orders.sql.ts';

/**
 * Call it when items of an order were saved: writes down that it changed, and that it is complete when none is open. The order is locked first, so of
 * two items that end at the same time the later one sees both.
 * @returns when it was completed; null: it is not
 */
export const completeOrder = async (tx: Tx, ctx: TenantContext, orderId: string, now: Date): Promise<Date | null> => {
  const { completedAt } = await lockOrder(tx, ctx.tenantId, orderId);
  if (completedAt) return completedAt;
  const states = await itemStates(tx, ctx.tenantId, orderId);
  const done = !states.some((state) => isOpen({ state }));
  await touchOrder(tx, ctx.tenantId, orderId, now, done ? now : null);
  if (!done) return null;
  const succeeded = states.filter((state) => state === 'succeeded').length;
  const data = { numberOrderId: orderId, state: orderStateOf(states), succeeded, failed: states.length - succeeded };
  audit(tx, ctx, 'number_order.completed', orderId, data);
  publish(tx, { type: 'number_order.completed', tenantId: ctx.tenantId, data });
  return now;
};
