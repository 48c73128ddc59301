import { OPERATOR_PERMISSIONS, SCOPES, operatorPermission } from '@trunkline/platform';
import { OPERATOR_ROLES, TENANT_ROLES, permissionsOfRole, scopesOfRole } from '@trunkline/people';
import { ApiHarness } from './harness.ts';
import { logIn, memberOf, staff } from './people.ts';
import type { Browser } from './people.ts';

type Operation = {
  readonly id: string;
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly access: string;
  /** Whether the operator does it as itself, for all tenants. */
  readonly fromAbove: boolean;
};
type Actor = {
  readonly name: string;
  readonly browser: Browser;
  readonly email: string;
  readonly allows: (operation: Operation) => boolean;
};

let api: ApiHarness;
let operations: Operation[];
let tenantId: string;
const actors: Actor[] = [];

/** What a refusal for want of a permission looks like; anything else is an answer of the route itself. */
const REFUSALS = ['auth.scope_missing', 'auth.operator_only', 'auth.person_only', 'auth.tenant_required'];
const isScope = (access: string): boolean => access.includes(':');

/** The table: which permission each operation takes, and which roles have it. */
const ofTenant =
  (role: (typeof TENANT_ROLES)[number]) =>
  ({ access }: Operation): boolean =>
    isScope(access) ? scopesOfRole<string>(role, SCOPES).includes(access) : access !== 'operator';
const ofStaff =
  (role: (typeof OPERATOR_ROLES)[number]) =>
  ({ access, fromAbove, method, id }: Operation): boolean => {
    const permissions = permissionsOfRole<string>(role, [...OPERATOR_PERMISSIONS, ...SCOPES]);
    if (access === 'operator' || fromAbove) return permissions.includes(operatorPermission(method, id));
    return isScope(access) ? permissions.includes(access) : true;
  };

beforeAll(async () => {
  api = await ApiHarness.start();
  tenantId = (await api.tenant('Roles')).id;
  for (const role of TENANT_ROLES) {
    const email = `${role}@tenant.example`;
    actors.push({ name: `tenant ${role}`, email, browser: await memberOf(api, tenantId, role, email), allows: ofTenant(role) });
  }
  for (const role of OPERATOR_ROLES) {
    const email = `${role}@staff.example`;
    actors.push({ name: `operator ${role}`, email, browser: await staff(api, role, email), allows: ofStaff(role) });
  }
  const { body } = await api.as(undefined)('GET', '/openapi.json');
  operations = Object.entries(
    body.paths as Record<string, Record<string, { operationId: string; 'x-access': string; 'x-from-above'?: true }>>,
  ).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, o]) => ({
      id: o.operationId,
      method: method.toUpperCase() as Operation['method'],
      path,
      access: o['x-access'],
      fromAbove: o['x-from-above'] === true,
    })),
  );
});
afterAll(() => api?.stop());

/** A request that gets past the guard and then fails: ids name nothing, and a body has no field. */
const ask = ({ browser }: Actor, { method, path, access }: Operation) => {
  const url = path.replaceAll(/\{\w+\}/g, 'nothing');
  const headers: Record<string, string> = isScope(access) || access === 'key' ? { 'trunkline-tenant': tenantId } : {};
  return browser.call(method, url, method === 'GET' || method === 'DELETE' ? undefined : { nothing: 1 }, headers);
};

it('knows every kind of access', () => {
  const kinds = new Set(operations.map(({ access }) => (isScope(access) ? 'scope' : access)));
  expect([...kinds].sort()).toEqual(['key', 'operator', 'person', 'public', 'scope']);
  expect(operations.filter(({ access }) => isScope(access) && !(SCOPES as readonly string[]).includes(access))).toEqual([]);
});

it('gives every role every operation that the table gives it, and no other', async () => {
  const wrong: string[] = [];
  let asked = 0;
  for (const actor of actors)
    for (const operation of operations.filter(({ access }) => access !== 'public')) {
      const { status, body } = await ask(actor, operation);
      const isRefused = status === 403 && REFUSALS.includes(body.code);
      asked += 1;
      if (status === 401 || status >= 500 || isRefused === actor.allows(operation))
        wrong.push(`${actor.name} ${operation.id}: ${status} ${body?.code}`);
      if (operation.id === 'logOut') await logIn(actor.browser, actor.email);
    }
  expect(wrong).toEqual([]);
  expect(asked).toBe(actors.length * operations.filter(({ access }) => access !== 'public').length);
  expect(asked).toBeGreaterThan(800);
});

