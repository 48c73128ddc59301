import { Injectable } from '@nestjs/common';
import { Processor } from '@trunkline/platform';
import type { OutboxJob, ProcessesJobs } from '@trunkline/platform';
import type { Job } from 'bullmq';
import { JOB_REQUESTED } from './create-number-job.ts';
import { IMPORT_REQUESTED } from './import-numbers.ts';
import { RunNumberImport } from './run-number-import.ts';
import { RunNumberJob } from './run-number-job.ts';

@Injectable()
@Processor({ queue: 'number-imports', concurrency: 1, events: [IMPORT_REQUESTED] })
export class NumberImportProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly run: RunNumberImport) {}

  async process({ data: { data }, attemptsMade, opts }: Job<OutboxJob>): Promise<void> {
    const last = attemptsMade + 1 >= (opts.attempts ?? 1);
    await this.run.execute((data as { numberImportId: string }).numberImportId, last);
  }
}

@Injectable()
@Processor({ queue: 'number-jobs', concurrency: 2, events: [JOB_REQUESTED] })
export class NumberJobProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly run: RunNumberJob) {}

  async process({ data: { tenantId, data }, attemptsMade, opts }: Job<OutboxJob>): Promise<void> {
    const last = attemptsMade + 1 >= (opts.attempts ?? 1);
    await this.run.execute(tenantId, (data as { numberJobId: string }).numberJobId, last);
  }
}
