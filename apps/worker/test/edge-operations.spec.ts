import type { INestApplicationContext } from '@nestjs/common';
import { EdgeGateway } from '@trunkline/edge/server';
import { fromPublicId } from '@trunkline/kernel';
import { FakeAgent, NetProxy, proof } from '@trunkline/testing';
import pg from 'pg';
import { ApiHarness } from '../../api/test/harness.ts';
import { HealthServer } from '../src/health-server.ts';
import { startWorker } from './start-worker.ts';

/** What an operator sees and does with edges at work: two agents, one of them over a network that can be made bad. */
const { size, report } = proof(6, { short: { changes: 20 }, full: { changes: 200 } });
const HEALTH_PORT = 24_305;
const ADDRESS = '127.0.40.5';
const REPORT_MS = 250;
let api: ApiHarness;
let worker: INestApplicationContext;
let owner: pg.Client;
let proxy: NetProxy;
const agents: Record<string, { readonly agent: FakeAgent; readonly id: string }> = {};
let reporting: NodeJS.Timeout;
const silent = new Set<string>();

beforeAll(async () => {
  api = await ApiHarness.start();
  worker = await startWorker(api, { GATEWAY_HOST: ADDRESS, EDGE_LOST_AFTER_SECS: 8, EDGE_FAILOVER_AFTER_SECS: 9 });
  await worker.get(HealthServer).listen('127.0.0.1', HEALTH_PORT);
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
  const gateway = `${ADDRESS}:${worker.get(EdgeGateway).port}`;
  proxy = await NetProxy.open(gateway, ADDRESS);
  for (const [name, way] of [
    ['near', gateway],
    ['far', proxy.address],
  ] as const) {
    // prettier-ignore
    const { body } = await api.operator('POST', '/v1/edges', { name, sip_address: `127.0.40.6:${name === 'near' ? 5060 : 5070}` });
    const agent = await FakeAgent.enrol(`http://${way}`, body.enrol_token);
    await agent.connect();
    await agent.until('country', '44', (value) => value !== undefined);
    agents[name] = { agent, id: body.id };
  }
  reporting = setInterval(() => {
    for (const [name, { agent }] of Object.entries(agents)) if (!silent.has(name)) agent.report();
  }, REPORT_MS);
  await eventually(edges, (all) => all.every((e) => e.status?.kamailio === 'up'));
});
afterAll(async () => {
  clearInterval(reporting);
  await proxy?.close();
  await Promise.all(Object.values(agents).map(({ agent }) => agent.close()));
  await worker?.close();
  await owner?.end();
  await api?.stop();
});

