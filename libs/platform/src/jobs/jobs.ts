import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, BeforeApplicationShutdown } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Queue, Worker, createPostgresBackend } from 'bullmq';
import type { Job } from 'bullmq';
import pg from 'pg';
import { Log } from '../telemetry/log.ts';
import { Processor } from './subscriber.ts';
import type { ProcessesJobs } from './subscriber.ts';

/** `work`: whether this process runs jobs or only adds them. The schema `bullmq` is migrated before any process starts. */
export type JobsConfig = { readonly databaseUrl: string; readonly work: boolean };
export const JOBS_CONFIG = Symbol('JobsConfig');

const RETRY = { attempts: 8, backoff: { type: 'exponential', delay: 500 }, removeOnComplete: 1000, removeOnFail: 5000 };

/** BullMQ's queues and workers on its Postgres backend, found through `@Processor`. */
@Injectable()
export class Jobs implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly queues = new Map<string, Queue>();
  private readonly workers: Worker[] = [];
  private readonly pool: pg.Pool;

  constructor(
    @Inject(JOBS_CONFIG) private readonly config: JobsConfig,
    private readonly discovery: DiscoveryService,
    private readonly log: Log,
  ) {
    // BullMQ pins its schema only on pools it makes itself. Every worker keeps a connection to listen on, so there must be more than queues
    this.pool = new pg.Pool({ connectionString: config.databaseUrl, max: 40, options: '-c search_path=bullmq' });
    this.pool.on('error', () => {});
    this.pool.on('connect', (client) => client.on('error', () => {})); // also while a job holds it
    this.pool.setMaxListeners(0); // every queue and worker listens for its errors
  }

  /** Adds a job once: a second with the same id is dropped while the first is known to the queue. */
  async enqueue(queue: string, name: string, data: object, jobId: string): Promise<void> {
    await this.queue(queue).add(name, data, { jobId });
  }

  /** The queues whose processor subscribes to an event type. */
  subscribersOf(eventType: string): string[] {
    return this.processors().flatMap(({ meta }) => (meta.events?.includes(eventType) ? [meta.queue] : []));
  }

  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.work) return;
    for (const { meta, processor } of this.processors()) {
      const worker = new Worker(
        meta.queue,
        (job: Job) => processor.process(job),
        { ...this.backend(), concurrency: meta.concurrency ?? 4, lockDuration: 10_000, stalledInterval: 5_000 } as never,
        createPostgresBackend as never,
      );
      worker.on('error', (error) => this.log.error({ queue: meta.queue, err: error }, 'worker error'));
      worker.on('failed', (job, error) =>
        this.log.warn({ queue: meta.queue, job: job?.name, attempt: job?.attemptsMade, err: error }, 'job failed'),
      );
      await worker.waitUntilReady();
      this.workers.push(worker);
      if (meta.everyMs)
        await this.queue(meta.queue).upsertJobScheduler(`${meta.queue}-tick`, { every: meta.everyMs }, { name: 'tick', data: {} });
    }
  }

  /** Before the shutdown proper, since jobs that finish need their database. */
  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.workers.map((w) => w.close())); // lets running jobs finish
    await Promise.all([...this.queues.values()].map((q) => q.close()));
    await this.pool.end();
  }

  private queue(name: string): Queue {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = new Queue(name, { ...this.backend(), defaultJobOptions: RETRY } as never, createPostgresBackend as never);
      queue.on('error', (error) => this.log.error({ queue: name, err: error }, 'queue error'));
      this.queues.set(name, queue);
    }
    return queue;
  }

  private backend() {
    return { connection: this.pool as never };
  }

  private processors() {
    return this.discovery.getProviders({ metadataKey: Processor.KEY }).flatMap((wrapper) => {
      const meta = this.discovery.getMetadataByDecorator(Processor, wrapper);
      return meta ? [{ meta, processor: wrapper.instance as ProcessesJobs }] : [];
    });
  }
}
