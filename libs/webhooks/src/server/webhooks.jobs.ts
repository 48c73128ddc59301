import { Injectable } from '@nestjs/common';
import { Processor } from '@trunkline/platform';
import type { OutboxJob, ProcessesJobs } from '@trunkline/platform';
import type { Job } from 'bullmq';
import { EVENT_TYPES } from '../core/event-catalogue.ts';
import { FanOutEvent } from './fan-out-event.ts';
import { PruneWebhooks } from './prune-webhooks.ts';

@Injectable()
@Processor({ queue: 'webhooks', concurrency: 8, events: EVENT_TYPES })
export class FanOutProcessor implements ProcessesJobs<OutboxJob> {
  constructor(private readonly fanOut: FanOutEvent) {}

  async process({ data }: Job<OutboxJob>): Promise<void> {
    await this.fanOut.execute(data);
  }
}

@Injectable()
@Processor({ queue: 'webhooks-prune', concurrency: 1, everyMs: 3_600_000 })
export class PruneProcessor implements ProcessesJobs {
  constructor(private readonly prune: PruneWebhooks) {}

  async process(): Promise<void> {
    await this.prune.execute();
  }
}
