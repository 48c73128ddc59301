import { fromPublicId } from '@trunkline/kernel';
import { LiveEvents, SubscriptionServer } from '@trunkline/platform';
import { ask } from './graphql-queries.ts';
import { GraphClient } from './graph-client.ts';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { ORIGIN, memberOf } from './people.ts';
import { endedCall, storeCalls } from './store-calls.ts';

let api: ApiHarness;
let one: { id: string; call: Call; key: string };
let other: { id: string; call: Call; key: string };
const clients: GraphClient[] = [];
beforeAll(async () => {
  api = await ApiHarness.start({ TRUSTED_PROXIES: '127.0.0.1' });
  one = await api.tenant('One');
  other = await api.tenant('Other');
});
afterEach(() => clients.splice(0).forEach((client) => client.close()));
afterAll(() => api?.stop());

const as = async (key: string, params?: object): Promise<GraphClient> => {
  const client = await GraphClient.as(api, key, params);
  clients.push(client);
  return client;
};
const open = async (...args: [string?, string?]): Promise<GraphClient> => {
  const client = await GraphClient.open(api, ...args);
  clients.push(client);
  return client;
};
const TRUNKS = 'subscription { trunkChanged { event id trunk { name provisioning { state } } } }';
const create = async (call: Call, name: string): Promise<string> =>
  (await call('POST', '/v1/trunks', { name, country: 'US', channels_max: 1 })).body.id;

describe('what is told', () => {
  it('a trunk that is created, changed and deleted, in that order', async () => {
    const client = await as(one.key);
    await client.subscribe('1', TRUNKS);
    const id = await create(one.call, 'told');
    await one.call('PATCH', `/v1/trunks/${id}`, { channels_max: 2 });
    await client.until(() => client.of('next', '1').length >= 2);
    await one.call('DELETE', `/v1/trunks/${id}`);
    await client.until(() => client.of('next', '1').length >= 3);
    const events = client.of('next', '1').map(({ payload }) => payload.data.trunkChanged);
    expect(events.map(({ event, id: of }) => [event, of])).toEqual(['created', 'updated', 'deleted'].map((what) => [`trunk.${what}`, id]));
    expect(events[0].trunk).toEqual({ name: 'told', provisioning: { state: 'pending' } });
    expect(events[2].trunk).toBeNull();
  });

  it('as it is then, each time', async () => {
    const id = await create(one.call, 'before');
    const client = await as(one.key);
    await client.subscribe('1', 'subscription($id: ID) { trunkChanged(id: $id) { trunk { name } } }', { id });
    for (const name of ['first', 'second']) {
      const seen = client.of('next', '1').length;
      await one.call('PATCH', `/v1/trunks/${id}`, { name });
      await client.until(() => client.of('next', '1').length > seen);
    }
    expect(client.of('next', '1').map(({ payload }) => payload.data.trunkChanged.trunk.name)).toEqual(['first', 'second']);
  });

  it('a number, an invoice and the balance', async () => {
    await api.operator('POST', '/v1/number-imports', 'number\n+12025550171\n');
    const client = await as(other.key);
    await client.subscribe('n', 'subscription { numberChanged { event number { number } } }');
    await client.subscribe('i', 'subscription { invoiceChanged { event invoice { total { amount } lines { category } } } }');
    await client.subscribe('b', 'subscription { balanceMoved { owed { currency } } }');
    await other.call('POST', '/v1/numbers', { number: '+12025550171' });
    const month = api.clock.now().toISOString().slice(0, 7);
    api.clock.advance({ days: 32 });
    await api.operator('POST', '/v1/invoice-runs', { month });
    await client.until(() => ['n', 'i', 'b'].every((id) => client.of('next', id).length > 0));
    expect(client.of('next', 'n')[0]?.payload.data.numberChanged).toEqual({ event: 'number.ordered', number: { number: '+12025550171' } });
    expect(client.of('next', 'i')[0]?.payload.data.invoiceChanged.event).toBe('invoice.issued');
    expect(client.of('next', 'b')[0]?.payload.data.balanceMoved.owed.currency).toBe('USD');
  });

  it('calls as they end, though nobody else listens to them', async () => {
    const client = await as(one.key);
    await client.subscribe('1', 'subscription { callCompleted { id direction rating { state } } }');
    const tenantId = fromPublicId('tenant', one.id) ?? '';
    let n = 0;
    await client.until(
      () => client.of('next', '1').length > 0,
      () => storeCalls(api, endedCall(api, { uid: `live-${n++}`, tenantId })),
    );
    const { id } = client.of('next', '1')[0]?.payload.data.callCompleted;
    expect((await one.call('GET', `/v1/calls/${id}`)).body).toMatchObject({ id, direction: 'outbound' });
  });

  it('nothing after complete, and the other subscriptions go on', async () => {
    const client = await as(one.key);
    await client.subscribe('1', TRUNKS);
    await client.subscribe('2', TRUNKS);
    client.say({ id: '1', type: 'complete' });
    await client.ping();
    await create(one.call, 'after complete');
    await client.until(() => client.of('next', '2').length > 0);
    expect(client.of('next', '1')).toEqual([]);
  });

  it('to an operator what happens in the tenant that it names', async () => {
    const { body } = await api.operator('POST', '/v1/api-keys', { name: 'x', scopes: ['trunks:read'] }, { 'trunkline-tenant': one.id });
    expect(body.secret).toBeDefined();
    const client = await as(api.operatorKey, { trunklineTenant: one.id });
    await client.subscribe('1', TRUNKS);
    await create(one.call, 'seen by the operator');
    await client.until(() => client.of('next', '1').length > 0);
  });
});

