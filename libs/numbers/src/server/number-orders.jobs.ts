import { Injectable } from '@nestjs/common';
import { systemContext } from '@trunkline/kernel';
import { Processor } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';
import { AdvanceNumberOrders } from './advance-number-orders.ts';

/** Every two seconds, and as soon as something was ordered. */
@Injectable()
@Processor({ queue: 'number-orders', concurrency: 1, events: ['number_order.created'], everyMs: 2_000 })
export class NumberOrdersProcessor implements ProcessesJobs {
  constructor(private readonly advance: AdvanceNumberOrders) {}

  async process(): Promise<void> {
    await this.advance.execute(systemContext('number orders'));
  }
}
