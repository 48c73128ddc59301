import { fromPublicId } from '@trunkline/kernel';
import { KeyUse } from '@trunkline/tenancy/server';
import pg from 'pg';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

let api: ApiHarness;
let other: Awaited<ReturnType<ApiHarness['startAnother']>>;
let tenant: Awaited<ReturnType<ApiHarness['tenant']>>;

beforeAll(async () => {
  api = await ApiHarness.start({ TRUSTED_PROXIES: '127.0.0.1' });
  other = await api.startAnother();
  tenant = await api.tenant();
});
afterAll(async () => {
  await other?.stop();
  await api?.stop();
});

const reads = { name: 'reads', scopes: ['trunks:read', 'api_keys:read'] };
const make = async (body: object = {}, call: Call = tenant.call) => {
  const { status, body: key } = await call('POST', '/v1/api-keys', { ...reads, ...body });
  expect([status, key.errors ?? []]).toEqual([201, []]);
  return key;
};
const from = (address: string) => ({ 'x-forwarded-for': address });
const at = (call: Call, headers?: Record<string, string>) => call('GET', '/v1/trunks', undefined, headers).then((a) => a.status);
const everywhere = async (secret: string) => [await at(api.as(secret)), await at(other.as(secret))];
const inSecs = (secs: number) => new Date(api.clock.now().getTime() + secs * 1000).toISOString();

