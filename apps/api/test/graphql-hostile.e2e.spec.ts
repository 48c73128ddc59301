import { getIntrospectionQuery } from 'graphql';
import { ask } from './graphql-queries.ts';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

let api: ApiHarness;
let call: Call;
beforeAll(async () => {
  api = await ApiHarness.start();
  call = (await api.tenant()).call;
});
afterAll(() => api?.stop());

const deep = `{ numbers { nodes { ${'trunk { numbers { nodes { '.repeat(16)} id ${'} } } '.repeat(16)} } } }`;
const aliases = (n: number) => Array.from({ length: n }, (_, i) => `a${i}: __typename`).join(' ');
const doubled = (times: number) =>
  Array.from({ length: times }, (_, i) => `fragment F${i + 1} on Query { ...F${i} ...F${i} }`).join(' ') +
  ` fragment F0 on Query { viewer { kind } } { ...F${times} }`;

const LIMIT = 'graphql.too_complex';
const INVALID = 'request.invalid';
it.each([
  ['50 levels', deep, LIMIT],
  ['31 aliases', `{ ${aliases(31)} }`, LIMIT],
  ['1,000 aliases', `{ ${aliases(1_000)} }`, INVALID],
  ['31 aliases in a fragment', `fragment F on Query { ${aliases(31)} } { ...F }`, LIMIT],
  ['10,000 tokens', `{ ${'viewer { kind } '.repeat(2_500)} }`, INVALID],
  ['301 fields', `{ ${'viewer { kind } '.repeat(151)} }`, LIMIT],
  ['fields doubled 100 times by fragments', doubled(100), LIMIT],
  ['pages in pages', '{ trunks(first: 200) { nodes { numbers(first: 200) { nodes { id } } } } }', LIMIT],
  ['a fragment that holds itself', 'fragment F on Trunk { id ...F } { trunks { nodes { ...F } } }', INVALID],
  ['fragments in a circle', 'fragment A on Viewer { kind ...B } fragment B on Viewer { kind ...A } { viewer { ...A } }', INVALID],
  ['introspection', getIntrospectionQuery(), INVALID],
  ['introspection of one type', '{ __type(name: "Trunk") { fields { name } } }', INVALID],
  ['an unknown mutation', 'mutation { dropTrunks }', INVALID],
  ['a subscription', 'subscription { trunks { id } }', INVALID],
  ['no query', ' ', INVALID],
  ['a syntax error', '{ trunks { ', INVALID],
  ['an unknown field', '{ passwords }', INVALID],
  ['an argument of another type', '{ trunks(first: "many") { nodes { id } } }', INVALID],
  ['parentheses without end', `{ trunks(first: ${'['.repeat(1_500)}1${']'.repeat(400)}) }`, INVALID],
])('%s: 400 before anything runs', async (_, query, code) => {
  const { status, body, codes } = await ask(call, query);
  expect([status, body.data, codes[0]]).toEqual([400, undefined, code]);
  expect(JSON.stringify(body).length).toBeLessThan(20_000);
});

describe('what is no query', () => {
  const post = (body: unknown, headers?: Record<string, string>) => call('POST', '/graphql', body, headers);
  it('a batch of 100', async () => {
    const { status, body } = await post(Array.from({ length: 100 }, () => ({ query: '{ viewer { kind } }' })));
    expect([status, body.code]).toEqual([400, INVALID]);
  });
  it('more than 64 KB', async () => {
    const { status, body } = await post({ query: `{ viewer { kind } } #${'x'.repeat(65_536)}` });
    expect([status, body.code]).toEqual([400, 'request.too_large']);
  });
  it.each([{}, { query: 1 }, { query: '{ viewer { kind } }', variables: [1] }, { query: '{ viewer { kind } }', schema: 'x' }])(
    '%j',
    async (body) => {
      expect(await post(body)).toMatchObject({ status: 400, body: { code: INVALID } });
    },
  );
  it('a body of another type', async () => {
    expect((await post('{ viewer { kind } }')).status).toBe(400);
    expect((await post('{ viewer { kind } }', { 'content-type': 'application/graphql' })).status).toBe(415);
  });
  it('a GET', async () => {
    expect((await call('GET', '/graphql?query=%7Bviewer%7Bkind%7D%7D')).status).toBe(404);
  });
});

