import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId, notFound } from '@trunkline/kernel';
import type { E164, SystemContext } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, audit, publish } from '@trunkline/platform';
import { numberErrors } from '../core/errors.ts';
import { restoreEnd } from '../core/quarantine.ts';
import { moveNumber } from './inventory.sql.ts';
import { insertReturn, lockReturnable } from './number-returns.sql.ts';
import type { NumberReturn, Returnable } from './number-returns.sql.ts';
import { NumberSuppliers } from './number-suppliers.ts';

export const RETURN_REQUESTED = 'number_return.requested';

/** Gives a number that rests back to its carrier. It is out of the inventory before the carrier hears of it, so that nobody can be sold what is about to go. */
@Injectable()
export class ReturnNumber {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly suppliers: NumberSuppliers,
  ) {}

  /** @throws AppError resource.not_found, number.not_returnable */
  execute(ctx: SystemContext, e164: E164): Promise<NumberReturn> {
    return this.db.tx(ctx, async (tx) => {
      const now = this.clock.now();
      const held = await lockReturnable(tx, e164);
      if (!held) throw notFound();
      const supplier = held.carrier === null ? undefined : this.suppliers.ofCarrier(held.carrier);
      if (!supplier) throw refusal('No carrier of it takes numbers back by its API');
      refuseToReturn(held, now);
      await moveNumber(tx, e164, 'return');
      const returning: NumberReturn = { id: newId(), e164, supplier: supplier.name, requestedAt: now, attempts: 0 };
      await insertReturn(tx, returning);
      audit(tx, ctx, 'number_return.requested', returning.id, { e164, supplier: supplier.name });
      publish(tx, { type: RETURN_REQUESTED, tenantId: PLATFORM_TENANT_ID, data: { numberReturnId: returning.id } });
      return returning;
    });
  }
}

const refusal = (why: string): AppError => new AppError(numberErrors.notReturnable, why);

const refuseToReturn = ({ state, releasedAt, quarantinedUntil }: Returnable, now: Date): void => {
  if (state !== 'quarantined') throw refusal(`It is ${state}; only a number in quarantine goes back`);
  const until = releasedAt && quarantinedUntil ? restoreEnd(releasedAt, quarantinedUntil) : now;
  if (until > now) throw refusal(`Its last tenant may restore it until ${until.toISOString()}`);
};
