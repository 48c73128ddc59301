import { API_VERSIONS } from '@trunkline/platform';
import { ApiHarness } from './harness.ts';
import { answerOf, bodyOf, readOperations } from './operations.ts';
import type { Operation, Schema } from './operations.ts';

let api: ApiHarness;
let operations: Operation[];
let follow: (schema: Schema | undefined) => Schema;
beforeAll(async () => {
  api = await ApiHarness.start();
  ({ operations, follow } = await readOperations(api.as(undefined)));
});
afterAll(() => api?.stop());

const JSON_TYPE = { 'content-type': 'application/json' };

describe('bodies', () => {
  it('413: names how many bytes a body may have', async () => {
    const { status, body } = await api.operator('POST', '/v1/tenants', { name: 'x'.repeat(1024 * 1024) });
    expect([status, body.code]).toEqual([413, 'request.too_large']);
    expect(body.detail).toContain('1048576');
  });
  it('400: names how deep JSON may be', async () => {
    const { status, body } = await api.operator('POST', '/v1/tenants', `{"name":${'['.repeat(100)}${']'.repeat(100)}}`, JSON_TYPE);
    expect([status, body.errors[0].code]).toEqual([400, 'too_deep']);
    expect(body.detail).toContain('32');
  });
  it('400: what is no JSON, or would reach for a prototype', async () => {
    for (const text of ['{"name":', '{"__proto__":{"role":"operator"}}', '{"constructor":{"prototype":{"role":"operator"}}}'])
      expect((await api.operator('POST', '/v1/tenants', text, JSON_TYPE)).status).toBe(400);
  });

  /** Arrays and texts without an end, wherever they lie. */
  const endless = (schema: Schema, pointer = ''): string[] => {
    const own = follow(schema) as Schema & Record<string, unknown>;
    const isText = own.type === 'string' && !own['enum'] && !own['const'] && !own['format'] && !own['pattern'];
    return [
      ...(own.type === 'array' && own['maxItems'] === undefined ? [pointer] : []),
      ...(isText && own['maxLength'] === undefined ? [pointer] : []),
      ...Object.entries(own.properties ?? {}).flatMap(([name, s]) => endless(s, `${pointer}/${name}`)),
      ...(own.items ? endless(own.items, `${pointer}/*`) : []),
      ...(own.anyOf ?? []).flatMap((s) => endless(s, pointer)),
    ];
  };
  it('have an end to every array and every text', () => {
    const closed = operations.filter((o) => o.id !== 'graphql'); // its whole body has a limit of its own
    const found = closed.flatMap((o) => (bodyOf(o) ? endless(bodyOf(o)!).map((pointer) => `${o.id} ${pointer}`) : []));
    expect(found).toEqual([]);
  });
});

describe('lists', () => {
  /** Words that are not the item's own: what the numbers that are ordered will be tagged with. */
  const OF_OTHERS = ['listNumberOrders tag'];
  it('are searched by reference and by tag wherever their items have them', () => {
    const lacking = operations.flatMap((o) => {
      const item = follow(follow(answerOf(o)).properties?.['data']?.items).properties ?? {};
      const wanted = [...('external_reference' in item ? ['external_reference'] : []), ...('tags' in item ? ['tag'] : [])];
      return wanted.filter((name) => o.method === 'GET' && !o.parameters?.some((p) => p.name === name)).map((name) => `${o.id} ${name}`);
    });
    expect(lacking).toEqual(OF_OTHERS);
  });
});

describe('Trunkline-Version', () => {
  it('is told with every answer', async () => {
    for (const url of ['/health/live', '/v1/tenants', '/nowhere'])
      expect((await api.operator('GET', url)).headers['trunkline-version']).toBe(API_VERSIONS[0]);
    for (const version of API_VERSIONS)
      expect((await api.operator('GET', '/v1/tenants', undefined, { 'trunkline-version': version })).headers['trunkline-version']).toBe(
        version,
      );
  });
  it('400: one that never was, before anything is done', async () => {
    const { status, body } = await api.operator(
      'POST',
      '/v1/tenants',
      { name: 'Never', country: 'US', currency: 'USD' },
      { 'trunkline-version': '2020-01-01' },
    );
    expect([status, body.errors[0].pointer]).toEqual([400, '/headers/trunkline-version']);
    expect(body.detail).toContain(API_VERSIONS[0]);
    expect((await api.operator('GET', '/v1/tenants')).body.data).toEqual([]);
  });
});

describe('X-Request-Id', () => {
  it('is taken when it is one as ours, and made anew otherwise', async () => {
    const ours = (await api.operator('GET', '/v1/tenants')).headers['x-request-id'] as string;
    expect(ours).toMatch(/^req_[0-9a-z]{26}$/);
    expect((await api.operator('GET', '/v1/tenants', undefined, { 'x-request-id': ours })).headers['x-request-id']).toBe(ours);
    for (const other of ['7', 'req_', 'x'.repeat(500), '"><script>'])
      expect((await api.operator('GET', '/v1/tenants', undefined, { 'x-request-id': other })).headers['x-request-id']).not.toBe(other);
  });
});
