import { fromPublicId } from '@trunkline/kernel';
import pg from 'pg';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { endedCall, storeCalls } from './store-calls.ts';

let api: ApiHarness;
let owner: pg.Client;
let call: Call;
let id: string; // of the tenant
beforeAll(async () => {
  api = await ApiHarness.start();
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await api?.stop();
});
beforeEach(async () => ({ call, id } = await api.tenant('Listens')));

const URL = 'https://example.com/hook';
const make = async (body: object = {}) => (await call('POST', '/v1/webhook-endpoints', { url: URL, ...body })).body;
const NONE = 'whe_00000000000000000000000000';

describe('POST /v1/webhook-endpoints', () => {
  it('201: shows the secret this once, and listens to everything unless told', async () => {
    const { status, body } = await call('POST', '/v1/webhook-endpoints', { url: URL });
    expect([status, body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^whe_/),
        only_about: null,
        object: 'webhook_endpoint',
        url: URL,
        description: null,
        event_types: ['*'],
        state: 'enabled',
        disabled_reason: null,
        disabled_at: null,
        public_key: expect.stringMatching(/^whpk_[A-Za-z0-9+/]{43}=$/),
        previous_secret_until: null,
        last_success_at: null,
        revision: 1,
        created_at: api.clock.now().toISOString(),
        updated_at: api.clock.now().toISOString(),
        secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
      },
    ]);
    const { secret: _, ...shown } = body;
    expect((await call('GET', `/v1/webhook-endpoints/${body.id}`)).body).toEqual(shown);
    expect((await call('GET', '/v1/webhook-endpoints')).body).toEqual({ data: [shown], next_cursor: null });
  });

  it('201: a repeat with its key makes no second endpoint and shows the same secret', async () => {
    const headers = { 'idempotency-key': 'hook' };
    const first = await call('POST', '/v1/webhook-endpoints', { url: URL }, headers);
    expect((await call('POST', '/v1/webhook-endpoints', { url: URL }, headers)).body).toEqual(first.body);
    expect((await call('GET', '/v1/webhook-endpoints')).body.data).toHaveLength(1);
  });

  it.each([
    'http://example.com/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://10.0.0.1/',
    'https://example.com:22/',
    'https://u:p@example.com/',
    'x',
  ])(
    '400: for the URL %s',
    async (url) => expect(await call('POST', '/v1/webhook-endpoints', { url })).toMatchObject({ status: 400, body: { code: 'webhook.url_refused', errors: [{ pointer: '/url' }] } }), // prettier-ignore
  );

  it('400: for events that there are not', async () => {
    for (const type of ['trunk.exploded', 'deck.*', '', 'payment_event.received'])
      expect((await call('POST', '/v1/webhook-endpoints', { url: URL, event_types: [type] })).body.errors[0].pointer).toBe(
        '/event_types/0',
      );
    expect((await call('POST', '/v1/webhook-endpoints', { url: URL, event_types: [] })).body.errors[0].pointer).toBe('/event_types');
  });

  it('409: beyond twenty, also all at once', async () => {
    const answers = await Promise.all(Array.from({ length: 24 }, () => call('POST', '/v1/webhook-endpoints', { url: URL })));
    expect(answers.filter((a) => a.status === 201)).toHaveLength(20);
    expect(answers.find((a) => a.status !== 201)).toMatchObject({ status: 409, body: { code: 'webhook.too_many_endpoints' } });
  });
});

