import type { Processor as JobHandler, Queue, QueueOptions, Worker, WorkerOptions } from 'bullmq';

/**
 * How far a queue has come, as it remembers itself: the epoch changes when it starts from nothing, `batches` counts what was handed to it since.
 * A queue that says less than the database remembers has lost jobs.
 */
export type QueueMark = { readonly epoch: string | null; readonly batches: bigint };

/** Where BullMQ keeps its jobs. The two implementations are the only code that knows which it is. */
export interface QueueBackend {
  /** @throws UnfitQueue when jobs would not be safe there */
  prepare(): Promise<void>;
  queue(name: string, options: Partial<QueueOptions>): Queue;
  worker(name: string, handler: JobHandler, options: Partial<WorkerOptions>): Worker;
  mark(): Promise<QueueMark>;
  /** Counts one more batch, after its jobs were added. */
  countBatch(): Promise<QueueMark>;
  /** Begins a new epoch. Returns its mark. */
  begin(): Promise<QueueMark>;
  close(): Promise<void>;
}

/** What was configured as the queue cannot be trusted with jobs: the process refuses to start. The message is one line for the operator. */
export class UnfitQueue extends Error {}
