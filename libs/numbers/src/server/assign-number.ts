import type { TenantContext } from '@trunkline/kernel';
import { audit, markDirty, publish, setTags } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { orderUnits } from '@trunkline/rating/server';
import type { TenantNumber } from '../core/number.ts';
import { insertNumber } from './numbers.sql.ts';

/**
 * Gives a number that the inventory has set aside to a tenant: paid by the month from today, the setup fee at once.
 * @param pricedAt when it was ordered
 * @throws AppError plan.none_assigned, ledger.balance_too_low
 */
export const assignNumber = async (tx: Tx, ctx: TenantContext, number: TenantNumber, pricedAt: Date): Promise<void> => {
  const { id, e164, trunkId, externalReference, tags, revision } = number;
  await insertNumber(tx, ctx.tenantId, number);
  if (tags.length > 0) await setTags(tx, ctx.tenantId, 'number', id, tags);
  await charge(tx, ctx.tenantId, number, pricedAt);
  markDirty(tx, 'number', [e164]);
  audit(tx, ctx, 'number.ordered', id, { e164, trunkId, externalReference, tags });
  const data = { numberId: id, e164, trunkId };
  publish(tx, { type: 'number.ordered', tenantId: ctx.tenantId, data });
  if (trunkId !== null) publish(tx, { type: 'number.assigned', tenantId: ctx.tenantId, data: { ...data, revision } });
};

const charge = async (tx: Tx, tenantId: string, { id, e164, createdAt }: TenantNumber, pricedAt: Date): Promise<void> => {
  const item = { tenantId, kind: 'number', resourceId: id, description: e164, quantity: 1, pricedAt } as const;
  await orderUnits(tx, item, createdAt, { reference: `${id}:1` });
};
