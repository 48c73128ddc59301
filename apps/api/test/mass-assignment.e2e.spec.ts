import { newId, toPublicId } from '@trunkline/kernel';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { bodyOf, readOperations } from './operations.ts';
import type { Operation, Schema } from './operations.ts';
import { memberOf } from './people.ts';

/** What a request must not be able to set. */
const FOREIGN = {
  ...{ id: newId(), tenant_id: toPublicId('tenant', newId()), tenantId: newId(), role: 'owner', roles: ['operator'] },
  ...{ balance: '1000000', revision: 1, object: 'tenant', created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' },
  ...{ deleted_at: null, revoked_at: null, hash: 'x', secret: 'tl_live_x', paid_at: '2026-01-01T00:00:00Z', is_admin: true },
};
/** Where one of them is a field all the same: an operator says whom a change is about, a bulk request which of the caller's own it changes. */
const OWN_FIELDS: Readonly<Record<string, readonly string[]>> = {
  assignPlan: ['tenant_id'],
  retryCdrIssue: ['tenant_id'],
  rateUnratedCalls: ['tenant_id'],
  bulkUpdateNumbers: ['id', 'revision'],
  transferNumbers: ['tenant_id'],
  allowResale: ['tenant_id'],
  // what somebody may be made is checked against what the one who makes it may do
  updateMember: ['role'],
  createInvitation: ['role'],
  bulkCreateInvitations: ['role'],
  updateOperatorMember: ['role'],
  createOperatorInvitation: ['role'],
  confirmPasskey: ['id'], // of the key, by which a browser finds it again
};
/** What a browser makes, and the next browser may make more of. */
const OPEN = ['confirmPasskey /credential', 'confirmPasskey /credential/response'];
/** What a body needs before its fields are looked at: which kind it is. */
const KIND: Readonly<Record<string, object>> = { addCarrierRoute: { kind: 'pstn' } };

let api: ApiHarness;
let operations: Operation[];
let follow: (schema: Schema | undefined) => Schema;
let callers: readonly Call[];

beforeAll(async () => {
  api = await ApiHarness.start();
  const { id, call } = await api.tenant();
  const person = await memberOf(api, id, 'owner', 'owner@mass.example');
  callers = [
    call,
    (...request) => person.call(...request),
    api.operator,
    (method, url, body, headers) => api.operator(method, url, body, { 'trunkline-tenant': id, ...headers }),
  ];
  ({ operations, follow } = await readOperations(api.as(undefined)));
});
afterAll(() => api?.stop());

/** The path with ids of the right kinds, of nothing that is. */
const urlOf = (o: Operation) => {
  const exampleOf = (name: string) => o.parameters?.find((p) => p.in === 'path' && p.name === name)?.schema?.example;
  return o.path.replace(/\{(\w+)\}/g, (_, name: string) => exampleOf(name) ?? 'main');
};
const withBody = () => operations.filter((o) => bodyOf(o) !== undefined && o.access !== 'public' && o.access !== 'key');

it('looks at every operation that takes a body', () => {
  expect(withBody().length).toBeGreaterThan(25);
});

/** Every object in a body schema, wherever it lies. */
const objectsIn = (schema: Schema, pointer = ''): { pointer: string; schema: Schema }[] => {
  const own = follow(schema);
  const nested = [
    ...Object.entries(own.properties ?? {}).flatMap(([name, s]) => objectsIn(s, `${pointer}/${name}`)),
    ...(own.items ? objectsIn(own.items, `${pointer}/*`) : []),
    ...(own.anyOf ?? []).flatMap((s) => objectsIn(s, pointer)),
  ];
  return own.properties ? [{ pointer, schema: own }, ...nested] : nested;
};

it('every object of every body is closed: a field that is not documented is no field', () => {
  const open = withBody().flatMap((o) =>
    objectsIn(bodyOf(o)!)
      .filter(({ schema }) => schema.additionalProperties !== false)
      .map(({ pointer }) => `${o.id} ${pointer || '/'}`),
  );
  expect(open).toEqual(OPEN);
});

it('no body has a field that says who somebody is, what he has, or what the platform keeps of a resource', () => {
  const found = withBody().flatMap((o) =>
    objectsIn(bodyOf(o)!).flatMap(({ schema }) =>
      Object.keys(schema.properties ?? {})
        .filter((name) => name in FOREIGN && !OWN_FIELDS[o.id]?.includes(name))
        .map((name) => `${o.id} ${name}`),
    ),
  );
  expect(found).toEqual([]);
});

it('400: names each such field, whoever sends it, and does nothing', async () => {
  for (const o of withBody()) {
    const foreign = Object.fromEntries(Object.entries(FOREIGN).filter(([name]) => !OWN_FIELDS[o.id]?.includes(name)));
    const answers = await Promise.all(callers.map((call) => call(o.method, urlOf(o), { ...KIND[o.id], ...foreign })));
    const reached = answers.filter(({ body }) => !['auth.operator_only', 'auth.tenant_required', 'auth.person_only'].includes(body.code));
    expect([o.id, reached.length > 0]).toEqual([o.id, true]);
    for (const { status, body } of reached) {
      expect([o.id, status]).toEqual([o.id, 400]);
      const unknown = body.errors.filter((e: { code: string }) => e.code === 'unknown_field').map((e: { pointer: string }) => e.pointer);
      expect([o.id, unknown.sort()]).toEqual([
        o.id,
        Object.keys(foreign)
          .map((name) => `/${name}`)
          .sort(),
      ]);
    }
  }
});
