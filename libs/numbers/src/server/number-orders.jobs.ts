import { Injectable } from '@nestjs/common';
import { systemContext } from '@trunkline/kernel';
import { Processor } from '@trunkline/platform';
import type { OutboxJob, ProcessesJobs } from '@trunkline/platform';
import type { Job } from 'bullmq';
import { AdvanceNumberOrders } from './advance-number-orders.ts';
import { SUPPLIER_HEARD } from './receive-supplier-event.ts';
import { RETURN_REQUESTED } from './return-number.ts';
import { SettleNumberReturns } from './settle-number-returns.ts';

/** Every two seconds, and as soon as something was ordered, papers were approved, or a carrier says that there is news. */
@Injectable()
@Processor({
  queue: 'number-orders',
  concurrency: 1,
  events: ['number_order.created', 'regulatory_bundle.approved', SUPPLIER_HEARD],
  everyMs: 2_000,
})
export class NumberOrdersProcessor implements ProcessesJobs<OutboxJob | Record<string, never>> {
  constructor(private readonly advance: AdvanceNumberOrders) {}

  async process({ data: job }: Job<OutboxJob | Record<string, never>>): Promise<void> {
    const ctx = systemContext('number orders');
    const { regulatoryBundleId: bundleId } = (job.data ?? {}) as { regulatoryBundleId?: string };
    if (bundleId !== undefined) await this.advance.wake(ctx, job.tenantId, bundleId);
    await this.advance.execute(ctx);
  }
}

/** Every minute, and as soon as a number is to go back. */
@Injectable()
@Processor({ queue: 'number-returns', concurrency: 1, events: [RETURN_REQUESTED], everyMs: 60_000 })
export class NumberReturnsProcessor implements ProcessesJobs<OutboxJob | Record<string, never>> {
  constructor(private readonly settle: SettleNumberReturns) {}

  async process(): Promise<void> {
    await this.settle.execute(systemContext('number returns'));
  }
}
