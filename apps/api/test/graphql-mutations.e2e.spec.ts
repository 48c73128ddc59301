import { randomUUID } from 'node:crypto';
import { ask } from './graphql-queries.ts';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { memberOf } from './people.ts';

let api: ApiHarness;
let call: Call;
let tenantId: string;
beforeAll(async () => {
  api = await ApiHarness.start();
  ({ call, id: tenantId } = await api.tenant());
  await api.operator('POST', '/v1/number-imports', 'number,country\n+12025550101,US\n+12025550102,US\n');
});
afterAll(() => api?.stop());

const CREATE = 'mutation($input: NewTrunk!) { trunk: createTrunk(input: $input) { id name channelsMax provisioning { state } } }';
const trunk = (name: string, more: object = {}) => ({ input: { name, country: 'US', channelsMax: 2, ...more } });
const names = async (who: Call): Promise<string[]> =>
  (await who('GET', '/v1/trunks?limit=200')).body.data.map(({ name }: { name: string }) => name);

describe('a trunk', () => {
  it('is created, changed, given a password and deleted', async () => {
    const { data, errors } = await ask(
      call,
      CREATE,
      trunk('of the graph', { inboundRoutes: [{ uri: 'sip:pbx.example.com', priority: 1 }] }),
    );
    expect(errors).toEqual([]);
    const { id } = data.trunk;
    expect(data.trunk).toEqual({ id, name: 'of the graph', channelsMax: 2, provisioning: { state: 'pending' } });
    const { body: rest } = await call('GET', `/v1/trunks/${id}`);
    expect(rest.inbound_routes).toEqual([{ uri: 'sip:pbx.example.com', priority: 1, weight: 1, health: 'unknown' }]);

    const update =
      'mutation($id: ID!, $input: TrunkChange!) { updateTrunk(id: $id, input: $input) { name channelsMax techPrefix revision } }';
    const changed = await ask(call, update, { id, input: { channelsMax: 3, techPrefix: '12#' } });
    expect(changed.data.updateTrunk).toEqual({ name: 'of the graph', channelsMax: 3, techPrefix: '12#', revision: 2 });
    expect((await ask(call, update, { id, input: { techPrefix: null } })).data.updateTrunk.techPrefix).toBeNull();

    const made = await ask(call, 'mutation($id: ID!) { createCredential(trunkId: $id) { password credential { id username trunkId } } }', {
      id,
    });
    const { password, credential } = made.data.createCredential;
    expect([password.length > 15, credential.trunkId]).toEqual([true, id]);
    const rotate =
      'mutation($t: ID!, $id: ID!) { rotateCredential(trunkId: $t, id: $id, input: { overlapSecs: 60 }) { password credential { oldValidUntil } } }';
    const rotated = (await ask(call, rotate, { t: id, id: credential.id })).data.rotateCredential;
    expect(rotated.password).not.toBe(password);
    expect(rotated.credential.oldValidUntil).not.toBeNull();
    const revoke = 'mutation($t: ID!, $id: ID!) { revokeCredential(trunkId: $t, id: $id) { revokedAt } }';
    expect((await ask(call, revoke, { t: id, id: credential.id })).data.revokeCredential.revokedAt).not.toBeNull();

    expect((await ask(call, 'mutation($id: ID!) { deleteTrunk(id: $id) }', { id })).data).toEqual({ deleteTrunk: id });
    expect((await call('GET', `/v1/trunks/${id}`)).status).toBe(404);
  });

  it('leaves the same entries in the audit log as by REST', async () => {
    await ask(call, CREATE, trunk('audited'));
    const { body } = await call('GET', '/v1/audit-entries?limit=1');
    expect(body.data[0]).toMatchObject({ action: 'trunk.created', actor: { type: 'api_key' }, data: { name: 'audited' } });
  });
});

