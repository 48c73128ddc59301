import type { INestApplicationContext } from '@nestjs/common';
import { createTestContext, createTestDatabase, proof, queueUnderTest } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import { Redis } from 'ioredis';
import pg from 'pg';
import { Recorder, RecordingModule, Second, Ticker, happen, until } from '../../test-support/recorder.ts';
import { Database } from '../db/database.ts';
import { OutboxRelay } from './relay.ts';

// runs on both kinds of queue: see jest.config.mjs
const queue = queueUnderTest();
const { report } = proof(3, { short: {}, full: {} });
let database: TestDatabase;
let context: INestApplicationContext;
let owner: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  context = await createTestContext(database, [RecordingModule], undefined, queue);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await context?.close();
  await database?.drop();
});

/** Redis: it is emptied. Postgres: another empty queue takes its place, as when one moves from Redis. */
const loseEverything = async (): Promise<void> => {
  if (queue.redisUrl !== undefined) {
    const redis = new Redis(queue.redisUrl);
    await redis.flushdb();
    return redis.disconnect();
  }
  const { rows } = await owner.query<{ name: string }>(
    `SELECT format('bullmq.%I', tablename) AS name FROM pg_tables WHERE schemaname = 'bullmq' AND tablename !~ 'migration'`,
  );
  for (const { name } of rows) await owner.query(`DELETE FROM ${name}`);
  await owner.query(`UPDATE queue_mark SET epoch = 'another'`);
};
const delivered = async (): Promise<number> => (await owner.query('SELECT count(*)::int AS n FROM event_delivery')).rows[0].n;

it('fills a queue that lost everything: what was not done is done, what was done is not done again, schedules go on', async () => {
  const [relay, recorder, second] = [context.get(OutboxRelay), context.get(Recorder), context.get(Second)];
  await happen(context.get(Database), 1, 2);
  await relay.run();
  await until(async () => (await delivered()) === 4);

  let entered = false;
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  recorder.before = async () => {
    entered = true;
    await gate;
  };
  await happen(context.get(Database), 3, 4, 5);
  await relay.run(); // 3 is under way with the recorder, 4 and 5 wait; the second consumer is done with them
  await until(async () => entered && (await delivered()) === 7);
  await loseEverything();
  const { ticks } = context.get(Ticker);
  open();
  await until(async () => (await delivered()) === 8); // what was under way ended, though the queue knows nothing of it
  expect(await relay.run()).toBe(2);
  await until(async () => (await delivered()) === 10);
  expect(recorder.seen.toSorted()).toEqual([1, 2, 3, 4, 5]);
  expect(second.seen.toSorted()).toEqual([1, 2, 3, 4, 5]);
  await until(() => context.get(Ticker).ticks > ticks + 2);
  expect(await relay.run()).toBe(0);
  report(
    `the queue (${queue.kind}) emptied with jobs done, under way and waiting`,
    'all 5 events done by both consumers, each once; schedules go on',
  );
});
