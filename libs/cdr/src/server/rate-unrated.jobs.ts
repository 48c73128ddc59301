import { Injectable } from '@nestjs/common';
import { systemContext } from '@trunkline/kernel';
import { PLATFORM_TENANT_ID, Processor } from '@trunkline/platform';
import type { OutboxJob, ProcessesJobs } from '@trunkline/platform';
import type { Job } from 'bullmq';
import { RateUnrated } from './rate-unrated.ts';

/** When prices change, what waited for them is looked at again: the calls of the tenant that got a plan, or of all when a deck did. */
@Injectable()
@Processor({ queue: 'cdr-rate-unrated', concurrency: 1, events: ['deck.version_published', 'plan.assigned'] })
export class RateUnratedProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly rate: RateUnrated) {}

  async process({ data: { tenantId, type } }: Job<OutboxJob>): Promise<void> {
    await this.rate.execute(systemContext(type), tenantId === PLATFORM_TENANT_ID ? {} : { tenantId });
  }
}
