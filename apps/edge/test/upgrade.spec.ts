/* eslint-disable @nx/enforce-module-boundaries -- a story of all parts: they are started, migrated and looked into as the whole that they are */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONTRACT } from '@trunkline/edge-core';
import { systemContext } from '@trunkline/kernel';
import { Database, VerifyAudit } from '@trunkline/platform';
import { NetProxy, TEST_ENCRYPTION_KEY, createTestContext, proof } from '@trunkline/testing';
import { LoadBalancer, startCrashingPostgres, startProgram } from '@trunkline/testing/faults';
import type { CrashingPostgres, Program } from '@trunkline/testing/faults';
import { SipPeer } from '@trunkline/testing/sip';
import pg from 'pg';
import { startApiProcess } from '../../api/test/api-process.ts';
import type { ApiProcess } from '../../api/test/api-process.ts';
// @ts-expect-error: plain JavaScript without declarations
import { beforeLastMigration, checkOutFormerBuild } from '../../../tools/former-build.mjs';
// @ts-expect-error: plain JavaScript without declarations
import { migrate } from '../../../tools/migrate.mjs';
import { eventually } from './customers.ts';
import { SteadyCalls, SteadyRequests } from './steady-load.ts';

/**
 * A platform of a former build is upgraded to this one while requests and calls go on: the schema, the API side by side, the worker, then one edge
 * after a drain and one with calls up. In full the former build is an earlier commit; in short form it is this one, so what is proved then
 * is the way, not the difference.
 */
const { size, report } = proof(24, {
  short: { former: false, programs: 2, requests: 40, telephones: 2, calls: 5, held: 3 },
  full: { former: true, programs: 4, requests: 400, telephones: 3, calls: 60, held: 5 },
});
type Build = { readonly name: string; readonly folder: string | undefined; readonly remove: () => void };
const NEW: Build = { name: 'this build', folder: undefined, remove: () => undefined };
const NET = '127.0.66';
const EDGES = { one: `${NET}.1:5060`, two: `${NET}.2:5060` };
const CARRIER = `${NET}.4:5080`;
const HOLD_MS = 800;

let former: Build;
let database: CrashingPostgres;
let gateway: NetProxy; // where edges find a gateway, whichever worker that is
let balancer: LoadBalancer;
let carrier: SipPeer;
let phones: SipPeer[];
let operatorKey: string;
const programs: Program[] = [];
const stops: (() => unknown)[] = [];
const dataDir = mkdtempSync(join(tmpdir(), 'tl-upgrade-'));

beforeAll(async () => {
  former = size.former ? fetchFormer() : NEW;
  database = await startCrashingPostgres({ migrations: join(former.folder ?? '.', 'prisma/migrations') });
  gateway = await NetProxy.open(`${NET}.9:1`, `${NET}.9`);
  balancer = new LoadBalancer();
  carrier = await SipPeer.open(`${NET}.4`, 5080);
  carrier.answer = () => 200;
  phones = [await SipPeer.open(`${NET}.5`, 5060), await SipPeer.open(`${NET}.6`, 5060)];
}, 300_000);
afterAll(async () => {
  for (const stop of stops) await stop();
  balancer?.stop();
  for (const program of programs.toReversed()) if (program.isRunning()) await program.end('SIGTERM');
  [carrier, ...(phones ?? [])].forEach((peer) => peer?.close());
  await gateway?.close();
  await database?.stop();
  former?.remove();
  rmSync(dataDir, { recursive: true, force: true });
}, 120_000);

const fetchFormer = (): Build => {
  const ref = process.env['TRUNKLINE_UPGRADE_FROM'] ?? (beforeLastMigration() as string);
  const { commit, folder, remove } = checkOutFormerBuild(ref) as { commit: string; folder: string; remove: () => void };
  return { name: `the build of ${commit.slice(0, 7)}`, folder, remove };
};

// ---- the parts of a platform, of either build ----

