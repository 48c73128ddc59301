import { Injectable } from '@nestjs/common';
import { systemContext } from '@trunkline/kernel';
import { Processor } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';
import { ReviewKycFile } from './review-kyc-file.ts';

/** Every minute: ends approvals whose time is over, for tenants to hear of it and edges to vouch for their calls no more. Orders see it by the clock. */
@Injectable()
@Processor({ queue: 'kyc-expiry', concurrency: 1, everyMs: 60_000 })
export class KycExpiryProcessor implements ProcessesJobs {
  constructor(private readonly review: ReviewKycFile) {}

  async process(): Promise<void> {
    await this.review.expire(systemContext('kyc expiry'));
  }
}
