import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { proof } from '@trunkline/testing';
import fc from 'fast-check';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { makeVictim } from './victim.ts';

const { size, report } = proof(8, { short: { bodies: 1_500 }, full: { bodies: 50_000 } });
const SEED = 20261126;
const AT_ONCE = 8;

type Schema = {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
};
type Documented = {
  readonly operationId: string;
  readonly 'x-access'?: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly schema?: Schema }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
};
type Operation = {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly schema: Schema;
  readonly isSheet: boolean; // takes CSV
  readonly needsSession: boolean; // or what a log-in begun in the same browser left there
  readonly query: Schema;
};

/** What nobody may set, in every body where it is no field. */
const FOREIGN = ['tenant_id', 'role', 'balance', 'id', 'revision', '__proto__', 'constructor'];
const strange = fc.oneof(
  fc.jsonValue(),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(
    null,
    -1,
    0,
    1e308,
    2 ** 53,
    '',
    ' ',
    '\u0000',
    '\ud800',
    '+1202555014212345',
    "'; DROP TABLE trunk; --",
    '%00',
    'NaN',
    '1e999',
  ),
);

const WORDS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/countr/, ['US', 'DE']],
  [/currency/, ['USD']],
  [/uri$/, ['sip:a.example', 'sip:127.0.0.1:5080']],
  [/address/, ['127.0.0.1', '127.0.0.1:5060']],
  [/(_at|_from|_until)$/, ['2026-12-01T00:00:00Z']],
  [/(monthly|setup|fee|amount|rate)$/, ['1.00', '0']],
  [/caller_id|number/, ['+12025550142']],
  [/prefix/, ['1', '44']],
  [/./, ['One', 'two', 'three-3']],
];
const wordsFor = (name: string) => WORDS.find(([pattern]) => pattern.test(name))![1];

/** A value that the schema of the field might allow. */
const likely = (name: string, schema: Schema, schemas: Readonly<Record<string, Schema>>, depth = 0): fc.Arbitrary<unknown> => {
  if (schema.$ref) return likely(name, schemas[schema.$ref.split('/').at(-1)!] ?? {}, schemas, depth);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((s) => likely(name, s, schemas, depth + 1)));
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === 'object' && depth < 5) return bodyOf(schema, schemas, depth + 1);
  if (type === 'array' && depth < 5) return fc.array(likely(name, schema.items ?? {}, schemas, depth + 1), { maxLength: 3 });
  if (type === 'integer' || type === 'number') return fc.integer({ min: 1, max: 100 });
  if (type === 'boolean') return fc.boolean();
  return fc.constantFrom(...wordsFor(name));
};

/** An object with most of its fields likely, some strange, some missing, and now and then one that is not ours to set. */
function bodyOf(schema: Schema, schemas: Readonly<Record<string, Schema>>, depth = 0): fc.Arbitrary<object> {
  const fields = Object.entries(schema.properties ?? {}).map(([name, s]) =>
    fc.tuple(
      fc.constant(name),
      fc.oneof(
        { weight: 60, arbitrary: likely(name, s, schemas, depth) },
        { weight: 1, arbitrary: strange },
        { weight: 4, arbitrary: fc.constant(undefined) },
      ),
    ),
  );
  const foreign = fc.tuple(fc.constantFrom(...FOREIGN), fc.oneof(strange, fc.constant('owner')));
  return fc
    .tuple(fc.tuple(...fields), fc.option(foreign, { freq: 6 }))
    .map(([own, other]) => Object.fromEntries(other ? [...own, other] : own));
}

