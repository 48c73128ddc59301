// The time until a dashboard has 50 trunks with their 200 numbers: by one GraphQL query, and by the two lists of REST that hold the same
// fields, asked for at once. One API process; rounds take turns, medians are compared.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSource } from '../services.mjs';
import { apiClient, until } from '../demo/api-client.mjs';
import { startBenchDatabase } from './bench-database.mjs';
import { median, quantile, report } from './report.mjs';

const ROUNDS = 9;
const SECONDS = 3;
const DASHBOARDS = 4; // that ask at one time, each again as soon as it is answered
const TRUNKS = 50;
const NUMBERS = 4; // of each trunk
const PORT = 29310;
const API = `http://127.0.0.1:${PORT}`;

const PROVISIONING = 'provisioning { revision state edges { edge sipAddress tlsAddress home state appliedRevision appliedAt } }';
const QUERY = `{ trunks(first: ${TRUNKS}) { nodes {
  id name country channelsMax enabled defaultCallerId allowedCountries inboundRoutes { uri priority weight health } externalReference ipAddresses techPrefix callsPerSecondMax callerIdPolicy tlsRequired maxCallSecs rerouteCodes disasterRecoveryUri revision createdAt updatedAt ${PROVISIONING}
  numbers(first: ${NUMBERS + 1}) { nodes { id number country state externalReference releasedAt quarantinedUntil revision createdAt updatedAt ${PROVISIONING} } }
} } }`;

const database = await startBenchDatabase();
const home = mkdtempSync(join(tmpdir(), 'trunkline-bench-key-'));
const keyFile = join(home, 'operator-key');
const api = fromSource('apps/api/src/main.ts');
const child = spawn(api.command, api.args, {
  stdio: ['ignore', 'ignore', 'inherit'],
  env: {
    ...process.env,
    DATABASE_URL: database.appUrl,
    SYSTEM_DATABASE_URL: database.systemUrl,
    API_PORT: String(PORT),
    TENANT_REQUESTS_PER_SEC: '10000', // more than it can do: what is measured includes the look at the buckets
    ENCRYPTION_KEY: randomBytes(32).toString('base64'),
    STRIPE_API_KEY: 'sk_test_emulator',
    STRIPE_WEBHOOK_SECRET: 'whsec_bench_only',
    OPERATOR_KEY_FILE: keyFile,
    LOG_LEVEL: 'warn',
  },
});
const isUp = () =>
  fetch(`${API}/health/ready`).then(
    (answer) => answer.ok,
    () => false,
  );

/** A customer with its trunks and numbers. Returns its key. */
const makeCustomer = async () => {
  const key = readFileSync(keyFile, 'utf8').trim();
  const operator = apiClient(API, key);
  const deck = await operator('POST', '/v1/decks', { name: 'Bench', currency: 'USD' });
  const fees = { channel_monthly: '4.00', channel_setup: '1.00', number_monthly: '1.50', number_setup: '0.50' };
  const plan = await operator('POST', '/v1/plans', { name: 'Bench', currency: 'USD', ...fees, outbound_deck_id: deck.id });
  const tenant = await operator('POST', '/v1/tenants', { name: 'Bench', country: 'US', currency: 'USD' });
  await operator('POST', '/v1/plan-assignments', { tenant_id: tenant.id, plan_id: plan.id });
  const numbers = Array.from({ length: TRUNKS * NUMBERS }, (_, i) => `+1202555${String(i).padStart(4, '0')}`);
  await operator('POST', '/v1/number-imports', `number,country\n${numbers.map((n) => `${n},US\n`).join('')}`);
  const acting = apiClient(API, key, tenant.id);
  for (let t = 0; t < TRUNKS; t++) {
    const trunk = await acting('POST', '/v1/trunks', {
      name: `trunk ${t}`,
      country: 'US',
      channels_max: 2,
      allowed_countries: ['US', 'CA'],
    });
    for (const number of numbers.slice(t * NUMBERS, (t + 1) * NUMBERS)) await acting('POST', '/v1/numbers', { number, trunk_id: trunk.id });
  }
  return (await acting('POST', '/v1/api-keys', { name: 'bench', scopes: ['trunks:read', 'numbers:read'] })).secret;
};

