import { Injectable, Module } from '@nestjs/common';
import { newId, systemContext, tenantContext } from '@trunkline/kernel';
import type { Job } from 'bullmq';
import { Database, sql } from '../src/db/database.ts';
import { Processor } from '../src/jobs/subscriber.ts';
import type { OutboxJob, ProcessesJobs } from '../src/jobs/subscriber.ts';
import { publish } from '../src/outbox/publish.ts';

/** Notes what it is given: an event's number, each time. May be told to wait or to fail. */
@Injectable()
@Processor({ queue: 'test-recorder', events: ['thing.happened'], concurrency: 1 })
export class Recorder implements ProcessesJobs<OutboxJob> {
  readonly seen: number[] = [];
  before: (n: number) => Promise<void> = async () => {};

  async process({ data: { data } }: Job<OutboxJob>): Promise<void> {
    const { n } = data as { n: number };
    await this.before(n);
    this.seen.push(n);
  }
}

/** Another that subscribes to the same. */
@Injectable()
@Processor({ queue: 'test-second', events: ['thing.happened'] })
export class Second extends Recorder {}

@Injectable()
@Processor({ queue: 'test-ticker', concurrency: 1, everyMs: 100 })
export class Ticker implements ProcessesJobs {
  ticks = 0;

  async process(): Promise<void> {
    this.ticks++;
  }
}

@Module({ providers: [Recorder, Second, Ticker] })
export class RecordingModule {}

const tenantInsert = sql(
  'test-tenant-insert',
  `INSERT INTO tenant (id, name, country, currency, created_at, updated_at) VALUES ($1, 'T', 'US', 'USD', now(), now())`,
);

/** Commits one event for each number, of a tenant of their own. */
export const happen = async (db: Database, ...numbers: readonly number[]): Promise<void> => {
  const tenantId = newId();
  await db.tx(systemContext('test'), (tx) => tx.query(tenantInsert, tenantId));
  const ctx = tenantContext(tenantId, { type: 'system', id: 'test' }, 'req_test');
  for (const n of numbers) await db.tx(ctx, async (tx) => publish(tx, { type: 'thing.happened', tenantId, data: { n } }));
};

/** Asks until it holds; Jest's own limit ends a wait in vain. */
export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 10));
};
