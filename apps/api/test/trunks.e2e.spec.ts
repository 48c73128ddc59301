import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

let api: ApiHarness;
let call: Call;
beforeAll(async () => {
  api = await ApiHarness.start();
  call = (await api.tenant()).call;
});
afterAll(() => api?.stop());

let n = 0;
const newTrunk = () => ({ name: `trunk ${++n}`, country: 'US', channels_max: 3 });
const create = async (body: object = {}) => (await call('POST', '/v1/trunks', { ...newTrunk(), ...body })).body;

describe('POST /v1/trunks', () => {
  it('201: opens a trunk that may call nowhere and is pending on the edges', async () => {
    const { status, body } = await call('POST', '/v1/trunks', newTrunk());
    expect(status).toBe(201);
    expect(body).toMatchObject({
      object: 'trunk',
      enabled: true,
      allowed_countries: [],
      inbound_routes: [],
      revision: 1,
      provisioning: { revision: 1, state: 'pending' },
    });
  });

  it.each([
    ['channels_max', 0],
    ['channels_max', 1.5],
    ['country', 'us'],
    ['name', 'bad\u0007name'],
    ['default_caller_id', '+1202555012345678'],
    ['default_caller_id', '2025550123'],
    ['allowed_countries', ['XXX']],
    ['inbound_routes', [{ uri: 'http://pbx', priority: 1 }]],
    ['inbound_routes', [{ uri: 'sip:a b', priority: 1 }]],
    ['max_call_secs', 0],
    ['max_call_secs', 86_401],
    ['inbound_routes', [{ uri: 'sip:pbx', priority: 1, weight: 0 }]],
    ['inbound_routes', [{ uri: 'sip:pbx', priority: 1, weight: 101 }]],
    ['reroute_codes', [299]],
    ['reroute_codes', [700]],
    ['reroute_codes', ['503']],
    ['disaster_recovery_uri', 'tel:+12025550100'],
    ['tenant_id', 'ten_x'],
    ['revision', 9],
  ])('400: %s = %j, by name', async (field, value) => {
    const { status, body } = await call('POST', '/v1/trunks', { ...newTrunk(), [field]: value });
    expect(status).toBe(400);
    expect(body.errors[0].pointer.split('/')[1]).toBe(field);
  });

  it('409: the name is taken', async () => {
    const trunk = await create();
    const { status, body } = await call('POST', '/v1/trunks', { ...newTrunk(), name: trunk.name });
    expect([status, body.code, body.errors[0].pointer]).toEqual([409, 'trunk.name_taken', '/name']);
  });

  it('409: a tenant without a plan', async () => {
    const { call: planless } = await api.tenant('No plan', undefined, { plan: false });
    expect((await planless('POST', '/v1/trunks', newTrunk())).body.code).toBe('plan.none_assigned');
  });

  it('charges the setup fee once, however often the request comes', async () => {
    const before = (await call('GET', '/v1/balance')).body.owed.amount;
    const body = newTrunk();
    const answers = await Promise.all(Array.from({ length: 10 }, () => call('POST', '/v1/trunks', body, { 'idempotency-key': 'once' })));
    expect(answers.filter((a) => a.status === 201).length).toBeGreaterThan(0);
    expect(answers.every((a) => a.status === 201 || a.body.code === 'idempotency.in_flight')).toBe(true);
    expect((await call('POST', '/v1/trunks', body, { 'idempotency-key': 'once' })).status).toBe(201);
    const after = (await call('GET', '/v1/balance')).body.owed.amount;
    expect(Number(after) - Number(before)).toBeCloseTo(3 * 0.5, 9); // three channels at 0.50
  });
});