it('would see an operation that the guard lets through', async () => {
  const [reader] = actors.filter(({ name }) => name === 'operator read_only');
  const carriers = operations.find(({ id }) => id === 'createCarrier')!;
  expect(await ask(reader!, carriers)).toMatchObject({ status: 403, body: { code: 'auth.scope_missing' } });
  const [admin] = actors.filter(({ name }) => name === 'operator admin');
  expect(await ask(admin!, carriers)).toMatchObject({ status: 400 });
});

describe('GraphQL', () => {
  const query = (actor: Actor, text: string, headers: Record<string, string> = {}) =>
    actor.browser.call('POST', '/graphql', { query: text }, headers);
  const named = (name: string) => actors.find((actor) => actor.name === name)!;

  it('gives roles what REST gives them', async () => {
    expect((await query(named('operator read_only'), '{ carriers { nodes { id } } }')).body.data.carriers.nodes).toEqual([]);
    expect((await query(named('tenant noc'), '{ carriers { nodes { id } } }')).body.errors[0].extensions.code).toBe('auth.operator_only');
    const { body } = await query(
      named('tenant noc'),
      '{ viewer { kind tenant { name } } invoices { nodes { id } } trunks { nodes { id } } }',
    );
    expect(body).toMatchObject({ data: { viewer: { kind: 'tenant', tenant: { name: 'Roles' } }, invoices: null, trunks: { nodes: [] } } });
    expect(body.errors[0].extensions.code).toBe('auth.scope_missing');
  });
});

