import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, changed, expectRevision, markDirty, publish, setTags } from '@trunkline/platform';
import { changeNumber } from '../core/number.ts';
import type { NumberSettings, TenantNumber } from '../core/number.ts';
import { lockNumber, lockTarget, updateNumberRow } from './numbers.sql.ts';

/** Points a number at another trunk, or at none. */
@Injectable()
export class UpdateNumber {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError resource.not_found, number.released, request.invalid at /trunk_id */
  execute(ctx: TenantContext, id: string, change: Partial<NumberSettings>): Promise<TenantNumber> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const before = await lockNumber(tx, ctx.tenantId, id, now);
      expectRevision(ctx, before.revision);
      const number = changeNumber(before, change, now);
      if (number === before) return number;
      if (number.trunkId !== null && number.trunkId !== before.trunkId) await lockTarget(tx, ctx.tenantId, number.trunkId);
      await updateNumberRow(tx, ctx.tenantId, number);
      if (number.tags.join() !== before.tags.join()) await setTags(tx, ctx.tenantId, 'number', id, number.tags);
      markDirty(tx, 'number', [number.e164]);
      audit(tx, ctx, 'number.updated', id, changed(before, number, Object.keys(change)));
      const data = { numberId: id, e164: number.e164, trunkId: number.trunkId, revision: number.revision };
      publish(tx, { type: eventOf(before, number), tenantId: ctx.tenantId, data });
      return number;
    });
  }
}

const eventOf = (before: TenantNumber, after: TenantNumber): string => {
  if (after.trunkId === before.trunkId) return 'number.updated';
  return after.trunkId === null ? 'number.unassigned' : 'number.assigned';
};
