import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, publish } from '@trunkline/platform';
import { numberErrors } from '../core/errors.ts';
import type { NumberSettings } from '../core/number.ts';
import { insertJob, openJobs } from './number-jobs.sql.ts';
import type { NumberJob } from './number-jobs.sql.ts';
import { lockTarget } from './numbers.sql.ts';

export const JOB_REQUESTED = 'number_job.requested';
/** Numbers of one job. */
export const JOB_NUMBERS_MAX = 10_000;
/** Jobs of one tenant that may wait or run at a time. */
const OPEN_MAX = 5;

/** One change of many numbers. `change`: what an update sets. */
export type NewNumberJob = {
  readonly action: NumberJob['action'];
  readonly change: Partial<NumberSettings>;
  readonly numberIds: readonly string[];
};

/** Has many numbers changed, released or restored. A job does it, each number by itself; the tenant hears of its end by event, or asks. */
@Injectable()
export class CreateNumberJob {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError number_job.too_many, request.invalid at /trunk_id */
  execute(ctx: TenantContext, { action, change, numberIds }: NewNumberJob): Promise<NumberJob> {
    return this.db.tx(ctx, async (tx) => {
      if (change.trunkId) await lockTarget(tx, ctx.tenantId, change.trunkId); // better told now than ten thousand times
      if ((await openJobs(tx, ctx.tenantId)) >= OPEN_MAX) throw new AppError(numberErrors.tooManyJobs);
      const job: NumberJob = {
        ...{ id: newId(), action, change, state: 'pending', total: numberIds.length, succeeded: 0, failed: 0 },
        ...{ actor: ctx.actor, createdAt: this.clock.now(), finishedAt: null },
      };
      await insertJob(tx, ctx.tenantId, job, numberIds);
      audit(tx, ctx, 'number_job.created', job.id, { action, change, total: job.total });
      publish(tx, { type: JOB_REQUESTED, tenantId: ctx.tenantId, data: { numberJobId: job.id } });
      return job;
    });
  }
}
