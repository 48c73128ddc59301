import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { claimAllotment } from '@trunkline/tenancy/server';
import { numberErrors } from '../core/errors.ts';
import { orderedNumber } from '../core/number.ts';
import type { OrderSettings, TenantNumber } from '../core/number.ts';
import { assignNumber } from './assign-number.ts';
import { takeNumber } from './inventory.sql.ts';
import { lockTarget } from './numbers.sql.ts';

export type NumberOrder = OrderSettings & { readonly e164: E164 };

/** Hands a number of the inventory to a tenant. Of many buyers one gets it. */
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
      await assignNumber(tx, ctx, number, now);
      return number;
    });
  }
}

const notAvailable = (): AppError => {
  const { title } = numberErrors.notAvailable;
  return new AppError(numberErrors.notAvailable, undefined, { errors: [{ pointer: '/number', code: 'not_available', detail: title }] });
};
