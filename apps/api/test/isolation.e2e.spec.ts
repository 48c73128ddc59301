import pg from 'pg';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { CASES, QUERIES } from './isolation-cases.ts';
import { operationsOf } from './operations.ts';
import type { Operation } from './operations.ts';
import { makeVictim } from './victim.ts';
import type { Victim } from './victim.ts';

let api: ApiHarness;
let victim: Victim;
let stranger: Call;
let owner: pg.Client;
let operations: Operation[];

beforeAll(async () => {
  api = await ApiHarness.start();
  victim = await makeVictim(api);
  stranger = (await api.tenant('Stranger')).call;
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
  operations = operationsOf((await api.as(undefined)('GET', '/openapi.json')).body);
});
afterAll(async () => {
  await owner?.end();
  await api?.stop();
});

const ofTenants = () => operations.filter((o) => o.access.includes(':'));
const withId = () => ofTenants().filter((o) => o.path.includes('{'));
const bodyIds = () => Object.keys(CASES.bodies);

/** One hash of every row the victim owns, over all tables that have a tenant. */
const victimRows = async (): Promise<string> => {
  const { rows: tables } = await owner.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id' WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`,
  );
  const hashes: string[] = [];
  for (const { name } of tables) {
    const { rows } = await owner.query(
      `SELECT md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) AS hash FROM "${name}" t WHERE tenant_id = $1`,
      [victim.uuid],
    );
    hashes.push(`${name}=${rows[0].hash}`);
  }
  return hashes.join(' ');
};

const withoutRequestId = ({ request_id: _, ...problem }: Record<string, unknown>) => problem;

it('has an access declared on every route', () => {
  expect(operations.filter((o) => o.access === 'none').map((o) => o.id)).toEqual([]);
});

it('has a case for every tenant route with an id, and none too many', () => {
  expect(Object.keys(CASES.paths).sort()).toEqual(
    withId()
      .map((o) => o.id)
      .sort(),
  );
});

it('answers another tenant’s id exactly as a missing one, and touches nothing', async () => {
  const before = await victimRows();
  for (const operation of withId()) {
    const makeCase = CASES.paths[operation.id];
    if (!makeCase) throw new Error(`${operation.id} has no isolation case`);
    const { foreign, missing, body } = makeCase(victim);
    const url = (ids: Readonly<Record<string, string>>) =>
      operation.path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? `no-value-for-${name}`) + (QUERIES[operation.id] ?? '');
    const other = await stranger(operation.method, url(foreign), body);
    const none = await stranger(operation.method, url(missing), body);
    expect([operation.id, other.status, other.body.code]).toEqual([operation.id, 404, 'resource.not_found']);
    expect(withoutRequestId(other.body)).toEqual(withoutRequestId(none.body));
  }
  expect(await victimRows()).toBe(before);
});

it('answers another tenant’s id in a body exactly as a missing one, and touches nothing', async () => {
  const before = await victimRows();
  for (const id of bodyIds()) {
    const { method, url, foreign, missing } = await CASES.bodies[id]!(victim, stranger);
    const other = await stranger(method, url, foreign);
    const none = await stranger(method, url, missing);
    expect([id, other.status >= 400 && other.status < 500]).toEqual([id, true]);
    expect([other.status, withoutRequestId(other.body)]).toEqual([none.status, withoutRequestId(none.body)]);
  }
  expect(await victimRows()).toBe(before);
});

it('lists nothing of another tenant', async () => {
  for (const operation of ofTenants().filter((o) => o.method === 'GET' && !o.path.includes('{'))) {
    const { status, body } = await stranger('GET', operation.path + (QUERIES[operation.id] ?? ''));
    expect([operation.id, status]).toEqual([operation.id, 200]);
    for (const secret of victim.traces) expect(JSON.stringify(body)).not.toContain(secret);
  }
});

it('refuses every operator route to a tenant', async () => {
  const operatorOnly = operations.filter((o) => o.access === 'operator');
  expect(operatorOnly.length).toBeGreaterThan(5);
  for (const operation of operatorOnly) {
    const { status, body } = await stranger(
      operation.method,
      operation.path.replaceAll(/\{\w+\}/g, victim.id),
      operation.method === 'GET' ? undefined : {},
    );
    expect([operation.id, status, body.code]).toEqual([operation.id, 403, 'auth.operator_only']);
  }
});

it('refuses a key without the scope on every tenant route', async () => {
  const { call } = await api.tenant('Narrow', ['tenant:read']);
  for (const operation of ofTenants().filter((o) => o.access !== 'tenant:read')) {
    const { status, body } = await call(
      operation.method,
      operation.path.replaceAll(/\{\w+\}/g, victim.id),
      operation.method === 'GET' ? undefined : {},
    );
    expect([operation.id, status, body.code]).toEqual([operation.id, 403, 'auth.scope_missing']);
  }
});

it('refuses every route but the public ones without a key', async () => {
  for (const operation of operations.filter((o) => o.access !== 'public')) {
    const { status, body } = await api.as(undefined)(
      operation.method,
      operation.path.replaceAll(/\{\w+\}/g, victim.id),
      operation.method === 'GET' ? undefined : {},
    );
    expect([operation.id, status, body.code]).toEqual([operation.id, 401, 'auth.invalid_key']);
  }
});
