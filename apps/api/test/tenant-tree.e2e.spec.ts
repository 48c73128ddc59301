import { fromPublicId } from '@trunkline/kernel';
import pg from 'pg';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

let api: ApiHarness;
let owner: pg.Client;
let reseller: { id: string; call: Call };
const child = { name: 'Child', country: 'US', currency: 'USD' };
const trunkOf = (name: string, channels_max: number) => ({ name, country: 'US', channels_max });
const as = (id: string) => ({ 'trunkline-tenant': id });
let numbers = 0;
const stock = async (): Promise<string> => {
  const number = `+1202555${String(7000 + ++numbers)}`;
  await api.operator('POST', '/v1/number-imports', `number\n${number}\n`);
  return number;
};
const holdsOf = async (id: string) => (await api.operator('GET', `/v1/tenants/${id}`)).body.holds;
const errorOf = ({ status, body }: Awaited<ReturnType<Call>>) => [status, body.code, body.errors?.[0]?.code];

beforeAll(async () => {
  api = await ApiHarness.start();
  reseller = await api.tenant('Reseller', undefined, { allotment: { channels: 20, numbers: 3, tenants: 7 } });
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await api?.stop();
});

describe('a reseller', () => {
  let mine: string;
  let grandchild: string;

  it('creates tenants below it, and those create some themselves', async () => {
    const { status, body } = await reseller.call('POST', '/v1/tenants', { ...child, allotment: { channels: 10, tenants: 1 } });
    expect([status, body.parent_id, body.allotment]).toEqual([201, reseller.id, { channels: 10, numbers: null, tenants: 1 }]);
    mine = body.id;
    const below = await reseller.call('POST', '/v1/tenants', { ...child, name: 'Grandchild' }, as(mine));
    expect([below.status, below.body.parent_id]).toEqual([201, mine]);
    grandchild = below.body.id;
    expect((await reseller.call('GET', '/v1/tenants')).body.data.map((t: { id: string }) => t.id)).toEqual([grandchild, mine]);
    expect((await reseller.call('GET', '/v1/tenants', undefined, as(mine))).body.data.map((t: { id: string }) => t.id)).toEqual([
      grandchild,
    ]);
    expect((await reseller.call('GET', '/v1/tenant')).body.usage).toEqual({ channels: 0, numbers: 0, tenants: 2 });
  });

  it('creates one once, however often it asks with one Idempotency-Key', async () => {
    const ask = () => reseller.call('POST', '/v1/tenants', { ...child, name: 'Once' }, { 'idempotency-key': 'once' });
    const [first, again] = [await ask(), await ask()];
    expect([first.status, again.headers['idempotent-replayed'], again.body]).toEqual([201, 'true', first.body]);
  });

  it('409: not more of them than allotted, and not deeper than three', async () => {
    expect(errorOf(await reseller.call('POST', '/v1/tenants', { ...child, parent_id: mine }))).toEqual([
      409,
      'tenant.allotment_used_up',
      'allotment_below',
    ]);
    await reseller.call('PATCH', `/v1/tenants/${grandchild}`, { allotment: { tenants: 5 } });
    await reseller.call('PATCH', `/v1/tenants/${mine}`, { allotment: { tenants: 5 } });
    const deep = await reseller.call('POST', '/v1/tenants', { ...child, parent_id: grandchild });
    expect(errorOf(deep)).toEqual([409, 'tenant.too_deep', 'too_deep']);
    expect((await reseller.call('GET', '/v1/tenant')).body.usage.tenants).toBe(3);
  });

  it('names and limits its tenants, but neither itself nor others', async () => {
    const { body } = await reseller.call('PATCH', `/v1/tenants/${mine}`, { name: 'Renamed', channels_max: 4 });
    expect([body.name, body.channels_max, body.allotment]).toEqual(['Renamed', 4, { channels: 10, numbers: null, tenants: 5 }]);
    const stranger = await api.tenant('Stranger');
    for (const id of [reseller.id, stranger.id, 'ten_01kaq8x4s7fyz8m2q0w3e5r6t7', 'nonsense'])
      expect(errorOf(await reseller.call('PATCH', `/v1/tenants/${id}`, { allotment: { tenants: 100 } }))[1]).toBe('resource.not_found');
  });

  it('assigns the plans that the operator lets it resell, and no others', async () => {
    const { planId: plan_id } = await api.prices();
    const assign = () => reseller.call('POST', '/v1/plan-assignments', { tenant_id: mine, plan_id });
    const refused = await assign();
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, '/plan_id']);
    expect((await api.operator('POST', '/v1/resale-plans', { tenant_id: reseller.id, plan_id })).status).toBe(201);
    expect((await reseller.call('GET', '/v1/resale-plans')).body.data.map((p: { id: string }) => p.id)).toEqual([plan_id]);
    expect((await assign()).status).toBe(201);
    const own = await reseller.call('POST', '/v1/plan-assignments', { tenant_id: reseller.id, plan_id });
    expect([own.status, own.body.errors[0].pointer]).toEqual([400, '/tenant_id']);
    const handOn = await reseller.call('POST', '/v1/resale-plans', { tenant_id: mine, plan_id });
    expect(handOn.status).toBe(201);
    expect((await reseller.call('POST', '/v1/plan-assignments', { tenant_id: grandchild, plan_id }, as(mine))).status).toBe(201);
    expect((await api.operator('DELETE', `/v1/resale-plans/${reseller.id}/${plan_id}`)).status).toBe(204);
    expect((await reseller.call('GET', '/v1/resale-plans', undefined, as(mine))).body.data).toEqual([]);
    expect((await reseller.call('GET', '/v1/plan-assignments')).body.data).toHaveLength(3);
  });

  it('acts as a tenant below, on that tenant’s own books, and the audit names whose key it was', async () => {
    const trunk = await reseller.call('POST', '/v1/trunks', trunkOf('by the reseller', 2), as(mine));
    expect(trunk.status).toBe(201);
    expect((await reseller.call('GET', '/v1/trunks')).body.data).toEqual([]);
    const balances = await Promise.all(
      [undefined, as(mine), as(grandchild)].map(async (h) => (await reseller.call('GET', '/v1/balance', undefined, h)).body.owed.amount),
    );
    expect(balances.map(Number)).toEqual([0, 1, 0]);
    const [entry] = (await reseller.call('GET', '/v1/audit-entries?action=trunk.created', undefined, as(mine))).body.data;
    const [key] = (await reseller.call('GET', '/v1/api-keys')).body.data;
    expect([entry.actor.type, entry.actor.id]).toEqual(['api_key', key.id]);
    const month = api.clock.now().toISOString().slice(0, 7);
    const usage = (await reseller.call('GET', `/v1/tenant-usage?month=${month}`)).body.data;
    expect(usage.slice(1)).toEqual([
      { object: 'tenant_usage', tenant_id: grandchild, month, charges: [] },
      {
        object: 'tenant_usage',
        tenant_id: mine,
        month,
        charges: [{ kind: 'setup_channel', count: 2, seconds: 0, amount: { amount: '1.00', currency: 'USD' } }],
      },
    ]);
  });

  it('makes keys for a tenant below, with no more than it has itself', async () => {
    const made = await reseller.call('POST', '/v1/api-keys', { name: 'below', scopes: ['trunks:read'] }, as(mine));
    expect((await api.as(made.body.secret)('GET', '/v1/trunks')).body.data).toHaveLength(1);
    const narrow = await reseller.call('POST', '/v1/api-keys', { name: 'narrow', scopes: ['api_keys:write', 'tenants:read'] });
    const more = await api.as(narrow.body.secret)('POST', '/v1/api-keys', { name: 'more', scopes: ['trunks:read'] }, as(mine));
    expect(errorOf(more)).toEqual([403, 'auth.scope_missing', 'forbidden']);
    const blind = await reseller.call('POST', '/v1/api-keys', { name: 'blind', scopes: ['trunks:read'] });
    expect(errorOf(await api.as(blind.body.secret)('GET', '/v1/trunks', undefined, as(mine)))[1]).toBe('auth.scope_missing');
  });

  it('leaves a trace of every look at its subtree in its own chain', async () => {
    const entries = (await reseller.call('GET', '/v1/audit-entries?action=subtree.read&limit=200')).body.data;
    const before = entries.length;
    expect(entries[0].data).toMatchObject({ reason: expect.stringContaining('GET /v1/') });
    await reseller.call('GET', '/v1/tenants');
    expect((await reseller.call('GET', '/v1/audit-entries?action=subtree.read&limit=200')).body.data).toHaveLength(before + 1);
    expect((await reseller.call('GET', '/v1/audit-entries?action=tenant.updated')).body.data[0].resource_id).toBe(mine);
  });

  it('409: an order says which level has nothing left, and tells a tenant below no figure', async () => {
    const own = await reseller.call('POST', '/v1/trunks', trunkOf('too many', 9), as(mine));
    expect(errorOf(own)).toEqual([409, 'tenant.allotment_used_up', 'allotment_own']);
    expect(own.body.detail).toContain('of 10 channels 2 are in use');
    expect((await reseller.call('POST', '/v1/trunks', trunkOf('own', 18))).status).toBe(201);
    const above = await reseller.call('POST', '/v1/trunks', trunkOf('one more', 1), as(grandchild));
    expect(errorOf(above)).toEqual([409, 'tenant.allotment_used_up', 'allotment_above']);
    expect(above.body.detail).not.toMatch(/\d/);
    expect(above.body.errors[0].pointer).toBe('/channels_max');
  });

  it('gets back what is given back: a smaller trunk, a deleted one, a released number', async () => {
    const usage = async () => (await reseller.call('GET', '/v1/tenant')).body.usage;
    const [trunk] = (await reseller.call('GET', '/v1/trunks')).body.data;
    await reseller.call('PATCH', `/v1/trunks/${trunk.id}`, { channels_max: 1 });
    expect((await usage()).channels).toBe(3);
    await reseller.call('DELETE', `/v1/trunks/${trunk.id}`);
    expect((await usage()).channels).toBe(2);
    const ordered = await Promise.all(
      [1, 2, 3, 4].map(async () => reseller.call('POST', '/v1/numbers', { number: await stock() }, as(mine))),
    );
    expect(ordered.map((o) => o.status).sort()).toEqual([201, 201, 201, 409]);
    const { body } = ordered.find((o) => o.status === 201)!;
    expect((await reseller.call('POST', `/v1/numbers/${body.id}/release`, undefined, as(mine))).status).toBe(200);
    expect((await usage()).numbers).toBe(2);
  });
});

