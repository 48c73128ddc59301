import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { INestApplicationContext } from '@nestjs/common';
import { fromPublicId } from '@trunkline/kernel';
import { createTestContext, startBandwidthEmulator, understood, validationOf } from '@trunkline/testing';
import type { BandwidthEmulator } from '@trunkline/testing';
import { FanOutEvent, SendWebhooks, WebhookSenderModule } from '@trunkline/webhooks/server';
import pg from 'pg';
import { ApiHarness } from './harness.ts';

/** Whom ports talk to: a URL that the tenant names for one port, and a carrier that waits on the line and speaks XML. */
let api: ApiHarness;
let owner: pg.Client;
let sender: INestApplicationContext;
let receiver: Server;
let bandwidth: BandwidthEmulator;
let received: { path: string; type: string; data: Record<string, unknown> }[] = [];
let origin: string;
let ann: Awaited<ReturnType<ApiHarness['tenant']>>;

beforeAll(async () => {
  bandwidth = await startBandwidthEmulator();
  api = await ApiHarness.start({
    ALLOW_PRIVATE_WEBHOOKS: true,
    BANDWIDTH_ACCOUNT_ID: bandwidth.accountId,
    BANDWIDTH_USER: bandwidth.user,
    BANDWIDTH_PASSWORD: bandwidth.password,
    BANDWIDTH_SITE_ID: '1',
    BANDWIDTH_CALLBACK_USER: 'bw',
    BANDWIDTH_CALLBACK_PASSWORD: 'callback-password',
    BANDWIDTH_API_URL: bandwidth.url,
  });
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { type, data } = JSON.parse(body) as { type: string; data: Record<string, unknown> };
      received.push({ path: request.url ?? '', type, data });
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  sender = await createTestContext(api.database, [WebhookSenderModule.of({ allowPrivate: true, loop: false })], api.clock);
  ann = await api.tenant('Ann');
});
afterAll(async () => {
  receiver?.closeAllConnections();
  receiver?.close();
  await sender?.close();
  await owner?.end();
  await api?.stop();
  await bandwidth?.stop();
});

/** What the worker does with all that was published. */
const deliver = async (): Promise<void> => {
  const { rows } = await owner.query(`SELECT id, tenant_id, type, payload FROM outbox ORDER BY id`);
  for (const { id: eventId, tenant_id: tenantId, type, payload: data } of rows)
    await sender.get(FanOutEvent).execute({ eventId, tenantId, type, data });
  await sender.get(SendWebhooks).drain();
};
const draft = (number: string, webhook_url?: string | null, headers: Record<string, string> = {}) =>
  ann.call('POST', '/v1/port-projects', { numbers: [number], ...(webhook_url !== undefined && { webhook_url }) }, headers);

