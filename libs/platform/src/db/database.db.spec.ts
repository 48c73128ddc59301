import { newId, systemContext, tenantContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import type { INestApplicationContext } from '@nestjs/common';
import { audit } from '../audit/audit.ts';
import { publish } from '../outbox/publish.ts';
import { Database, sql } from './database.ts';

let database: TestDatabase;
let context: INestApplicationContext;
let db: Database;
let a: TenantContext;
let b: TenantContext;

const system = systemContext('test');
const insertTenant = sql(
  'test-tenant',
  `INSERT INTO tenant (id, name, country, currency, created_at, updated_at) VALUES ($1, $2, 'US', 'USD', now(), now())`,
);
const insertHold = sql('test-hold', `INSERT INTO hold (tenant_id, id, kind, reason, placed_at) VALUES ($1, $2, $3, 'test', now())`);
const holds = sql<{ kind: string; tenantId: string }>('test-holds', `SELECT kind, tenant_id AS "tenantId" FROM hold ORDER BY kind`);
const count = (table: string) => sql<{ n: bigint }>(`test-count-${table}`, `SELECT count(*) AS n FROM ${table}`);

beforeAll(async () => {
  database = await createTestDatabase();
  context = await createTestContext(database, []);
  db = context.get(Database);
  const make = async (name: string) => {
    const id = newId();
    await db.tx(system, (tx) => tx.query(insertTenant, id, name));
    return tenantContext(id, { type: 'system', id: 'test' }, 'req');
  };
  a = await make('A');
  b = await make('B');
  await db.tx(a, (tx) => tx.query(insertHold, a.tenantId, newId(), 'fraud'));
  await db.tx(b, (tx) => tx.query(insertHold, b.tenantId, newId(), 'operator'));
});
afterAll(async () => {
  await context?.close();
  await database?.drop();
});

describe('tenant isolation', () => {
  it('shows a tenant its own rows only', async () => {
    expect(await db.read(a, (tx) => tx.query(holds))).toEqual([{ kind: 'fraud', tenantId: a.tenantId }]);
    expect(await db.read(a, async ({ prisma }) => await prisma.hold.findMany({ select: { kind: true } }))).toEqual([{ kind: 'fraud' }]);
  });
  it('shows the system all rows', async () => expect(await db.read(system, (tx) => tx.query(holds))).toHaveLength(2));
  it('refuses a row for another tenant', async () => {
    await expect(db.tx(a, (tx) => tx.query(insertHold, b.tenantId, newId(), 'billing'))).rejects.toMatchObject({ code: '42501' });
  });
  it('raises when no tenant is set', async () => {
    const client = new (await import('pg')).default.Client({ connectionString: database.appUrl });
    await client.connect();
    await expect(client.query('SELECT * FROM hold')).rejects.toThrow('no tenant in scope');
    await client.end();
  });
  it('refuses a tenant id that is none', () =>
    expect(db.read({ ...a, tenantId: `x'; --` }, (tx) => tx.query(holds))).rejects.toThrow('malformed tenant id'));
  it('never mixes tenants over parallel reads on shared connections', async () => {
    const wrong = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const ctx = i % 2 ? a : b;
        const rows = await db.read(ctx, (tx) => tx.query(holds));
        return rows.length !== 1 || rows[0]?.tenantId !== ctx.tenantId;
      }),
    );
    expect(wrong.filter(Boolean)).toEqual([]);
  });
});

describe('the doors', () => {
  it('refuse a query outside', () =>
    expect(() => (db as unknown as { prisma: { hold: { count(): PromiseLike<number> } } }).prisma.hold.count().then()).rejects.toThrow(
      'outside db.tx or db.read',
    ));
  it('refuse a write in read', () =>
    expect(db.read(a, (tx) => tx.query(insertHold, a.tenantId, newId(), 'billing'))).rejects.toMatchObject({ code: '25006' }));
  it('undo all or nothing: state, audit and event', async () => {
    const failed = db.tx(a, async (tx) => {
      await tx.query(insertHold, a.tenantId, newId(), 'billing');
      await audit(tx, a, 'hold.placed', newId());
      await publish(tx, { type: 'tenant.held', tenantId: a.tenantId, data: {} });
      throw new Error('planned');
    });
    await expect(failed).rejects.toThrow('planned');
    for (const table of ['audit_entry', 'outbox']) expect(await db.read(a, (tx) => tx.query(count(table)))).toEqual([{ n: 0n }]);
    expect(await db.read(a, (tx) => tx.query(holds))).toHaveLength(1);
  });
  it('join the transaction already open for the tenant', async () => {
    const failed = db.tx(a, async () => {
      await db.tx(a, (inner) => inner.query(insertHold, a.tenantId, newId(), 'billing'));
      throw new Error('planned');
    });
    await expect(failed).rejects.toThrow('planned');
    expect(await db.read(a, (tx) => tx.query(holds))).toHaveLength(1);
  });
  it('turn Prisma’s own transactions into savepoints', async () => {
    await db.tx(a, async ({ prisma, query }) => {
      const row = { tenantId: a.tenantId, kind: 'fraud', reason: 'again', placedAt: new Date() }; // collides with the active hold
      await expect(
        (async () => await prisma.$transaction(async (t) => await t.hold.create({ data: { ...row, id: newId() } })))(),
      ).rejects.toThrow();
      expect(await query(holds)).toHaveLength(1); // the outer transaction is still usable
    });
  });
});

describe('append-only tables', () => {
  it.each(['audit_entry', 'posting'])('%s has no update and no delete', async (table) => {
    for (const ctx of [a, system])
      for (const verb of [`UPDATE ${table} SET tenant_id = tenant_id`, `DELETE FROM ${table}`])
        await expect(db.tx(ctx, (tx) => tx.query(sql(`test-${ctx.kind}-${verb}`, verb)))).rejects.toMatchObject({ code: '42501' });
  });
});
