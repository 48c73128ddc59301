/* eslint-disable @nx/enforce-module-boundaries -- a story of all parts: they are started and looked into as the whole that they are */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TEST_ENCRYPTION_KEY, createTestDatabase, proof } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import { startProgram, wrongClock } from '@trunkline/testing/faults';
import type { Program, WrongClock } from '@trunkline/testing/faults';
import { SipPeer } from '@trunkline/testing/sip';
import pg from 'pg';
import { startApiProcess } from '../../api/test/api-process.ts';
import type { ApiProcess } from '../../api/test/api-process.ts';
import { eventually } from './customers.ts';
import { kamailioWith } from './kamailio-with.ts';

/** An API whose clock is right, and one, a worker and an edge whose clocks are put wrong while they run. */
const { size, report } = proof(21, { short: { calls: 2 }, full: { calls: 20 } });
const NET = '127.0.67';
const [EDGE, CARRIER] = [`${NET}.1:5060`, `${NET}.4:5080`];
const [GATEWAY_PORT, HEALTH_PORT] = ['30681', '30682'];
const PATIENCE_MS = 120_000;
const HOUR = 3_600;

let database: TestDatabase;
let owner: pg.Client;
let api: ApiProcess;
let skewed: ApiProcess;
let worker: Program;
let agent: Program;
let phone: SipPeer;
let carrier: SipPeer;
const clocks: Record<'api' | 'worker' | 'edge', WrongClock> = { api: wrongClock(), worker: wrongClock(), edge: wrongClock() };
const dataDir = mkdtempSync(join(tmpdir(), 'tl-clocks-'));

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  api = await startApiProcess({ database, host: `${NET}.9`, port: 30_683 });
  skewed = await startApiProcess({ database, host: `${NET}.9`, port: 30_684, env: clocks.api.env });
  worker = await startWorker();
  [phone, carrier] = [await SipPeer.open(`${NET}.5`, 5060), await SipPeer.open(`${NET}.4`, 5080)];
  carrier.answer = () => 200;
}, 300_000);
afterAll(async () => {
  for (const program of [agent, worker, skewed?.program, api?.program]) if (program?.isRunning()) await program.end('SIGTERM');
  [phone, carrier].forEach((peer) => peer?.close());
  await owner?.end();
  await database?.drop();
  for (const clock of Object.values(clocks)) clock.remove();
  rmSync(dataDir, { recursive: true, force: true });
}, 120_000);

const startWorker = async (): Promise<Program> => {
  const told = {
    ...clocks.worker.env,
    DATABASE_URL: database.appUrl,
    SYSTEM_DATABASE_URL: database.systemUrl,
    GATEWAY_HOST: `${NET}.9`,
    GATEWAY_PORT,
    WORKER_HEALTH_PORT: HEALTH_PORT,
    EDGE_LOST_AFTER_SECS: '20',
    EDGE_FAILOVER_AFTER_SECS: '86400',
    ENCRYPTION_KEY: TEST_ENCRYPTION_KEY,
    STRIPE_API_KEY: 'sk_test_emulator',
    STRIPE_API_URL: 'http://127.0.0.1:9',
    STRIPE_WEBHOOK_SECRET: 'whsec_test_secret',
    LOG_LEVEL: 'error',
  };
  const program = startProgram('apps/worker/src/main.ts', told);
  await program.ready(`http://127.0.0.1:${HEALTH_PORT}/health/ready`);
  return program;
};
const startEdge = (token?: string): Program =>
  startProgram('apps/edge/agent/main.ts', {
    ...clocks.edge.env,
    EDGE_DATA_DIR: dataDir,
    EDGE_SIP_ADDRESS: EDGE,
    EDGE_GATEWAY_URL: `ws://${NET}.9:${GATEWAY_PORT}`,
    EDGE_KAMAILIO: kamailioWith(clocks.edge.env, dataDir),
    ...(token && { EDGE_ENROL_TOKEN: token }),
  });

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies of answers
type Ask = (method: string, path: string, body?: unknown) => Promise<any>;
const asks =
  (url: string, key: string, headers: Record<string, string> = {}): Ask =>
  async (method, path, body) => {
    const type = typeof body === 'string' ? 'text/csv' : 'application/json';
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body !== undefined && { 'content-type': type }), ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
const readiness = async (url: string) => {
  const answer = await fetch(`${url}/health/ready`);
  return answer.ok ? 'ready' : ((await answer.json()) as { detail: string }).detail;
};
const offBy = (seconds: number) => (detail: string) => {
  const [, ms] = /^The clock is (\d+) ms off the database's$/.exec(detail) ?? [];
  return Math.abs(Number(ms) / 1_000 - Math.abs(seconds)) < 30; // a machine may be slow, not that slow
};
const eventuallyReady = (url: string) => eventually('readiness', () => readiness(url), (r) => r === 'ready', PATIENCE_MS); // prettier-ignore
const workerUrl = `http://127.0.0.1:${HEALTH_PORT}`;

