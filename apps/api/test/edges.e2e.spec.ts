import { fromPublicId } from '@trunkline/kernel';
import pg from 'pg';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

let api: ApiHarness;
let operator: Call;
beforeAll(async () => {
  api = await ApiHarness.start();
  operator = api.operator;
});
afterAll(() => api?.stop());

let count = 0;
const newEdge = () => ({ name: `edge-${++count}`, sip_address: '198.51.100.7:5060' });

describe('POST /v1/edges', () => {
  it('201: with a token that is shown this once', async () => {
    const { status, body } = await operator('POST', '/v1/edges', newEdge());
    expect(status).toBe(201);
    expect(body).toMatchObject({
      object: 'edge',
      name: 'edge-1',
      sip_address: '198.51.100.7:5060',
      state: 'active',
      connected: false,
      lost_at: null,
      enrolled_at: null,
      key: null,
      agent: null,
      status: null,
      tenants: 0,
    });
    expect(body.configuration).toEqual({
      desired_version: 0,
      applied_version: 0,
      lag: 0,
      lag_secs: 0,
      applied_at: null,
      drifted_at: null,
      drifted_kinds: [],
      drifts: 0,
      resync_requested_at: null,
      resynced_at: null,
      resyncs: 0,
      swept_at: null,
      sweep_repaired: null,
      sweep_blocked: null, // prettier-ignore
    });
    expect(body.enrol_token).toMatch(/^tl_enrol_/);
    expect(new Date(body.enrol_expires_at).getTime()).toBe(api.clock.now().getTime() + 86_400_000);
    for (const { body: shown } of [await operator('GET', '/v1/edges'), await operator('GET', `/v1/edges/${body.id}`)])
      expect(JSON.stringify(shown)).not.toContain(body.enrol_token);
  });

  it.each([
    [{ name: 'Fra 1' }, '/name'],
    [{ sip_address: '198.51.100.7' }, '/sip_address'],
    [{ sip_address: '198.51.100.777:5060' }, '/sip_address'],
    [{ sip_address: 'edge.example.com:5060' }, '/sip_address'],
    [{ sip_address: '198.51.100.7:70000' }, '/sip_address'],
    [{ scope: 'x' }, '/scope'],
  ])('400: %j', async (change, pointer) => {
    const { status, body } = await operator('POST', '/v1/edges', { ...newEdge(), ...change });
    expect([status, body.errors?.[0]?.pointer]).toEqual([400, pointer]);
  });

  it('409: a name that is taken', async () => {
    const edge = newEdge();
    await operator('POST', '/v1/edges', edge);
    const { status, body } = await operator('POST', '/v1/edges', edge);
    expect([status, body.code, body.errors[0].pointer]).toEqual([409, 'edge.name_taken', '/name']);
  });

  it('403: for a tenant’s key', async () => {
    const { call } = await api.tenant('curious');
    expect((await call('POST', '/v1/edges', newEdge())).status).toBe(403);
    expect((await call('GET', '/v1/edges')).status).toBe(403);
  });

  it('replays an Idempotency-Key once', async () => {
    const headers = { 'idempotency-key': 'edge' };
    const edge = newEdge();
    const first = await operator('POST', '/v1/edges', edge, headers);
    expect((await operator('POST', '/v1/edges', edge, headers)).body).toEqual(first.body);
  });
});

describe('GET /v1/edges/{id}', () => {
  it('200, 404', async () => {
    const { body: edge } = await operator('POST', '/v1/edges', newEdge());
    expect((await operator('GET', `/v1/edges/${edge.id}`)).body).toMatchObject({ id: edge.id });
    expect((await operator('GET', `/v1/edges/${edge.id.slice(0, -4)}0000`)).status).toBe(404);
    expect((await operator('GET', '/v1/edges/x')).status).toBe(404);
  });
});

