// Calls read over HTTP by 16 connections out of 1,000,000: one by its id, the first 50, and the 50 of page 1,000, against the same
// queries by plain pg behind plain Fastify. Both servers are processes of their own on one Postgres; rounds take turns, medians are compared.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { encodeCursor, fromPublicId, toPublicId } from '@trunkline/kernel';
import pg from 'pg';
import { fromSource } from '../services.mjs';
import { apiClient, until } from '../demo/api-client.mjs';
import { startBenchDatabase } from './bench-database.mjs';
import { median, report } from './report.mjs';

const ROUNDS = 7;
const SECONDS = 2;
const CONNECTIONS = 16;
const TENANTS = 16;
const CALLS = 1_000_000 / TENANTS; // of each
const REQUESTS_PER_SEC_MAX = 1_000; // of each: more than there will be
const LIMIT = 50;
const DEPTH = 1_000; // pages
const PORTS = { api: 29320, plain: 29321 };

const database = await startBenchDatabase();
const home = mkdtempSync(join(tmpdir(), 'trunkline-bench-key-'));
const keyFile = join(home, 'operator-key');
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

/** Calls over the last 25 days, answered, failed and free ones in turn, with ids as `cdrId` makes them. */
const FILL = `INSERT INTO cdr (tenant_id, started_at, id, edge_id, trunk_id, direction, outcome, "from", "to", caller_id, destination, call_id, source_address, gateway, answered_at, ended_at,
    sip_code, hangup_by, attempts, content_hash, stored_at, rating_state, currency, amount_nanos, billed_seconds, deck_version_id, prefix, rate_per_minute_nanos, connect_fee_nanos, initial_seconds, increment_seconds)
  SELECT $1::uuid, at, (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(h, 1, 3) || '8' || substr(h, 4, 15))::uuid, $1::uuid, $1::uuid, 'outbound', CASE WHEN n % 8 = 0 THEN 'failed' ELSE 'answered' END,
    '+12025550142', '1' || d, '+12025550142', '+1' || d, h, '198.51.100.7', 'gw1', CASE WHEN n % 8 > 0 THEN at + interval '4 s' END, at + interval '65 s', CASE WHEN n % 8 = 0 THEN 486 ELSE 200 END, 'callee', '{}', h, at + interval '66 s',
    CASE WHEN n % 8 = 0 THEN 'free' ELSE 'rated' END, 'USD', CASE WHEN n % 8 = 0 THEN 0 ELSE 8500000 END, CASE WHEN n % 8 = 0 THEN 0 ELSE 66 END, CASE WHEN n % 8 > 0 THEN $2::uuid END, CASE WHEN n % 8 > 0 THEN '1' END,
    CASE WHEN n % 8 > 0 THEN 8500000 END, CASE WHEN n % 8 > 0 THEN 0 END, CASE WHEN n % 8 > 0 THEN 6 END, CASE WHEN n % 8 > 0 THEN 6 END
  FROM generate_series(1, $3::int) n, LATERAL (SELECT date_trunc('milliseconds', now() - n * interval '25 days' / $3) AS at, md5($1::text || n) AS h, lpad((n * 7919 % 1000000000)::text, 10, '2') AS d) v`;

/** Where each tenant's calls can be asked for: its key, a few ids, and the cursor that page 1,000 begins behind. */
const seed = async () => {
  const operator = apiClient(`http://127.0.0.1:${PORTS.api}`, readFileSync(keyFile, 'utf8').trim());
  const deck = await operator('POST', '/v1/decks', { name: 'Bench', currency: 'USD' });
  const version = await operator(
    'POST',
    `/v1/decks/${deck.id}/versions`,
    'prefix,destination,rate,initial,increment\n1,USA and Canada,0.0085,6,6\n',
  );
  const owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 }).on('error', () => {});
  const tenants = [];
  for (let i = 0; i < TENANTS; i++) {
    const { id } = await operator('POST', '/v1/tenants', { name: `Bench ${i}`, country: 'US', currency: 'USD' });
    await operator('PATCH', `/v1/tenants/${id}`, { requests_per_sec_max: REQUESTS_PER_SEC_MAX });
    const acting = apiClient(`http://127.0.0.1:${PORTS.api}`, readFileSync(keyFile, 'utf8').trim(), id);
    const { secret } = await acting('POST', '/v1/api-keys', { name: 'bench', scopes: ['calls:read'] });
    const tenantId = fromPublicId('tenant', id);
    await owner.query(FILL, [tenantId, fromPublicId('deckVersion', version.id), CALLS]);
    const at = (n, limit) => owner.query(`SELECT started_at AS "createdAt", id FROM cdr WHERE tenant_id = $1 ORDER BY started_at DESC, id DESC OFFSET $2 LIMIT $3`, [tenantId, n, limit]); // prettier-ignore
    const [last] = (await at((DEPTH - 1) * LIMIT - 1, 1)).rows;
    tenants.push({ tenantId, secret, cursor: encodeCursor(last), ids: (await at(1_000, 200)).rows.map((row) => row.id) });
  }
  await owner.query('VACUUM ANALYZE cdr');
  await owner.end();
  return tenants;
};