it('orders, points and gives back a number', async () => {
  const { id } = (await ask(call, CREATE, trunk('numbered'))).data.trunk;
  const order = 'mutation($t: ID) { orderNumber(input: { number: "+12025550101", trunkId: $t }) { id number state trunk { id } } }';
  const { data, errors } = await ask(call, order, { t: id });
  expect(errors).toEqual([]);
  expect(data.orderNumber).toMatchObject({ number: '+12025550101', state: 'active', trunk: { id } });
  const point =
    'mutation($id: ID!) { a: updateNumber(id: $id, input: { trunkId: null }) { trunk { id } } b: updateNumber(id: $id, input: { externalReference: "x" }) { trunk { id } externalReference } }';
  expect((await ask(call, point, { id: data.orderNumber.id })).data).toEqual({
    a: { trunk: null },
    b: { trunk: null, externalReference: 'x' },
  });
  const release = 'mutation($id: ID!) { releaseNumber(id: $id) { state } }';
  expect((await ask(call, release, { id: data.orderNumber.id })).data.releaseNumber.state).toBe('quarantined');
});

it('makes and revokes keys, endpoints and holds; a secret is told once', async () => {
  const made = await ask(
    call,
    'mutation { createApiKey(input: { name: "of the graph", scopes: ["trunks:read"] }) { secret apiKey { id hint scopes } } }',
  );
  const { secret, apiKey } = made.data.createApiKey;
  expect((await api.as(secret)('GET', '/v1/trunks')).status).toBe(200);
  const listed = await ask(call, '{ apiKeys { nodes { id name hint } } }');
  expect(JSON.stringify(listed.body)).not.toContain(secret);
  await ask(call, 'mutation($id: ID!) { revokeApiKey(id: $id) { revokedAt } }', { id: apiKey.id });
  expect((await api.as(secret)('GET', '/v1/trunks')).status).toBe(401);

  const endpoint = await ask(
    call,
    'mutation { createWebhookEndpoint(input: { url: "https://hooks.example/x", eventTypes: ["trunk.*"] }) { secret endpoint { id eventTypes state } } }',
  );
  expect(endpoint.data.createWebhookEndpoint).toMatchObject({ endpoint: { eventTypes: ['trunk.*'], state: 'enabled' } });
  const { id } = endpoint.data.createWebhookEndpoint.endpoint;
  const several =
    'mutation($id: ID!) { disableWebhookEndpoint(id: $id) { state } enableWebhookEndpoint(id: $id) { state } pingWebhookEndpoint(id: $id) { eventType body attempts { number } } rotateWebhookSecret(id: $id) { secret } deleteWebhookEndpoint(id: $id) }';
  const { data, errors } = await ask(call, several, { id });
  expect(errors).toEqual([]);
  expect(data).toMatchObject({
    disableWebhookEndpoint: { state: 'disabled' },
    enableWebhookEndpoint: { state: 'enabled' },
    deleteWebhookEndpoint: id,
  });
  expect(data.pingWebhookEndpoint).toMatchObject({ eventType: 'webhook.ping', attempts: [] });
  expect(data.rotateWebhookSecret.secret).not.toBe(endpoint.data.createWebhookEndpoint.secret);

  const hold =
    'mutation($id: ID!) { placeHold(id: $id, input: { kind: fraud, reason: "test" }) { state holds } liftHold(id: $id, input: { kind: fraud }) { state holds } }';
  expect((await ask(api.operator, hold, { id: tenantId })).data).toEqual({
    placeHold: { state: 'suspended', holds: ['fraud'] },
    liftHold: { state: 'active', holds: [] },
  });
});

it('pays: top-ups and their settings', async () => {
  const { data, errors } = await ask(
    call,
    'mutation { createTopUp(input: { amount: "5.00" }) { id state amount { amount currency } } updateBillingSettings(input: { autoTopUp: { below: "1.00", amount: "10.00", dailyMax: "20.00" } }) { autoTopUp { dailyMax { amount } } } }',
  );
  expect(errors).toEqual([]);
  expect(data.createTopUp).toMatchObject({ state: 'pending', amount: { amount: '5.00', currency: 'USD' } });
  expect(data.updateBillingSettings.autoTopUp.dailyMax.amount).toBe('20.00');
});

