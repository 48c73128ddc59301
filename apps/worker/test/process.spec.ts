import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { TEST_ENCRYPTION_KEY, createTestDatabase, queueUnderTest, startThrowAwayRedis } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const queue = queueUnderTest(); // runs on both kinds: see jest.config.mjs
const HEALTH_PORT = 24_303 + queue.net(0);
const SOURCE = ['--conditions=@trunkline/source', '--import', './tools/source-hook.mjs', 'apps/worker/src/main.ts'];

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const settings = (): Record<string, string> => ({
  DATABASE_URL: database.appUrl,
  SYSTEM_DATABASE_URL: database.systemUrl,
  ...(queue.redisUrl === undefined ? {} : { REDIS_URL: queue.redisUrl }),
  GATEWAY_HOST: `127.0.${queue.net(40)}.4`,
  GATEWAY_PORT: '24304',
  WORKER_HEALTH_PORT: String(HEALTH_PORT),
  ENCRYPTION_KEY: TEST_ENCRYPTION_KEY,
  STRIPE_API_KEY: 'sk_test_emulator',
  STRIPE_API_URL: 'http://127.0.0.1:9',
  STRIPE_WEBHOOK_SECRET: 'whsec_test_secret',
});

const start = (env: Record<string, string>) => spawn(process.execPath, SOURCE, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
const text = async (stream: AsyncIterable<Buffer>): Promise<string> => {
  let all = '';
  for await (const chunk of stream) all += chunk.toString();
  return all;
};

it('gets ready with every role, and ends on SIGTERM by itself with code 0', async () => {
  const child = start(settings());
  const output = text(child.stdout);
  const ended = once(child, 'exit');
  const ready = () =>
    fetch(`http://127.0.0.1:${HEALTH_PORT}/health/ready`).then(
      (r) => r.ok,
      () => false,
    );
  while (child.exitCode === null && !(await ready())) await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(await output).toContain('worker is at work');
});

it('names what is wrong with its configuration, and never a value', async () => {
  const child = start({ DATABASE_URL: 'secret', WORKER_ROLES: 'gateway,cook' });
  const output = text(child.stderr);
  expect((await once(child, 'exit'))[0]).toBe(1);
  expect(await output).toMatch(/SYSTEM_DATABASE_URL: missing/);
  expect(await output).toMatch(/WORKER_ROLES/);
  expect(await output).not.toContain('cook');
});

it('refuses a Redis that may drop jobs, in one line', async () => {
  const redis = await startThrowAwayRedis({ flags: ['--maxmemory-policy', 'allkeys-lru'] });
  const child = start({ ...settings(), REDIS_URL: redis.url, WORKER_HEALTH_PORT: '0' });
  const [output, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  await redis.stop();
  expect(code).toBe(1);
  expect(output).toBe(`Redis at 127.0.0.1:${redis.port} may drop jobs: its maxmemory-policy is allkeys-lru, and must be noeviction\n`);
});
