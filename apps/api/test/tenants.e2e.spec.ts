import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

let api: ApiHarness;
let operator: Call;
beforeAll(async () => {
  api = await ApiHarness.start();
  operator = api.operator;
});
afterAll(() => api?.stop());

const acme = { name: 'Acme', country: 'US', currency: 'USD' };

describe('POST /v1/tenants', () => {
  it('201: creates an active tenant', async () => {
    const { status, body } = await operator('POST', '/v1/tenants', acme);
    expect(status).toBe(201);
    expect(body).toMatchObject({ object: 'tenant', name: 'Acme', state: 'active', holds: [], revision: 1, channels_max: null });
    expect(body.id).toMatch(/^ten_/);
  });

  it('400: names every faulty field, unknown ones too', async () => {
    const { status, body } = await operator('POST', '/v1/tenants', { name: '', country: 'usa', currency: 'USD', tenant_id: 'x' });
    expect(status).toBe(400);
    expect(body.errors.map((e: { pointer: string }) => e.pointer).sort()).toEqual(['/country', '/name', '/tenant_id']);
  });

  it('400: refuses a text that cannot be stored', async () => {
    const { status, body } = await operator('POST', '/v1/tenants', { ...acme, external_reference: 'a\u0000b' });
    expect(status).toBe(400);
    expect(body.errors[0].pointer).toBe('/external_reference');
  });

  it('401: without a key, with a malformed one, with an unknown one', async () => {
    for (const key of [undefined, 'tl_live_x', `tl_live_${'a'.repeat(36)}`]) {
      const { status, body } = await api.as(key)('POST', '/v1/tenants', acme);
      expect([status, body.code]).toEqual([401, 'auth.invalid_key']);
    }
  });

  it('409: for a tenant that is no reseller', async () => {
    const { call } = await api.tenant();
    const { status, body } = await call('POST', '/v1/tenants', acme);
    expect([status, body.code, body.errors[0].code]).toEqual([409, 'tenant.allotment_used_up', 'allotment_own']);
  });

  it('replays an Idempotency-Key once, refuses it for another body', async () => {
    const headers = { 'idempotency-key': 'same' };
    const first = await operator('POST', '/v1/tenants', acme, headers);
    const again = await operator('POST', '/v1/tenants', acme, headers);
    expect(again.body).toEqual(first.body);
    expect(again.headers['idempotent-replayed']).toBe('true');
    expect((await operator('POST', '/v1/tenants', { ...acme, name: 'Other' }, headers)).status).toBe(422);
  });
});

describe('POST /v1/tenants/bulk-create', () => {
  it('200: each is created or refused by itself', async () => {
    const reseller = await api.tenant('Bulk', undefined, { plan: false, allotment: { tenants: 2 } });
    const items = [
      { ...acme, name: 'One' },
      { ...acme, parent_id: (await api.tenant('Elsewhere', undefined, { plan: false })).id },
    ];
    const { status, body } = await reseller.call('POST', '/v1/tenants/bulk-create', { items: [...items, acme, acme] });
    expect([status, body.succeeded, body.failed]).toEqual([200, 2, 2]);
    expect(body.results.map((r: { problem: { code: string } | null }) => r.problem?.code ?? null)).toEqual([
      null,
      'tenant.parent_unknown',
      null,
      'tenant.allotment_used_up',
    ]);
    expect(body.results[1].problem.errors[0].pointer).toBe('/items/1/parent_id');
    expect((await reseller.call('GET', '/v1/tenants')).body.data).toHaveLength(2);
  });
});

describe('holds', () => {
  it('suspend while any is active; each is lifted by itself', async () => {
    const { id } = await api.tenant('Held');
    await operator('POST', `/v1/tenants/${id}/place-hold`, { kind: 'fraud', reason: 'odd calls' });
    const both = await operator('POST', `/v1/tenants/${id}/place-hold`, { kind: 'billing', reason: 'unpaid' });
    expect(both.body).toMatchObject({ state: 'suspended', holds: ['billing', 'fraud'] });
    const one = await operator('POST', `/v1/tenants/${id}/lift-hold`, { kind: 'billing' });
    expect(one.body).toMatchObject({ state: 'suspended', holds: ['fraud'] });
  });
});