describe('a hold', () => {
  let middle: string;
  let leaf: string;
  beforeAll(async () => {
    middle = (await reseller.call('POST', '/v1/tenants', { ...child, name: 'Middle', allotment: { tenants: 3 } })).body.id;
    leaf = (await reseller.call('POST', '/v1/tenants', { ...child, name: 'Leaf', parent_id: middle })).body.id;
  });
  const place = (by: Call, id: string, kind: string) => by('POST', `/v1/tenants/${id}/place-hold`, { kind, reason: 'secret reason' });
  const lift = (by: Call, id: string, kind: string) => by('POST', `/v1/tenants/${id}/lift-hold`, { kind });

  it('on a reseller holds all below it, and lets them go again', async () => {
    await place(api.operator, reseller.id, 'operator');
    expect([await holdsOf(middle), await holdsOf(leaf)]).toEqual([['parent'], ['parent']]);
    const told = await owner.query(`SELECT payload FROM outbox WHERE type = 'tenant.held' AND payload->>'kind' = 'parent'`);
    expect(told.rows.length).toBeGreaterThanOrEqual(2);
    expect(JSON.stringify(told.rows)).not.toContain('secret reason');
    const marked = await owner.query(`SELECT count(DISTINCT resource_id)::int AS n FROM edge_dirty WHERE resource_type = 'tenant'`);
    expect(marked.rows[0].n).toBeGreaterThanOrEqual(3);
    const late = await reseller.call('POST', '/v1/tenants', { ...child, name: 'Late', parent_id: middle });
    expect([late.status, late.body.state, late.body.holds]).toEqual([201, 'suspended', ['parent']]);
    await lift(api.operator, reseller.id, 'operator');
    expect([await holdsOf(middle), await holdsOf(leaf), await holdsOf(late.body.id)]).toEqual([[], [], []]);
  });

  it('in the middle keeps what is below it held when the one above is lifted', async () => {
    await place(api.operator, middle, 'billing');
    await place(api.operator, reseller.id, 'fraud');
    await lift(api.operator, reseller.id, 'fraud');
    expect([await holdsOf(middle), await holdsOf(leaf)]).toEqual([['billing'], ['parent']]);
    await lift(api.operator, middle, 'billing');
    expect([await holdsOf(middle), await holdsOf(leaf)]).toEqual([[], []]);
  });

  it('that stops what a reseller places stops it below too, and one that stops all goes as deep', async () => {
    const states = () =>
      Promise.all([reseller.id, middle, leaf].map(async (id) => (await api.operator('GET', `/v1/tenants/${id}`)).body.state));
    const restrict = (kind: string, stops: string) =>
      api.operator('POST', `/v1/tenants/${reseller.id}/place-hold`, { kind, reason: 'not paid', stops });
    expect((await restrict('billing', 'some')).body.errors[0].pointer).toBe('/stops');
    await restrict('billing', 'outbound');
    expect(await states()).toEqual(['restricted', 'restricted', 'restricted']);
    const late = await reseller.call('POST', '/v1/tenants', { ...child, name: 'Later', parent_id: middle });
    expect([late.body.state, late.body.holds]).toEqual(['restricted', ['parent']]);
    await place(reseller.call, middle, 'reseller');
    expect(await states()).toEqual(['restricted', 'suspended', 'suspended']);
    await lift(reseller.call, middle, 'reseller');
    expect(await states()).toEqual(['restricted', 'restricted', 'restricted']);
    await restrict('billing', 'all');
    expect(await states()).toEqual(['suspended', 'suspended', 'suspended']);
    await restrict('billing', 'outbound');
    await restrict('fraud', 'all');
    expect(await states()).toEqual(['suspended', 'suspended', 'suspended']);
    await lift(api.operator, reseller.id, 'fraud');
    expect(await states()).toEqual(['restricted', 'restricted', 'restricted']);
    await lift(api.operator, reseller.id, 'billing');
    expect(await states()).toEqual(['active', 'active', 'active']);
    const told = await owner.query(
      `SELECT payload->>'stops' AS stops FROM outbox WHERE type = 'tenant.held' AND payload->>'tenantId' = $1`,
      [fromPublicId('tenant', leaf)],
    );
    expect(told.rows.map(({ stops }) => stops)).toEqual(expect.arrayContaining(['outbound', 'all']));
  });

  it('of a reseller is its own kind; what the operator or a tenant further up placed, it cannot lift', async () => {
    expect((await place(reseller.call, middle, 'operator')).body.errors[0].pointer).toBe('/kind');
    expect((await lift(reseller.call, middle, 'billing')).body.errors[0].pointer).toBe('/kind');
    expect((await place(reseller.call, leaf, 'reseller')).body.holds).toEqual(['reseller']);
    const under = { 'trunkline-tenant': middle };
    const kept = await reseller.call('POST', `/v1/tenants/${leaf}/lift-hold`, { kind: 'reseller' }, under);
    expect([kept.status, kept.body.holds]).toEqual([200, ['reseller']]);
    expect((await lift(reseller.call, leaf, 'reseller')).body.holds).toEqual([]);
    expect((await place(reseller.call, reseller.id, 'reseller')).body.code).toBe('resource.not_found');
    expect((await place(api.operator, leaf, 'parent')).status).toBe(400);
  });

  it('and many others at once end as they should: held exactly as long as something above holds', async () => {
    const targets = [reseller.id, middle];
    const moves = Array.from({ length: 24 }, (_, i) =>
      (i % 2 ? lift : place)(api.operator, targets[i % 3 === 0 ? 0 : 1]!, ['fraud', 'billing'][i % 4 < 2 ? 0 : 1]!),
    );
    const births = Array.from({ length: 1 }, (_, i) =>
      reseller.call('POST', '/v1/tenants', { ...child, name: `Born ${i}`, parent_id: middle }),
    );
    await Promise.all([...moves, ...births]);
    const { rows } = await owner.query(`SELECT n.id FROM tenant_node n
      WHERE EXISTS (SELECT FROM hold h WHERE h.tenant_id = n.id AND h.kind = 'parent' AND h.lifted_at IS NULL)
        <> EXISTS (SELECT FROM hold h WHERE h.tenant_id = n.parent_id AND h.lifted_at IS NULL)`);
    expect(rows).toEqual([]);
  });
});
