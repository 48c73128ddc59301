import { Injectable } from '@nestjs/common';
import { AppError, Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, expectRevision, markDirty, publish } from '@trunkline/platform';
import { closeRecurring } from '@trunkline/rating/server';
import { claimAllotment } from '@trunkline/tenancy/server';
import { numberErrors } from '../core/errors.ts';
import { releaseNumber } from '../core/number.ts';
import type { TenantNumber } from '../core/number.ts';
import { moveNumber } from './inventory.sql.ts';
import { quarantineRules } from './number-policy.ts';
import { lockNumber, updateNumberRow } from './numbers.sql.ts';

/** Gives a number back. Today is its last day to be paid; nobody else can have it until its quarantine is over. */
@Injectable()
export class ReleaseNumber {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, number.released, number.locked, number.asked_for, number.wrong_state */
  execute(ctx: TenantContext, id: string): Promise<TenantNumber> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const held = await lockNumber(tx, ctx.tenantId, id, now);
      expectRevision(ctx, held.revision);
      const number = releaseNumber(held, await quarantineRules(tx), now);
      await claimAllotment(tx, ctx, { numbers: -1 }, now);
      // while it is the tenant's: nobody else may move it
      if (!(await moveNumber(tx, number.e164, 'release', number.quarantinedUntil))) throw new AppError(numberErrors.wrongState);
      await updateNumberRow(tx, ctx.tenantId, number);
      await closeRecurring(tx, ctx.tenantId, id, now);
      markDirty(tx, 'number', [number.e164]);
      const data = { numberId: id, e164: number.e164, quarantinedUntil: number.quarantinedUntil.toISOString() };
      audit(tx, ctx, 'number.released', id, data);
      publish(tx, { type: 'number.released', tenantId: ctx.tenantId, data });
      return number;
    });
  }
}
