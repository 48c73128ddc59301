import { fromPublicId } from '@trunkline/kernel';
import { parse } from 'csv-parse/sync';
import { ApiHarness } from './harness.ts';

let api: ApiHarness;
let tenant: Awaited<ReturnType<ApiHarness['tenant']>>;
let trunkId: string;
beforeAll(async () => {
  api = await ApiHarness.start({ TRUSTED_PROXIES: '127.0.0.1' });
  tenant = await api.tenant();
  trunkId = (await tenant.call('POST', '/v1/trunks', { name: 'PBX', country: 'US', channels_max: 2 })).body.id;
});
afterAll(() => api?.stop());

const list = async (query = '') => (await tenant.call('GET', `/v1/audit-entries?${query}`)).body.data;
const keyOf = async () => (await tenant.call('GET', '/v1/api-keys')).body.data[0].id as string;

describe('GET /v1/audit-entries', () => {
  it('200: who changed what, when, and from where', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.7', 'x-request-id': 'req_01kaq8x4s7fyz8m2q0w3e5r6t7' };
    const at = Date.now();
    await tenant.call('PATCH', `/v1/trunks/${trunkId}`, { channels_max: 3, name: 'PBX' }, headers);
    const [entry] = await list(`resource_id=${trunkId}&action=trunk.updated`);
    expect(entry).toMatchObject({
      object: 'audit_entry',
      action: 'trunk.updated',
      resource_id: trunkId,
      actor: { type: 'api_key', id: await keyOf() },
      request_id: headers['x-request-id'],
      source_address: '198.51.100.7',
      before: { channels_max: 2 },
      after: { channels_max: 3 },
      data: {},
    });
    expect(Math.abs(new Date(entry.at).getTime() - at)).toBeLessThan(60_000);
    expect(entry.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('200: filtered, in pages, the newest first', async () => {
    for (let n = 0; n < 5; n += 1) await tenant.call('POST', `/v1/trunks/${trunkId}/credentials`);
    const all = await list();
    expect(all.map((e: { sequence: number }) => e.sequence)).toEqual(all.map((_: unknown, i: number) => all.length - i));
    const paged: unknown[] = [];
    for (let cursor = ''; ;) {
      const { body } = await tenant.call('GET', `/v1/audit-entries?limit=2${cursor}`);
      paged.push(...body.data);
      if (body.next_cursor === null) break;
      cursor = `&cursor=${body.next_cursor}`;
    }
    expect(paged).toEqual(all);
    expect(await list('action=credential.created')).toHaveLength(5);
    expect(await list(`actor_id=${await keyOf()}`)).toHaveLength(all.length - 1); // the key itself was made by the operator
    const middle = all[2].at;
    expect([...(await list(`from=${middle}`)), ...(await list(`to=${middle}`))]).toEqual(all);
    expect(await list('action=trunk.deleted')).toEqual([]);
  });

  it('200: nothing in it is a secret', async () => {
    const { body } = await tenant.call('POST', `/v1/trunks/${trunkId}/credentials`);
    expect(JSON.stringify(await list())).not.toContain(body.password);
  });

  it('200: what one request changed, by its id', async () => {
    const { headers } = await tenant.call('PATCH', `/v1/trunks/${trunkId}`, { name: 'Asked for' });
    const entries = await list(`request_id=${String(headers['x-request-id'])}`);
    expect(entries.map((e: { action: string }) => e.action)).toEqual(['trunk.updated']);
    expect(await list('request_id=req_0')).toEqual([]);
  });

  it.each(['action=Trunk', 'resource_id=trk_1', 'from=yesterday', 'colour=red', 'cursor=x'])('400: %s', async (query) => {
    expect((await tenant.call('GET', `/v1/audit-entries?${query}`)).status).toBe(400);
  });
  it('403: without the scope', async () => {
    const { call } = await api.tenant('Narrow', ['trunks:read']);
    expect((await call('GET', '/v1/audit-entries')).body.code).toBe('auth.scope_missing');
  });
  it('401: without a key', async () => expect((await api.as(undefined)('GET', '/v1/audit-entries')).status).toBe(401));
  it('an operator sees the tenant’s by acting as it', async () => {
    const { body } = await api.operator('GET', '/v1/audit-entries', undefined, { 'trunkline-tenant': tenant.id });
    expect(body.data.at(-1)).toMatchObject({ action: 'api_key.created', actor: { type: 'operator', id: expect.stringMatching(/^opk_/) } });
  });
});

describe('GET /v1/audit-entries/export', () => {
  const file = (query = '') => tenant.call('GET', `/v1/audit-entries/export?${query}`);

  it('200: the same entries as the list, a line each, as ndjson', async () => {
    const { status, body, headers } = await file('format=ndjson');
    expect([status, headers['content-type']]).toEqual([200, 'application/x-ndjson']);
    const lines = String(body).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(await list('limit=200'));
  });

  it('200: and as CSV, with before and after as JSON, and no formula in it', async () => {
    await tenant.call('PATCH', `/v1/trunks/${trunkId}`, { external_reference: '=1+1' });
    const { body, headers } = await file(`resource_id=${trunkId}&action=trunk.updated`);
    expect(headers['content-type']).toContain('text/csv');
    const [head, ...rows] = parse(String(body), { relax_column_count: false }) as string[][];
    expect(head).toEqual(['id', 'sequence', 'at', 'action', 'resource_id', 'actor_type', 'actor_id', 'request_id', 'source_address', 'before', 'after', 'data', 'hash']); // prettier-ignore
    const [newest] = await list(`resource_id=${trunkId}&action=trunk.updated&limit=1`);
    const row = Object.fromEntries((head ?? []).map((name, i) => [name, rows[0]?.[i]]));
    expect([row['id'], JSON.parse(row['before'] ?? ''), JSON.parse(row['after'] ?? '')]).toEqual([newest.id, { external_reference: null }, { external_reference: '=1+1' }]); // prettier-ignore
    expect(rows).toHaveLength((await list(`resource_id=${trunkId}&action=trunk.updated`)).length);
  });

  it('400, 401, 403: as the list', async () => {
    for (const query of ['format=xml', 'limit=5', 'from=yesterday']) expect((await file(query)).status).toBe(400);
    expect((await api.as(undefined)('GET', '/v1/audit-entries/export')).status).toBe(401);
    const { call } = await api.tenant('Narrow', ['trunks:read']);
    expect((await call('GET', '/v1/audit-entries/export')).body.code).toBe('auth.scope_missing');
  });
});

describe('GET /v1/platform-audit-entries', () => {
  it('200: of one tenant, what that tenant sees', async () => {
    const { body } = await api.operator('GET', `/v1/platform-audit-entries?tenant_id=${tenant.id}&limit=200`);
    expect(body.data).toEqual(await list('limit=200'));
    const { body: file } = await api.operator('GET', `/v1/platform-audit-entries/export?format=ndjson&tenant_id=${tenant.id}`);
    expect(String(file).trim().split('\n')).toHaveLength(body.data.length);
    expect((await tenant.call('GET', `/v1/audit-entries?tenant_id=${tenant.id}`)).status).toBe(400);
  });
  it('403: no file for a tenant', async () => {
    expect((await tenant.call('GET', '/v1/platform-audit-entries/export')).body.code).toBe('auth.operator_only');
  });

  it('200: what the operator changed', async () => {
    await api.operator('PATCH', `/v1/tenants/${tenant.id}`, { name: 'Renamed' });
    const { status, body } = await api.operator('GET', `/v1/platform-audit-entries?resource_id=${tenant.id}`);
    expect(status).toBe(200);
    expect(body.data[0]).toMatchObject({
      action: 'tenant.updated',
      resource_id: tenant.id,
      before: { name: 'Tenant' },
      after: { name: 'Renamed' },
    });
    const { body: plan } = await api.operator('GET', '/v1/platform-audit-entries?action=plan_assignment.created&limit=1');
    expect(plan.data[0]).toMatchObject({ resource_id: expect.stringMatching(/^pla_/), data: { tenant_id: expect.any(String) } });
    expect(fromPublicId('planAssignment', plan.data[0].resource_id)).toBeDefined();
  });
  it('403: for a tenant', async () => {
    expect((await tenant.call('GET', '/v1/platform-audit-entries')).body.code).toBe('auth.operator_only');
  });
});