describe('GET /v1/tenants', () => {
  it('pages without gap or repeat', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: { data: { id: string }[]; next_cursor: string | null } } = await operator(
        'GET',
        `/v1/tenants?limit=2${cursor ? `&cursor=${cursor}` : ''}`,
      );
      seen.push(...body.data.map((t) => t.id));
      cursor = body.next_cursor;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(3);
  });

  it('finds by tag and by reference, which whoever is above writes', async () => {
    const reseller = await api.tenant('Tagging', undefined, { plan: false, allotment: { tenants: 5 } });
    const made = await reseller.call('POST', '/v1/tenants', { ...acme, tags: ['gold', 'berlin'], external_reference: 'C-1' });
    expect(made).toMatchObject({ status: 201, body: { tags: ['berlin', 'gold'], external_reference: 'C-1' } });
    const other = await operator('POST', '/v1/tenants', { ...acme, tags: ['gold'] });
    const found = async (call: Call, query: string) =>
      (await call('GET', `/v1/tenants?${query}`)).body.data.map((t: { id: string }) => t.id);
    expect(await found(reseller.call, 'tag=gold')).toEqual([made.body.id]);
    expect(await found(operator, 'tag=gold')).toEqual([other.body.id, made.body.id]);
    const patched = await reseller.call('PATCH', `/v1/tenants/${made.body.id}`, { tags: ['silver'], external_reference: null });
    expect(patched.body).toMatchObject({ tags: ['silver'], external_reference: null, name: acme.name });
    expect((await reseller.call('PATCH', `/v1/tenants/${made.body.id}`, { name: 'Renamed' })).body).toMatchObject({ tags: ['silver'] });
    expect(await found(reseller.call, 'tag=gold')).toEqual([]);
    expect(await found(reseller.call, 'tag=silver')).toEqual([made.body.id]);
    expect(await reseller.call('PATCH', `/v1/tenants/${other.body.id}`, { tags: [] })).toMatchObject({ status: 404 });
    expect(await operator('POST', '/v1/tenants', { ...acme, tags: ['two words'] })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/tags/0' }] },
    });
  });

  it('400: unknown parameter, bad cursor', async () => {
    expect((await operator('GET', '/v1/tenants?color=red')).body.errors[0].pointer).toBe('/query/color');
    expect((await operator('GET', '/v1/tenants?cursor=nonsense')).body.code).toBe('request.bad_cursor');
  });
});

describe('API keys', () => {
  it('stop working the moment they are revoked', async () => {
    const { id, call } = await api.tenant('Keys');
    const { body: other } = await call('POST', '/v1/api-keys', { name: 'other', scopes: ['tenant:read'] });
    const asOther = api.as(other.secret);
    expect((await asOther('GET', '/v1/tenant')).body.id).toBe(id);
    expect((await asOther('GET', '/v1/trunks')).status).toBe(403);
    await call('POST', `/v1/api-keys/${other.id}/revoke`);
    expect((await asOther('GET', '/v1/tenant')).status).toBe(401);
    expect(JSON.stringify((await call('GET', '/v1/api-keys')).body)).not.toContain(other.secret);
  });
});

describe('limits', () => {
  it('413: a 10 MB body', async () => {
    const { status, body } = await operator('POST', '/v1/tenants', { ...acme, name: 'x'.repeat(10_000_000) });
    expect([status, body.code]).toEqual([413, 'request.too_large']);
  });
  it('400: broken JSON', async () => {
    const { status } = await operator('POST', '/v1/tenants', '{"name":', { 'content-type': 'application/json' });
    expect(status).toBe(400);
  });
});