let port = 30_660;
const startApi = async ({ folder }: Build): Promise<ApiProcess> => {
  const api = await startApiProcess({ database, host: `${NET}.9`, port: port++, folder });
  programs.push(api.program);
  return api;
};
const startWorker = async ({ folder }: Build): Promise<Program & { readonly gateway: string }> => {
  const [gatewayPort, healthPort] = [port++, port++];
  const told = {
    DATABASE_URL: database.appUrl,
    SYSTEM_DATABASE_URL: database.systemUrl,
    GATEWAY_HOST: `${NET}.9`,
    GATEWAY_PORT: String(gatewayPort),
    WORKER_HEALTH_PORT: String(healthPort),
    ENCRYPTION_KEY: TEST_ENCRYPTION_KEY,
    STRIPE_API_KEY: 'sk_test_emulator',
    STRIPE_API_URL: 'http://127.0.0.1:9',
    STRIPE_WEBHOOK_SECRET: 'whsec_test_secret',
    LOG_LEVEL: 'error',
  };
  const worker = startProgram('apps/worker/src/main.ts', told, folder);
  programs.push(worker);
  await worker.ready(`http://127.0.0.1:${healthPort}/health/ready`);
  return { ...worker, gateway: `${NET}.9:${gatewayPort}` };
};
type EdgeName = keyof typeof EDGES;
const startEdge = (name: EdgeName, { folder }: Build, token?: string): Program => {
  const home = join(dataDir, name);
  mkdirSync(home, { recursive: true });
  const told = {
    EDGE_DATA_DIR: home,
    EDGE_SIP_ADDRESS: EDGES[name],
    EDGE_GATEWAY_URL: `ws://${gateway.address}`,
    ...(token && { EDGE_ENROL_TOKEN: token }),
  };
  const agent = startProgram('apps/edge/agent/main.ts', told, folder);
  programs.push(agent);
  return agent;
};