it('says what a query costs: one a field, what is below a page as often as its length', async () => {
  const { body } = await ask(call, '{ trunks(first: 200) { nodes { numbers(first: 200) { nodes { id } } } } }');
  expect(body.errors[0].message).toContain('costs 40201'); // 1 + 200 × (1 + 200 × 1)
});

it('refuses by the size of a page that comes as a variable, each time anew', async () => {
  const query = 'query($n: Int!) { trunks(first: $n) { nodes { numbers(first: $n) { nodes { id } } } } }';
  expect((await ask(call, query, { n: 10 })).status).toBe(200);
  expect(await ask(call, query, { n: 200 })).toMatchObject({ status: 400, codes: [LIMIT] });
  expect((await ask(call, query, { n: 10 })).status).toBe(200);
});

it.each(['\\u0000', '\\ud83d', '🤷', "' OR 1=1 --"])('finds nothing by %s', async (text) => {
  const { status, codes } = await ask(
    call,
    `{ node(id: "${text}") { id } trunk(id: "${text}") { id } trunks(after: "${text}") { nodes { id } } calls(number: "${text}") { nodes { id } } }`,
  );
  expect(status).toBeLessThan(500);
  if (status === 200) expect(codes.sort()).toEqual(['request.bad_cursor', INVALID, 'resource.not_found', 'resource.not_found']);
});

it('tells at most 100 faults', async () => {
  const { call: narrow } = await api.tenant('Narrow', ['trunks:read', 'trunks:write']);
  for (let i = 0; i < 5; i++) await narrow('POST', '/v1/trunks', { name: `trunk ${i}`, country: 'US', channels_max: 1 });
  const numbers = Array.from({ length: 30 }, (_, i) => `a${i}: numbers { nodes { id } }`).join(' ');
  const { errors } = await ask(narrow, `{ trunks(first: 5) { nodes { ${numbers} } } }`);
  expect(errors).toHaveLength(100);
});

it('ignores an Idempotency-Key: a query changes nothing', async () => {
  const body = { query: '{ trunks { nodes { name } } }' };
  const headers = { 'idempotency-key': 'graphql' };
  const { call: fresh } = await api.tenant();
  expect((await fresh('POST', '/graphql', body, headers)).body.data.trunks.nodes).toEqual([]);
  await fresh('POST', '/v1/trunks', { name: 'new', country: 'US', channels_max: 1 });
  expect((await fresh('POST', '/graphql', body, headers)).body.data.trunks.nodes).toEqual([{ name: 'new' }]);
});

it('tells its schema where the configuration says so', async () => {
  const open = await ApiHarness.start({ GRAPHQL_INTROSPECTION: true });
  const { status, data } = await ask((await open.tenant()).call, getIntrospectionQuery());
  await open.stop();
  expect([status, data.__schema.queryType.name]).toEqual([200, 'Query']);
});

it('answers fifty at once on two connections', async () => {
  const small = await ApiHarness.start({ DATABASE_POOL_MAX: 2 });
  try {
    const { id, call: one } = await small.tenant();
    await one('POST', '/v1/trunks', { name: 'one', country: 'US', channels_max: 1 });
    const query =
      '{ viewer { tenant { id } } trunks { nodes { provisioning { state } numbers { nodes { id } } } } calls { nodes { id } } invoices { nodes { id } } }';
    const acting = { 'trunkline-tenant': id };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        i % 2 ? ask(one, query) : ask(small.operator, `${query.slice(0, -1)} tenants { nodes { id } } }`, {}, acting),
      ),
    );
    expect(answers.flatMap((a) => a.errors)).toEqual([]);
    expect(answers.every((a) => a.status === 200)).toBe(true);
  } finally {
    await small.stop();
  }
});
