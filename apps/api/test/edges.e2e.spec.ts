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
      connected: false,
      enrolled_at: null,
      status: null,
      tenants: 0,
    });
    expect(body.configuration).toEqual({
      desired_version: 0,
      applied_version: 0,
      lag: 0,
      applied_at: null,
      drifted_at: null,
      swept_at: null,
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