const near = () => agents['near']!;
const far = () => agents['far']!;
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are checked field by field
const edges = async (): Promise<any[]> => (await api.operator('GET', '/v1/edges')).body.data;
const edgeOf = async (name: string) => (await edges()).find((e) => e.name === name);
const eventually = async <T>(ask: () => Promise<T>, test: (answer: T) => boolean): Promise<T> => {
  for (;;) {
    const answer = await ask();
    if (test(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const events = async (type: string) => (await owner.query(`SELECT payload FROM outbox WHERE type = $1`, [type])).rows.map((r) => r.payload);
/** A tenant at home on that edge, and the edges know it. */
const tenantOn = async (name: string) => {
  const { id, call } = await api.tenant(`at home on ${name}`);
  await api.operator('PUT', `/v1/tenants/${id}/home`, { edge_id: agents[name]!.id });
  await homeKnown(id, name, name);
  return { id, call };
};
/** Waits until an edge has been told where a tenant is at home. */
const homeKnown = (tenantId: string, at: string, home: string) =>
  agents[at]!.agent.until('tenant', fromPublicId('tenant', tenantId)!, (value) => JSON.parse(value ?? '{}').home?.name === home);

describe('a bad line to one edge', () => {
  it.each([{ halfOpen: true }, { bytesPerSecond: 1 }, { latencyMs: 5_000 }])('does not hold up the others: %j', async (fault) => {
    const { call } = await api.tenant(`behind ${JSON.stringify(fault)}`);
    proxy.become(fault);
    const trunks: string[] = [];
    for (let i = 0; i < size.changes; i++) {
      const { body } = await call('POST', '/v1/trunks', { name: `PBX ${i}`, country: 'US', channels_max: 1, allowed_countries: ['US'] });
      trunks.push(body.id);
      await near().agent.until('trunk', fromPublicId('trunk', body.id)!, (value) => value !== undefined);
    }
    // asked of the last change: over a slow line the first ones have arrived by now
    expect((await call('GET', `/v1/trunks/${trunks.at(-1)}`)).body.provisioning.edges).toMatchObject([
      { edge: 'far', applied_revision: null },
      { edge: 'near' },
    ]);
    expect((await edgeOf('far')).configuration.lag).toBeGreaterThan(0);
    await eventually(() => edgeOf('near'), (e) => e.configuration.lag === 0); // prettier-ignore
    proxy.become({});
    silent.add('far'); // who speaks before the welcome is sent away
    await far().agent.close();
    await far().agent.connect();
    silent.delete('far');
    await far().agent.until('trunk', fromPublicId('trunk', trunks.at(-1)!)!, (value) => value !== undefined);
    await eventually(() => edgeOf('far'), (e) => e.configuration.lag === 0 && e.connected && e.lost_at === null); // prettier-ignore
    report(`${size.changes} changes while the line to one of two edges was ${JSON.stringify(fault)}`, `reached the other edge ${size.changes}; the bad one had all of them once its line was mended`); // prettier-ignore
  });
});

describe('draining', () => {
  it('moves tenants to the other edge, ends when no call is left, and is taken back', async () => {
    const { id, call } = await tenantOn('near');
    const { body: trunk } = await call('POST', '/v1/trunks', { name: 'PBX', country: 'US', channels_max: 1, allowed_countries: ['US'] });
    silent.add('near');
    near().agent.report({ active_calls: 2 });
    expect((await api.operator('POST', `/v1/edges/${near().id}/drain`)).body.state).toBe('draining');
    await Promise.all(['near', 'far'].map((at) => homeKnown(id, at, 'far')));
    near().agent.report({ active_calls: 1 });
    await eventually(() => edgeOf('near'), (e) => e.status.active_calls === 1 && e.configuration.lag === 0); // prettier-ignore
    expect((await edgeOf('near')).state).toBe('draining');
    silent.delete('near');
    await eventually(() => edgeOf('near'), (e) => e.state === 'drained'); // prettier-ignore
    const provisioning = async () => (await call('GET', `/v1/trunks/${trunk.id}`)).body.provisioning;
    const { edges: shown } = await eventually(provisioning, (p) => p.edges[1].state === 'drained');
    expect(shown).toMatchObject([{ edge: 'far', home: true, state: 'active' }, { edge: 'near', home: false }]); // prettier-ignore
    await api.operator('POST', `/v1/edges/${near().id}/activate`, { return_tenants: true });
    await Promise.all(['near', 'far'].map((at) => homeKnown(id, at, 'near')));
    expect((await provisioning()).edges).toMatchObject([{ home: false }, { home: true, state: 'active' }]);
    expect((await events('tenant.home_moved')).filter((e) => e.tenantId === fromPublicId('tenant', id)).map((e) => e.cause)).toEqual(
      expect.arrayContaining(['drained', 'returned']),
    );
  });
});

it('figures of every edge are there for Prometheus', async () => {
  const metrics = () => fetch(`http://127.0.0.1:${HEALTH_PORT}/metrics`).then((r) => r.text());
  silent.add('near');
  const text = await eventually(
    async () => {
      near().agent.report({ active_calls: 3, spool_depth: 2, tls_expires_at: '2030-01-01T00:00:00.000Z' });
      return metrics();
    },
    (t) => /^edge_active_calls\{edge="near"\} 3$/m.test(t),
  );
  expect((await edgeOf('near')).status).toMatchObject({ active_calls: 3, tls_expires_at: '2030-01-01T00:00:00.000Z' });
  silent.delete('near');
  for (const line of [
    'edge_tls_expiry_timestamp_seconds{edge="near"} 1893456000',
    'edge_up{edge="far"} 1',
    'edge_spool_records{edge="near"} 2',
    'edge_lost{edge="far"} 0',
    'edge_sweep_blocked{edge="far"} 0',
  ])
    expect(text.split('\n')).toContain(line);
  for (const name of ['edge_lag_versions', 'edge_lag_seconds', 'edge_tenants'])
    expect(text).toMatch(new RegExp(`^${name}\\{edge="far"\\} \\d+$`, 'm'));
  expect(text).toMatch(/^edge_propagation_seconds_bucket\{le="0.05",edge="near"\} \d+$/m);
});

describe('an edge that is lost', () => {
  it('is told of, its tenants move by themselves, and stay when it is back', async () => {
    const { id, call } = await tenantOn('far');
    const { body: trunk } = await call('POST', '/v1/trunks', { name: 'PBX', country: 'US', channels_max: 1, allowed_countries: ['US'] });
    silent.add('far');
    proxy.cut();
    await homeKnown(id, 'near', 'near');
    expect(await events('edge.lost')).toContainEqual({ edgeId: fromPublicId('edge', far().id), edge: 'far' });
    const { provisioning } = await eventually(
      async () => (await call('GET', `/v1/trunks/${trunk.id}`)).body,
      (t) => t.provisioning.state === 'applied',
    );
    expect(provisioning.edges).toMatchObject([{ edge: 'far', home: false, state: 'lost' }, { home: true, state: 'active' }]); // prettier-ignore

    proxy.become({});
    await far().agent.connect();
    silent.delete('far');
    await homeKnown(id, 'far', 'near'); // so it sends its callers there
    await eventually(() => edgeOf('far'), (e) => e.lost_at === null); // prettier-ignore
    expect(await events('edge.recovered')).toContainEqual({ edgeId: fromPublicId('edge', far().id), edge: 'far' });
    expect((await api.operator('GET', `/v1/tenants/${id}/home`)).body).toMatchObject({ edge: 'near', moved_from_edge_id: far().id });
  });
});
