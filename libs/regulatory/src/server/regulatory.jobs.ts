import { Injectable } from '@nestjs/common';
import { systemContext } from '@trunkline/kernel';
import { Processor } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';
import { ReviewBundle } from './review-bundle.ts';

/** Every hour: ends approvals and tells of those that will end. That one is over, orders see by the clock. */
@Injectable()
@Processor({ queue: 'regulatory-expiry', concurrency: 1, everyMs: 3_600_000 })
export class RegulatoryExpiryProcessor implements ProcessesJobs {
  constructor(private readonly review: ReviewBundle) {}

  async process(): Promise<void> {
    await this.review.sweep(systemContext('regulatory expiry'));
  }
}
