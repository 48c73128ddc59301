import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, Log, audit } from '@trunkline/platform';
import { dueReturns, finishReturn, postponeReturn } from './number-returns.sql.ts';
import type { NumberReturn } from './number-returns.sql.ts';
import { NumberSuppliers } from './number-suppliers.ts';

const BATCH = 100;
const FIRST_WAIT_MS = 60_000;
const WAIT_MAX_MS = 6 * 60 * 60_000; // until then the carrier is paid for the number

/**
 * Tells carriers of the numbers they get back, until they have taken each. A call whose answer was lost is made again: nobody here can have ordered the
 * number anew as long as its return is open.
 */
@Injectable()
export class SettleNumberReturns {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly suppliers: NumberSuppliers,
  ) {}

  async execute(ctx: SystemContext): Promise<void> {
    const due = await this.db.read(ctx, (tx) => dueReturns(tx, this.clock.now(), BATCH));
    for (const returning of due) await this.settle(ctx, returning);
  }

  private async settle(ctx: SystemContext, returning: NumberReturn): Promise<void> {
    const { id, e164, supplier, attempts } = returning;
    try {
      const carrier = this.suppliers.byName(supplier);
      if (!carrier) throw new Error(`the supplier ${supplier} is not configured`);
      await carrier.release(e164);
    } catch (err) {
      this.log.error({ numberReturnId: id, supplier, err }, 'a number could not be given back, and will be tried again');
      const wait = Math.min(FIRST_WAIT_MS * 2 ** attempts, WAIT_MAX_MS);
      return this.db.tx(ctx, async (tx) => void (await postponeReturn(tx, id, new Date(this.clock.now().getTime() + wait))));
    }
    await this.db.tx(ctx, async (tx) => {
      if (await finishReturn(tx, id, this.clock.now())) audit(tx, ctx, 'number_return.completed', id, { e164, supplier });
    });
  }
}
