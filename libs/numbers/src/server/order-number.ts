import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { postSetup } from '@trunkline/ledger/server';
import { Database, audit, markDirty, publish, setTags } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { openRecurring } from '@trunkline/rating/server';
import { claimAllotment } from '@trunkline/tenancy/server';
import { numberErrors } from '../core/errors.ts';
import { orderedNumber } from '../core/number.ts';
import type { OrderSettings, TenantNumber } from '../core/number.ts';
import { takeNumber } from './inventory.sql.ts';
import { insertNumber, lockTarget } from './numbers.sql.ts';

export type NumberOrder = OrderSettings & { readonly e164: E164 };

/** Hands a number of the inventory to a tenant: paid by the month from today, the setup fee at once. Of many buyers one gets it. */
@Injectable()
export class OrderNumber {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError number.not_available (held by somebody, resting, or unknown: one answer), plan.none_assigned, tenant.allotment_used_up, kyc.required, request.invalid at /trunk_id */
  execute(ctx: TenantContext, { e164, ...settings }: NumberOrder): Promise<TenantNumber> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      if (settings.trunkId !== null) await lockTarget(tx, ctx.tenantId, settings.trunkId);
      await claimAllotment(tx, ctx, { numbers: 1 }, now);
      const taken = await takeNumber(tx, ctx.tenantId, e164, now);
      if (!taken) throw notAvailable();
      const number = orderedNumber(newId(), taken, settings, now);
      await insertNumber(tx, ctx.tenantId, number);
      if (number.tags.length > 0) await setTags(tx, ctx.tenantId, 'number', number.id, number.tags);
      await charge(tx, ctx.tenantId, number);
      markDirty(tx, 'number', [e164]);
      audit(tx, ctx, 'number.ordered', number.id, { e164, ...settings });
      const data = { numberId: number.id, e164, trunkId: number.trunkId };
      publish(tx, { type: 'number.ordered', tenantId: ctx.tenantId, data });
      const assigned = { ...data, revision: number.revision };
      if (number.trunkId !== null) publish(tx, { type: 'number.assigned', tenantId: ctx.tenantId, data: assigned });
      return number;
    });
  }
}

const charge = async (tx: Tx, tenantId: string, { id, e164, createdAt }: TenantNumber): Promise<void> => {
  const item = { tenantId, kind: 'number', resourceId: id, description: e164, quantity: 1 } as const;
  const { currency, setupNanos } = await openRecurring(tx, item, createdAt);
  await postSetup(tx, { tenantId, currency, unit: 'number', quantity: 1, amountNanos: setupNanos, reference: `${id}:1`, at: createdAt });
};

const notAvailable = (): AppError => {
  const { title } = numberErrors.notAvailable;
  return new AppError(numberErrors.notAvailable, undefined, { errors: [{ pointer: '/number', code: 'not_available', detail: title }] });
};
