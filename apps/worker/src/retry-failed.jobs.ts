import { Injectable } from '@nestjs/common';
import { SystemClock } from '@trunkline/kernel';
import { Jobs, Processor } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';

const EVERY_MS = 300_000;

/** Events whose jobs have failed for a minute are tried again every five, for as long as the outbox keeps them. */
@Injectable()
@Processor({ queue: 'retry-failed', concurrency: 1, everyMs: EVERY_MS })
export class RetryFailed implements ProcessesJobs {
  private readonly clock = new SystemClock(); // which queues tell by when a job failed

  constructor(private readonly jobs: Jobs) {}

  async process(): Promise<void> {
    await this.jobs.retryFailed(new Date(this.clock.now().getTime() - EVERY_MS));
  }
}