describe('PATCH, DELETE, enable, disable, rotate', () => {
  it('200: changes what is named and leaves the rest', async () => {
    const { id: endpoint } = await make({ description: 'CRM' });
    const { body } = await call('PATCH', `/v1/webhook-endpoints/${endpoint}`, { event_types: ['call.*'] });
    expect(body).toMatchObject({ url: URL, description: 'CRM', event_types: ['call.*'] });
    expect((await call('PATCH', `/v1/webhook-endpoints/${endpoint}`, { description: null })).body).toMatchObject({ description: null, event_types: ['call.*'] }); // prettier-ignore
    expect((await call('PATCH', `/v1/webhook-endpoints/${endpoint}`, { url: 'https://127.1/' })).body.code).toBe('webhook.url_refused');
  });

  it('200: stops and goes on, each as often as one likes', async () => {
    const { id: endpoint } = await make();
    for (const [verb, state] of [
      ['disable', 'disabled'],
      ['disable', 'disabled'],
      ['enable', 'enabled'],
      ['enable', 'enabled'],
    ])
      // prettier-ignore
      expect((await call('POST', `/v1/webhook-endpoints/${endpoint}/${verb}`)).body).toMatchObject({ state });
    await call('POST', `/v1/webhook-endpoints/${endpoint}/disable`);
    for (const [verb, body] of [['ping', undefined], ['replay', { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' }]] as const) // prettier-ignore
      expect(await call('POST', `/v1/webhook-endpoints/${endpoint}/${verb}`, body)).toMatchObject({ status: 409, body: { code: 'webhook.endpoint_disabled' } }); // prettier-ignore
  });

  it('200: gives another secret, and says until when the old one signs too', async () => {
    const { id: endpoint, secret, public_key } = await make();
    const { body } = await call('POST', `/v1/webhook-endpoints/${endpoint}/rotate-secret`, { overlap_secs: 60 });
    expect(body.previous_secret_until).toBe(new Date(api.clock.now().getTime() + 60_000).toISOString());
    expect([body.secret === secret, body.public_key === public_key]).toEqual([false, false]);
    expect((await call('POST', `/v1/webhook-endpoints/${endpoint}/rotate-secret`, { overlap_secs: -1 })).body.errors[0].pointer).toBe(
      '/overlap_secs',
    );
  });

  it('204: deletes; then 404', async () => {
    const { id: endpoint } = await make();
    expect((await call('DELETE', `/v1/webhook-endpoints/${endpoint}`)).status).toBe(204);
    expect((await call('DELETE', `/v1/webhook-endpoints/${endpoint}`)).status).toBe(404);
    expect((await call('GET', '/v1/webhook-endpoints')).body.data).toEqual([]);
    expect((await call('GET', `/v1/webhook-endpoints/${NONE}`)).status).toBe(404);
  });

  it('403: reading is not writing', async () => {
    const { call: reader } = await api.tenant('Reads', ['webhooks:read']);
    expect((await reader('POST', '/v1/webhook-endpoints', { url: URL })).body.code).toBe('auth.scope_missing');
    expect((await reader('GET', '/v1/webhook-deliveries')).status).toBe(200);
  });
});

describe('GET /v1/webhook-deliveries', () => {
  it('200: shows what is to be sent, by endpoint, state, event and time; one with its body; 404 for none', async () => {
    const [a, b] = [await make(), await make()];
    const { status, body: ping } = await call('POST', `/v1/webhook-endpoints/${a.id}/ping`);
    expect([status, ping]).toEqual([
      201,
      {
        id: expect.stringMatching(/^whd_/),
        object: 'webhook_delivery',
        endpoint_id: a.id,
        message_id: expect.stringMatching(/^evt_/),
        event_type: 'webhook.ping',
        state: 'pending',
        attempt_count: 0,
        next_attempt_at: api.clock.now().toISOString(),
        created_at: api.clock.now().toISOString(),
      },
    ]);
    const count = async (query: string) => (await call('GET', `/v1/webhook-deliveries?${query}`)).body.data.length;
    expect([await count(''), await count(`endpoint_id=${a.id}`), await count(`endpoint_id=${b.id}`)]).toEqual([1, 1, 0]);
    expect([await count('state=pending'), await count('state=failed'), await count('event_type=trunk.created')]).toEqual([1, 0, 0]);
    expect(await count(`from=${new Date(api.clock.now().getTime() + 1).toISOString()}`)).toBe(0);
    const { body: detail } = await call('GET', `/v1/webhook-deliveries/${ping.id}`);
    expect([JSON.parse(detail.body).data, detail.attempts]).toEqual([{ webhook_endpoint_id: a.id }, []]);
    expect((await call('POST', `/v1/webhook-deliveries/${ping.id}/replay`)).body).toEqual(ping);
    for (const url of ['', '/replay']) expect((await call(url ? 'POST' : 'GET', `/v1/webhook-deliveries/whd_00000000000000000000000000${url}`)).status).toBe(404); // prettier-ignore
    expect((await call('GET', '/v1/webhook-deliveries?state=odd')).body.errors[0].pointer).toBe('/query/state');
  });

  it('200: replays a span, and counts', async () => {
    const { id: endpoint } = await make();
    await call('POST', `/v1/webhook-endpoints/${endpoint}/ping`);
    const now = api.clock.now().getTime();
    const span = (from: number, to: number, more = {}) =>
      call('POST', `/v1/webhook-endpoints/${endpoint}/replay`, {
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        ...more,
      });
    expect((await span(now - 1, now + 1)).body).toEqual({ object: 'webhook_replay', count: 1 });
    expect((await span(now - 1, now + 1, { states: ['failed'] })).body.count).toBe(0);
    expect((await span(now - 9, now)).body.count).toBe(0);
    expect((await call('POST', `/v1/webhook-endpoints/${endpoint}/replay`, {})).body.errors.map((e: { pointer: string }) => e.pointer)).toEqual(['/from', '/to']); // prettier-ignore
  });
});

describe('call.completed', () => {
  const uuid = () => fromPublicId('tenant', id) ?? '';
  const published = async () =>
    (await owner.query(`SELECT payload FROM outbox WHERE tenant_id = $1 AND type = 'call.completed'`, [uuid()])).rows;

  it('is published with the call that is stored, as the API shows it, once', async () => {
    await make({ event_types: ['call.completed'] });
    const record = endedCall(api, { uid: `listens-${uuid()}`, tenantId: uuid() });
    await storeCalls(api, record);
    await storeCalls(api, record);
    const { body } = await call('GET', '/v1/calls');
    expect(body.data).toHaveLength(1);
    expect(await published()).toEqual([{ payload: body.data[0] }]);
  });

  it('is not published for who does not listen: not at all, to something else, or not any more', async () => {
    const store = (n: number) => storeCalls(api, endedCall(api, { uid: `quiet-${n}-${uuid()}`, tenantId: uuid() }));
    await store(1);
    await make({ event_types: ['trunk.*'] });
    await store(2);
    const { id: endpoint } = await make({ event_types: ['call.*'] });
    await call('POST', `/v1/webhook-endpoints/${endpoint}/disable`);
    await store(3);
    expect(await published()).toEqual([]);
    await call('POST', `/v1/webhook-endpoints/${endpoint}/enable`);
    await store(4);
    expect(await published()).toHaveLength(1);
  });
});
