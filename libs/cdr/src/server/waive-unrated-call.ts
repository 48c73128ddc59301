import { Injectable } from '@nestjs/common';
import { AppError, Clock } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit } from '@trunkline/platform';
import { cdrErrors } from '../core/errors.ts';
import { waiveUnrated } from './unrated.sql.ts';

/** Gives up charging a call that no rate covers. */
@Injectable()
export class WaiveUnratedCall {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError call.not_unrated, also for a call that does not exist */
  execute(ctx: SystemContext, id: string, reason: string): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const tenantId = await waiveUnrated(tx, id, this.clock.now());
      if (tenantId === undefined) throw new AppError(cdrErrors.notWaiting);
      audit(tx, ctx, 'call.waived', id, { tenantId, reason });
    });
  }
}
