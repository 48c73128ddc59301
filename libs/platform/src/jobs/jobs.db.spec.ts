import type { INestApplicationContext } from '@nestjs/common';
import { systemContext } from '@trunkline/kernel';
import { UnrecoverableError } from 'bullmq';
import { createTestContext, createTestDatabase, queueUnderTest } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import { Recorder, RecordingModule, Second, Ticker, happen, until } from '../../test-support/recorder.ts';
import { Database, sql } from '../db/database.ts';
import { OutboxRelay } from '../outbox/relay.ts';
import { Jobs } from './jobs.ts';

// runs on both kinds of queue: see jest.config.mjs
const queue = queueUnderTest();
const system = systemContext('test');
const again = sql('test-again', 'UPDATE outbox SET dispatched_at = NULL');
let database: TestDatabase;
let context: INestApplicationContext;
let db: Database;
let recorder: Recorder;

const start = async () => {
  context = await createTestContext(database, [RecordingModule], undefined, queue);
  db = context.get(Database);
  recorder = context.get(Recorder);
};
beforeAll(async () => {
  database = await createTestDatabase();
});
beforeEach(start);
afterEach(() => context?.close());
afterAll(() => database?.drop());

const relay = () => context.get(OutboxRelay).run();

it('delivers an event to each subscriber once', async () => {
  await happen(db, 1, 2, 3);
  expect(await relay()).toBe(3);
  await until(() => recorder.seen.length >= 3 && context.get(Second).seen.length >= 3);
  expect(recorder.seen.toSorted()).toEqual([1, 2, 3]);
  expect(await relay()).toBe(0);
});

it('does not do again what a consumer has done, though the event is handed over again', async () => {
  await happen(db, 10);
  await relay();
  await until(() => recorder.seen.includes(10) && context.get(Second).seen.includes(10));
  await until(async () => (await db.ask(system, sql('test-delivered', 'SELECT FROM event_delivery d JOIN outbox o ON o.id = d.event_id WHERE o.payload @> \'{"n":10}\''))).length === 2); // prettier-ignore
  await db.tx(system, (tx) => tx.query(again));
  await happen(db, 11);
  await relay();
  await until(() => recorder.seen.includes(11) && context.get(Second).seen.includes(11));
  expect(recorder.seen.filter((n) => n === 10)).toEqual([10]);
});

it('tries again what failed, for the consumer that failed', async () => {
  let failures = 0;
  recorder.before = async (n) => {
    if (n === 20 && failures++ < 2) throw new Error('planned');
  };
  await happen(db, 20);
  await relay();
  await until(() => recorder.seen.includes(20));
  expect(failures).toBe(3);
  expect(context.get(Second).seen).toEqual([20]);
});

it('tries once more, when told to, what failed all its tries', async () => {
  let isAway = true;
  let failures = 0;
  recorder.before = async (n) => {
    if (n !== 25 || !isAway) return;
    failures++;
    throw new UnrecoverableError('planned'); // as after the last try
  };
  await happen(db, 25);
  await relay();
  await until(() => failures === 1 && context.get(Second).seen.includes(25));
  const jobs = context.get(Jobs);
  const again = () => jobs.retryFailed(new Date(Date.now() + 60_000));
  await jobs.retryFailed(new Date(0)); // it has failed since
  await happen(db, 26);
  await relay();
  await until(() => recorder.seen.includes(26));
  expect(failures).toBe(1);
  await until(async () => (await again(), failures > 1));
  isAway = false;
  await until(async () => (await again(), recorder.seen.includes(25)));
  expect(context.get(Second).seen.filter((n) => n === 25)).toEqual([25]);
});

it('gives a job up that fails once the outbox has forgotten its event', async () => {
  let failures = 0;
  recorder.before = async (n) => {
    if (n === 28) failures++;
    if (n === 28) throw new UnrecoverableError('planned');
  };
  await happen(db, 28);
  await relay();
  await until(() => failures === 1);
  await db.tx(system, (tx) => tx.query(sql('test-forget', `DELETE FROM outbox WHERE payload @> '{"n":28}'`)));
  const again = () => jobs.retryFailed(new Date(Date.now() + 60_000));
  const jobs = context.get(Jobs);
  for (const n of [290, 291, 292]) {
    await again();
    await happen(db, n);
    await relay();
    await until(() => recorder.seen.includes(n));
  }
  expect(failures).toBe(1);
});

it('runs what is scheduled, again and again', async () => {
  const ticker = context.get(Ticker);
  await until(() => ticker.ticks >= 3);
});

it('lets a job finish before it ends, and leaves the next for whoever comes', async () => {
  let entered = false;
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  recorder.before = async () => {
    entered = true;
    await gate;
  };
  const { seen } = recorder;
  await happen(db, 30, 31);
  await relay();
  await until(() => entered);
  const closed = context.close();
  open();
  await closed;
  expect(seen).toEqual([30]);
  await start();
  await until(() => recorder.seen.length > 0);
  expect(recorder.seen).toEqual([31]);
});
