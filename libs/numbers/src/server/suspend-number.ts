import { Injectable } from '@nestjs/common';
import { AppError, Clock, notFound } from '@trunkline/kernel';
import type { E164, SystemContext } from '@trunkline/kernel';
import { Database, audit, markDirty, publish } from '@trunkline/platform';
import { numberErrors } from '../core/errors.ts';
import { reinstateNumber, suspendNumber } from '../core/number.ts';
import type { TenantNumber } from '../core/number.ts';
import { moveNumber } from './inventory.sql.ts';
import { lockHeld, updateNumberRow } from './numbers.sql.ts';

const VERBS = {
  suspend: { change: suspendNumber, done: 'number.suspended' },
  reinstate: { change: reinstateNumber, done: 'number.reinstated' },
} as const;

/** Takes one number out of service, for fraud or a complaint, and puts it back. Its tenant keeps it and pays; holds are for whole tenants. */
@Injectable()
export class SuspendNumber {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found when no tenant has it, number.wrong_state */
  suspend(ctx: SystemContext, e164: E164, reason: string): Promise<TenantNumber> {
    return this.step(ctx, e164, 'suspend', reason);
  }

  /** @throws AppError resource.not_found when no tenant has it, number.wrong_state */
  reinstate(ctx: SystemContext, e164: E164, reason: string): Promise<TenantNumber> {
    return this.step(ctx, e164, 'reinstate', reason);
  }

  private step(ctx: SystemContext, e164: E164, verb: keyof typeof VERBS, reason: string): Promise<TenantNumber> {
    return this.db.tx(ctx, async (tx) => {
      const held = await lockHeld(tx, e164);
      if (!held) throw notFound();
      const { change, done } = VERBS[verb];
      const number = change(held.number, this.clock.now());
      if (!(await moveNumber(tx, e164, verb))) throw new AppError(numberErrors.wrongState);
      await updateNumberRow(tx, held.tenantId, number);
      markDirty(tx, 'number', [e164]);
      const data = { numberId: number.id, e164, revision: number.revision };
      audit(tx, ctx, done, number.id, { ...data, reason });
      publish(tx, { type: done, tenantId: held.tenantId, data });
      return number;
    });
  }
}
