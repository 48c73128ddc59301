import type { INestApplicationContext } from '@nestjs/common';
import { createTestContext, createTestDatabase, proof, startThrowAwayRedis } from '@trunkline/testing';
import type { TestDatabase, ThrowAwayRedis } from '@trunkline/testing';
import { Redis } from 'ioredis';
import { Recorder, RecordingModule, Ticker, happen, until } from '../../test-support/recorder.ts';
import { Database } from '../db/database.ts';
import { OutboxRelay } from '../outbox/relay.ts';
import { UnfitQueue } from './queue-backend.ts';

const { report } = proof(3, { short: {}, full: {} });
let database: TestDatabase;
let redis: ThrowAwayRedis;
let context: INestApplicationContext | undefined;
beforeAll(async () => {
  database = await createTestDatabase();
  redis = await startThrowAwayRedis();
});
afterEach(async () => {
  await context?.close();
  context = undefined;
});
afterAll(async () => {
  await redis?.stop();
  await database?.drop();
});

const start = async (): Promise<INestApplicationContext> =>
  (context = await createTestContext(database, [RecordingModule], undefined, { redisUrl: redis.url }));
const ask = async <T>(fn: (client: Redis) => Promise<T>): Promise<T> => {
  const client = new Redis(redis.url);
  try {
    return await fn(client);
  } finally {
    client.disconnect();
  }
};

describe('a Redis that may drop jobs is refused', () => {
  it.each(['allkeys-lru', 'allkeys-random', 'volatile-lru', 'volatile-ttl'])('%s', async (policy) => {
    await ask((client) => client.config('SET', 'maxmemory-policy', policy));
    const refused = await start().catch((error: unknown) => error);
    await ask((client) => client.config('SET', 'maxmemory-policy', 'noeviction'));
    expect(refused).toBeInstanceOf(UnfitQueue);
    expect((refused as Error).message).toBe(
      `Redis at 127.0.0.1:${redis.port} may drop jobs: its maxmemory-policy is ${policy}, and must be noeviction`,
    );
  });
});

it('a Redis that does not answer is refused with its address, and without its password', async () => {
  const gone = await startThrowAwayRedis();
  await gone.kill();
  const url = `redis://:canary-password@127.0.0.1:${gone.port}`;
  const refused = await createTestContext(database, [RecordingModule], undefined, { redisUrl: url }).catch((error: unknown) => error);
  expect((refused as Error).message).toMatch(new RegExp(`^Redis at 127.0.0.1:${gone.port} cannot be used: .*ECONNREFUSED`));
  expect((refused as Error).message).not.toContain('canary');
});

it('while Redis is away changes go on and wait; when it comes back empty all is done, and schedules go on', async () => {
  const app = await start();
  const [db, relay, recorder, ticker] = [app.get(Database), app.get(OutboxRelay), app.get(Recorder), app.get(Ticker)];
  await happen(db, 1);
  await relay.run();
  await until(() => recorder.seen.length === 1);
  await redis.kill();
  await happen(db, 2, 3);
  await expect(relay.run()).rejects.toThrow();
  redis = await startThrowAwayRedis({ port: redis.port });
  const { ticks } = ticker;
  await until(async () => (await relay.run().catch(() => 0)) > 0);
  await until(() => recorder.seen.length === 3);
  expect(recorder.seen.toSorted()).toEqual([1, 2, 3]);
  await until(() => ticker.ticks > ticks + 2);
  report('Redis killed while changes are made, then there again, empty', 'no change refused, all events done, schedules go on');
});

it('a Redis that was set back to an earlier state is noticed', async () => {
  const app = await start();
  const [db, relay, recorder] = [app.get(Database), app.get(OutboxRelay), app.get(Recorder)];
  let open = () => {};
  const gate = new Promise<void>((resolve) => (open = resolve));
  recorder.before = () => gate;
  await happen(db, 10);
  await relay.run();
  const earlier = await ask((client) => client.hgetall('trunkline:mark'));
  await happen(db, 11);
  await relay.run();
  await ask(async (client) => {
    const [waiting = ''] = await client.lrange('trunkline:test-recorder:wait', 0, -1);
    await client
      .multi()
      .lrem('trunkline:test-recorder:wait', 1, waiting)
      .del(`trunkline:test-recorder:${waiting}`)
      .hset('trunkline:mark', earlier)
      .exec();
  });
  open();
  expect(await relay.run()).toBeGreaterThan(0);
  await until(() => recorder.seen.includes(11));
  expect(recorder.seen.filter((n) => n === 10)).toEqual([10]);
});