it('invites somebody, takes the invitation back, and changes and removes a member', async () => {
  const invite = 'mutation($input: NewInvitation!) { it: createInvitation(input: $input) { id email role revokedAt } }';
  const { data, errors } = await ask(call, invite, { input: { email: 'new@graph.example', role: 'billing' } });
  expect([errors, data.it]).toEqual([[], { id: data.it.id, email: 'new@graph.example', role: 'billing', revokedAt: null }]);
  const revoke = 'mutation($id: ID!) { it: revokeInvitation(id: $id) { revokedAt } }';
  expect((await ask(call, revoke, { id: data.it.id })).data.it.revokedAt).not.toBeNull();

  await memberOf(api, tenantId, 'noc', 'noc@graph.example');
  const [{ id }] = (await call('GET', '/v1/members')).body.data;
  const update = 'mutation($id: ID!, $input: MemberChange!) { it: updateMember(id: $id, input: $input) { role disabledAt } }';
  expect((await ask(call, update, { id, input: { role: 'read_only', disabled: false } })).data.it).toEqual({
    role: 'read_only',
    disabledAt: null,
  });
  expect((await ask(call, 'mutation($id: ID!) { removeMember(id: $id) }', { id })).data).toEqual({ removeMember: id });
  expect((await call('GET', '/v1/members')).body.data).toEqual([]);
});

it('changes the operator’s staff for the operator alone', async () => {
  const invite = 'mutation { it: createOperatorInvitation(input: { email: "staff@graph.example", role: support }) { id role } }';
  expect((await ask(call, invite)).codes).toEqual(['auth.operator_only']);
  const { data } = await ask(api.operator, invite);
  expect(data.it.role).toBe('support');
  const revoke = 'mutation($id: ID!) { it: revokeOperatorInvitation(id: $id) { id } }';
  expect((await ask(api.operator, revoke, { id: data.it.id })).data.it).toEqual({ id: data.it.id });
});

describe('what is refused', () => {
  it('names the argument, by the rules of REST', async () => {
    const { status, data, errors } = await ask(
      call,
      CREATE,
      trunk('', { channelsMax: 0, inboundRoutes: [{ uri: 'nonsense', priority: 1 }] }),
    );
    expect([status, data]).toEqual([200, { trunk: null }]);
    const { code, errors: faults } = errors[0]?.extensions as unknown as { code: string; errors: { pointer: string }[] };
    expect([code, faults.map(({ pointer }) => pointer).sort()]).toEqual([
      'request.invalid',
      ['/input/channelsMax', '/input/inboundRoutes/0/uri', '/input/name'],
    ]);
  });

  it('names the argument when the use case refuses', async () => {
    const { errors } = await ask(
      call,
      'mutation { orderNumber(input: { number: "+12025550102", trunkId: "trk_01kaq8x4s7fyz8m2q0w3e5r6t7" }) { id } }',
    );
    const { body } = await call('POST', '/v1/numbers', { number: '+12025550102', trunk_id: 'trk_01kaq8x4s7fyz8m2q0w3e5r6t7' });
    expect(errors[0]?.extensions.code).toBe(body.code);
    const rest = body.errors.map(({ pointer }: { pointer: string }) => pointer.replace('/trunk_id', '/input/trunkId'));
    expect((errors[0]?.extensions as unknown as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)).toEqual(rest);
  });

  it.each(['id', 'tenantId', 'revision', 'createdAt', 'tenant_id', 'channels_max'])('%s cannot be set', async (field) => {
    const { status, data } = await ask(call, CREATE, trunk(`set ${field}`, { [field]: 'x' }));
    expect([status, data]).toEqual([400, undefined]);
    expect(await names(call)).not.toContain(`set ${field}`);
  });

  it('leaves the other fields as they went', async () => {
    const input = '{ country: "US", channelsMax: 1, name: ';
    const { status, data, errors } = await ask(
      call,
      `mutation { a: createTrunk(input: ${input} "first" }) { name } b: createTrunk(input: ${input} "first" }) { name } c: createTrunk(input: ${input} "third" }) { name } }`,
    );
    expect([status, data]).toEqual([200, { a: { name: 'first' }, b: null, c: { name: 'third' } }]);
    expect(errors.map(({ path }) => path)).toEqual([['b']]);
    expect(await names(call)).toEqual(expect.arrayContaining(['first', 'third']));
  });

  it.each([
    ['11 fields', `mutation { ${Array.from({ length: 11 }, (_, i) => `a${i}: createTopUp(input: { amount: "1" }) { id }`).join(' ')} }`],
    ['fields of a fragment', 'fragment F on Mutation { createTopUp(input: { amount: "1" }) { id } } mutation { ...F }'],
    ['a subscription', 'subscription { __typename }'],
    ['a variable of another type', 'mutation($a: Int) { createTopUp(input: { amount: $a }) { id } }'],
    ['no input', 'mutation { createTopUp { id } }'],
  ])('%s: 400 before anything runs', async (_, query) => {
    const before = (await call('GET', '/v1/top-ups')).body.data.length;
    const { status, data } = await ask(call, query);
    expect([status, data]).toEqual([400, undefined]);
    expect((await call('GET', '/v1/top-ups')).body.data).toHaveLength(before);
  });

  it('a key that lacks the scope changes nothing', async () => {
    const { call: narrow } = await api.tenant('Narrow', ['trunks:read']);
    expect(await ask(narrow, CREATE, trunk('refused'))).toMatchObject({ data: { trunk: null }, codes: ['auth.scope_missing'] });
    expect(
      await ask(narrow, 'mutation($id: ID!) { placeHold(id: $id, input: { kind: reseller, reason: "x" }) { id } }', { id: tenantId }),
    ).toMatchObject({
      codes: ['auth.scope_missing'],
    });
    expect(await names(narrow)).toEqual([]);
  });
});

