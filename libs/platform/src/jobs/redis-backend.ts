import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, Worker } from 'bullmq';
import type { Processor as JobHandler, QueueOptions, WorkerOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { UnfitQueue } from './queue-backend.ts';
import type { QueueBackend, QueueMark } from './queue-backend.ts';

const PREFIX = 'trunkline';
const MARK_KEY = `${PREFIX}:mark`;
const CONNECT_MAX_MS = 5_000;
const COMMAND_MAX_MS = 5_000;
const RETRY_MAX_MS = 2_000;

/** Queues in Redis. It may go away, and come back empty, at any time: the mark tells, and the outbox fills it again. */
export class RedisBackend implements QueueBackend {
  /** Fails at once when Redis is away, so that whoever adds jobs can leave them in the outbox. */
  private readonly adding: Redis;
  /** Waits for Redis for as long as it takes. BullMQ opens one more connection of this kind for each worker. */
  private readonly working: Redis;
  private lastError = 'no answer';

  constructor(private readonly url: string) {
    const common = { lazyConnect: true, retryStrategy: (times: number) => Math.min(100 * times, RETRY_MAX_MS) };
    this.adding = new Redis(url, { ...common, maxRetriesPerRequest: 0, enableOfflineQueue: false, commandTimeout: COMMAND_MAX_MS });
    this.working = new Redis(url, { ...common, maxRetriesPerRequest: null });
    for (const client of [this.adding, this.working]) {
      client.setMaxListeners(0); // every queue and worker listens
      client.on('error', (error: Error) => (this.lastError = error.message));
    }
  }

  async prepare(): Promise<void> {
    try {
      await this.connect();
      const policy = /^maxmemory_policy:(\S+)/m.exec(await this.adding.info('memory'))?.[1];
      if (policy !== 'noeviction')
        throw new UnfitQueue(`Redis at ${this.host} may drop jobs: its maxmemory-policy is ${policy}, and must be noeviction`);
    } catch (error) {
      await this.close(); // nobody will: the process does not come up
      throw error;
    }
  }

  queue(name: string, options: Partial<QueueOptions>): Queue {
    return new Queue(name, { ...options, prefix: PREFIX, connection: this.adding });
  }

  worker(name: string, handler: JobHandler, options: Partial<WorkerOptions>): Worker {
    return new Worker(name, handler, { ...options, prefix: PREFIX, connection: this.working });
  }

  async mark(): Promise<QueueMark> {
    const [epoch, batches] = await this.adding.hmget(MARK_KEY, 'epoch', 'batches');
    return { epoch: epoch ?? null, batches: BigInt(batches ?? 0) };
  }

  async countBatch(): Promise<QueueMark> {
    await this.adding.hincrby(MARK_KEY, 'batches', 1);
    return this.mark();
  }

  async begin(): Promise<QueueMark> {
    const epoch = randomUUID();
    await this.adding.hset(MARK_KEY, { epoch, batches: 0 });
    return { epoch, batches: 0n };
  }

  private get host(): string {
    return new URL(this.url).host; // without user and password
  }

  private async connect(): Promise<void> {
    void this.adding.connect().catch(() => {}); // it tries again by itself
    for (const deadline = performance.now() + CONNECT_MAX_MS; this.adding.status !== 'ready'; await sleep(20))
      if (performance.now() > deadline) throw new UnfitQueue(`Redis at ${this.host} cannot be used: ${this.lastError}`);
  }

  async close(): Promise<void> {
    this.adding.disconnect();
    this.working.disconnect();
  }
}
