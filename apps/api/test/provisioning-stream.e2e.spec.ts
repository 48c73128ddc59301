import type { AddressInfo } from 'node:net';
import { Database, publish } from '@trunkline/platform';
import { fromPublicId, newId, systemContext } from '@trunkline/kernel';
import { ApiHarness } from './harness.ts';

let api: ApiHarness;
let tenant: { id: string; key: string };
let origin: string;
beforeAll(async () => {
  api = await ApiHarness.start();
  tenant = await api.tenant();
  await api.app.listen(0, '127.0.0.1');
  origin = `http://127.0.0.1:${(api.app.getHttpServer().address() as AddressInfo).port}`;
});
afterAll(() => api?.stop());

const tell = (tenantId: string, trunkId: string) =>
  api.app
    .get(Database)
    .tx(systemContext('test'), async (tx) => publish(tx, { type: 'trunk.provisioned', tenantId, data: { trunkId, revision: 3 } }));

it('stays open and tells the tenant what its edges have, and no other', async () => {
  const headers = { authorization: `Bearer ${tenant.key}`, accept: 'text/event-stream' };
  const leave = new AbortController();
  const response = await fetch(`${origin}/v1/provisioning/stream`, { headers, signal: leave.signal });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader.read()).value).toBe(':\n\n');
  await tell(fromPublicId('tenant', (await api.tenant('Stranger')).id)!, newId());
  await tell(fromPublicId('tenant', tenant.id)!, newId());
  const { value } = await reader.read();
  expect(value).toMatch(/^id: .+\nevent: trunk\.provisioned\ndata: {"trunk_id":"trk_.+","revision":3}\n\n$/);
  leave.abort();
});

it('tells a key that was revoked, or lost its scope, nothing more', async () => {
  const as = (method: 'POST' | 'PATCH', url: string, body?: object) => api.as(tenant.key)(method, url, body);
  for (const end of [
    (id: string) => as('POST', `/v1/api-keys/${id}/revoke`),
    (id: string) => as('PATCH', `/v1/api-keys/${id}`, { scopes: ['numbers:read'] }),
  ]) {
    const { body: key } = await as('POST', '/v1/api-keys', { name: 'to go', scopes: ['trunks:read'] });
    const headers = { authorization: `Bearer ${key.secret}`, accept: 'text/event-stream' };
    const { body } = await fetch(`${origin}/v1/provisioning/stream`, { headers });
    const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe(':\n\n');
    expect((await end(key.id)).status).toBe(200);
    await tell(fromPublicId('tenant', tenant.id)!, newId());
    expect(await reader.read()).toEqual({ done: true, value: undefined });
  }
});

it('409: beyond twenty at once of one key; one that is left makes room', async () => {
  const { key } = await api.tenant('Many streams');
  const leave = new AbortController();
  const open = async () => {
    const headers = { authorization: `Bearer ${key}`, accept: 'text/event-stream' };
    return (await fetch(`${origin}/v1/provisioning/stream`, { headers, signal: leave.signal })).status;
  };
  const statuses = await Promise.all(Array.from({ length: 21 }, open));
  expect(statuses.sort()).toEqual([...Array<number>(20).fill(200), 409]);
  leave.abort();
  const headers = { authorization: `Bearer ${key}`, accept: 'text/event-stream' };
  let again = await fetch(`${origin}/v1/provisioning/stream`, { headers });
  for (; again.status === 409; again = await fetch(`${origin}/v1/provisioning/stream`, { headers })) await again.text();
  expect(again.status).toBe(200);
  await again.body!.cancel();
});

it('ends at once for whoever does not ask for a stream', async () => {
  const { status, body } = await api.as(tenant.key)('GET', '/v1/provisioning/stream');
  expect([status, body]).toEqual([200, ':\n\n']);
});