const agent = new Agent({ keepAlive: true });
/** The body of an answer 200. */
const ask = (key, path, body) =>
  new Promise((done, fail) => {
    const headers = {
      authorization: `Bearer ${key}`,
      ...(body ? { 'content-type': 'application/json', 'content-length': body.length } : {}),
    };
    const sent = request(`${API}${path}`, { agent, method: body ? 'POST' : 'GET', headers }, (answer) => {
      const chunks = [];
      answer
        .on('data', (chunk) => chunks.push(chunk))
        .on('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (answer.statusCode === 200) done(text);
          else fail(new Error(`${path} answered ${answer.statusCode}: ${text}`));
        });
    });
    sent.on('error', fail).end(body);
  });

const views = (key) => {
  const body = Buffer.from(JSON.stringify({ query: QUERY }));
  return {
    graphql: () => ask(key, '/graphql', body),
    rest: () => Promise.all([ask(key, `/v1/trunks?limit=${TRUNKS}`), ask(key, `/v1/numbers?limit=${TRUNKS * NUMBERS}`)]),
  };
};

/** Both must show the same, or there is nothing to compare. */
const compare = async ({ graphql, rest }) => {
  const { data, errors } = JSON.parse(await graphql());
  if (errors) throw new Error(`GraphQL answered errors: ${JSON.stringify(errors[0])}`);
  const [trunks, numbers] = (await rest()).map((text) => JSON.parse(text).data);
  const byTrunk = Map.groupBy(numbers, (n) => n.trunk_id);
  const shown = (id, list, key) => `${id}: ${list.map((n) => n[key]).join()}`;
  const ofRest = trunks.map((t) => shown(t.id, byTrunk.get(t.id), 'id'));
  const ofGraph = data.trunks.nodes.map((t) => shown(t.id, t.numbers.nodes, 'id'));
  if (ofRest.length !== TRUNKS || ofRest.join('\n') !== ofGraph.join('\n')) throw new Error('the two do not show the same');
};

const load = async (view) => {
  const times = [];
  const end = performance.now() + SECONDS * 1000;
  const dashboard = async () => {
    for (let start = performance.now(); start < end; start = performance.now()) {
      await view();
      times.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: DASHBOARDS }, dashboard));
  return { p50: median(times), p99: quantile(times, 0.99) };
};

try {
  await until(`port ${PORT}`, isUp, Boolean);
  const measured = views(await makeCustomer());
  await compare(measured);
  const rounds = { graphql: [], rest: [] };
  await load(measured.graphql); // warm both
  await load(measured.rest);
  for (let round = 0; round < ROUNDS; round++)
    for (const name of round % 2 ? ['rest', 'graphql'] : ['graphql', 'rest']) {
      const figure = await load(measured[name]);
      rounds[name].push(figure);
      console.log(
        `round ${round + 1} ${name.padEnd(8)} p50 ${figure.p50.toFixed(1).padStart(6)} ms  p99 ${figure.p99.toFixed(1).padStart(6)} ms`,
      );
    }
  const of = (name, key) => median(rounds[name].map((r) => r[key]));
  report({
    name: 'graphql',
    figure: of('graphql', 'p50'),
    unit: `ms p50 for ${TRUNKS} trunks with ${TRUNKS * NUMBERS} numbers, ${DASHBOARDS} at once`,
    yardstick: of('rest', 'p50'),
    yardstick_name: 'the same fields by two REST lists asked for at once',
    p99: of('graphql', 'p99'),
  });
} finally {
  child.kill('SIGTERM');
  await new Promise((done) => (child.exitCode === null && child.signalCode === null ? child.on('exit', done) : done()));
  agent.destroy();
  await database.stop();
  rmSync(home, { recursive: true, force: true });
}