describe('POST /v1/edges/{id}/rotate-enrol-token', () => {
  it('200: another token', async () => {
    const { body: edge } = await operator('POST', '/v1/edges', newEdge());
    const { status, body } = await operator('POST', `/v1/edges/${edge.id}/rotate-enrol-token`);
    expect(status).toBe(200);
    expect(body.enrol_token).not.toBe(edge.enrol_token);
  });

  it('403, 404', async () => {
    const { body: edge } = await operator('POST', '/v1/edges', newEdge());
    const { call } = await api.tenant('curious too');
    expect((await call('POST', `/v1/edges/${edge.id}/rotate-enrol-token`)).status).toBe(403);
    expect((await operator('POST', `/v1/edges/${edge.id.slice(0, -4)}0000/rotate-enrol-token`)).status).toBe(404);
  });
});

/** Makes an edge what its agent would have made it. */
const setEdge = async (id: string, change: string) => {
  const owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
  await owner.query(`UPDATE edge SET ${change} WHERE id = $1`, [fromPublicId('edge', id)]);
  await owner.end();
};
const enrolled = async () => {
  const { body } = await operator('POST', '/v1/edges', newEdge());
  await setEdge(body.id, 'enrolled_at = now(), key_enrolled_at = now(), last_up_at = now(), last_seen_at = now()');
  return body;
};
const missingOf = (id: string) => `${id.slice(0, -4)}0000`;

describe('what an operator does to an edge', () => {
  it.each([
    ['POST', 'resync'],
    ['POST', 'drain'],
    ['POST', 'activate'],
    ['DELETE', ''],
  ] as const)('%s %s: 403 for a tenant’s key, 404 for an edge that is not there', async (method, verb) => {
    const edge = await enrolled();
    const { call } = await api.tenant(`curious about ${verb || 'deletion'}`);
    const path = (id: string) => `/v1/edges/${id}${verb && `/${verb}`}`;
    const body = verb === 'activate' ? {} : undefined;
    expect((await call(method, path(edge.id), body)).status).toBe(403);
    expect((await operator(method, path(missingOf(edge.id)), body)).status).toBe(404);
    expect((await operator('GET', `/v1/edges/${edge.id}`)).body).toMatchObject({
      state: 'active',
      configuration: { resync_requested_at: null },
    });
  });

  it('resync: 200, 409 before enrolment, once with an Idempotency-Key', async () => {
    const { body: fresh } = await operator('POST', '/v1/edges', newEdge());
    expect((await operator('POST', `/v1/edges/${fresh.id}/resync`)).body.code).toBe('edge.not_enrolled');
    const edge = await enrolled();
    const headers = { 'idempotency-key': 'resync' };
    const { status, body } = await operator('POST', `/v1/edges/${edge.id}/resync`, undefined, headers);
    expect([status, body.configuration.resync_requested_at !== null]).toEqual([200, true]);
    expect((await operator('POST', `/v1/edges/${edge.id}/resync`, undefined, headers)).body).toEqual(body);
  });

  it('drain, activate, delete', async () => {
    const edge = await enrolled();
    expect((await operator('DELETE', `/v1/edges/${edge.id}`)).body.code).toBe('edge.in_use');
    expect((await operator('POST', `/v1/edges/${edge.id}/drain`)).body).toMatchObject({ id: edge.id, state: 'draining' });
    expect((await operator('POST', `/v1/edges/${edge.id}/activate`)).body).toMatchObject({ state: 'active' });
    await setEdge(edge.id, 'lost_at = now()');
    expect((await operator('POST', `/v1/edges/${edge.id}/activate`, { return_tenants: true })).body.code).toBe('edge.not_at_work');
    expect((await operator('DELETE', `/v1/edges/${edge.id}`)).status).toBe(204);
    expect((await operator('GET', `/v1/edges/${edge.id}`)).status).toBe(404);
    expect((await operator('POST', `/v1/edges/${edge.id}/rotate-enrol-token`)).status).toBe(404);
    expect((await operator('GET', '/v1/edges')).body.data.map((e: { id: string }) => e.id)).not.toContain(edge.id);
    expect((await operator('POST', '/v1/edges', { name: edge.name, sip_address: edge.sip_address })).status).toBe(201);
  });

  it('400: an activation that says something else', async () => {
    const edge = await enrolled();
    const { status, body } = await operator('POST', `/v1/edges/${edge.id}/activate`, { return_tenants: 'yes' });
    expect([status, body.errors[0].pointer]).toEqual([400, '/return_tenants']);
  });
});

