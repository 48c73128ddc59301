import { Injectable } from '@nestjs/common';
import { AppError, Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, expectRevision, markDirty, publish } from '@trunkline/platform';
import { openRecurring } from '@trunkline/rating/server';
import { claimAllotment } from '@trunkline/tenancy/server';
import { numberErrors } from '../core/errors.ts';
import { paidAgainFrom, restoreNumber } from '../core/number.ts';
import type { TenantNumber } from '../core/number.ts';
import { moveNumber } from './inventory.sql.ts';
import { clearRouting } from './number-routing-queries.ts';
import { lockNumber, updateNumberRow } from './numbers.sql.ts';

/** Takes back a number that the tenant released: paid by the month again, without a setup fee, and pointing nowhere. */
@Injectable()
export class RestoreNumber {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, number.not_restorable, plan.none_assigned, tenant.allotment_used_up, kyc.required */
  execute(ctx: TenantContext, id: string): Promise<TenantNumber> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const released = await lockNumber(tx, ctx.tenantId, id, now);
      expectRevision(ctx, released.revision);
      const number = restoreNumber(released, now);
      await claimAllotment(tx, ctx, { numbers: 1 }, now);
      await updateNumberRow(tx, ctx.tenantId, number);
      if (!(await moveNumber(tx, number.e164, 'restore'))) throw new AppError(numberErrors.notRestorable);
      await clearRouting(tx, ctx.tenantId, id);
      const item = { tenantId: ctx.tenantId, kind: 'number', resourceId: id, description: number.e164, quantity: 1 } as const;
      await openRecurring(tx, item, paidAgainFrom(released, now));
      markDirty(tx, 'number', [number.e164]);
      const data = { numberId: id, e164: number.e164, revision: number.revision };
      audit(tx, ctx, 'number.restored', id, data);
      publish(tx, { type: 'number.restored', tenantId: ctx.tenantId, data });
      return number;
    });
  }
}