const PATHS = {
  by_id: ({ ids }, n, server) => `/v1/calls/${server === 'api' ? toPublicId('cdr', ids[n % ids.length]) : ids[n % ids.length]}`,
  first_page: () => `/v1/calls?limit=${LIMIT}`,
  page_1000: ({ cursor }) => `/v1/calls?limit=${LIMIT}&cursor=${cursor}`,
};

let n = 0;
const load = async (tenants, server, what, duration = SECONDS) => {
  const setupRequest = (request) => {
    const tenant = tenants[++n % TENANTS];
    const headers = server === 'api' ? { authorization: `Bearer ${tenant.secret}` } : { tenant: tenant.tenantId };
    return { ...request, path: PATHS[what](tenant, n, server), headers };
  };
  const result = await autocannon({
    url: `http://127.0.0.1:${PORTS[server]}`,
    connections: CONNECTIONS,
    duration,
    requests: [{ setupRequest }],
  });
  if (result.non2xx > 0) throw new Error(`${result.non2xx} answers of ${server} to ${what} were not 2xx`);
  return { perSecond: result['2xx'] / result.duration, p50: result.latency.p50, p99: result.latency.p99 };
};

/** Both must show the same calls, or there is nothing to compare. */
const compare = async (tenants) => {
  for (const what of ['first_page', 'page_1000']) {
    const [tenant] = tenants;
    const ask = async (server, headers) => (await (await fetch(`http://127.0.0.1:${PORTS[server]}${PATHS[what](tenant, 0, server)}`, { headers })).json()).data.map((c) => c.id); // prettier-ignore
    const [ours, theirs] = [
      await ask('api', { authorization: `Bearer ${tenant.secret}` }),
      await ask('plain', { tenant: tenant.tenantId }),
    ];
    if (ours.length !== LIMIT || ours.map((id) => fromPublicId('cdr', id)).join() !== theirs.join())
      throw new Error(`${what}: the two do not show the same`);
  }
};

try {
  run(fromSource('apps/api/src/main.ts'), {
    DATABASE_URL: database.appUrl,
    SYSTEM_DATABASE_URL: database.systemUrl,
    API_PORT: String(PORTS.api),
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    STRIPE_API_KEY: 'sk_test_emulator',
    STRIPE_WEBHOOK_SECRET: 'whsec_bench_only',
    OPERATOR_KEY_FILE: keyFile,
    LOG_LEVEL: 'warn',
  });
  await up(PORTS.api);
  const tenants = await seed();
  run(fromSource('tools/bench/plain-read-api.mjs'), { DATABASE_URL: database.ownerUrl, PORT: String(PORTS.plain) });
  await up(PORTS.plain);
  await compare(tenants);
  const rounds = {};
  const whats = Object.keys(PATHS);
  for (const server of ['api', 'plain']) for (const what of whats) await load(tenants, server, what); // warm
  for (let round = 0; round < ROUNDS; round++)
    for (const what of whats)
      for (const server of round % 2 ? ['plain', 'api'] : ['api', 'plain']) {
        const figure = await load(tenants, server, what);
        (rounds[`${server} ${what}`] ??= []).push(figure);
        console.log(
          `round ${round + 1} ${server.padEnd(6)} ${what.padEnd(10)} ${figure.perSecond.toFixed(0).padStart(6)}/s  p50 ${figure.p50} ms  p99 ${figure.p99} ms`,
        );
      }
  const of = (server, what, key = 'perSecond') => median(rounds[`${server} ${what}`].map((r) => r[key]));
  const short = (number) => Number(number.toPrecision(3));
  const all = whats.map((what) => [
    what,
    {
      per_second: short(of('api', what)),
      ratio: short(of('api', what) / of('plain', what)),
      p99: of('api', what, 'p99'),
      yardstick_p99: of('plain', what, 'p99'),
    },
  ]);
  report({
    name: 'api-read',
    figure: of('api', 'first_page'),
    unit: `lists of ${LIMIT} calls/s, ${CONNECTIONS} connections`,
    yardstick: of('plain', 'first_page'),
    yardstick_name: 'the same queries by plain pg behind plain Fastify',
    p50: of('api', 'first_page', 'p50'),
    p99: of('api', 'first_page', 'p99'),
    depth_ratio: short(of('api', 'page_1000') / of('api', 'first_page')),
    ...Object.fromEntries(all),
  });
} finally {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(
    children.map((child) => new Promise((r) => (child.exitCode === null && child.signalCode === null ? child.on('exit', r) : r()))),
  );
  await database.stop();
  rmSync(home, { recursive: true, force: true });
}
