import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, BeforeApplicationShutdown } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { Job, Queue, Worker } from 'bullmq';
import { Database } from '../db/database.ts';
import { Log } from '../telemetry/log.ts';
import { deliverOnce } from './deliver-once.ts';
import { PostgresBackend } from './postgres-backend.ts';
import type { QueueBackend } from './queue-backend.ts';
import { RedisBackend } from './redis-backend.ts';
import { steppedBack } from './stepped-back.ts';
import { Processor } from './subscriber.ts';
import type { ProcessesJobs } from './subscriber.ts';

/** Queues are in Postgres, or in Redis when there is a `redisUrl`. */
export type JobsConfig = {
  readonly databaseUrl: string;
  readonly redisUrl?: string | undefined;
  /** Whether this process runs jobs or only adds them. */
  readonly work: boolean;
  /** What a running job gets to finish when the process is told to end. After that it returns to the queue by its lock. */
  readonly finishMs?: number | undefined;
};
export const JOBS_CONFIG = Symbol('JobsConfig');

/** The queue of a processor that subscribes to a type of event. */
export type Subscription = { readonly type: string; readonly queue: string };

const RETRY = { attempts: 8, backoff: { type: 'exponential', delay: 500 }, removeOnComplete: 1000, removeOnFail: 5000 };
/** A job whose worker died is another's after at most twice the lock; how often that may happen to one job is not what limits it. */
const LOCKS = { lockDuration: 10_000, stalledInterval: 5_000, maxStalledCount: 100 };
const FINISH_MS = 15_000;
const CLOCK_LOOK_MS = 5_000;

const tickOf = (queue: string): string => `${queue}-tick`;

/** BullMQ's queues and workers, found through `@Processor`. */
@Injectable()
export class Jobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  /** Where the jobs are. */
  readonly backend: QueueBackend;
  private readonly queues = new Map<string, Queue>();
  private readonly workers: Worker[] = [];
  private clockWatch: NodeJS.Timeout | undefined;

  constructor(
    @Inject(JOBS_CONFIG) private readonly config: JobsConfig,
    private readonly discovery: DiscoveryService,
    private readonly db: Database,
    private readonly log: Log,
  ) {
    this.backend = config.redisUrl === undefined ? new PostgresBackend(config.databaseUrl) : new RedisBackend(config.redisUrl);
  }

  /** Adds a job once: a second with the same id is dropped while the first is known to the queue. */
  async enqueue(queue: string, name: string, data: object, jobId: string): Promise<void> {
    await this.queue(queue).add(name, data, { jobId });
  }

  /** Who listens for what, in this process. */
  subscriptions(): Subscription[] {
    return this.processors().flatMap(({ meta }) => (meta.events ?? []).map((type) => ({ type, queue: meta.queue })));
  }

  /** Writes the schedules into the queue, where they are lost with everything else that it loses. */
  async schedule(): Promise<void> {
    for (const { meta } of this.processors())
      if (meta.everyMs)
        await this.queue(meta.queue).upsertJobScheduler(tickOf(meta.queue), { every: meta.everyMs }, { name: 'tick', data: {} });
  }

  /** Tries events once more whose jobs failed all their tries before a time: what they needed (the database, where queues are in Redis; a provider) may be back. */
  async retryFailed(before: Date): Promise<void> {
    for (const { meta } of this.processors())
      if (meta.events) await this.queue(meta.queue).retryJobs({ state: 'failed', timestamp: before.getTime() });
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.work) return;
    await this.backend.prepare();
    for (const { meta, processor } of this.processors()) {
      const handler = (job: Job) => deliverOnce(this.db, meta.queue, job, () => processor.process(job));
      const worker = this.backend.worker(meta.queue, handler, { concurrency: meta.concurrency ?? 4, ...LOCKS });
      worker.on('error', (error) => this.log.error({ queue: meta.queue, err: error }, 'worker error'));
      worker.on('failed', (job, error) =>
        this.log.warn({ queue: meta.queue, job: job?.name, attempt: job?.attemptsMade, err: error }, 'job failed'),
      );
      await worker.waitUntilReady();
      this.workers.push(worker);
    }
    await this.schedule();
    const isBack = steppedBack();
    this.clockWatch = setInterval(() => isBack() && void this.scheduleAnew(), CLOCK_LOOK_MS);
  }

  /** What is due is told by the machine's clock: put back by an hour, it would hold every schedule up for an hour. */
  private async scheduleAnew(): Promise<void> {
    try {
      for (const { meta } of this.processors()) if (meta.everyMs) await this.queue(meta.queue).removeJobScheduler(tickOf(meta.queue));
      await this.schedule();
      this.log.warn({}, 'the clock was put back: schedules begin anew');
    } catch (error) {
      this.log.error({ err: error }, 'the clock was put back, and schedules may stand still');
    }
  }

  /** Before the shutdown proper, since jobs that finish need their database. */
  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.clockWatch);
    const closed = async () => {
      await Promise.all(this.workers.map((w) => w.close())); // lets running jobs finish
      await Promise.all([...this.queues.values()].map((q) => q.close()));
      await this.backend.close();
    };
    const giveUp = new AbortController();
    await Promise.race([closed(), sleep(this.config.finishMs ?? FINISH_MS, undefined, { signal: giveUp.signal }).catch(() => {})]);
    giveUp.abort();
  }

  private queue(name: string): Queue {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = this.backend.queue(name, { defaultJobOptions: RETRY });
      queue.on('error', (error) => this.log.error({ queue: name, err: error }, 'queue error'));
      this.queues.set(name, queue);
    }
    return queue;
  }

  private processors() {
    return this.discovery.getProviders({ metadataKey: Processor.KEY }).flatMap((wrapper) => {
      const meta = this.discovery.getMetadataByDecorator(Processor, wrapper);
      return meta ? [{ meta, processor: wrapper.instance as ProcessesJobs }] : [];
    });
  }
}