describe('an Idempotency-Key', () => {
  const keyed = () => ({ 'idempotency-key': randomUUID() });

  it('makes a repeated mutation happen once, with the same answer', async () => {
    const key = keyed();
    const first = await ask(call, CREATE, trunk('once'), key);
    const again = await ask(call, CREATE, trunk('once'), key);
    expect(first.errors).toEqual([]);
    expect(again.body).toEqual(first.body);
    expect((await names(call)).filter((name) => name === 'once')).toHaveLength(1);
  });

  it('tells a secret again to whoever repeats the request that made it', async () => {
    const key = keyed();
    const query = 'mutation { createApiKey(input: { name: "twice", scopes: ["trunks:read"] }) { secret } }';
    const first = await ask(call, query, {}, key);
    expect((await ask(call, query, {}, key)).body).toEqual(first.body);
  });

  it('is refused for another request, and for several fields', async () => {
    const key = keyed();
    await ask(call, CREATE, trunk('mine'), key);
    const { status, body } = await ask(call, CREATE, trunk('other'), key);
    expect([status, body.code]).toEqual([422, 'idempotency.key_reused']);
    const several = 'mutation { a: createTopUp(input: { amount: "1" }) { id } b: createTopUp(input: { amount: "1" }) { id } }';
    expect((await ask(call, several, {}, keyed())).status).toBe(400);
    expect(await ask(call, CREATE, trunk('bad key'), { 'idempotency-key': 'a b' })).toMatchObject({
      status: 400,
      body: { code: 'request.invalid' },
    });
    expect(await names(call)).not.toEqual(expect.arrayContaining(['other', 'bad key']));
  });

  it('may be used again after a failure, which changed nothing', async () => {
    const key = keyed();
    expect((await ask(call, CREATE, trunk('mended', { country: 'nowhere' }), key)).data).toEqual({ trunk: null });
    expect((await ask(call, CREATE, trunk('mended'), key)).data.trunk.name).toBe('mended');
  });

  it('has one effect however many repeats come at once', async () => {
    const key = keyed();
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(call, CREATE, trunk('storm'), key)));
    const made = answers.filter(({ status }) => status === 200);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ data }) => data.trunk.id)).size).toBe(1);
    expect(
      answers.filter(({ status }) => status !== 200).every(({ status, body }) => status === 409 && body.code === 'idempotency.in_flight'),
    ).toBe(true);
    expect((await names(call)).filter((name) => name === 'storm')).toHaveLength(1);
  });

  it('of an operator counts for the platform', async () => {
    const key = keyed();
    const query = 'mutation($id: ID!) { placeHold(id: $id, input: { kind: operator, reason: "once" }) { holds } }';
    const first = await ask(api.operator, query, { id: tenantId }, key);
    await ask(api.operator, 'mutation($id: ID!) { liftHold(id: $id, input: { kind: operator }) { holds } }', { id: tenantId });
    expect((await ask(api.operator, query, { id: tenantId }, key)).body).toEqual(first.body);
    const { body } = await api.operator('GET', `/v1/tenants/${tenantId}`);
    expect(body.holds).toEqual([]);
  });
});
