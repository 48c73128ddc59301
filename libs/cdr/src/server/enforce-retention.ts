import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, Log, audit } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { PLATFORM_TENANT_ID } from '@trunkline/platform';
import { maskCall } from '../core/mask-number.ts';
import { keptSince } from '../core/retention.ts';
import {
  BATCH,
  clearResolvedLines,
  deleteOldCalls,
  dropOldMonths,
  expireOldExports,
  lockWholeCalls,
  retentionReport,
  setMaskedCalls,
  tenantsToDelete,
  tenantsToMask,
} from './retention.sql.ts';
import type { DueTenant, RetentionReport } from './retention.sql.ts';

/** Whole months of calls that are kept beside the running one. */
export const CALLS_KEPT_MONTHS = Symbol('CallsKeptMonths');

/**
 * Lets calls grow old: their numbers are masked, then they are deleted, tenant by tenant in small transactions, and months that nobody keeps
 * are dropped whole. Safe to stop at any moment and to run at any time: each run takes up what is due.
 */
@Injectable()
export class EnforceRetention {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(CALLS_KEPT_MONTHS) private readonly keptMonths: number,
  ) {}

  async execute(ctx: SystemContext): Promise<RetentionReport> {
    const now = this.clock.now();
    const since = keptSince(now, this.keptMonths);
    for (const due of await this.db.read(ctx, (tx) => tenantsToMask(tx, now))) await this.batches(ctx, due, (tx) => mask(tx, due, now));
    await this.drop(ctx, now, since);
    for (const due of await this.db.read(ctx, (tx) => tenantsToDelete(tx, now, since)))
      await this.batches(ctx, due, (tx) => deleteOldCalls(tx, due));
    await this.db.tx(ctx, (tx) => clearResolvedLines(tx, now));
    await this.db.tx(ctx, (tx) => expireOldExports(tx, now));
    return this.report(ctx);
  }

  /** What is overdue now: nothing, unless this has not run for a while. */
  report(ctx: SystemContext): Promise<RetentionReport> {
    return this.db.read(ctx, (tx) => retentionReport(tx, this.clock.now()));
  }

  private async batches(ctx: SystemContext, due: DueTenant, work: (tx: Tx) => Promise<number>): Promise<void> {
    let total = 0;
    for (let done = BATCH; done === BATCH; total += done) done = await this.db.tx(ctx, work);
    this.log.info({ tenantId: due.tenantId, before: due.before, calls: total }, 'calls grew old');
  }

  /** Who waits for a call to be stored must not wait for this: when the table is busy for two seconds, the next run tries again. */
  private async drop(ctx: SystemContext, now: Date, since: Date): Promise<void> {
    const dropped = this.db.tx(ctx, async (tx) => {
      const months = await dropOldMonths(tx, now, since);
      if (months.length > 0) audit(tx, ctx, 'calls.months_dropped', PLATFORM_TENANT_ID, { months });
    });
    await dropped.catch((err: unknown) => this.log.warn({ err }, 'old months of calls are left for the next run'));
  }
}

const mask = async (tx: Tx, due: DueTenant, now: Date): Promise<number> => {
  const calls = await lockWholeCalls(tx, due);
  if (calls.length > 0) await setMaskedCalls(tx, due.tenantId, calls.map(maskCall), now);
  return calls.length;
};
