import { DiscoveryService } from '@nestjs/core';
import type { Job } from 'bullmq';

/** What an event subscriber's job carries. Delivered at least once, in no promised order: handlers are idempotent. */
export type OutboxJob = { readonly eventId: string; readonly tenantId: string; readonly type: string; readonly data: object };

/** Marks the one processor of a queue. `events`: the event types it subscribes to. `everyMs`: it also runs on a schedule, with an empty job named `tick`. */
export const Processor = DiscoveryService.createDecorator<{
  queue: string;
  concurrency?: number;
  events?: readonly string[];
  everyMs?: number;
}>();

export interface ProcessesJobs<T = unknown> {
  process(job: Job<T>): Promise<unknown>;
}
