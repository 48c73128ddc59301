import { createTestDatabase, proof } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import { AcknowledgedWrites, LoadBalancer } from '@trunkline/testing/faults';
import pg from 'pg';
import { makeTenant, startApiProcess } from './api-process.ts';

const { size: RUN, report } = proof(25, {
  short: { restarts: 2, writers: 8, writesBetween: 30 },
  full: { restarts: 20, writers: 16, writesBetween: 200 },
});
const HOST = '127.0.63.1';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

it('an API process told to end under load drops no request, and ends by itself with code 0', async () => {
  let port = 31_063;
  const start = () => startApiProcess({ database, host: HOST, port: port++ });
  const running = [await start()];
  const key = await makeTenant(running[0]!);
  const balancer = new LoadBalancer();
  await balancer.add(running[0]!.url);
  const writes = new AcknowledgedWrites({ target: balancer.target, key, writers: RUN.writers });
  try {
    for (let n = 0; n < RUN.restarts; n++) {
      const fresh = await start();
      await balancer.add(fresh.url);
      await writes.more(RUN.writesBetween);
      const old = running.shift()!;
      const code = await old.program.end('SIGTERM');
      balancer.remove(old.url);
      running.push(fresh);
      expect([code, old.program.output()]).toEqual([0, '']);
      await writes.more(RUN.writesBetween);
    }
  } finally {
    await writes.stop();
    balancer.stop();
    for (const { program } of running) await program.end('SIGKILL');
  }
  expect(writes.faults).toEqual([]);
  expect(Object.keys(writes.statuses)).toEqual(['201']);
  expect(writes.acknowledged.filter((w) => w.attempts > 1)).toEqual([]);
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  expect((await owner.query('SELECT FROM trunk')).rowCount).toBe(writes.acknowledged.length);
  await owner.end();
  report(
    `${RUN.restarts} API processes told to end under ${RUN.writers} writers`,
    `${writes.acknowledged.length} requests, none refused or repeated; each ended with code 0`,
  );
}, 600_000);
