import { systemContext } from '@trunkline/kernel';
import { Database, VerifyAudit } from '@trunkline/platform';
import { createTestContext, proof } from '@trunkline/testing';
import { AcknowledgedWrites, fullDisk, startCrashingPostgres } from '@trunkline/testing/faults';
import type { CrashingPostgres, FullDisk } from '@trunkline/testing/faults';
import pg from 'pg';
import { makeTenant, startApiProcess } from './api-process.ts';
import type { ApiProcess } from './api-process.ts';

const { size: RUN, report } = proof(26, {
  short: { times: 2, writers: 8, writesBetween: 40 },
  full: { times: 10, writers: 16, writesBetween: 200 },
});
let disk: FullDisk;
let postgres: CrashingPostgres;
let api: ApiProcess;
beforeAll(async () => {
  disk = fullDisk('/');
  postgres = await startCrashingPostgres({ env: { LD_PRELOAD: disk.library } });
  api = await startApiProcess({ database: postgres, host: '127.0.62.3', port: 31_064 });
}, 180_000);
afterAll(async () => {
  await api?.program.end('SIGKILL');
  disk?.free();
  await postgres?.stop();
  disk?.remove();
});

const rows = async <T extends pg.QueryResultRow>(text: string): Promise<T[]> => {
  const owner = new pg.Client({ connectionString: postgres.ownerUrl });
  await owner.connect();
  try {
    return (await owner.query<T>(text)).rows;
  } finally {
    await owner.end();
  }
};
const until = async (holds: () => boolean | Promise<boolean>) => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
};
const readiness = async () => {
  const answer = await fetch(`${api.url}/health/ready`);
  return answer.ok ? 'ready' : [answer.status, ((await answer.json()) as { detail: string }).detail];
};

it('Postgres without room, again and again: what was acknowledged is there, the rest was refused, and it goes on by itself', async () => {
  const key = await makeTenant(api);
  const writes = new AcknowledgedWrites({ target: () => api.url, key, writers: RUN.writers });
  const refused = () => writes.statuses[503] ?? 0;
  const list = () => fetch(`${api.url}/v1/trunks?limit=1`, { headers: { authorization: `Bearer ${key}` } });
  for (let n = 0; n < RUN.times; n++) {
    await writes.more(RUN.writesBetween);
    await rows('SELECT pg_switch_wal()'); // at the end of a WAL file that cannot be followed by another Postgres gives up whole, as if killed
    await writes.more(RUN.writers);
    const before = refused();
    disk.fill();
    await until(() => refused() > before + RUN.writers);
    expect([await readiness(), (await list()).status]).toEqual([[503, 'The database takes no changes: its disk is full'], 200]);
    disk.free();
  }
  await writes.more(RUN.writesBetween);
  await writes.stop();
  await until(async () => (await readiness()) === 'ready');

  expect([writes.faults, api.program.output()]).toEqual([[], '']);
  const n = writes.acknowledged.length;
  const stored = await rows<{ name: string }>('SELECT name FROM trunk ORDER BY name');
  expect(stored.map((r) => r.name)).toEqual(writes.acknowledged.map((w) => w.name).toSorted());
  const [whole] = await rows(`SELECT (SELECT count(*)::int FROM recurring_item) AS items,
    (SELECT count(*)::int FROM audit_entry WHERE action = 'trunk.created') AS audits, (SELECT count(*)::int FROM outbox WHERE type = 'trunk.created') AS events`);
  expect(whole).toEqual({ items: n, audits: n, events: n });
  const context = await createTestContext(postgres, []);
  for await (const { broken } of new VerifyAudit(context.get(Database)).execute(systemContext('test'))) expect(broken).toBeUndefined();
  await context.close();
  report(
    `Postgres without room on its disk ${RUN.times} times under ${RUN.writers} writers`,
    `${n} changes acknowledged, ${n} stored, each once and whole; ${refused()} answers 503, none worse; questions answered, readiness says why`,
  );
}, 600_000);