describe('/v1/tenants/{id}/home', () => {
  it('200: placed and pinned, and the trunk says where its home is', async () => {
    const edge = await enrolled();
    const { id, call } = await api.tenant('placed');
    expect((await operator('GET', `/v1/tenants/${id}/home`)).body).toMatchObject({ tenant_id: id, edge_id: null, pinned: false });
    const { status, body } = await operator('PUT', `/v1/tenants/${id}/home`, { edge_id: edge.id, pinned: true });
    expect([status, body]).toMatchObject([200, { edge_id: edge.id, edge: edge.name, pinned: true, moved_from_edge_id: null }]);
    expect((await operator('GET', `/v1/tenants/${id}/home`)).body).toEqual(body);
    const { body: made } = await call('POST', '/v1/trunks', { name: 'PBX', country: 'US', channels_max: 1, allowed_countries: ['US'] });
    const { body: trunk } = await call('GET', `/v1/trunks/${made.id}`);
    const homes = trunk.provisioning.edges.filter((e: { home: boolean }) => e.home);
    expect(homes).toMatchObject([{ edge: edge.name, state: 'active', sip_address: edge.sip_address }]);
    expect((await operator('POST', `/v1/edges/${edge.id}/drain`)).body.code).toBe('edge.tenants_pinned');
  });

  it('400, 403, 404, 409', async () => {
    const edge = await enrolled();
    const { id, call } = await api.tenant('displaced');
    const put = (tenant: string, edge_id: string) => operator('PUT', `/v1/tenants/${tenant}/home`, { edge_id });
    expect((await put(id, missingOf(edge.id))).body).toMatchObject({ status: 400, errors: [{ pointer: '/edge_id' }] });
    expect((await put(id, 'x')).body).toMatchObject({ status: 400, errors: [{ pointer: '/edge_id' }] });
    expect((await call('PUT', `/v1/tenants/${id}/home`, { edge_id: edge.id })).status).toBe(403);
    expect((await call('GET', `/v1/tenants/${id}/home`)).status).toBe(403);
    expect((await put(missingOf(id), edge.id)).status).toBe(404);
    expect((await operator('GET', `/v1/tenants/${missingOf(id)}/home`)).status).toBe(404);
    await operator('POST', `/v1/edges/${edge.id}/drain`);
    expect((await put(id, edge.id)).body.code).toBe('edge.not_at_work');
  });
});

describe('/v1/edge-scopes/{scope}', () => {
  it('200 and 202: how the last sweep went, and another one', async () => {
    const { status, body } = await operator('GET', '/v1/edge-scopes/main');
    expect([status, body]).toMatchObject([
      200,
      { object: 'edge_scope', scope: 'main', sweep_blocked: null, sweep_released_removals: null },
    ]);
    expect((await operator('POST', '/v1/edge-scopes/main/sweep')).status).toBe(202);
  });

  it('400, 403, 404, 409', async () => {
    const { call } = await api.tenant('sweeper');
    expect((await call('POST', '/v1/edge-scopes/main/sweep', {})).status).toBe(403);
    expect((await call('GET', '/v1/edge-scopes/main')).status).toBe(403);
    expect((await operator('GET', '/v1/edge-scopes/other')).status).toBe(404);
    expect((await operator('POST', '/v1/edge-scopes/other/sweep', {})).status).toBe(404);
    expect((await operator('POST', '/v1/edge-scopes/main/sweep', { removals: { party: 3 } })).status).toBe(400);
    expect((await operator('POST', '/v1/edge-scopes/main/sweep', { removals: { number: 3 } })).body.code).toBe('edge.sweep_differs');
  });
});