describe('an API process', () => {
  it.each([600, -600, -HOUR])('whose clock is %i s off is not ready and says why, until it is right', async (seconds) => {
    clocks.api.set(seconds);
    await eventually('its word', () => readiness(skewed.url), offBy(seconds), PATIENCE_MS);
    expect((await fetch(`${skewed.url}/health/live`)).status).toBe(200);
    clocks.api.set(0);
    await eventuallyReady(skewed.url);
  });
});

describe('worker and edge', () => {
  let operator: Ask;
  let customer: Ask;
  let tenantId: string;
  let login: { username: string; password: string };
  let edgeId: string;
  let trunks = 0;
  const placed: string[] = [];
  const edge = () => operator('GET', `/v1/edges/${edgeId}`);

  beforeAll(async () => {
    operator = asks(api.url, api.operatorKey!);
    const made = await operator('POST', '/v1/edges', { name: 'one', sip_address: EDGE });
    edgeId = made.id;
    agent = startEdge(made.enrol_token);
    await eventually('an edge', edge, (e) => e.status?.kamailio === 'up', PATIENCE_MS);
    const { id } = await operator('POST', '/v1/carriers', { name: 'Carrier' });
    const addresses = { uri: `sip:${CARRIER}`, source_addresses: [`${NET}.4`] };
    const { id: gateway_id } = await operator('POST', `/v1/carriers/${id}/gateways`, addresses);
    await operator('POST', '/v1/carrier-routes', { kind: 'pstn', prefix: '1', gateway_id, priority: 1 });
    const deck = await operator('POST', '/v1/decks', { name: 'Deck', currency: 'USD' });
    await operator('POST', `/v1/decks/${deck.id}/versions`, 'prefix,destination,rate,initial,increment\n1,North America,0.60,6,6\n');
    await operator('POST', '/v1/number-imports', 'number\n+12025550110\n');
    const fees = { channel_monthly: '1.00', channel_setup: '0.50', number_monthly: '2.00', number_setup: '0.25' };
    const plan = await operator('POST', '/v1/plans', { name: 'Plan', currency: 'USD', ...fees, outbound_deck_id: deck.id });
    tenantId = (await operator('POST', '/v1/tenants', { name: 'Tenant', country: 'US', currency: 'USD' })).id;
    await operator('POST', '/v1/plan-assignments', { tenant_id: tenantId, plan_id: plan.id });
    const scopes = ['trunks:read', 'trunks:write', 'numbers:read', 'numbers:write', 'calls:read', 'billing:read'];
    const key = await asks(api.url, api.operatorKey!, { 'trunkline-tenant': tenantId })('POST', '/v1/api-keys', { name: 'key', scopes });
    customer = asks(api.url, key.secret);
    // long before: a call of an edge whose clock is behind is rated by what was valid at the time it says
    await owner.query(`UPDATE deck_version SET effective_from = effective_from - interval '1 year'`);
    await owner.query(`UPDATE plan_assignment SET "from" = "from" - interval '1 year'`);
    const trunk = await orderTrunk();
    login = await customer('POST', `/v1/trunks/${trunk}/credentials`);
    const number = await customer('POST', '/v1/numbers', { number: '+12025550110', trunk_id: trunk });
    await applied(`/v1/numbers/${number.id}`);
    await applied(`/v1/trunks/${trunk}`);
  }, 300_000);

  const orderTrunk = async (): Promise<string> => {
    const settings = { name: `PBX ${++trunks}`, country: 'US', channels_max: 10, allowed_countries: ['US'] };
    return (await customer('POST', '/v1/trunks', settings)).id;
  };
  const applied = (path: string) => eventually(`${path} applied`, () => customer('GET', path), (r) => r.provisioning.state === 'applied', PATIENCE_MS); // prettier-ignore
  const call = async () => {
    const { status, callId } = await phone.call({ edge: EDGE, requestUser: '+12125550001', fromUser: '+12025550110', login, holdMs: 200 });
    expect(status).toBe(200);
    placed.push(callId);
  };
  /** Everything that has to go on: a change reaches the edge, calls are carried, stored and rated, events are acted upon. */
  const allIsWell = async () => {
    await applied(`/v1/trunks/${await orderTrunk()}`);
    for (let n = 0; n < size.calls; n++) await call();
    const stored = async () =>
      (await owner.query(`SELECT call_id, rating_state, billed_seconds AS secs FROM cdr ORDER BY call_id COLLATE "C"`)).rows;
    const rows = await eventually('calls stored', stored, (r) => r.length >= placed.length, PATIENCE_MS);
    expect(rows).toEqual(placed.toSorted().map((call_id) => ({ call_id, rating_state: 'rated', secs: 6 })));
    const waiting = async () => Number((await owner.query('SELECT count(*) FROM outbox WHERE dispatched_at IS NULL')).rows[0].count);
    await eventually('events handed over', waiting, (n) => n === 0, PATIENCE_MS);
  };

  it.each([
    ['apart', 600, -600],
    ['apart, the other way', -600, 600],
    ['an hour back', -HOUR, -HOUR],
    ['right again', 0, 0],
  ])(
    '%s: work goes on, nothing is lost or doubled',
    async (_, workerSecs, edgeSecs) => {
      clocks.worker.set(workerSecs);
      clocks.edge.set(edgeSecs);
      if (workerSecs !== 0) await eventually('its word', () => readiness(workerUrl), offBy(workerSecs), PATIENCE_MS);
      else await eventuallyReady(workerUrl);
      await allIsWell();
    },
    600_000,
  );

  it('a worker whose clock steps back an hour keeps its schedules', async () => {
    clocks.worker.set(HOUR);
    await eventually('its word', () => readiness(workerUrl), offBy(HOUR), PATIENCE_MS);
    await lossIsNoticed();
    clocks.worker.set(0);
    await eventuallyReady(workerUrl);
    await lossIsNoticed();
  }, 600_000);

  /** Edges are watched by a job of every five seconds. */
  const lossIsNoticed = async () => {
    await agent.end('SIGTERM');
    await eventually('an edge lost', edge, (e) => e.lost_at !== null, PATIENCE_MS);
    agent = startEdge();
    await eventually('an edge back', edge, (e) => e.lost_at === null && e.connected, PATIENCE_MS);
  };

  it('two APIs ten minutes apart that close one month make one invoice', async () => {
    await owner.query(`UPDATE recurring_item SET "from" = "from" - interval '2 months'`);
    await owner.query(`UPDATE posting SET month = month - interval '2 months'`);
    clocks.api.set(600);
    await eventually('its word', () => readiness(skewed.url), offBy(600), PATIENCE_MS);
    const now = new Date();
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 2, 1)).toISOString().slice(0, 7);
    const runs = [api, skewed].map(({ url }) => asks(url, api.operatorKey!)('POST', '/v1/invoice-runs', { month }));
    for (const run of await Promise.all(runs)) expect(run).toMatchObject({ failed: 0 });
    expect((await owner.query('SELECT period_from FROM invoice')).rowCount).toBe(1);
    const twice = await owner.query('SELECT FROM invoice_posting GROUP BY tenant_id, posting_id HAVING count(*) > 1');
    expect(twice.rowCount).toBe(0);
    report(
      'api, worker and edge with clocks ten minutes ahead, behind and apart, stepped by an hour while they ran',
      `not ready, each with its reason; ${placed.length} calls stored and rated once; schedules kept; one invoice for the month that two APIs closed`,
    );
  });
});
