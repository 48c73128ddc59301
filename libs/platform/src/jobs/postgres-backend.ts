import { Queue, Worker, createPostgresBackend } from 'bullmq';
import type { Processor as JobHandler, QueueOptions, WorkerOptions } from 'bullmq';
import pg from 'pg';
import type { QueueBackend, QueueMark } from './queue-backend.ts';

/** Jobs share one database with the outbox, its backups too: they are lost together or not at all. */
const ALWAYS: QueueMark = { epoch: 'postgres', batches: 0n };

const SHARED_CONNECTIONS = 10;

/** Queues in the schema `bullmq`, which is migrated before any process starts. */
export class PostgresBackend implements QueueBackend {
  private readonly pool: pg.Pool;

  constructor(databaseUrl: string) {
    // BullMQ pins its schema only on pools it makes itself
    this.pool = new pg.Pool({ connectionString: databaseUrl, max: SHARED_CONNECTIONS, options: '-c search_path=bullmq' });
    this.pool.on('error', () => {});
    this.pool.on('connect', (client) => client.on('error', () => {})); // also while a job holds it
    this.pool.setMaxListeners(0); // every queue and worker listens for its errors
  }

  async prepare(): Promise<void> {}

  queue(name: string, options: Partial<QueueOptions>): Queue {
    return new Queue(name, { ...options, connection: this.pool as never }, createPostgresBackend as never);
  }

  worker(name: string, handler: JobHandler, options: Partial<WorkerOptions>): Worker {
    this.pool.options.max += 1; // it keeps one to listen on: with too few, all would wait for ever
    return new Worker(name, handler, { ...options, connection: this.pool as never }, createPostgresBackend as never);
  }

  async mark(): Promise<QueueMark> {
    return ALWAYS;
  }

  async countBatch(): Promise<QueueMark> {
    return ALWAYS;
  }

  async begin(): Promise<QueueMark> {
    return ALWAYS;
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
