import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { INestApplicationContext } from '@nestjs/common';
import { StoreCdrs } from '@trunkline/cdr/server';
import { encodeCdrLine } from '@trunkline/edge-core';
import { fromPublicId, newId } from '@trunkline/kernel';
import { queueUnderTest } from '@trunkline/testing';
import { Webhook } from 'standardwebhooks';
import { ApiHarness } from '../../../api/test/harness.ts';
import type { Call } from '../../../api/test/harness.ts';
import { startWorker } from '../start-worker.ts';

// A customer's CRM: what happens on the platform arrives there, through outbox, queue and sender, and its signature is good.
type Received = { readonly headers: IncomingHttpHeaders; readonly body: string };

const queue = queueUnderTest(); // runs on both kinds: see jest.config.mjs
const CRM = `127.0.${queue.net(60)}.7`;

let api: ApiHarness;
let worker: INestApplicationContext;
let crm: Server;
let tenant: { id: string; call: Call };
let secret: string;
let down = false;
const received: Received[] = [];

beforeAll(async () => {
  crm = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (!down) received.push({ headers: request.headers, body });
      response.writeHead(down ? 503 : 200).end();
    });
  }).listen(31_070, CRM);
  await once(crm, 'listening');
  api = await ApiHarness.start({ ALLOW_PRIVATE_WEBHOOKS: true });
  worker = await startWorker(api, {
    WORKER_ROLES: ['jobs'],
    GATEWAY_HOST: '127.0.0.1',
    REDIS_URL: queue.redisUrl,
    ALLOW_PRIVATE_WEBHOOKS: true,
  });
  tenant = await api.tenant('Has a CRM');
  ({ secret } = (await tenant.call('POST', '/v1/webhook-endpoints', { url: `http://${CRM}:31070/hook` })).body);
});
afterAll(async () => {
  await worker?.close();
  await api?.stop();
  crm?.closeAllConnections();
  crm?.close();
});

/** Stores a call of 61 s to +1 as an edge sends it. */
const storeCall = async (tenantId: string, uid: string): Promise<void> => {
  const startedAtMs = api.clock.now().getTime();
  const line = encodeCdrLine({
    uid,
    kind: 'end',
    direction: 'outbound',
    outcome: 'answered',
    tenantId: fromPublicId('tenant', tenantId) ?? '',
    trunkId: null,
    carrierId: null,
    gateway: null,
    from: '+12025550142',
    to: '12025550199',
    callerId: '+12025550142',
    destination: '+12025550199',
    callId: uid,
    sourceAddress: '127.0.61.1',
    startedAtMs,
    answeredAtMs: startedAtMs + 4_000,
    endedAtMs: startedAtMs + 65_000,
    sipCode: 200,
    reason: null,
    hangupBy: 'callee',
    attempts: [],
    attestation: null,
    estimated: false,
  });
  await worker.get(StoreCdrs, { strict: false }).execute({ id: newId() }, [line]);
};

/** Asks until there is an answer; gives up within the time of a test. */
const eventually = async <T>(ask: () => T | Promise<T>, what: string): Promise<NonNullable<T>> => {
  for (const end = performance.now() + 50_000; performance.now() < end;) {
    const answer = await ask();
    if (answer) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`${what} did not come`);
};

/** Waits until so many messages of a type have come; what else comes is no matter. */
const arrived = (type: string, count = 1): Promise<{ data: Record<string, unknown>; id: string }[]> =>
  eventually(() => {
    const found = received.flatMap(({ headers, body }) => {
      const message = JSON.parse(body) as { type: string; data: Record<string, unknown> };
      return message.type === type ? [{ data: message.data, id: String(headers['webhook-id']) }] : [];
    });
    return found.length >= count ? found : undefined;
  }, type);

it('hears of a trunk, a number and a call, each signed', async () => {
  const { body: trunk } = await tenant.call('POST', '/v1/trunks', { name: 'Office', country: 'US', channels_max: 2 });
  expect((await arrived('trunk.created'))[0]?.data).toEqual({ trunk_id: trunk.id });
  await api.operator('POST', '/v1/number-imports', 'number\n+12025550142\n');
  const { body: number } = await tenant.call('POST', '/v1/numbers', { number: '+12025550142', trunk_id: trunk.id });
  expect((await arrived('number.assigned'))[0]?.data).toMatchObject({ number_id: number.id, e164: '+12025550142', trunk_id: trunk.id });
  await storeCall(tenant.id, 'crm');
  const [completed] = await arrived('call.completed');
  expect(completed?.data).toEqual((await tenant.call('GET', '/v1/calls')).body.data[0]);
  for (const { headers, body } of received) expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow();
});

it('hears later of what happened while it was down', async () => {
  down = true;
  const { body: trunk } = await tenant.call('POST', '/v1/trunks', { name: 'Branch', country: 'US', channels_max: 1 });
  const failed = async () => (await tenant.call('GET', '/v1/webhook-deliveries?state=pending&event_type=trunk.created')).body.data;
  await eventually(async () => (await failed())[0]?.attempt_count, 'a failed attempt');
  down = false;
  api.clock.advance({ seconds: 5 });
  expect((await arrived('trunk.created', 2)).at(-1)?.data).toEqual({ trunk_id: trunk.id });
});

it('has its file of calls announced when it is made', async () => {
  const { body } = await tenant.call('POST', '/v1/call-exports', { format: 'ndjson' });
  expect((await arrived('call_export.completed'))[0]?.data).toEqual({ call_export_id: body.id, row_count: 1 });
  expect((await tenant.call('GET', `/v1/call-exports/${body.id}/download`)).status).toBe(200);
});

it('has calls rated by themselves when their prices come', async () => {
  const { id, call } = await api.tenant('Late prices', undefined, { plan: false });
  await storeCall(id, 'late');
  expect((await call('GET', '/v1/calls')).body.data[0].rating.state).toBe('unrated');
  await api.operator('POST', '/v1/plan-assignments', { tenant_id: id, plan_id: (await api.prices()).planId });
  await eventually(async () => (await call('GET', '/v1/calls')).body.data[0].rating.state !== 'unrated', 'a rate');
  expect((await call('GET', '/v1/balance')).body.owed.amount).toBe('0.66');
});
