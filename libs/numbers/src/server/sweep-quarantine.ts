import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { sweepInventory } from './inventory.sql.ts';

/** Writes down which quarantines and reservations are over. Tidiness only: every reader looks at the clock itself, so nothing is audited or announced. */
@Injectable()
export class SweepQuarantine {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @returns how many numbers became available */
  execute(ctx: SystemContext): Promise<number> {
    return this.db.tx(ctx, (tx) => sweepInventory(tx, this.clock.now()));
  }
}