describe('PATCH /v1/trunks/{id}', () => {
  it('200: merges and counts the revision up', async () => {
    const trunk = await create();
    const { body } = await call('PATCH', `/v1/trunks/${trunk.id}`, { allowed_countries: ['US'], channels_max: 5 });
    expect(body).toMatchObject({ name: trunk.name, allowed_countries: ['US'], channels_max: 5, revision: 2 });
  });
  it('200: every setting comes back as it was given, after a POST and after a PATCH', async () => {
    const given = {
      max_call_secs: 600,
      reroute_codes: [404, 503],
      disaster_recovery_uri: 'sip:backup.example.com',
      inbound_routes: [{ uri: 'sip:pbx.example.com', priority: 5, weight: 30 }],
    };
    const { id } = await create(given);
    const read = async () => (await call('GET', `/v1/trunks/${id}`)).body;
    expect(await read()).toMatchObject(given);
    const changes = [
      { max_call_secs: 60, reroute_codes: [], disaster_recovery_uri: 'sip:other.example.com' },
      { max_call_secs: null, reroute_codes: null, disaster_recovery_uri: null },
    ];
    for (const change of changes) {
      expect((await call('PATCH', `/v1/trunks/${id}`, change)).body).toMatchObject(change);
      expect(await read()).toMatchObject(change);
    }
  });
  it('200: a route without a weight has 1', async () => {
    const trunk = await create({ inbound_routes: [{ uri: 'sip:pbx.example.com', priority: 5 }] });
    expect(trunk.inbound_routes).toMatchObject([{ uri: 'sip:pbx.example.com', priority: 5, weight: 1 }]);
  });
  it('200: a change that changes nothing keeps the revision', async () => {
    const same = { inbound_routes: [{ uri: 'sip:pbx.example.com', priority: 5, weight: 30 }], reroute_codes: [503, 404] };
    const trunk = await create(same);
    for (const change of [{ name: trunk.name }, same])
      expect((await call('PATCH', `/v1/trunks/${trunk.id}`, change)).body.revision).toBe(1);
  });
  it('400: unknown field', async () => {
    const trunk = await create();
    expect((await call('PATCH', `/v1/trunks/${trunk.id}`, { channels: 5 })).body.errors[0]).toMatchObject({
      pointer: '/channels',
      code: 'unknown_field',
    });
  });
});

describe('DELETE /v1/trunks/{id}', () => {
  it('204, then it is gone and its name is free', async () => {
    const trunk = await create();
    expect((await call('DELETE', `/v1/trunks/${trunk.id}`)).status).toBe(204);
    expect((await call('GET', `/v1/trunks/${trunk.id}`)).status).toBe(404);
    expect((await call('POST', '/v1/trunks', { ...newTrunk(), name: trunk.name })).status).toBe(201);
  });
});

describe('credentials', () => {
  it('show the password once, and keep no trace of it in clear', async () => {
    const trunk = await create();
    const { status, body } = await call('POST', `/v1/trunks/${trunk.id}/credentials`);
    expect(status).toBe(201);
    expect(body).toMatchObject({ object: 'credential', realm: 'sip.test' });
    expect(body.password).toHaveLength(26);
    expect(JSON.stringify((await call('GET', `/v1/trunks/${trunk.id}/credentials`)).body)).not.toContain(body.password);
  });
  it('are revoked once', async () => {
    const trunk = await create();
    const { body } = await call('POST', `/v1/trunks/${trunk.id}/credentials`);
    const first = await call('POST', `/v1/trunks/${trunk.id}/credentials/${body.id}/revoke`);
    const again = await call('POST', `/v1/trunks/${trunk.id}/credentials/${body.id}/revoke`);
    expect(first.body.revoked_at).not.toBeNull();
    expect(again.body.revoked_at).toBe(first.body.revoked_at);
  });
});

it('lists newest first', async () => {
  const trunk = await create();
  expect((await call('GET', '/v1/trunks?limit=1')).body.data[0].id).toBe(trunk.id);
});

it('shows which inbound routes answer, as edges found out', async () => {
  const routes = ['sip:alive.example.com', 'sip:dead.example.com:5080', 'sips:secret.example.com', 'sip:new.example.com'];
  const { id, inbound_routes } = await create({ inbound_routes: routes.map((uri) => ({ uri, priority: 1 })) });
  const health = async () => (await call('GET', `/v1/trunks/${id}`)).body.inbound_routes.map((r: { health: string }) => r.health);
  expect(inbound_routes[0].health).toBe('unknown');
  expect(await health()).toEqual(routes.map(() => 'unknown'));
  await api.edgeSaying({ complete: true, down: ['dead.example.com:5080'], unknown: ['new.example.com'] });
  expect(await health()).toEqual(['up', 'down', 'unknown', 'unknown']);
});
