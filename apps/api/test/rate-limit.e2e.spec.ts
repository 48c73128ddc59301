import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { memberOf } from './people.ts';

const PER_SEC = 4; // a tenant's; 2 for each key

let api: ApiHarness;
let other: Awaited<ReturnType<ApiHarness['startAnother']>>;
beforeAll(async () => {
  api = await ApiHarness.start({ TENANT_REQUESTS_PER_SEC: PER_SEC });
  other = await api.startAnother();
});
afterAll(async () => {
  await other?.stop();
  await api?.stop();
});

type Asked = Awaited<ReturnType<Call>>;
const ask = (call: Call): Promise<Asked> => call('GET', '/v1/trunks');
/** As many answers as wanted, at two APIs, and how many tokens of so many a second may have run in meanwhile. */
const flood = async (keys: readonly string[], times: number, perSec: number) => {
  const doors = keys.flatMap((key) => [api.as(key), other.as(key)]);
  const begun = performance.now();
  const answers = await Promise.all(Array.from({ length: times }, (_, i) => ask(doors[i % doors.length]!)));
  const inflow = Math.ceil(((performance.now() - begun) / 1000) * perSec);
  return { answers, ok: answers.filter((a) => a.status === 200), refused: answers.filter((a) => a.status === 429), inflow };
};

it('429: beyond the burst of a key, at two APIs together; a tenant’s other keys and other tenants go on', async () => {
  const [noisy, quiet] = [await api.tenant('Noisy'), await api.tenant('Quiet')];
  const { body: second } = await api.operator(
    'POST',
    '/v1/api-keys',
    { name: 'second', scopes: ['trunks:read'] },
    { 'trunkline-tenant': noisy.id },
  );
  const { ok, refused, answers, inflow } = await flood([noisy.key], 60, PER_SEC / 2);
  expect(ok.length + refused.length).toBe(answers.length);
  expect(ok.length).toBeGreaterThanOrEqual(1);
  expect(ok.length).toBeLessThanOrEqual(PER_SEC + inflow);
  expect(refused[0]?.body).toMatchObject({ status: 429, code: 'request.rate_limited', request_id: expect.stringMatching(/^req_/) });
  expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  expect((await ask(api.as(second.secret))).status).toBe(200);
  expect((await ask(quiet.call)).status).toBe(200);
});

it('429: beyond what the keys of a tenant may together', async () => {
  const { id } = await api.tenant('Many keys');
  const make = () =>
    api
      .operator('POST', '/v1/api-keys', { name: 'one of many', scopes: ['trunks:read'] }, { 'trunkline-tenant': id })
      .then((a) => a.body.secret as string);
  const keys = await Promise.all(Array.from({ length: 8 }, make));
  const { ok, refused, inflow } = await flood(keys, 64, PER_SEC);
  expect(ok.length).toBeLessThanOrEqual(2 * PER_SEC + inflow);
  expect(refused.length).toBeGreaterThan(0);
});

it('tells the policy and what is left, on every answer', async () => {
  const { key, call } = await api.tenant('Told', ['trunks:read', 'trunks:write']);
  const answers = [
    await ask(call),
    await call('GET', '/v1/trunks/nothing'),
    await call('POST', '/v1/trunks', { nothing: 1 }),
    await call('GET', '/v1/numbers'),
    ...(await flood([key], 40, PER_SEC / 2)).refused,
  ];
  expect([...new Set(answers.map(({ status }) => status))]).toEqual([200, 404, 400, 403, 429]);
  for (const { headers } of answers) {
    expect(headers['ratelimit-policy']).toBe('"key";q=4;w=2, "tenant";q=8;w=2');
    expect(headers['ratelimit']).toMatch(/^"key";r=[0-3];t=[12], "tenant";r=[0-7];t=[12]$/);
  }
});

it('takes the number that the operator gives a tenant, from the next request on', async () => {
  const { id, key, call } = await api.tenant('Large');
  const { body } = await api.operator('PATCH', `/v1/tenants/${id}`, { requests_per_sec_max: 1000 });
  expect(body.requests_per_sec_max).toBe(1000);
  expect((await ask(call)).headers['ratelimit-policy']).toBe('"key";q=1000;w=2, "tenant";q=2000;w=2');
  await flood([key], 20, 500); // what ran in before was little
  await api.operator('PATCH', `/v1/tenants/${id}`, { requests_per_sec_max: null });
  expect((await ask(call)).headers['ratelimit-policy']).toBe('"key";q=4;w=2, "tenant";q=8;w=2');
  const person = await memberOf(api, id, 'noc', 'limited@rate.example');
  await api.operator('PATCH', `/v1/tenants/${id}`, { requests_per_sec_max: 500 });
  expect((await ask(person.call)).headers['ratelimit-policy']).toBe('"key";q=500;w=2, "tenant";q=1000;w=2');
  for (const wrong of [0, 1.5, 'many']) {
    const refused = await api.operator('PATCH', `/v1/tenants/${id}`, { requests_per_sec_max: wrong });
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/requests_per_sec_max']);
  }
});

it('lets a key in again when it has waited', async () => {
  const { key, call } = await api.tenant('Patient');
  await flood([key], 40, PER_SEC / 2);
  let answer = await ask(call);
  for (; answer.status === 429; answer = await ask(call))
    await new Promise((r) => setTimeout(r, 100 * Number(answer.headers['retry-after'])));
  expect(answer.status).toBe(200);
});

it('leaves public routes alone', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => api.as(undefined)('GET', '/health/live')));
  expect(answers.filter((a) => a.status !== 200)).toEqual([]);
  expect(answers[0]?.headers['ratelimit']).toBeUndefined();
});
