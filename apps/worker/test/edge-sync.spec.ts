import type { INestApplicationContext } from '@nestjs/common';
import { EdgeGateway } from '@trunkline/edge/server';
import { fromPublicId, systemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { encodeCdrLine } from '@trunkline/edge-core';
import { FakeAgent, TEST_ENCRYPTION_KEY, queueUnderTest } from '@trunkline/testing';
import { ApiHarness } from '../../api/test/harness.ts';
import { ROLES } from '../src/config.ts';
import { createWorker } from '../src/create-worker.ts';
import { HealthServer } from '../src/health-server.ts';

const queue = queueUnderTest(); // runs on both kinds: see jest.config.mjs
const HOST = `127.0.${queue.net(40)}.2`;
const HEALTH_PORT = 24_302 + queue.net(0);
let api: ApiHarness;
let worker: INestApplicationContext;
let agent: FakeAgent;

beforeAll(async () => {
  api = await ApiHarness.start();
  const { appUrl, systemUrl } = api.database;
  worker = await createWorker(
    {
      DATABASE_URL: appUrl,
      SYSTEM_DATABASE_URL: systemUrl,
      DATABASE_POOL_MAX: 8,
      REDIS_URL: queue.redisUrl,
      WORKER_FINISH_MS: 15_000,
      WORKER_ROLES: [...ROLES],
      GATEWAY_HOST: HOST,
      GATEWAY_PORT: 0,
      WORKER_HEALTH_HOST: '127.0.0.1',
      WORKER_HEALTH_PORT: HEALTH_PORT,
      EDGE_LOST_AFTER_SECS: 30,
      EDGE_FAILOVER_AFTER_SECS: 120,
      ENCRYPTION_KEY: TEST_ENCRYPTION_KEY,
      SIP_REALM: 'sip.test',
      STRIPE_API_KEY: 'sk_test_emulator',
      STRIPE_API_URL: 'http://127.0.0.1:9',
      STRIPE_WEBHOOK_SECRET: 'whsec_test_secret',
      CALLS_KEPT_MONTHS: 13,
      ALLOW_PRIVATE_WEBHOOKS: false,
      DOCUMENTS_DIR: api.documentsDir,
      LOG_LEVEL: 'silent',
    },
    api.clock,
  );
  const { body: edge } = await api.operator('POST', '/v1/edges', { name: 'fra-1', sip_address: '127.0.40.3:5060' });
  agent = await FakeAgent.enrol(`http://${HOST}:${worker.get(EdgeGateway).port}`, edge.enrol_token);
  await agent.connect();
});
afterAll(async () => {
  await agent?.close();
  await worker?.close();
  await api?.stop();
});

const eventually = async <T>(ask: () => Promise<T>, test: (answer: T) => boolean): Promise<T> => {
  for (;;) {
    const answer = await ask();
    if (test(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
const trunk = { name: 'PBX', country: 'US', channels_max: 2, allowed_countries: ['US'] };

it('a trunk is live on the edge, and says so', async () => {
  const { call, id: tenantId } = await api.tenant('first');
  const { status, body } = await call('POST', '/v1/trunks', trunk);
  expect([status, body.provisioning.state]).toEqual([201, 'pending']);
  await agent.until('trunk', fromPublicId('trunk', body.id)!, (value) => value !== undefined);
  expect(JSON.parse(agent.entries.get(`tenant ${fromPublicId('tenant', tenantId)}`)!).home).toEqual({
    name: 'fra-1',
    sipAddress: '127.0.40.3:5060',
  });
  const { provisioning } = await eventually(
    async () => (await call('GET', `/v1/trunks/${body.id}`)).body,
    (t) => t.provisioning.state === 'applied',
  );
  expect(provisioning.edges).toMatchObject([{ edge: 'fra-1', home: true, applied_revision: 1 }]);

  const { body: changed } = await call('PATCH', `/v1/trunks/${body.id}`, { channels_max: 3 });
  expect(changed.provisioning).toMatchObject({ revision: 2 });
  await eventually(
    async () => (await call('GET', `/v1/trunks/${body.id}`)).body,
    (t) => t.provisioning.state === 'applied' && t.provisioning.revision === 2,
  );
});

it('is pending for as long as the edge does not acknowledge', async () => {
  const { call } = await api.tenant('second');
  agent.acknowledges = false;
  const { body } = await call('POST', '/v1/trunks', trunk);
  await agent.until('trunk', fromPublicId('trunk', body.id)!, (value) => value !== undefined);
  expect((await call('GET', `/v1/trunks/${body.id}`)).body.provisioning.state).toBe('pending');
  agent.acknowledges = true;
  agent.send({ type: 'applied', version: agent.cursor });
  await eventually(
    async () => (await call('GET', `/v1/trunks/${body.id}`)).body,
    (t) => t.provisioning.state === 'applied',
  );
});

it('a hold reaches the edge, and goes again', async () => {
  const { id } = await api.tenant('held');
  const holds = (value: string | undefined) => JSON.parse(value ?? '{}').holds?.join();
  await api.operator('POST', `/v1/tenants/${id}/place-hold`, { kind: 'billing', reason: 'unpaid' });
  await agent.until('tenant', fromPublicId('tenant', id)!, (value) => holds(value) === 'billing');
  await api.operator('POST', `/v1/tenants/${id}/lift-hold`, { kind: 'billing' });
  await agent.until('tenant', fromPublicId('tenant', id)!, (value) => holds(value) === '');
});

it('a call record is stored before it is acknowledged', async () => {
  const { call, id: tenantId } = await api.tenant('caller');
  const { body } = await call('POST', '/v1/trunks', trunk);
  const now = api.clock.now().getTime();
  const line = encodeCdrLine({
    uid: 'u1', kind: 'end', direction: 'outbound', outcome: 'failed', tenantId: fromPublicId('tenant', tenantId)!, trunkId: fromPublicId('trunk', body.id)!,
    carrierId: null, gateway: null, from: 'alice', to: '+12025550123', callerId: null, destination: '+12025550123', callId: 'c1', sourceAddress: '127.0.40.9',
    startedAtMs: now - 5_000, answeredAtMs: null, endedAtMs: now, sipCode: 486, reason: null, hangupBy: 'callee', attempts: [], attestation: null, estimated: false,
  }); // prettier-ignore
  agent.sendCdrs(1, [line]);
  expect((await agent.next('cdrs_stored')).batch).toBe(1);
  const calls = await worker.get(Database).read(systemContext('test'), ({ prisma }) => prisma.cdr.count());
  expect(calls).toBe(1);
});

it('the worker tells its health and its metrics, and serves nothing of the API', async () => {
  await worker.get(HealthServer).listen('127.0.0.1', HEALTH_PORT);
  const origin = `http://127.0.0.1:${HEALTH_PORT}`;
  expect((await fetch(`${origin}/health/live`)).status).toBe(200);
  expect((await fetch(`${origin}/v1/tenants`)).status).toBe(404);
  const metrics = await (await fetch(`${origin}/metrics`)).text();
  expect(metrics).toMatch(/^edge_connected 1$/m);
  expect(metrics).toMatch(/^edge_propagation_seconds_count\{edge="fra-1"\} [1-9]/m);
});

it('an edge shows how far it has come', async () => {
  agent.report({ active_calls: 3 });
  const { data } = await eventually(
    async () => (await api.operator('GET', '/v1/edges')).body,
    ({ data }) => data[0].status !== null && data[0].configuration.lag === 0,
  );
  expect(data).toMatchObject([{ name: 'fra-1', connected: true, status: { kamailio: 'up', active_calls: 3 } }]);
  expect(data[0].configuration).toMatchObject({ drifted_at: null, sweep_blocked: null });
});