/** A sheet: a head of words that columns have, and lines that are sometimes theirs and sometimes not. */
const sheet = (): fc.Arbitrary<string> => {
  const column = fc.constantFrom(
    'number',
    'country',
    'prefix',
    'destination',
    'rate',
    'initial',
    'increment',
    'area_code',
    'type',
    '"',
    '',
  );
  const cell = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('+12025550142', 'US', '1', 'USA', '0.01', '6', '1', '202', 'local') },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    { weight: 1, arbitrary: fc.constantFrom('"', '""', '\r', ',', '=1+1', '\u0000', '٣', '1e999', '-1') },
  );
  const line = (of: fc.Arbitrary<string>) => fc.array(of, { minLength: 1, maxLength: 7 }).map((cells) => cells.join(','));
  const usual = fc.constantFrom('number,country', 'prefix,destination,rate,initial,increment');
  return fc
    .tuple(fc.oneof(usual, line(column)), fc.array(line(cell), { maxLength: 8 }))
    .map(([head, lines]) => [head, ...lines].join('\n'));
};

/** A query as it may be asked, with parameters that are missing, strange, twice there or not there at all. */
const queryOf = (schema: Schema): fc.Arbitrary<string> => {
  const odd = fc.oneof(
    strange,
    fc.constantFrom('-1', '201', '9'.repeat(400), 'trk_01j', '2026-02-30T00:00:00Z', '9999-12-31T23:59:59.999Z', '\u0000'),
  );
  const pairs = Object.entries(schema.properties ?? {}).map(
    ([name, s]) =>
    fc.tuple(fc.constant(name), fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 4, arbitrary: likely(name, s, schemas) }, { weight: 1, arbitrary: odd })), // prettier-ignore
  );
  const foreign = fc.option(fc.tuple(fc.constantFrom(...FOREIGN, 'limit', 'cursor'), odd), { freq: 6 });
  return fc.tuple(fc.tuple(...pairs), foreign).map(([own, other]) =>
    (other ? [...own, other] : own)
      .filter(([, value]) => value !== undefined)
      .map(
        ([name, value]) => `${name}=${encodeURIComponent(wellFormed(typeof value === 'object' ? JSON.stringify(value) : String(value)))}`,
      )
      .join('&'),
  );
};
/** Half characters cannot be written in a URL. */
const wellFormed = (text: string): string => text.replaceAll(/[\ud800-\udfff]/gu, '?');

/** Ids that answers named, by the noun in their path: so that what is changed is there now and then. */
const known = new Map<string, string[]>();
const KNOWN_MAX = 20;
const KEYS = ['api-keys', 'operator-keys']; // not learnt: it would revoke its own
const learn = (noun: string, body: { id?: unknown; data?: readonly { id?: unknown }[] } | undefined): void => {
  const found = [body?.id, ...(Array.isArray(body?.data) ? body.data.slice(0, 3).map((item) => item?.id) : [])];
  const fresh = found.filter((id): id is string => typeof id === 'string');
  if (!KEYS.includes(noun) && fresh.length > 0) known.set(noun, [...fresh, ...(known.get(noun) ?? [])].slice(0, KNOWN_MAX));
};
const idFor = (noun: string, which: number): string => {
  const own = known.get(noun) ?? [];
  return (which % 2 === 0 ? own[(which >> 1) % own.length] : undefined) ?? ids[(which >> 1) % ids.length]!;
};

let api: ApiHarness;
let operations: Operation[];
let schemas: Readonly<Record<string, Schema>>;
let callers: readonly Call[];
let ids: readonly string[];

