import { Injectable } from '@nestjs/common';
import { Clock, tenantContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, Log, eachByItself, publish } from '@trunkline/platform';
import { numberErrors } from '../core/errors.ts';
import type { NumberSettings } from '../core/number.ts';
import { listItems, lockJob, settleItems } from './number-jobs.sql.ts';
import type { ItemOutcome, NumberJob, NumberJobItem } from './number-jobs.sql.ts';
import { ReleaseNumber } from './release-number.ts';
import { RestoreNumber } from './restore-number.ts';
import { UpdateNumber } from './update-number.ts';

/** Numbers of one transaction: the tenant's other orders wait for its counts that long. */
const AT_A_TIME = 50;
const STOPPED = { code: numberErrors.jobStopped.code, detail: numberErrors.jobStopped.title };

type Work = (job: NumberJob, items: readonly NumberJobItem[]) => Promise<ItemOutcome[]>;

/** Does a job's numbers, in pieces: what is done is written down with it, so that a job that was cut off goes on where it was. */
@Injectable()
export class RunNumberJob {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly update: UpdateNumber,
    private readonly release: ReleaseNumber,
    private readonly restore: RestoreNumber,
  ) {}

  /** @throws what stopped it, so that its job tries again; with `last`, the numbers that are left have failed instead */
  async execute(tenantId: string, id: string, last = true): Promise<void> {
    const ctx = tenantContext(tenantId, { type: 'system', id: 'number job' }, `job:number_job:${id}`);
    const inPieces = async (work: Work) => {
      for (let more = true; more;) more = await this.piece(ctx, id, work);
    };
    try {
      await inPieces((job, items) => this.each(ctx, job, items));
    } catch (error) {
      if (!last) throw error;
      this.log.error({ tenantId, numberJobId: id, err: error }, 'number job failed');
      await inPieces(async (_, items) => items.map(({ position }) => ({ position, ...STOPPED })));
    }
  }

  /** @returns whether there is more to do */
  private piece(ctx: TenantContext, id: string, work: Work): Promise<boolean> {
    const { tenantId } = ctx;
    return this.db.tx(ctx, async (tx) => {
      const job = await lockJob(tx, tenantId, id);
      if (!job) return false;
      const items = await listItems(tx, tenantId, id, job.succeeded + job.failed - 1, AT_A_TIME);
      const { state, succeeded, failed } = await settleItems(tx, tenantId, id, await work(job, items), this.clock.now());
      if (state !== 'completed') return true;
      publish(tx, { type: 'number_job.completed', tenantId, data: { numberJobId: id, succeeded, failed } });
      return false;
    });
  }

  private async each(ctx: TenantContext, job: NumberJob, items: readonly NumberJobItem[]): Promise<ItemOutcome[]> {
    // for whoever asked for it: the audit names him, as it would for each number by itself
    const outcomes = await eachByItself(this.db, ctx, items, ({ numberId }) => this.act({ ...ctx, actor: job.actor }, job, numberId));
    return outcomes.map((o, i) => ({
      position: items[i]?.position ?? 0,
      code: o.done ? null : o.error.code,
      detail: o.done ? null : o.error.message,
    }));
  }

  private async act(ctx: TenantContext, { action, change }: NumberJob, numberId: string): Promise<void> {
    if (action === 'update') await this.update.execute(ctx, numberId, change as Partial<NumberSettings>);
    else if (action === 'release') await this.release.execute(ctx, numberId);
    else await this.restore.execute(ctx, numberId);
  }
}