describe('tenants', () => {
  it('hear of nothing that happens in another', async () => {
    const [mine, theirs] = [await as(one.key), await as(other.key)];
    await mine.subscribe('1', TRUNKS);
    await theirs.subscribe('1', TRUNKS);
    const foreign = await create(one.call, 'not for others');
    await theirs.subscribe('2', 'subscription($id: ID) { trunkChanged(id: $id) { id } }', { id: foreign });
    await one.call('PATCH', `/v1/trunks/${foreign}`, { channels_max: 3 });
    await create(other.call, 'for others');
    await mine.until(() => mine.of('next', '1').length >= 2);
    await theirs.until(() => theirs.of('next', '1').length >= 1);
    expect(JSON.stringify(theirs.received)).not.toContain(foreign);
    expect(theirs.of('next', '1').map(({ payload }) => payload.data.trunkChanged.trunk.name)).toEqual(['for others']);
    expect(theirs.of('next', '2')).toEqual([]);
    expect(mine.of('next', '1').map(({ payload }) => payload.data.trunkChanged.id)).toEqual([foreign, foreign]);
  });

  it.each(['trk_x', 'num_01kaq8x4s7fyz8m2q0w3e5r6t7', ''])('are told of a malformed id: %j', async (id) => {
    const client = await as(one.key);
    await client.subscribe('1', 'subscription($id: ID) { trunkChanged(id: $id) { id } }', { id });
    await client.until(() => client.of('complete', '1').length > 0);
    expect(client.of('next', '1')[0]?.payload.errors[0].extensions.code).toBe('resource.not_found');
  });
});