describe('the webhook_url of a port project', () => {
  it('is told of that project and its orders alone, by an endpoint as any other', async () => {
    const { status, body } = await draft('+12125570001', `${origin}/mine`);
    expect([status, body.webhook]).toEqual([
      201,
      { endpoint_id: expect.stringMatching(/^whe_/), url: `${origin}/mine`, secret: expect.stringMatching(/^whsec_/) },
    ]);
    const other = (await draft('+12125570002')).body;
    expect([other.webhook, (await draft('+12125570003', null)).body.webhook]).toEqual([null, null]);
    for (const { id } of [body, other]) await ann.call('POST', `/v1/port-projects/${id}/check`);
    await deliver();
    const told = received.filter((r) => r.path === '/mine');
    expect(told.map((r) => r.type).sort()).toEqual(['port_order.validating', 'port_project.created']);
    expect(new Set(told.map((r) => r.data['port_project_id']))).toEqual(new Set([body.id]));
    const endpoint = await ann.call('GET', `/v1/webhook-endpoints/${body.webhook.endpoint_id}`);
    expect(endpoint.body).toMatchObject({ only_about: body.id, url: `${origin}/mine`, event_types: ['*'], state: 'enabled' });
    expect((await ann.call('GET', `/v1/port-projects/${body.id}`)).body).not.toHaveProperty('webhook');
    received = [];
    await ann.call('DELETE', `/v1/webhook-endpoints/${body.webhook.endpoint_id}`);
    await deliver();
    expect(received).toEqual([]);
  });

  it('is made once with its project, and shown again to whoever repeats the request', async () => {
    const headers = { 'idempotency-key': 'port-hook' };
    const first = await draft('+12125570010', `${origin}/once`, headers);
    const again = await draft('+12125570010', `${origin}/once`, headers);
    expect([again.status, again.body]).toEqual([201, first.body]);
    const { data } = (await ann.call('GET', '/v1/webhook-endpoints?limit=100')).body;
    expect(data.filter((e: { url: string }) => e.url === `${origin}/once`)).toHaveLength(1);
  });

  it.each(['https://u:p@example.com/', 'ftp://example.com/', 'x'])('400: for %s, and nothing is drafted', async (url) => {
    expect(await draft('+12125570020', url)).toMatchObject({ status: 400, body: { code: 'webhook.url_refused', errors: [{ pointer: '/webhook_url' }] } }); // prettier-ignore
    expect((await draft('+12125570020')).status).toBe(201); // its number is free
    await owner.query(`DELETE FROM port_number WHERE e164 = '+12125570020'`);
  });

  it('goes with a project that is not made', async () => {
    await draft('+12125570030');
    expect((await draft('+12125570030', `${origin}/never`)).body.code).toBe('port_order.number_unavailable');
    const { data } = (await ann.call('GET', '/v1/webhook-endpoints?limit=100')).body;
    expect(data.filter((e: { url: string }) => e.url === `${origin}/never`)).toEqual([]);
  });

  it('is there in the graph too', async () => {
    const query = `mutation { createPortProject(input: { numbers: ["+12125570040"], webhookUrl: "${origin}/graph" }) { id webhook { endpointId url secret } orders { state } } }`;
    const { data } = (await ann.call('POST', '/graphql', { query })).body;
    expect(data.createPortProject).toMatchObject({
      webhook: { endpointId: expect.stringMatching(/^whe_/), url: `${origin}/graph`, secret: expect.stringMatching(/^whsec_/) },
      orders: [{ state: 'draft' }],
    });
  });
});

describe('a carrier on the line', () => {
  const authorization = `Basic ${Buffer.from('bw:callback-password').toString('base64')}`;
  const ask = (numbers: readonly string[], headers: Record<string, string> = {}) =>
    api.as(undefined)('POST', '/v1/carriers/port-out-requests', Buffer.from(validationOf({ pon: 'PON-1', numbers })), {
      'content-type': 'application/xml',
      authorization,
      ...headers,
    });

  it('asks in XML and is answered in XML, and not without its password', async () => {
    await api.operator('POST', '/v1/number-imports', 'number\n+12025550171\n');
    const { id } = (await ann.call('POST', '/v1/numbers', { number: '+12025550171' })).body;
    await ann.call('PATCH', `/v1/numbers/${id}/port-out-protection`, { locked: true });
    const refused = await ask(['2025550171']);
    expect([refused.headers['content-type'], understood(refused.status, refused.body)]).toEqual([
      expect.stringContaining('application/xml'),
      { outcome: 'exception', code: '7598' },
    ]);
    expect((await ask(['2025550171'], { authorization: 'Basic Zm9vOmJhcg==' })).body.code).toBe('porting.bad_signature');
    const { data } = (await ann.call('GET', '/v1/port-outs')).body;
    expect(data).toMatchObject([{ state: 'rejected', reason: 'PORT_LOCK', on_the_line: true, purchase_order: 'PON-1' }]);
    const { rows } = await owner.query(`SELECT DISTINCT tenant_id FROM port_out`);
    expect(rows).toEqual([{ tenant_id: fromPublicId('tenant', ann.id) }]);
  });

  it('tells of port-ins in XML too', async () => {
    const notice = '<Notification><OrderId>a</OrderId><OrderType>portins</OrderType><Status>FOC</Status></Notification>';
    const headers = { 'content-type': 'text/xml', authorization };
    expect((await api.as(undefined)('POST', '/v1/carriers/port-events', Buffer.from(notice), headers)).status).toBe(200);
  });
});
