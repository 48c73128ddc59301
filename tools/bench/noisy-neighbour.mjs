// How long a tenant waits for its answers while another sends a hundred times what it may, against the same tenant alone. One API process, one
// Postgres, one noisy client: each a process of its own. Rounds take turns; figure and yardstick are medians of the rounds' p95.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiClient, until } from '../demo/api-client.mjs';
import { fromSource } from '../services.mjs';
import { startBenchDatabase } from './bench-database.mjs';
import { median, quantile, report } from './report.mjs';

const ROUNDS = 7;
const REQUESTS = 300; // a round, one after the other
const PAUSE_MS = 10;
const NOISY_PER_SEC = 20; // what the noisy tenant may; its one key half of that
const TIMES = 100;
const PORT = 29302;
const API = `http://127.0.0.1:${PORT}`;

const database = await startBenchDatabase();
const home = mkdtempSync(join(tmpdir(), 'trunkline-bench-key-'));
const keyFile = join(home, 'operator-key');
const children = [];
const run = (spec, env) => {
  const child = spawn(spec.command, spec.args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'inherit'] });
  child.ended = new Promise((resolve) => child.on('exit', resolve));
  children.push(child);
  return child;
};
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const ready = () =>
  fetch(`${API}/health/ready`).then(
    (r) => r.ok,
    () => false,
  );

try {
  run(fromSource('apps/api/src/main.ts'), {
    DATABASE_URL: database.appUrl,
    SYSTEM_DATABASE_URL: database.systemUrl,
    API_PORT: String(PORT),
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    STRIPE_API_KEY: 'sk_test_emulator',
    STRIPE_WEBHOOK_SECRET: 'whsec_bench_only',
    OPERATOR_KEY_FILE: keyFile,
    LOG_LEVEL: 'warn',
  }).stdout.resume();
  await until('the API', ready, Boolean);
  const operatorKey = readFileSync(keyFile, 'utf8').trim();
  const operator = apiClient(API, operatorKey);
  const tenant = async (name) => {
    const { id } = await operator('POST', '/v1/tenants', { name, country: 'US', currency: 'USD' });
    const acting = apiClient(API, operatorKey, id);
    return { id, key: (await acting('POST', '/v1/api-keys', { name: 'bench', scopes: ['trunks:read'] })).secret };
  };
  const [noisy, quiet] = [await tenant('Noisy'), await tenant('Quiet')];
  await operator('PATCH', `/v1/tenants/${noisy.id}`, { requests_per_sec_max: NOISY_PER_SEC });

  const headers = { authorization: `Bearer ${quiet.key}` };
  const p95 = async () => {
    const took = [];
    for (let i = 0; i < REQUESTS; i++) {
      const begun = performance.now();
      const answer = await fetch(`${API}/v1/trunks`, { headers });
      await answer.arrayBuffer();
      took.push(performance.now() - begun);
      if (answer.status !== 200) throw new Error(`the quiet tenant was answered ${answer.status}`);
      await pause(PAUSE_MS);
    }
    return quantile(took, 0.95);
  };
  const withNoise = async (measure) => {
    const maker = run(fromSource('tools/bench/noise-maker.mjs'), {
      URL: `${API}/v1/trunks`,
      KEY: noisy.key,
      PER_SEC: String(NOISY_PER_SEC * TIMES),
    });
    let said = '';
    maker.stdout.on('data', (chunk) => (said += chunk));
    await pause(1_000);
    const figure = await measure();
    maker.kill('SIGTERM');
    await maker.ended;
    return { figure, answers: said.trim() };
  };

  await p95(); // warm
  await withNoise(p95);
  const rounds = { alone: [], beside: [] };
  for (let round = 1; round <= ROUNDS; round++) {
    rounds.alone.push(await p95());
    const { figure, answers } = await withNoise(p95);
    rounds.beside.push(figure);
    console.log(
      `round ${round}  alone p95 ${rounds.alone.at(-1).toFixed(1)} ms, beside the noise ${figure.toFixed(1)} ms; the noisy tenant was answered ${answers}`,
    );
  }
  report({
    name: 'noisy-neighbour',
    figure: median(rounds.beside),
    unit: `ms, p95 of GET /v1/trunks beside a tenant that sends ${TIMES} times its ${NOISY_PER_SEC} requests/s`,
    yardstick: median(rounds.alone),
    yardstick_name: 'the same without the other tenant',
  });
} finally {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(children.map((child) => child.ended));
  await database.stop();
  rmSync(home, { recursive: true, force: true });
}