describe('owners', () => {
  type Listed = { readonly id: string; readonly email: string; readonly role: string };
  const membersOf = async (tenant: string): Promise<Listed[]> =>
    (await api.operator('GET', '/v1/members', undefined, { 'trunkline-tenant': tenant })).body.data;

  it('are at least one who may act, whatever is done at once', async () => {
    for (const [first, second] of [
      [{ role: 'admin' }, { role: 'noc' }],
      [{ disabled: true }, { disabled: true }],
      [undefined, undefined],
      [{ role: 'admin' }, undefined],
    ]) {
      const { id, call } = await api.tenant('Owned', undefined, { plan: false });
      const one = await memberOf(api, id, 'owner', `one-${id}@example.com`);
      const two = await memberOf(api, id, 'owner', `two-${id}@example.com`);
      const [b, a] = await membersOf(id);
      const doing = (browser: Browser, member: Listed, change: object | undefined) =>
        change ? browser.call('PATCH', `/v1/members/${member.id}`, change) : browser.call('DELETE', `/v1/members/${member.id}`);
      const answers = await Promise.all([doing(one, b!, first), doing(two, a!, second)]);
      expect(answers.filter((x) => x.status === 200)).toHaveLength(1);
      const left = (await membersOf(id)).filter((m) => m.role === 'owner' && (m as { disabled_at?: string | null }).disabled_at === null);
      expect(left).toHaveLength(1);
      // not by the operator either, nor by themselves
      const headers = { 'trunkline-tenant': id };
      const last = `/v1/members/${left[0]!.id}`;
      for (const change of [{ role: 'admin' }, { disabled: true }])
        expect(await api.operator('PATCH', last, change, headers)).toMatchObject({ status: 409, body: { code: 'member.last_owner' } });
      expect(await api.operator('DELETE', last, undefined, headers)).toMatchObject({ status: 409, body: { code: 'member.last_owner' } });
      expect((await call('GET', '/v1/tenant')).status).toBe(200);
    }
  });
  it('of a reseller stay too, whoever of its tree does it and wherever they act', async () => {
    const { id } = await api.tenant('Reseller', undefined, { allotment: { tenants: 1 } });
    const owner = await memberOf(api, id, 'owner', 'owner@reseller.example');
    const { body: child } = await owner.call('POST', '/v1/tenants', { name: 'Child', country: 'US', currency: 'USD' });
    const below = await memberOf(api, child.id, 'owner', 'owner@child.example');
    const [[own], [theirs]] = [await membersOf(id), await membersOf(child.id)];
    const at = (tenant: string) => ({ 'trunkline-tenant': tenant });
    const ends = async (browser: Browser, member: Listed, tenant: string) => [
      await browser.call('PATCH', `/v1/members/${member.id}`, { role: 'admin' }, at(tenant)),
      await browser.call('PATCH', `/v1/members/${member.id}`, { disabled: true }, at(tenant)),
      await browser.call('DELETE', `/v1/members/${member.id}`, undefined, at(tenant)),
    ];
    const codes = async (...of: Parameters<typeof ends>) => (await ends(...of)).map(({ body }) => body.code);
    expect(await codes(owner, own!, id)).toEqual(Array(3).fill('member.last_owner'));
    expect(await codes(owner, theirs!, child.id)).toEqual(Array(3).fill('member.last_owner'));
    expect(await codes(below, theirs!, child.id)).toEqual(Array(3).fill('member.last_owner'));
    // a member of one tenant is nobody in another of the tree
    expect(await codes(owner, own!, child.id)).toEqual(Array(3).fill('resource.not_found'));
    expect(new Set(await codes(below, own!, id)).size).toBe(1);
    // who owns both at first, and gives up one of two, keeps the other
    const second = await memberOf(api, id, 'owner', 'second@reseller.example');
    const [latest] = await membersOf(id);
    const answers = await Promise.all([ends(owner, own!, id), ends(second, latest!, id)]);
    expect(answers.flat().filter(({ body }) => body.code === 'member.last_owner').length).toBeGreaterThan(0);
    const left = (await membersOf(id)).filter((m) => m.role === 'owner');
    expect(left).toHaveLength(1);
    const stays = left[0]!.email === 'owner@reseller.example' ? owner : second;
    // no hold of theirs is theirs to place, and what is held below them leaves them in charge
    expect((await stays.call('POST', `/v1/tenants/${id}/place-hold`, { kind: 'reseller', reason: 'own' }, at(id))).status).toBe(404);
    expect((await stays.call('POST', `/v1/tenants/${child.id}/place-hold`, { kind: 'reseller', reason: 'held' }, at(id))).status).toBe(200);
    expect((await stays.call('GET', '/v1/members', undefined, at(child.id))).status).toBe(200);
    expect((await stays.call('PATCH', `/v1/members/${left[0]!.id}`, { role: 'owner' }, at(id))).status).toBe(200);
  });
  it('are made and changed by owners and the operator; nobody gives more than they have', async () => {
    const { id, call } = await api.tenant('Granting', undefined, { plan: false });
    await memberOf(api, id, 'owner', 'granting-owner@example.com');
    const admin = await memberOf(api, id, 'admin', 'granting-admin@example.com');
    const invite = (by: typeof call, role: string) => by('POST', '/v1/invitations', { email: `to-be-${role}@example.com`, role });
    expect(await invite(admin.call, 'owner')).toMatchObject({
      status: 403,
      body: { code: 'member.role_not_yours', errors: [{ pointer: '/role' }] },
    });
    expect(await invite(call, 'owner')).toMatchObject({ status: 403, body: { code: 'member.role_not_yours' } });
    expect((await invite(admin.call, 'admin')).status).toBe(201);
    const { body: weak } = await call('POST', '/v1/api-keys', { name: 'weak', scopes: ['members:write', 'billing:read'] });
    for (const role of ['admin', 'noc', 'billing', 'read_only'])
      expect([role, (await invite(api.as(weak.secret), role)).status]).toEqual([role, 403]);
    const owner = (await membersOf(id)).find((m) => m.role === 'owner')!;
    expect(await admin.call('DELETE', `/v1/members/${owner.id}`)).toMatchObject({ status: 403, body: { code: 'member.role_not_yours' } });
    const self = (await membersOf(id)).find((m) => m.role === 'admin')!;
    expect(await admin.call('PATCH', `/v1/members/${self.id}`, { role: 'owner' })).toMatchObject({ status: 403 });
    expect((await admin.call('PATCH', `/v1/members/${self.id}`, { role: 'read_only' })).status).toBe(200);
    expect(await admin.call('POST', '/v1/api-keys', { name: 'k', scopes: ['tenant:read'] })).toMatchObject({ status: 403 }); // at once
    expect(
      (await api.operator('PATCH', `/v1/members/${self.id}`, { disabled: true }, { 'trunkline-tenant': id })).body.disabled_at,
    ).not.toBeNull();
    expect(await admin.call('GET', '/v1/tenant')).toMatchObject({ status: 400, body: { code: 'auth.tenant_required' } });
    expect((await admin.call('GET', '/v1/me')).body.memberships).toEqual([]);
  });
});
