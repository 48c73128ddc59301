import { Injectable } from '@nestjs/common';
import { systemContext } from '@trunkline/kernel';
import { Processor } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';
import { ReviewVerification } from './review-verification.ts';

/** Every minute: tells tenants whose proof is over, and takes the number from the edges. */
@Injectable()
@Processor({ queue: 'verification-expiry', concurrency: 1, everyMs: 60_000 })
export class VerificationExpiry implements ProcessesJobs {
  constructor(private readonly review: ReviewVerification) {}

  async process(): Promise<void> {
    await this.review.expire(systemContext('verification expiry'));
  }
}