describe('a key', () => {
  it.each([
    ['none', {}],
    ['one that is none', { authorization: 'Bearer tl_live_000000000000000000000000000000000000' }],
    ['another scheme', { authorization: 'Basic x' }],
  ])('%s: the socket is closed', async (_, payload) => {
    const client = await open();
    client.say({ type: 'connection_init', payload });
    await client.until(() => client.closed !== undefined);
    expect(client.closed?.code).toBe(4401);
  });

  it('that lacks the scope is told so, and keeps its socket', async () => {
    const { key } = await api.tenant('Narrow', ['numbers:read']);
    const client = await as(key);
    await client.subscribe('1', TRUNKS);
    await client.until(() => client.of('complete', '1').length > 0);
    expect(client.of('next', '1')[0]?.payload.errors[0].extensions).toMatchObject({ code: 'auth.scope_missing', status: 403 });
    expect(client.closed).toBeUndefined();
  });

  it('that is revoked ends its sockets: no event is told any more', async () => {
    const { body } = await one.call('POST', '/v1/api-keys', { name: 'to go', scopes: ['trunks:read'] });
    const [told, idle] = [await as(body.secret), await as(body.secret)];
    await told.subscribe('1', TRUNKS);
    await one.call('POST', `/v1/api-keys/${body.id}/revoke`);
    await create(one.call, 'after it was revoked');
    await told.until(() => told.closed !== undefined);
    expect([told.closed?.code, told.of('next')]).toEqual([4401, []]);
    await api.app.get(SubscriptionServer).look();
    await idle.until(() => idle.closed !== undefined);
    expect(idle.closed?.code).toBe(4401);
  });

  it('that is bound to addresses is let in from there alone, as the proxy saw it', async () => {
    const limits = { scopes: ['trunks:read'], allowed_networks: ['198.51.100.0/24'] };
    const { body } = await one.call('POST', '/v1/api-keys', { name: 'bound', ...limits });
    const from = async (headers: object) => {
      const client = await GraphClient.open(api, undefined, undefined, headers);
      clients.push(client);
      return (await client.init({ authorization: `Bearer ${body.secret}` })).closed?.code;
    };
    expect(await from({ 'x-forwarded-for': '203.0.113.1, 198.51.100.7' })).toBeUndefined();
    for (const headers of [{}, { 'x-forwarded-for': '198.51.100.7, 203.0.113.1' }]) expect(await from(headers)).toBe(4401);
  });

  it('of an operator that names no tenant there is is refused', async () => {
    const client = await as(api.operatorKey, { trunklineTenant: 'ten_x' });
    expect(client.closed?.code).toBe(4403);
  });

  it('hears of a tenant below its own that it names, and of no other', async () => {
    const reseller = await api.tenant('Reseller', undefined, { allotment: { tenants: 1 } });
    const below = await api.tenant('Below', undefined, { parent_id: reseller.id });
    const client = await as(reseller.key, { trunklineTenant: below.id });
    await client.subscribe('1', TRUNKS);
    await create(reseller.call, 'its own');
    await create(below.call, 'of the one below');
    await client.until(() => client.of('next').length > 0);
    expect(JSON.stringify(client.of('next'))).toContain('of the one below');
    expect(JSON.stringify(client.of('next'))).not.toContain('its own');
    for (const [key, named] of [
      [reseller.key, one.id],
      [below.key, reseller.id],
      [reseller.key, 'nonsense'],
    ] as const)
      expect((await as(key, { trunklineTenant: named })).closed?.code).toBe(4403);
  });

  it('of a person is their session, for our own pages, as long as it lasts', async () => {
    const { id, call } = await api.tenant('Of people');
    const browser = await memberOf(api, id, 'noc', 'noc@sockets.example');
    const from = async (headers: object, params: object = {}) => {
      const client = await GraphClient.open(api, undefined, undefined, headers);
      clients.push(client);
      return client.init(params);
    };
    const cookie = browser.cookie ?? '';
    const client = await from({ cookie, origin: ORIGIN });
    await client.subscribe('1', TRUNKS);
    await create(call, 'told to a person');
    await client.until(() => client.of('next').length > 0);
    expect(JSON.stringify(client.of('next'))).toContain('told to a person');
    for (const [headers, params, code] of [
      [{ cookie, origin: 'https://evil.example' }, {}, 4401],
      [{ cookie }, {}, 4401],
      [{ cookie, origin: ORIGIN }, { trunklineTenant: one.id }, 4403],
      [{ cookie, origin: ORIGIN }, { authorization: 'Bearer nonsense' }, 4401],
      [{ origin: ORIGIN }, {}, 4401],
    ] as const)
      expect((await from(headers, params)).closed?.code).toBe(code);
    await browser.call('POST', '/v1/sessions/log-out');
    await create(call, 'not told any more');
    await client.until(() => client.closed !== undefined);
    expect([client.closed?.code, client.of('next').length]).toEqual([4401, 1]);
  });

  it('has 20 sockets at most', async () => {
    const { key } = await api.tenant('Many');
    for (let i = 0; i < 20; i++) expect((await as(key)).closed).toBeUndefined();
    const last = await as(key);
    await last.until(() => last.closed !== undefined);
    expect(last.closed?.code).toBe(4429);
  });
});