describe('POST /v1/api-keys', () => {
  it('201: a key that ends, and is refused from then on', async () => {
    const key = await make({ expires_at: inSecs(60) });
    expect(key).toMatchObject({ object: 'api_key', allowed_networks: [], last_used_at: null, old_valid_until: null, revision: 1 });
    expect(await everywhere(key.secret)).toEqual([200, 200]);
    api.clock.advance({ seconds: 60 });
    expect(await everywhere(key.secret)).toEqual([401, 401]);
  });
  it('400: an end in the past, networks that are none', async () => {
    const past = await tenant.call('POST', '/v1/api-keys', { ...reads, expires_at: inSecs(-1) });
    expect([past.status, past.body.errors[0].pointer]).toEqual([400, '/expires_at']);
    const networks = ['198.51.100.7/24', '10.0.0.0/33', '2001:db8::1/64', 'pbx.example.com'];
    const bad = await tenant.call('POST', '/v1/api-keys', { ...reads, allowed_networks: networks });
    expect(bad.body.errors.map((e: { pointer: string }) => e.pointer)).toEqual(networks.map((_, i) => `/allowed_networks/${i}`));
  });
  it('403: a key that would be more than the one that makes it', async () => {
    const limits = { allowed_networks: ['127.0.0.0/8'], expires_at: inSecs(3600) };
    const maker = api.as((await make({ scopes: ['api_keys:write', 'trunks:read'], ...limits })).secret);
    const { status, body } = await maker('POST', '/v1/api-keys', {
      name: 'more',
      scopes: ['billing:read'],
      allowed_networks: ['0.0.0.0/0'],
    });
    expect([status, body.code, body.errors.map((e: { pointer: string }) => e.pointer)]).toEqual([
      403,
      'auth.scope_missing',
      ['/scopes/0', '/expires_at', '/allowed_networks/0'],
    ]);
    await make({ scopes: ['trunks:read'], ...limits }, maker);
  });
  it('409: not more than 500 that count, however many are asked for at once', async () => {
    const { id, call } = await api.tenant('Many keys', undefined, { plan: false });
    const tenantId = fromPublicId('tenant', id);
    const many = `INSERT INTO api_key (tenant_id, id, name, hash, hint, scopes, created_at, updated_at)
      SELECT $1, gen_random_uuid(), 'k', sha256(gen_random_uuid()::text::bytea), 'h', '{}', now(), now() FROM generate_series(1, 497)`;
    const owner = new pg.Client({ connectionString: api.database.ownerUrl });
    await owner.connect();
    await owner.query(many, [tenantId]); // beside the tenant's own
    await owner.end();
    const answers = await Promise.all(Array.from({ length: 6 }, () => call('POST', '/v1/api-keys', reads)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('api_key.too_many');
    const [made] = answers.filter(({ status }) => status === 201);
    await call('POST', `/v1/api-keys/${made!.body.id}/revoke`);
    expect((await call('POST', '/v1/api-keys', reads)).status).toBe(201);
  });
});

describe('allowed networks', () => {
  it('403: from elsewhere, IPv4 and IPv6, with the address that was seen', async () => {
    const { secret } = await make({ allowed_networks: ['198.51.100.0/28', '2001:db8::/32'] });
    const call = api.as(secret);
    expect([await at(call, from('198.51.100.15')), await at(call, from('2001:db8::9'))]).toEqual([200, 200]);
    for (const address of ['198.51.100.16', '2001:db9::9']) {
      const { status, body } = await call('GET', '/v1/trunks', undefined, from(address));
      expect([status, body.code]).toEqual([403, 'auth.address_not_allowed']);
      expect(body.detail).toContain(address);
    }
  });
  it('believes nobody but the proxies that are configured', async () => {
    const { secret } = await make({ allowed_networks: ['198.51.100.7'] });
    const untrusting = await ApiHarness.start();
    const { call } = await untrusting.tenant();
    const { body } = await call('POST', '/v1/api-keys', { ...reads, allowed_networks: ['198.51.100.7'] });
    expect(await at(untrusting.as(body.secret), from('198.51.100.7'))).toBe(403); // it comes from 127.0.0.1, whatever it says
    await untrusting.stop();
    expect(await at(api.as(secret), from('203.0.113.1, 198.51.100.7'))).toBe(200); // what the proxy itself saw is last
    expect(await at(api.as(secret), from('198.51.100.7, 203.0.113.1'))).toBe(403);
  });
});

describe('PATCH /v1/api-keys/{id}', () => {
  it('200: heeded by the next request', async () => {
    const key = await make();
    const { status, body } = await tenant.call('PATCH', `/v1/api-keys/${key.id}`, {
      scopes: ['api_keys:read'],
      allowed_networks: ['127.0.0.1'],
    });
    expect([status, body.revision, body.scopes]).toEqual([200, 2, ['api_keys:read']]);
    expect(await everywhere(key.secret)).toEqual([403, 403]);
    expect((await tenant.call('GET', `/v1/api-keys/${key.id}`)).body).toEqual(body);
  });
  it('403: to more than the one that changes it', async () => {
    const maker = await make({ scopes: ['api_keys:write'] });
    const { status, body } = await api.as(maker.secret)('PATCH', `/v1/api-keys/${maker.id}`, {
      scopes: ['api_keys:write', 'billing:write'],
    });
    expect([status, body.errors[0].pointer]).toEqual([403, '/scopes/1']);
  });
});

describe('POST /v1/api-keys/{id}/rotate', () => {
  it('200: both secrets live until the overlap is over', async () => {
    const key = await make();
    const { status, body } = await tenant.call('POST', `/v1/api-keys/${key.id}/rotate`, { overlap_secs: 60 });
    expect([status, body.id, body.secret === key.secret]).toEqual([200, key.id, false]);
    expect(body.old_valid_until).toBe(inSecs(60));
    expect([await everywhere(key.secret), await everywhere(body.secret)]).toEqual([
      [200, 200],
      [200, 200],
    ]);
    api.clock.advance({ seconds: 60 });
    expect([await everywhere(key.secret), await everywhere(body.secret)]).toEqual([
      [401, 401],
      [200, 200],
    ]);
  });
  it('200: never a third secret, and no overlap when none is wanted', async () => {
    const key = await make();
    const { body: second } = await tenant.call('POST', `/v1/api-keys/${key.id}/rotate`);
    const { body: third } = await tenant.call('POST', `/v1/api-keys/${key.id}/rotate`, {});
    expect([await at(api.as(key.secret)), await at(api.as(second.secret)), await at(api.as(third.secret))]).toEqual([401, 200, 200]);
    const { body: last } = await tenant.call('POST', `/v1/api-keys/${key.id}/rotate`, { overlap_secs: 0 });
    expect([last.old_valid_until, await at(api.as(third.secret)), await at(api.as(last.secret))]).toEqual([null, 401, 200]);
  });
  it('403: of a key that may more; 409: of a revoked one', async () => {
    const [weak, strong] = [await make({ scopes: ['api_keys:write'] }), await make({ scopes: ['billing:read'] })];
    expect((await api.as(weak.secret)('POST', `/v1/api-keys/${strong.id}/rotate`)).body.code).toBe('auth.scope_missing');
    await tenant.call('POST', `/v1/api-keys/${strong.id}/revoke`);
    expect((await tenant.call('POST', `/v1/api-keys/${strong.id}/rotate`)).body.code).toBe('api_key.revoked');
  });
});

it('POST /v1/api-keys/{id}/revoke 200: no secret of the key opens any API, from the next request on', async () => {
  const key = await make();
  const { body: rotated } = await tenant.call('POST', `/v1/api-keys/${key.id}/rotate`);
  expect([await everywhere(key.secret), await everywhere(rotated.secret)].flat()).toEqual([200, 200, 200, 200]);
  const { body: revoked } = await tenant.call('POST', `/v1/api-keys/${key.id}/revoke`);
  expect([await everywhere(key.secret), await everywhere(rotated.secret)].flat()).toEqual([401, 401, 401, 401]);
  expect((await tenant.call('POST', `/v1/api-keys/${key.id}/revoke`)).body).toEqual(revoked);
});

it('tells when a key was used last, though no request writes it', async () => {
  const key = await make();
  await at(api.as(key.secret));
  const shown = async () => (await tenant.call('GET', `/v1/api-keys/${key.id}`)).body;
  expect((await shown()).last_used_at).toBeNull();
  const usedAt = api.clock.now().toISOString();
  api.clock.advance({ seconds: 5 });
  await api.app.get(KeyUse).flush();
  expect(await shown()).toMatchObject({ last_used_at: usedAt, revision: 1 });
});

describe('the operator’s keys', () => {
  const keys = async () => (await api.operator('GET', '/v1/operator-keys')).body.data;

  it('201, 200: made, rotated, listed without a secret, revoked', async () => {
    const { body: key } = await api.operator('POST', '/v1/operator-keys', { name: 'night shift', expires_at: inSecs(3600) });
    const night = api.as(key.secret);
    expect((await night('GET', '/v1/tenants')).status).toBe(200);
    const { body: rotated } = await night('POST', `/v1/operator-keys/${key.id}/rotate`, { overlap_secs: 0 });
    expect([(await night('GET', '/v1/tenants')).status, (await api.as(rotated.secret)('GET', '/v1/tenants')).status]).toEqual([401, 200]);
    const listed = (await keys()).find((k: { id: string }) => k.id === key.id);
    expect(listed).toMatchObject({ object: 'operator_key', name: 'night shift', hint: rotated.hint, revoked_at: null });
    expect(JSON.stringify(listed)).not.toContain(rotated.secret);
    expect((await api.operator('POST', `/v1/operator-keys/${key.id}/revoke`)).status).toBe(200);
    expect((await other.as(rotated.secret)('GET', '/v1/tenants')).status).toBe(401);
    expect((await api.operator('POST', `/v1/operator-keys/${key.id}/rotate`)).body.code).toBe('api_key.revoked');
  });

  it('409: the last that never expires stays, also when two revoke each other’s', async () => {
    const [first] = await keys().then((all) => all.filter((k: { revoked_at: unknown }) => k.revoked_at === null));
    const alone = await api.operator('POST', `/v1/operator-keys/${first.id}/revoke`);
    expect([alone.status, alone.body.code]).toEqual([409, 'operator_key.last']);
    const { body: second } = await api.operator('POST', '/v1/operator-keys', { name: 'second' });
    const answers = await Promise.all([
      api.operator('POST', `/v1/operator-keys/${second.id}/revoke`),
      other.as(second.secret)('POST', `/v1/operator-keys/${first.id}/revoke`),
    ]);
    const live = await Promise.all([api.operator('GET', '/v1/operator-keys'), api.as(second.secret)('GET', '/v1/operator-keys')]);
    expect(live.filter((a) => a.status === 200)).toHaveLength(1);
    expect(answers.filter((a) => a.status === 200)).toHaveLength(1);
  });

  it('403: no business of a tenant’s', async () => {
    expect((await tenant.call('GET', '/v1/operator-keys')).body.code).toBe('auth.operator_only');
  });
});
