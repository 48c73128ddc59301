import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { CASES, QUERIES } from './isolation-cases.ts';
import { operationsOf } from './operations.ts';
import type { Operation } from './operations.ts';
import { makeVictim } from './victim.ts';
import type { Victim } from './victim.ts';

// Every route that takes an id, by every relation between who asks and whose the id is. The routes come from the OpenAPI document, the ids from the cases.

const RELATIONS = ['own', 'parent’s', 'child’s', 'sibling’s', 'stranger’s'] as const;
type Relation = (typeof RELATIONS)[number];

let api: ApiHarness;
let victim: Victim;
let operations: Operation[];
/** Who asks: to this one, what the victim has is its … */
let asking: Record<Relation, Call>;

const everything = { allotment: { tenants: 5 } };
beforeAll(async () => {
  api = await ApiHarness.start();
  const reseller = await api.tenant('Reseller', undefined, everything);
  victim = await makeVictim(api, { ...everything, parent_id: reseller.id });
  asking = {
    own: (method, url, body) => api.operator(method, url, body, { 'trunkline-tenant': victim.id }), // keys of its own get revoked on the way
    'child’s': reseller.call,
    'sibling’s': (await api.tenant('Sibling', undefined, { ...everything, parent_id: reseller.id })).call,
    'parent’s': (await api.tenant('Child', undefined, { parent_id: victim.id })).call,
    'stranger’s': (await api.tenant('Stranger', undefined, everything)).call,
  };
  operations = operationsOf((await api.as(undefined)('GET', '/openapi.json')).body).filter((o) => o.access.includes(':'));
});
afterAll(() => api?.stop());

const isFromAbove = (o: Operation) => o.access.startsWith('tenants:') && o.path.includes('{');
/** What is worked on from above is reached from above; anything else by its own tenant alone. */
const isReached = (o: Operation, relation: Relation) => relation === (isFromAbove(o) ? 'child’s' : 'own');
const withoutRequestId = ({ request_id: _, ...problem }: Record<string, unknown>) => problem;
const withIds = (o: Operation, ids: Readonly<Record<string, string>>) =>
  o.path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? `no-value-for-${name}`) + (QUERIES[o.id] ?? '');

const depthOf = (o: Operation) => o.path.split('/').length;
/** Operations with an id, those that end something last, and a part before its whole. */
const rows = () =>
  operations
    .filter((o) => o.path.includes('{'))
    .sort((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE') || (a.method === 'DELETE' ? depthOf(b) - depthOf(a) : 0));

it.each(RELATIONS.filter((r) => r !== 'own'))('a %s id answers as a missing one, unless it is worked on from above', async (relation) => {
  expect(rows().length).toBeGreaterThan(30);
  for (const operation of rows().filter((o) => !isReached(o, relation))) {
    const { foreign, missing, body } = CASES.paths[operation.id]!(victim);
    const malformed = Object.fromEntries(Object.keys(foreign).map((name) => [name, 'x_01kaq8x4s7fyz8m2q0w3e5r6t7']));
    const [other, none, bad] = await Promise.all(
      [foreign, missing, malformed].map((ids) => asking[relation](operation.method, withIds(operation, ids), body)),
    );
    expect([operation.id, other!.status, other!.body.code]).toEqual([operation.id, 404, 'resource.not_found']);
    expect([operation.id, withoutRequestId(none!.body)]).toEqual([operation.id, withoutRequestId(other!.body)]);
    expect([operation.id, withoutRequestId(bad!.body)]).toEqual([operation.id, withoutRequestId(other!.body)]);
  }
});

it.each(['sibling’s', 'parent’s', 'stranger’s', 'own'] as const)(
  'a header that names whoever is not below (%s) answers as a missing one',
  async (relation) => {
    const ask = relation === 'own' ? victim.call : asking[relation];
    const named = relation === 'own' ? 'ten_01kaq8x4s7fyz8m2q0w3e5r6t7' : victim.id;
    for (const o of operations.filter((op) => !op.path.includes('{'))) {
      const answers = await Promise.all(
        [named, 'ten_01kaq8x4s7fyz8m2q0w3e5r6t8', 'nonsense'].map((id) =>
          ask(o.method, o.path, o.method === 'GET' ? undefined : {}, { 'trunkline-tenant': id }),
        ),
      );
      for (const { status, body } of answers) expect([o.id, status, body.code]).toEqual([o.id, 404, 'resource.not_found']);
    }
  },
);

it('a header that names a tenant below shows what that tenant sees itself', async () => {
  for (const o of operations.filter(
    (op) => op.method === 'GET' && !op.path.includes('{') && !op.access.startsWith('tenants:') && op.id !== 'listApiKeys',
  )) {
    const query = QUERIES[o.id] ?? '';
    const [own, above] = await Promise.all([
      victim.call('GET', o.path + query),
      asking['child’s']('GET', o.path + query, undefined, { 'trunkline-tenant': victim.id }),
    ]);
    expect([o.id, own.status]).toEqual([o.id, 200]);
    expect([o.id, above.body]).toEqual([o.id, own.body]);
  }
});

it.each(['sibling’s', 'parent’s', 'stranger’s'] as const)('no list shows a %s rows', async (relation) => {
  for (const o of operations.filter((op) => op.method === 'GET' && !op.path.includes('{'))) {
    const { status, body } = await asking[relation]('GET', o.path + (QUERIES[o.id] ?? ''));
    expect([o.id, status]).toEqual([o.id, 200]);
    // a tenant knows who is above it, and no more
    const traces = victim.traces.filter((trace) => !(relation === 'parent’s' && o.id === 'getOwnTenant' && trace === victim.id));
    for (const trace of traces) expect([o.id, JSON.stringify(body)]).toEqual([o.id, expect.not.stringContaining(trace)]);
  }
});

it('the reseller’s own lists show nothing of a tenant below but that it is there', async () => {
  const fromAbove = (o: Operation) => o.access.startsWith('tenants:');
  for (const o of operations.filter((op) => op.method === 'GET' && !op.path.includes('{') && !fromAbove(op))) {
    const { body } = await asking['child’s']('GET', o.path);
    for (const trace of victim.traces) expect([o.id, JSON.stringify(body)]).toEqual([o.id, expect.not.stringContaining(trace)]);
  }
});

it('an id that is one’s own, or worked on from above, is found', async () => {
  for (const operation of rows()) {
    const { foreign, body } = CASES.paths[operation.id]!(victim);
    const relation = isFromAbove(operation) ? 'child’s' : 'own';
    const { status } = await asking[relation](operation.method, withIds(operation, foreign), body);
    expect([operation.id, status]).not.toEqual([operation.id, 404]);
    expect([operation.id, status]).not.toEqual([operation.id, 500]);
  }
});
