import { systemContext } from '@trunkline/kernel';
import { Database, VerifyAudit } from '@trunkline/platform';
import { createTestContext, proof } from '@trunkline/testing';
import { AcknowledgedWrites, startCrashingPostgres } from '@trunkline/testing/faults';
import type { CrashingPostgres } from '@trunkline/testing/faults';
import pg from 'pg';
import { makeTenant, startApiProcess } from './api-process.ts';
import type { ApiProcess } from './api-process.ts';

const { size: RUN, report } = proof(2, {
  short: { kills: 3, writers: 8, writesBetween: 40 },
  full: { kills: 20, writers: 16, writesBetween: 200 },
});

let postgres: CrashingPostgres;
let api: ApiProcess;
beforeAll(async () => {
  postgres = await startCrashingPostgres();
  api = await startApiProcess({ database: postgres, host: '127.0.62.1', port: 31_062 });
});
afterAll(async () => {
  await api?.program.end('SIGKILL');
  await postgres?.stop();
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

it('Postgres killed in the middle of changes, again and again: what was acknowledged is there, once, and nothing else is', async () => {
  const key = await makeTenant(api);
  const writes = new AcknowledgedWrites({ target: () => api.url, key, writers: RUN.writers });
  for (let kill = 0; kill < RUN.kills; kill++) {
    await writes.more(RUN.writesBetween);
    await postgres.crash();
    expect((await fetch(`${api.url}/health/live`)).status).toBe(200);
    const ready = await fetch(`${api.url}/health/ready`);
    expect([ready.status, ((await ready.json()) as { detail: string }).detail]).toEqual([503, 'The database does not answer']);
    await postgres.restart();
  }
  await writes.more(RUN.writesBetween); // by itself
  await writes.stop();

  expect([writes.faults, api.program.output()]).toEqual([[], '']);
  expect(Object.keys(writes.statuses)).toEqual(expect.arrayContaining(['201', '503']));
  const stored = await rows<{ name: string }>('SELECT name FROM trunk ORDER BY name');
  expect(stored.map((r) => r.name)).toEqual(writes.acknowledged.map((w) => w.name).toSorted());
  // whole: each trunk with its charge, its audit entry and its event
  const [whole] = await rows(`SELECT count(*)::int AS trunks, (SELECT count(*)::int FROM recurring_item) AS items,
    (SELECT count(*)::int FROM audit_entry WHERE action = 'trunk.created') AS audits, (SELECT count(*)::int FROM outbox WHERE type = 'trunk.created') AS events FROM trunk`);
  const n = writes.acknowledged.length;
  expect(whole).toEqual({ trunks: n, items: n, audits: n, events: n });
  expect(api.program.isRunning()).toBe(true);
  expect((await fetch(`${api.url}/health/ready`)).status).toBe(200);

  const context = await createTestContext(postgres, []);
  for await (const { broken } of new VerifyAudit(context.get(Database)).execute(systemContext('test'))) expect(broken).toBeUndefined();
  await context.close();
  report(
    `Postgres killed ${RUN.kills} times under ${RUN.writers} writers`,
    `${n} changes acknowledged, ${n} stored, each once and whole; ${writes.statuses[503]} answers 503, none worse`,
  );
}, 600_000);
