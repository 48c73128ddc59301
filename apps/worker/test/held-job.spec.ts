import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import { PLATFORM_TENANT_ID } from '@trunkline/platform';
import { TEST_ENCRYPTION_KEY, createTestDatabase, proof, queueUnderTest } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import { startProgram } from '@trunkline/testing/faults';
import type { Program } from '@trunkline/testing/faults';
import pg from 'pg';

// runs on both kinds of queue: see jest.config.mjs. What a job waits for is the payment provider, which here answers when it is told to.
const queue = queueUnderTest();
const PROVIDER = { host: `127.0.${queue.net(41)}.1`, port: 24_305 };
const HEALTH_PORT = 24_306 + queue.net(0);
const killed = proof(4, { short: {}, full: {} });
const told = proof(25, { short: {}, full: {} });
const PATIENCE_MS = 180_000; // processes start slowly on a busy machine, and a lock of ten seconds has to run out twice

let database: TestDatabase;
let owner: pg.Client;
let provider: Server;
let waiting: ServerResponse[] = [];
const workers: Program[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  provider = createServer((request, response) => {
    if (request.url?.includes('in_held')) waiting.push(response);
    else response.writeHead(200, { 'content-type': 'application/json' }).end('{"object":"list","data":[],"has_more":false}'); // other jobs' questions
  });
  await new Promise<void>((resolve) => provider.listen(PROVIDER.port, PROVIDER.host, resolve));
});
beforeEach(() => (waiting = []));
afterAll(async () => {
  for (const worker of workers) if (worker.isRunning()) await worker.end('SIGKILL');
  provider?.closeAllConnections();
  provider?.close();
  await owner?.end();
  await database?.drop();
});

const startWorker = async (env: Record<string, string> = {}): Promise<Program> => {
  const worker = startProgram('apps/worker/src/main.ts', {
    DATABASE_URL: database.appUrl,
    SYSTEM_DATABASE_URL: database.systemUrl,
    ...(queue.redisUrl === undefined ? {} : { REDIS_URL: queue.redisUrl }),
    WORKER_ROLES: 'jobs',
    WORKER_HEALTH_PORT: String(HEALTH_PORT),
    ENCRYPTION_KEY: TEST_ENCRYPTION_KEY,
    STRIPE_API_KEY: 'sk_test_held',
    STRIPE_API_URL: `http://${PROVIDER.host}:${PROVIDER.port}`,
    STRIPE_WEBHOOK_SECRET: 'whsec_test_secret',
    LOG_LEVEL: 'error',
    ...env,
  });
  workers.push(worker);
  await worker.ready(`http://127.0.0.1:${HEALTH_PORT}/health/ready`);
  return worker;
};
const until = async (holds: () => boolean | Promise<boolean>) => {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
};
/** A message of the provider about an invoice, kept as its webhook keeps it. */
const message = async (): Promise<string> => {
  const id = `evt_${randomUUID()}`;
  await owner.query(`INSERT INTO payment_event (id, type, object_id, received_at) VALUES ($1, 'invoice.paid', 'in_held', now())`, [id]);
  await owner.query(`INSERT INTO outbox (tenant_id, id, type, payload, created_at) VALUES ($1, $2, 'payment_event.received', $3, now())`, [
    PLATFORM_TENANT_ID,
    randomUUID(),
    { paymentEventId: id },
  ]);
  await owner.query(`SELECT pg_notify('outbox', '')`);
  return id;
};
const isDone = async (id: string) =>
  (await owner.query('SELECT FROM payment_event WHERE id = $1 AND processed_at IS NOT NULL', [id])).rowCount === 1;
const answer = () => {
  for (const response of waiting)
    response
      .writeHead(404, { 'content-type': 'application/json' })
      .end('{"error":{"code":"resource_missing","type":"invalid_request_error"}}');
};

describe('a worker that holds a job', () => {
  it(
    'killed: another does it',
    async () => {
      const first = await startWorker();
      const id = await message();
      await until(() => waiting.length === 1);
      expect(await first.end('SIGKILL')).toBe('SIGKILL');
      const since = performance.now();
      const second = await startWorker();
      await until(() => waiting.length === 2);
      const seconds = Math.round((performance.now() - since) / 1_000);
      answer();
      await until(() => isDone(id));
      expect(await second.end('SIGTERM')).toBe(0);
      killed.report(
        `a worker killed that held a job (queue in ${queue.kind})`,
        `another had it ${seconds} s later, its start included; the lock is 10 s`,
      );
    },
    PATIENCE_MS,
  );

  it(
    'told to end: finishes it first',
    async () => {
      const worker = await startWorker();
      const id = await message();
      await until(() => waiting.length === 1);
      const ended = worker.end('SIGTERM');
      await until(async () => !(await fetch(`http://127.0.0.1:${HEALTH_PORT}/health/ready`).then((r) => r.ok, () => false))); // prettier-ignore
      expect(await isDone(id)).toBe(false);
      answer();
      expect(await ended).toBe(0);
      expect(await isDone(id)).toBe(true);
      expect(waiting).toHaveLength(1);
      told.report(`a worker told to end that held a job (queue in ${queue.kind})`, 'the job was done, once; code 0');
    },
    PATIENCE_MS,
  );

  it(
    'told to end, and the job does not: gives it back',
    async () => {
      const worker = await startWorker({ WORKER_FINISH_MS: '500' });
      const id = await message();
      await until(() => waiting.length === 1);
      expect(await worker.end('SIGTERM')).toBe(0);
      const next = await startWorker();
      await until(() => waiting.length === 2);
      answer();
      await until(() => isDone(id));
      expect(await next.end('SIGTERM')).toBe(0);
    },
    PATIENCE_MS,
  );
});