// ---- the operator ----

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies of answers
const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<any> => {
  const type = typeof body === 'string' ? 'text/csv' : 'application/json';
  const answer = await fetch(`${balancer.target()}${path}`, {
    method,
    headers: { authorization: `Bearer ${operatorKey}`, ...(body !== undefined && { 'content-type': type }), ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
};
const edges = async (): Promise<any[]> => (await ask('GET', '/v1/edges')).data; // eslint-disable-line @typescript-eslint/no-explicit-any
const edge = async (name: EdgeName) => (await edges()).find((e) => e.name === name);
const upToDate = (name: EdgeName) =>
  eventually(`edge ${name} up`, () => edge(name), (e) => e.connected && e.status?.kamailio === 'up' && e.configuration.lag === 0, 60_000); // prettier-ignore

/** A carrier that takes every call, prices, and numbers. @returns the plan's id */
const stock = async (): Promise<string> => {
  const { id } = await ask('POST', '/v1/carriers', { name: 'Carrier' });
  const { id: gateway_id } = await ask('POST', `/v1/carriers/${id}/gateways`, { uri: `sip:${CARRIER}`, source_addresses: [`${NET}.4`] });
  await ask('POST', '/v1/carrier-routes', { kind: 'pstn', prefix: '1', gateway_id, priority: 1 });
  const deck = await ask('POST', '/v1/decks', { name: 'Deck', currency: 'USD' });
  await ask('POST', `/v1/decks/${deck.id}/versions`, 'prefix,destination,rate,initial,increment\n1,North America,0.60,6,6\n');
  await ask('POST', '/v1/number-imports', 'number\n+12025550110\n+12025550111\n');
  const fees = { channel_monthly: '1.00', channel_setup: '0.50', number_monthly: '2.00', number_setup: '0.25' };
  return (await ask('POST', '/v1/plans', { name: 'Plan', currency: 'USD', ...fees, outbound_deck_id: deck.id })).id;
};
const SCOPES = ['trunks:read', 'trunks:write', 'numbers:read', 'numbers:write', 'calls:read', 'billing:read'];
type Customer = { readonly key: string; readonly from: string; readonly login: { readonly username: string; readonly password: string } };
/** Asks for nothing that only this build knows. */
const signUp = async (name: string, plan_id: string, from: string): Promise<Customer> => {
  const { id: tenant_id } = await ask('POST', '/v1/tenants', { name, country: 'US', currency: 'USD' });
  await ask('POST', '/v1/plan-assignments', { tenant_id, plan_id });
  const { secret: key } = await ask('POST', '/v1/api-keys', { name: 'key', scopes: SCOPES }, { 'trunkline-tenant': tenant_id });
  const mine = { authorization: `Bearer ${key}` };
  const trunk = await ask('POST', '/v1/trunks', { name: 'PBX', country: 'US', channels_max: 100, allowed_countries: ['US'] }, mine);
  const { username, password } = await ask('POST', `/v1/trunks/${trunk.id}/credentials`, undefined, mine);
  const number = await ask('POST', '/v1/numbers', { number: from, trunk_id: trunk.id }, mine);
  for (const path of [`/v1/trunks/${trunk.id}`, `/v1/numbers/${number.id}`])
    await eventually(`${path} live`, () => ask('GET', path, undefined, mine), (r) => r.provisioning.state === 'applied'); // prettier-ignore
  return { key, from, login: { username, password } };
};
const rows = async (text: string): Promise<Record<string, unknown>[]> => {
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  try {
    return (await owner.query(text)).rows;
  } finally {
    await owner.end();
  }
};

it('is upgraded with requests and calls going on: none fails, and every call is stored once', async () => {
  const [oldApi, oldWorker] = [await startApi(former), await startWorker(former)];
  operatorKey = oldApi.operatorKey!;
  await balancer.add(oldApi.url);
  gateway.leadTo(oldWorker.gateway);
  const agents = new Map<EdgeName, Program>();
  for (const name of ['one', 'two'] as const) {
    const { enrol_token } = await ask('POST', '/v1/edges', { name, sip_address: EDGES[name] });
    agents.set(name, startEdge(name, former, enrol_token));
    await upToDate(name);
  }
  const planId = await stock();
  const customers = [await signUp('Anna', planId, '+12025550110'), await signUp('Ben', planId, '+12025550111')];

  const requests = new SteadyRequests(balancer.target, customers[0]!.key, size.programs);
  const [anna, ben] = customers.map((customer, i) => {
    return new SteadyCalls({ phone: phones[i]!, ...customer }, EDGES.one, { count: size.telephones, holdMs: HOLD_MS });
  }) as [SteadyCalls, SteadyCalls];
  const load = [requests, anna, ben];
  stops.push(() => requests.stop(), () => anna.pause(), () => ben.pause()); // prettier-ignore
  const goOn = async (when: string) => {
    await Promise.all([requests.more(size.requests), anna.more(size.calls)]);
    expect([when, ...load.flatMap(({ faults }) => faults)]).toEqual([when]);
  };
  await goOn('before');
  expect([anna.edge, ben.edge].toSorted()).toEqual(Object.values(EDGES)); // one at home on each

  // the schema; the former build works on it
  const applied = (await migrate(database.ownerUrl, 'prisma/migrations')) as string[];
  await goOn('on the new schema');

  // both APIs side by side; the worker is replaced: only one build compiles for the edges at a time, and nothing that has to go on waits for it
  const newApi = await startApi(NEW);
  await balancer.add(newApi.url);
  await goOn('side by side');
  expect(await oldWorker.end('SIGTERM')).toBe(0);
  const newWorker = await startWorker(NEW);
  gateway.leadTo(newWorker.gateway);
  for (const name of ['one', 'two'] as const) await upToDate(name); // of the former build, at the new gateway
  await goOn('another worker');
  balancer.remove(oldApi.url);
  expect(await oldApi.program.end('SIGTERM')).toBe(0);
  await goOn('this build alone, edges as before');

  const renew = async (name: EdgeName) => {
    await agents.get(name)!.end('SIGTERM');
    const endedAt = new Date().toISOString(); // for some seconds more the edge counts as connected
    agents.set(name, startEdge(name, NEW));
    type Seen = { readonly last_seen_at: string; readonly agent: { readonly contract: number } | null };
    const isNew = (e: Seen) => e.last_seen_at > endedAt && e.agent?.contract === CONTRACT;
    await eventually('its new agent', () => edge(name), isNew, 60_000);
    await upToDate(name);
  };

  // an edge after a drain: new calls go to the other, none is cut
  const nameAt = (address: string) => (Object.keys(EDGES) as EdgeName[]).find((name) => EDGES[name] === address)!;
  const [first, second] = [nameAt(anna.edge), nameAt(ben.edge)];
  const { id: firstId } = await edge(first);
  await ask('POST', `/v1/edges/${firstId}/drain`);
  await eventually('a drained edge', () => edge(first), (e) => e.state === 'drained', 60_000); // prettier-ignore
  expect(anna.edge).toBe(EDGES[second]);
  await renew(first);
  await ask('POST', `/v1/edges/${firstId}/activate`, { return_tenants: true });
  await eventually('calls at home again', async () => anna.edge, (at) => at === EDGES[first]); // prettier-ignore
  await goOn('an edge updated');

  // an edge with calls up
  let hangUp = (): void => undefined;
  const until = new Promise<void>((resolve) => (hangUp = resolve));
  await ben.pause();
  const before = carrier.invites().length;
  const held = Array.from({ length: size.held }, () => ben.hold(until));
  await eventually('calls up', async () => carrier.invites().length, (n) => n >= before + size.held); // prettier-ignore
  await renew(second);
  hangUp();
  await Promise.all(held);
  ben.resume();
  await Promise.all([goOn('both edges updated'), ben.more(size.calls)]);

  await Promise.all([requests.stop(), anna.pause(), ben.pause()]);
  expect(load.flatMap(({ faults }) => faults)).toEqual([]);
  const placed = [...anna.answered, ...ben.answered].toSorted();
  const answeredCalls = `SELECT call_id, rating_state FROM cdr WHERE outcome = 'answered' ORDER BY call_id COLLATE "C"`;
  const stored = await eventually('every call stored', () => rows(answeredCalls), (r) => r.length >= placed.length); // prettier-ignore
  expect(stored).toEqual(placed.map((call_id) => ({ call_id, rating_state: 'rated' })));
  await booksAreRight();
  for (const name of ['one', 'two'] as const) await upToDate(name);
  expect((await rows('SELECT FROM trunk')).length).toBe(requests.trunks + customers.length);
  report(
    `an upgrade from ${former.name} by ${applied.length} migrations: the former build on the new schema, both APIs side by side, the worker replaced, the former told to end, two edges updated`,
    `${requests.answered} requests, 0 failed (the slowest ${Math.round(requests.slowestMs)} ms); ${placed.length} calls, 0 failed, ${size.held} of them up while their edge was replaced; each stored and rated once`,
  );
}, 600_000);

const booksAreRight = async () => {
  const wrong =
    await rows(`SELECT * FROM balance b WHERE b.amount_nanos <> (SELECT coalesce(sum(CASE WHEN p.debit = 'customer' THEN p.amount_nanos ELSE 0 END
    - CASE WHEN p.credit = 'customer' THEN p.amount_nanos ELSE 0 END), 0) FROM posting p WHERE p.tenant_id = b.tenant_id AND p.currency = b.currency)`);
  expect([wrong, await rows(`SELECT * FROM cdr_issue`)]).toEqual([[], []]);
  const context = await createTestContext(database, []);
  for await (const { broken } of new VerifyAudit(context.get(Database)).execute(systemContext('test'))) expect(broken).toBeUndefined();
  await context.close();
};
