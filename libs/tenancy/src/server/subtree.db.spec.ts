import type { INestApplicationContext } from '@nestjs/common';
import { newId, systemContext, tenantContext } from '@trunkline/kernel';
import type { SubtreeContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import { CreateTenant } from './create-tenant.ts';
import { PlaceHold } from './place-hold.ts';
import { TenancyModule } from './tenancy.module.ts';

// The wall itself: statements that no use case sends, in the door of a subtree.

const system = systemContext('test');
const below = (tenantId: string): SubtreeContext => ({
  kind: 'subtree',
  tenantId,
  reason: 'test',
  actor: { type: 'api_key', id: newId() },
  requestId: 'req_test',
});

let database: TestDatabase;
let context: INestApplicationContext;
let db: Database;
/** top over middle over leaf; beside middle, a sibling; beside top, a stranger. */
let ids: { top: string; middle: string; leaf: string; sibling: string; stranger: string };

beforeAll(async () => {
  database = await createTestDatabase();
  context = await createTestContext(database, [TenancyModule], new FakeClock('2026-11-26T10:00:00Z'));
  db = context.get(Database);
  const plant = async (name: string, parentId: string | null): Promise<string> => {
    const input = { name, country: 'US', currency: 'USD', channelsMax: null, externalReference: null, parentId };
    return (await context.get(CreateTenant).execute(system, { ...input, allotment: { channels: 5, numbers: null, tenants: 5 } })).id;
  };
  const top = await plant('Top', null);
  const middle = await plant('Middle', top);
  ids = { top, middle, leaf: await plant('Leaf', middle), sibling: await plant('Sibling', top), stranger: await plant('Stranger', null) };
  await context.get(PlaceHold).execute(below(top), ids.leaf, 'reseller', 'by the top', 'all');
});
afterAll(async () => {
  await context?.close();
  await database?.drop();
});

const names = sql<{ name: string }>('spec-names', `SELECT name FROM tenant ORDER BY name`);
const nodes = sql<{ n: bigint }>('spec-nodes', `SELECT count(*) AS n FROM tenant_node`);
const raise = sql<{ id: string }>('spec-raise', `UPDATE tenant_node SET channels_allotted = 1000 RETURNING id`);
const rename = sql<{ id: string }>('spec-rename', `UPDATE tenant SET name = name RETURNING id`);
const lift = sql<{ id: string }>('spec-lift', `UPDATE hold SET lifted_at = now() WHERE lifted_at IS NULL RETURNING tenant_id AS id`);
const hold = sql('spec-hold', `INSERT INTO hold (tenant_id, id, kind, reason, placed_at) VALUES ($1, gen_random_uuid(), $2, '', now())`);
const plant = sql(
  'spec-plant',
  `INSERT INTO tenant (id, parent_id, name, country, currency, created_at, updated_at) VALUES (gen_random_uuid(), $1, '', 'US', 'USD', now(), now())`,
);
const count = sql('spec-count', `UPDATE tenant_node SET channels_used = 0`);
const keys = sql('spec-keys', `SELECT id FROM api_key`);

const seen = async (tenantId: string) => (await db.read(below(tenantId), (tx) => tx.query(names))).map(({ name }) => name);
/** Whose rows a statement changes; nothing of it stays. */
const reached = async (tenantId: string, statement: typeof raise): Promise<string[]> => {
  let found: string[] = [];
  const undone = db.tx(below(tenantId), async (tx) => {
    found = (await tx.query(statement)).map(({ id }) => id);
    throw new Error('undone');
  });
  await expect(undone).rejects.toThrow('undone');
  return found.sort();
};

it('sees its root and what is below it', async () => {
  expect(await seen(ids.top)).toEqual(['Leaf', 'Middle', 'Sibling', 'Top']);
  expect(await seen(ids.middle)).toEqual(['Leaf', 'Middle']);
  expect(await seen(ids.leaf)).toEqual(['Leaf']);
});

it('changes what is below it, and not its root', async () => {
  expect(await reached(ids.top, raise)).toEqual([ids.middle, ids.leaf, ids.sibling].sort());
  expect(await reached(ids.middle, raise)).toEqual([ids.leaf]);
  expect(await reached(ids.middle, rename)).toEqual([ids.leaf]);
  expect(await reached(ids.leaf, raise)).toEqual([]);
});

it('lifts what it has placed, not what was placed further up', async () => {
  expect(await reached(ids.top, lift)).toEqual([ids.leaf]);
  expect(await reached(ids.middle, lift)).toEqual([]);
});

it.each([
  ['a hold of its own root', hold, () => [ids.middle, 'reseller']],
  ['a hold of a sibling', hold, () => [ids.sibling, 'reseller']],
  ['a hold in the operator’s name', hold, () => [ids.leaf, 'operator']],
  ['a tenant below a sibling', plant, () => [ids.sibling]],
  ['a tenant below nobody', plant, () => [null]],
  ['a count', count, () => []],
  ['a look at keys', keys, () => []],
] as const)('is refused %s', async (_, statement, values) => {
  await expect(db.tx(below(ids.middle), (tx) => tx.query(statement, ...values()))).rejects.toMatchObject({ code: '42501' });
});

it('leaves nothing of itself on the connection for the next request', async () => {
  for (let i = 0; i < 20; i += 1) {
    await db.read(below(ids.top), (tx) => tx.query(names));
    const own = tenantContext(ids.middle, { type: 'api_key', id: newId() }, 'req_test');
    expect(await db.read(own, (tx) => tx.query(names))).toEqual([{ name: 'Middle' }]);
    expect(await db.read(own, (tx) => tx.query(nodes))).toEqual([{ n: 1n }]);
    await expect(db.tx(own, (tx) => tx.query(raise))).rejects.toMatchObject({ code: '42501' });
  }
});

it('does not move a tenant', async () => {
  const move = sql('spec-move', `UPDATE tenant SET parent_id = $2 WHERE id = $1`);
  await expect(db.tx(system, (tx) => tx.query(move, ids.leaf, ids.sibling))).rejects.toMatchObject({ code: '23514' });
});
