import { newId, toPublicId } from '@trunkline/kernel';
import type { IdKind } from '@trunkline/kernel';
import { getNamedType, isObjectType } from 'graphql';
import type { GraphQLObjectType, GraphQLSchema } from 'graphql';
import { ask, needsNothing, rootFields, schemaOf, selectionOf, written } from './graphql-queries.ts';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { makeVictim } from './victim.ts';
import type { Victim } from './victim.ts';

let api: ApiHarness;
let victim: Victim;
let stranger: Call;
let schema: GraphQLSchema;

beforeAll(async () => {
  api = await ApiHarness.start();
  victim = await makeVictim(api);
  stranger = (await api.tenant('Stranger')).call;
  schema = schemaOf(api);
});
afterAll(() => api?.stop());

const missing = (kind: IdKind) => toPublicId(kind, newId());
type Case = {
  readonly query: string;
  readonly foreign: (v: Victim) => string;
  readonly kind: IdKind;
  /** What a stranger gets; a filter finds nothing without complaint. */
  readonly code: 'resource.not_found' | 'auth.operator_only' | undefined;
};
const theOne = (field: string, foreign: Case['foreign'], kind: IdKind, code: Case['code'] = 'resource.not_found'): Case => ({
  query: `query($id: ID!) { it: ${field}(id: $id) { id } }`,
  foreign,
  kind,
  code,
});
const filter = (list: string): Case => ({
  query: `query($id: ID!) { it: ${list}(trunkId: $id) { nodes { id } } }`,
  foreign: (v) => v.trunk,
  kind: 'trunk',
  code: undefined,
});

/** One case for each argument that takes an id. One without a case fails the suite. */
const CASES: Record<string, Case> = {
  'Query.trunk(id)': theOne('trunk', (v) => v.trunk, 'trunk'),
  'Query.number(id)': theOne('number', (v) => v.number, 'number'),
  'Query.call(id)': theOne('call', (v) => v.cdr, 'cdr'),
  'Query.invoice(id)': theOne('invoice', (v) => v.invoice, 'invoice'),
  'Query.edge(id)': theOne('edge', () => missing('edge'), 'edge', 'auth.operator_only'),
  'Query.carrier(id)': theOne('carrier', () => missing('carrier'), 'carrier', 'auth.operator_only'),
  'Query.numbers(trunkId)': filter('numbers'),
  'Query.calls(trunkId)': filter('calls'),
};

/** The same for node(id), one case for each type that has a global id. */
const NODES: Record<string, Case> = {
  Tenant: theOne('node', (v) => v.id, 'tenant'),
  Trunk: theOne('node', (v) => v.trunk, 'trunk'),
  Number: theOne('node', (v) => v.number, 'number'),
  Call: theOne('node', (v) => v.cdr, 'cdr'),
  Invoice: theOne('node', (v) => v.invoice, 'invoice'),
  Edge: theOne('node', () => missing('edge'), 'edge', 'auth.operator_only'),
  Carrier: theOne('node', () => missing('carrier'), 'carrier', 'auth.operator_only'),
};

const objects = (): GraphQLObjectType[] =>
  Object.values(schema.getTypeMap()).filter((t) => isObjectType(t) && !t.name.startsWith('__')) as GraphQLObjectType[];
/** Called so, but a telephone number. */
const NO_ID = ['Query.calls(callerId)'];
const idArguments = (): string[] =>
  objects().flatMap((type) =>
    Object.values(type.getFields()).flatMap((field) =>
      field.args
        .filter((arg) => getNamedType(arg.type).name === 'ID' || /ids?$/i.test(arg.name))
        .map((arg) => `${type.name}.${field.name}(${arg.name})`)
        .filter((name) => !NO_ID.includes(name)),
    ),
  );

it('has a case for every argument that takes an id, and none too many', () => {
  expect(['Query.node(id)', ...Object.keys(CASES)].sort()).toEqual(idArguments().sort());
});

it('has a case for every type that node(id) finds, and none too many', () => {
  const found = schema.getPossibleTypes(schema.getType('Node') as never).map((type) => type.name);
  expect(Object.keys(NODES).sort()).toEqual([...found].sort());
});

const withoutPlace = ({ data, errors }: Awaited<ReturnType<typeof ask>>) => ({
  data,
  errors: errors.map(({ message, extensions: { request_id: _, ...rest } }: { message: string; extensions: Record<string, unknown> }) => ({
    message,
    rest,
  })),
});

it('answers another tenant’s id exactly as a missing one, in every argument', async () => {
  for (const [name, { query, foreign, kind, code }] of [...Object.entries(CASES), ...Object.entries(NODES)]) {
    const other = await ask(stranger, query, { id: foreign(victim) });
    const none = await ask(stranger, query, { id: missing(kind) });
    expect([name, other.status, other.codes]).toEqual([name, 200, code ? [code] : []]);
    expect([name, other.data.it]).toEqual([name, code ? null : { nodes: [] }]);
    expect(withoutPlace(other)).toEqual(withoutPlace(none));
  }
});

it('shows its own to the victim by the same queries', async () => {
  for (const [name, { query, foreign, code }] of [...Object.entries(CASES), ...Object.entries(NODES)].filter(
    ([, c]) => c.code !== 'auth.operator_only',
  )) {
    const { data, errors } = await ask(victim.call, query, { id: foreign(victim) });
    expect([name, errors]).toEqual([name, []]);
    if (code) expect([name, data.it.id]).toEqual([name, foreign(victim)]);
  }
});

it('lists nothing of another tenant, in any field of the schema', async () => {
  const fields = rootFields(schema).filter(needsNothing);
  expect(fields.length).toBeGreaterThan(10);
  for (const field of fields) {
    const { status, body } = await ask(stranger, `{ ${written(field)} ${selectionOf(getNamedType(field.type), 5)} }`);
    expect([field.name, status]).toEqual([field.name, 200]);
    for (const secret of victim.traces) expect(JSON.stringify(body)).not.toContain(secret);
  }
});

it('answers every field of the schema to the one it is for', async () => {
  const actingAs = { 'trunkline-tenant': victim.id };
  for (const field of rootFields(schema).filter(needsNothing)) {
    const { errors, data } = await ask(api.operator, `{ ${written(field)} ${selectionOf(getNamedType(field.type), 5)} }`, {}, actingAs);
    expect([field.name, errors]).toEqual([field.name, []]);
    expect(data[field.name]).not.toBeNull();
  }
});

it('refuses every field but the viewer to a key without scopes', async () => {
  const { call } = await api.tenant('Narrow', ['api_keys:read']);
  for (const field of rootFields(schema).filter((f) => needsNothing(f) && f.name !== 'viewer')) {
    const { data, codes } = await ask(call, `{ it: ${written(field)} ${selectionOf(getNamedType(field.type), 5)} }`);
    expect([field.name, data, codes.length]).toEqual([field.name, { it: null }, 1]);
    expect(['auth.scope_missing', 'auth.operator_only']).toContain(codes[0]);
  }
  for (const [name, { query, foreign }] of [...Object.entries(CASES), ...Object.entries(NODES)]) {
    const { data, codes } = await ask(call, query, { id: foreign(victim) });
    expect([name, data.it]).toEqual([name, null]);
    expect(['auth.scope_missing', 'auth.operator_only']).toContain(codes[0]);
  }
  const { data, codes } = await ask(call, `{ viewer { kind scopes tenant { id } } }`);
  expect([data.viewer, codes]).toEqual([{ kind: 'tenant', scopes: ['api_keys:read'], tenant: null }, ['auth.scope_missing']]);
});
