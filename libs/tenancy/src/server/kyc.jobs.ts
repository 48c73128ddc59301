import { Injectable } from '@nestjs/common';
import { systemContext } from '@trunkline/kernel';
import { Processor } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';
import { ReviewKycFile } from './review-kyc-file.ts';

/** Every hour: tells tenants whose approval is over. That it is over, orders see by the clock. */
@Injectable()
@Processor({ queue: 'kyc-expiry', concurrency: 1, everyMs: 3_600_000 })
export class KycExpiryProcessor implements ProcessesJobs {
  constructor(private readonly review: ReviewKycFile) {}

  async process(): Promise<void> {
    await this.review.expire(systemContext('kyc expiry'));
  }
}