beforeAll(async () => {
  api = await ApiHarness.start();
  const victim = await makeVictim(api);
  const { call, id } = await api.tenant('Fuzzed');
  callers = [call, api.operator, (method, url, body) => api.operator(method, url, body, { 'trunkline-tenant': id })];
  ids = [
    ...new Set([
      victim.id,
      victim.trunk,
      victim.number,
      victim.cdr,
      victim.invoice,
      victim.apiKey,
      id,
      'no-id',
      '%00',
      'trk_01j',
      '..%2f..',
    ]),
  ];
  const { body: document } = await api.as(undefined)('GET', '/openapi.json');
  schemas = document.components?.schemas ?? {};
  operations = Object.entries(document.paths as Record<string, Record<string, Documented>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, o]) => ({
      id: o.operationId,
      method: method.toUpperCase(),
      path,
      schema: o.requestBody?.content['application/json']?.schema ?? {},
      needsSession: o['x-access'] === 'person' || o.operationId === 'finishSso',
      isSheet: o.requestBody?.content['text/csv'] !== undefined,
      query: { properties: Object.fromEntries((o.parameters ?? []).filter((p) => p.in === 'query').map((p) => [p.name, p.schema ?? {}])) },
    })),
  );
});
afterAll(() => api?.stop());

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const heapBytes = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};

it('answers whatever it is sent with an answer of its own, and forgets it', async () => {
  const statuses = new Map<number, number>();
  const byOperation = new Map(operations.map(({ id }) => [id, new Set<number>()]));
  const plays = operations.flatMap((operation) => {
    const body: fc.Arbitrary<unknown> = operation.isSheet ? sheet() : likely('body', operation.schema, schemas);
    const one = fc.tuple(
      fc.constant(operation),
      fc.oneof({ weight: 7, arbitrary: body }, { weight: 1, arbitrary: strange }),
      fc.nat(),
      fc.nat(),
      queryOf(operation.query),
    );
    return fc.sample(one, { seed: SEED, numRuns: Math.ceil(size.bodies / operations.length) });
  });
  const play = async ([operation, body, who, which, query]: (typeof plays)[number]) => {
    const path = operation.path.replaceAll(/([a-z-]+)\/\{\w+\}/g, (_, noun: string) => `${noun}/${idFor(noun, which)}`);
    const url = query === '' ? path : `${path}?${query}`;
    const sent = operation.method === 'GET' || operation.method === 'DELETE' ? undefined : body;
    const type = operation.isSheet && typeof sent === 'string' ? 'text/csv' : 'application/json';
    const answer = await callers[who % callers.length]!(operation.method as 'POST', url, sent, { 'content-type': type });
    byOperation.get(operation.id)!.add(answer.status);
    learn(operation.path.split('/').at(-1)!, answer.body);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    if (answer.status >= 500)
      throw new Error(`${operation.id} answered ${answer.status} to ${JSON.stringify(body)} at ${url}: ${JSON.stringify(answer.body)}`);
    const refusal = answer.body?.errors?.[0]?.extensions ?? answer.body; // what is no GraphQL is answered in GraphQL's own form
    if (answer.status >= 400)
      expect([operation.id, refusal]).toMatchObject([operation.id, { code: expect.any(String), status: answer.status }]);
    if (answer.body?.code === 'request.invalid')
      expect(answer.body.errors[0]).toMatchObject({ pointer: expect.any(String), code: expect.any(String) });
  };
  let before = 0;
  for (let at = 0; at < plays.length; at += AT_ONCE) {
    await Promise.all(plays.slice(at, at + AT_ONCE).map(play));
    if (before === 0 && at > plays.length / 5) before = heapBytes(); // everything that is cached is by then
  }
  const grownBytes = heapBytes() - before;
  // every operation looked at what it got, unless its path names something that a stranger's id cannot
  const unreached = operations.filter(
    ({ id, path, needsSession }) =>
      !needsSession && !path.includes('{') && [...byOperation.get(id)!].every((s) => [401, 403, 404].includes(s)),
  );
  expect(unreached.map(({ id }) => id)).toEqual([]);
  expect(grownBytes).toBeLessThan(50 * 1024 ** 2);
  const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, n]) => `${n} × ${status}`);
  report(
    `${plays.length} bodies, likely and strange, at ${operations.length} operations, as tenant and operator`,
    `no 5xx; ${counts.join(', ')}; heap grown by ${Math.max(0, Math.round(grownBytes / 1024 ** 2))} MB`,
  );
}, 900_000);