describe('limits', () => {
  const refusal = async (query: string): Promise<string> => {
    const client = await as(one.key);
    await client.subscribe('1', query);
    await client.until(() => client.of('error', '1').length > 0);
    return client.of('error', '1')[0]?.payload[0].extensions.code;
  };
  it.each([
    ['a query', '{ viewer { kind } }', 'request.invalid'],
    ['a mutation', 'mutation { createTopUp(input: { amount: "1" }) { id } }', 'request.invalid'],
    ['a syntax error', 'subscription {', 'request.invalid'],
    ['an unknown field', 'subscription { passwords }', 'request.invalid'],
    ['two fields at once', 'subscription { trunkChanged { id } numberChanged { id } }', 'request.invalid'],
    ['introspection', 'subscription { __schema { types { name } } }', 'request.invalid'],
    [
      'what is dear',
      'subscription { trunkChanged { trunk { numbers(first: 200) { nodes { trunk { numbers(first: 10) { nodes { id } } } } } } } }',
      'graphql.too_complex',
    ],
    [
      'what is deep',
      `subscription { trunkChanged { trunk { ${'numbers(first: 1) { nodes { trunk { '.repeat(5)} id ${'} } }'.repeat(5)} } } }`,
      'graphql.too_complex',
    ],
  ])('%s is refused before it runs', async (_, query, code) => {
    expect(await refusal(query)).toBe(code);
  });

  it('20 subscriptions of a socket', async () => {
    const client = await as(one.key);
    for (let i = 0; i <= 20; i++) await client.subscribe(String(i), TRUNKS);
    await client.until(() => client.of('error').length > 0);
    expect(client.of('error').map(({ id, payload }) => [id, payload[0].extensions.code])).toEqual([
      ['20', 'graphql.too_many_subscriptions'],
    ]);
  });

  it.each<[string, string | object, number]>([
    ['64 KB of a message', { type: 'ping', payload: { x: 'x'.repeat(70_000) } }, 1009],
    ['what is no JSON', '{', 4400],
    ['a message of no kind', { type: 'hello' }, 4400],
    ['a second connection_init', { type: 'connection_init' }, 4429],
  ])('%s closes the socket', async (_, message, code) => {
    const client = await as(one.key);
    client.say(message);
    await client.until(() => client.closed !== undefined);
    expect(client.closed?.code).toBe(code);
  });

  it('a subscription before connection_init closes the socket, as does one whose id is in use', async () => {
    const early = await open();
    early.say({ id: '1', type: 'subscribe', payload: { query: TRUNKS } });
    await early.until(() => early.closed !== undefined);
    expect(early.closed?.code).toBe(4401);
    const twice = await as(one.key);
    await twice.subscribe('1', TRUNKS);
    twice.say({ id: '1', type: 'subscribe', payload: { query: TRUNKS } });
    await twice.until(() => twice.closed !== undefined);
    expect(twice.closed?.code).toBe(4409);
  });

  it('messages without end close the socket', async () => {
    const client = await as(one.key);
    for (let i = 0; i < 700; i++) client.say({ type: 'ping' });
    await client.until(() => client.closed !== undefined);
    expect(client.closed?.code).toBe(4429);
  });

  it('another protocol or path is refused', async () => {
    const old = await open('graphql-ws');
    await old.until(() => old.closed !== undefined);
    const elsewhere = await open('graphql-transport-ws', '/v1/trunks');
    await elsewhere.until(() => elsewhere.closed !== undefined);
    expect(elsewhere.closed?.code).toBe(1006);
  });

  it('by POST a subscription is refused', async () => {
    expect(await ask(one.call, TRUNKS)).toMatchObject({ status: 400, codes: ['request.invalid'] });
  });
});

it('forgets the subscriptions of a client that is gone', async () => {
  const own = await ApiHarness.start();
  const live = own.app.get(LiveEvents);
  const client = await GraphClient.as(own, (await own.tenant()).key);
  for (const id of ['1', '2', '3']) await client.subscribe(id, TRUNKS);
  expect(live.followed).toBe(3);
  client.close();
  await client.until(() => live.followed === 0);
  await own.stop();
});

it('closes its sockets as going away when the process ends, and lets none in after', async () => {
  const dying = await ApiHarness.start();
  const { key } = await dying.tenant();
  const client = await GraphClient.as(dying, key);
  await client.subscribe('1', TRUNKS);
  await dying.stop();
  await client.until(() => client.closed !== undefined);
  expect(client.closed?.code).toBe(1001);
});
