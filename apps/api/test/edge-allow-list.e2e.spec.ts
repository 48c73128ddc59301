import { ApiHarness } from './harness.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await ApiHarness.start();
});
afterAll(() => api?.stop());

const path = '/v1/edge-allow-list';

it('201: an address or network with a note, which the list then has in order; 204: gone', async () => {
  const { status, body } = await api.operator('POST', path, { network: '198.51.100.0/24', note: 'office' });
  expect([status, body]).toMatchObject([201, { object: 'edge_allow_entry', network: '198.51.100.0/24', note: 'office' }]);
  await api.operator('POST', path, { network: '10.0.0.0/8' });
  const { body: list } = await api.operator('GET', path);
  expect(list.data.map((e: { network: string }) => e.network)).toEqual(['10.0.0.0/8', '198.51.100.0/24']);
  expect((await api.operator('DELETE', `${path}/${body.id}`)).status).toBe(204);
  expect((await api.operator('DELETE', `${path}/${body.id}`)).status).toBe(404);
  expect((await api.operator('GET', path)).body.data).toHaveLength(1);
});

it.each([
  [{ network: '198.51.100.7/32' }, '/network'],
  [{ network: '198.51.100.7/24' }, '/network'],
  [{ network: '0.0.0.0/0' }, '/network'],
  [{ network: '2001:db8::/32' }, '/network'],
  [{ network: 'office' }, '/network'],
  [{ network: '192.0.2.1', note: '' }, '/note'],
  [{}, '/network'],
])('400: %j', async (body, pointer) => {
  const { status, body: problem } = await api.operator('POST', path, body);
  expect([status, problem.errors[0].pointer]).toEqual([400, pointer]);
});

it('409: the network is on the list already', async () => {
  await api.operator('POST', path, { network: '192.0.2.1' });
  const { status, body } = await api.operator('POST', path, { network: '192.0.2.1' });
  expect([status, body.code, body.errors[0].pointer]).toEqual([409, 'edge_allow_list.exists', '/network']);
});

it('409: the list is full', async () => {
  const { body } = await api.operator('GET', path);
  for (let i = body.data.length; i < 200; i++)
    await api.operator('POST', path, { network: `192.0.${100 + Math.floor(i / 250)}.${i % 250}` });
  const { status, body: problem } = await api.operator('POST', path, { network: '203.0.113.1' });
  expect([status, problem.code]).toEqual([409, 'edge_allow_list.full']);
});
