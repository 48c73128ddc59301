// Trunks created per second over HTTP by 16 connections, against the same rows written by plain pg behind plain Fastify.
// Both servers are processes of their own on one durable Postgres; rounds take turns, medians are compared.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { fromSource } from '../services.mjs';
import { apiClient, until } from '../demo/api-client.mjs';
import { startBenchDatabase } from './bench-database.mjs';
import { median, report } from './report.mjs';

const ROUNDS = 9;
const SECONDS = 3;
const CONNECTIONS = 16;
const TENANTS = 50; // one would make its balance row the bottleneck of both
const PORTS = { api: 29300, plain: 29301 };

const database = await startBenchDatabase();
const home = mkdtempSync(join(tmpdir(), 'trunkline-bench-key-'));
const keyFile = join(home, 'operator-key');
const readKey = () => readFileSync(keyFile, 'utf8').trim();
const children = [];
const run = (spec, env) =>
  children.push(spawn(spec.command, spec.args, { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] }));
const up = (port) =>
  until(
    `port ${port}`,
    () =>
      fetch(`http://127.0.0.1:${port}/health/ready`).then(
        (r) => r.ok,
        () => false,
      ),
    Boolean,
  );

try {
  run(fromSource('apps/api/src/main.ts'), {
    DATABASE_URL: database.appUrl,
    SYSTEM_DATABASE_URL: database.systemUrl,
    API_PORT: String(PORTS.api),
    TENANT_REQUESTS_PER_SEC: '10000', // more than it can do: what is measured includes the look at the buckets
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    STRIPE_API_KEY: 'sk_test_emulator',
    STRIPE_WEBHOOK_SECRET: 'whsec_bench_only',
    OPERATOR_KEY_FILE: keyFile,
    LOG_LEVEL: 'warn',
  });
  await up(PORTS.api);
  const operator = apiClient(`http://127.0.0.1:${PORTS.api}`, readKey());
  const deck = await operator('POST', '/v1/decks', { name: 'Bench', currency: 'USD' });
  const fees = { channel_monthly: '4.00', channel_setup: '1.00', number_monthly: '1.50', number_setup: '0.50' };
  const plan = await operator('POST', '/v1/plans', { name: 'Bench', currency: 'USD', ...fees, outbound_deck_id: deck.id });
  const scopes = ['trunks:read', 'trunks:write'];
  const secrets = [];
  for (let i = 0; i < TENANTS; i++) {
    const tenant = await operator('POST', '/v1/tenants', { name: `Bench ${i}`, country: 'US', currency: 'USD' });
    await operator('POST', '/v1/plan-assignments', { tenant_id: tenant.id, plan_id: plan.id });
    const acting = apiClient(`http://127.0.0.1:${PORTS.api}`, readKey(), tenant.id);
    secrets.push((await acting('POST', '/v1/api-keys', { name: 'bench', scopes })).secret);
  }
  run(fromSource('tools/bench/plain-api.mjs'), { DATABASE_URL: database.ownerUrl, PORT: String(PORTS.plain) });
  await up(PORTS.plain);

  let n = 0;
  const load = async (port) => {
    const result = await autocannon({
      url: `http://127.0.0.1:${port}/v1/trunks`,
      connections: CONNECTIONS,
      duration: SECONDS,
      requests: [
        {
          method: 'POST',
          setupRequest: (request) => ({
            ...request,
            headers: { 'content-type': 'application/json', authorization: `Bearer ${secrets[++n % TENANTS]}` },
            body: JSON.stringify({ name: `trunk ${n}`, country: 'US', channels_max: 2 }),
          }),
        },
      ],
    });
    if (result.non2xx > 0) throw new Error(`${result.non2xx} answers on port ${port} were not 2xx`);
    return { perSecond: result['2xx'] / result.duration, p50: result.latency.p50, p99: result.latency.p99 };
  };
  const rounds = { api: [], plain: [] };
  await load(PORTS.api); // warm both
  await load(PORTS.plain);
  for (let round = 0; round < ROUNDS; round++)
    for (const name of round % 2 ? ['plain', 'api'] : ['api', 'plain']) {
      const figure = await load(PORTS[name]);
      rounds[name].push(figure);
      console.log(
        `round ${round + 1} ${name.padEnd(6)} ${figure.perSecond.toFixed(0).padStart(6)} trunks/s  p50 ${figure.p50} ms  p99 ${figure.p99} ms`,
      );
    }
  const of = (name, key) => median(rounds[name].map((r) => r[key]));
  const [figure, yardstick] = [of('api', 'perSecond'), of('plain', 'perSecond')];
  report({
    name: 'api',
    figure,
    unit: 'trunks created/s, 16 connections',
    yardstick,
    yardstick_name: 'the same rows by plain pg behind plain Fastify',
    p50: of('api', 'p50'),
    p99: of('api', 'p99'),
  });
} finally {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(
    children.map((child) => new Promise((r) => (child.exitCode === null && child.signalCode === null ? child.on('exit', r) : r()))),
  );
  await database.stop();
  rmSync(home, { recursive: true, force: true });
}
