import { Injectable } from '@nestjs/common';
import { systemContext } from '@trunkline/kernel';
import { Metrics, Processor } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';
import { EnforceRetention } from './enforce-retention.ts';

/** Every hour. What it proves is a metric: calls that should be masked and are not. */
@Injectable()
@Processor({ queue: 'call-retention', concurrency: 1, everyMs: 3_600_000 })
export class RetentionProcessor implements ProcessesJobs {
  private readonly unmasked;
  private readonly unrated;

  constructor(
    private readonly retention: EnforceRetention,
    metrics: Metrics,
  ) {
    this.unmasked = metrics.gauge('calls_unmasked_overdue', 'Calls whose numbers are whole though they should be masked');
    this.unrated = metrics.gauge('calls_unrated_overdue', 'Calls past that time whose numbers are kept because they have no rate yet');
  }

  async process(): Promise<void> {
    const { unmaskedOverdue, unratedOverdue } = await this.retention.execute(systemContext('call retention'));
    this.unmasked.set(unmaskedOverdue);
    this.unrated.set(unratedOverdue);
  }
}
