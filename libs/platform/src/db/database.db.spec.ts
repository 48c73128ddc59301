import { newId, systemContext, tenantContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import type { INestApplicationContext } from '@nestjs/common';
import pg from 'pg';
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
const insertKey = sql(
  'test-key',
  `INSERT INTO api_key (tenant_id, id, name, hash, hint, created_at) VALUES ($1, $2, $3, convert_to($3, 'UTF8'), 'test', now())`,
);
const keys = sql<{ name: string; tenantId: string }>('test-keys', `SELECT name, tenant_id AS "tenantId" FROM api_key ORDER BY name`);
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
  await db.tx(a, (tx) => tx.query(insertKey, a.tenantId, newId(), 'fraud'));
  await db.tx(b, (tx) => tx.query(insertKey, b.tenantId, newId(), 'operator'));
});
afterAll(async () => {
  await context?.close();
  await database?.drop();
});

describe('one statement asked as a tenant', () => {
  const own = async (ctx: TenantContext) => (await db.ask(ctx, keys)).map((row) => row.tenantId);
  const writes = sql('test-key-renamed', `UPDATE api_key SET name = $1`);
  const fails = sql('test-fails', `SELECT 1 / $1::int AS n, name FROM api_key`);

  it('sees the rows of that tenant only, however many ask at once', async () => {
    const asked = Array.from({ length: 200 }, (_, i) => (i % 3 === 0 ? b : a));
    expect(await Promise.all(asked.map(own))).toEqual(asked.map(({ tenantId }) => [tenantId]));
  });

  it('changes nothing', async () => {
    await expect(db.ask(a, writes, 'x')).rejects.toMatchObject({ code: '25006' });
    expect(await db.ask(a, keys)).toMatchObject([{ name: 'fraud' }]);
  });

  it('leaves no tenant behind on its connection, whether it succeeds or fails', async () => {
    const current = sql<{ tenant: string | null }>('test-current', `SELECT nullif(current_setting('app.tenant_id', true), '') AS tenant`);
    for (let n = 0; n < 50; n += 1) {
      const settled = await Promise.allSettled([own(a), db.ask(b, fails, 0), own(b), db.ask(a, writes, 'x')]);
      expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
      expect(await db.tx(b, (tx) => tx.query(current))).toEqual([{ tenant: b.tenantId }]);
    }
    const { app } = db as unknown as { app: { query(text: string): Promise<unknown> } };
    for (let n = 0; n < 20; n += 1) await expect(app.query('SELECT * FROM api_key')).rejects.toThrow('no tenant in scope');
    expect(await own(a)).toEqual([a.tenantId]);
  });

  it('refuses what the driver refuses, and goes on', async () => {
    await expect(db.ask(a, { ...keys, text: 'SELECT 1' }).then(() => own(a))).rejects.toThrow('Prepared statements must be unique');
    expect(await Promise.all([own(a), own(b)])).toEqual([[a.tenantId], [b.tenantId]]);
  });

  it('takes no columns for others once they changed', async () => {
    const all = sql<Record<string, unknown>>('test-all-of-keys', 'SELECT * FROM api_key');
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    const before = await db.ask(a, all);
    await owner.query(`ALTER TABLE api_key ADD COLUMN test_note text DEFAULT 'new'`);
    await expect(db.ask(a, all)).rejects.toMatchObject({ code: '0A000' });
    await owner.query('ALTER TABLE api_key DROP COLUMN test_note');
    expect(await db.ask(a, all)).toEqual(before);
    await owner.end();
  });

  it('joins the transaction of its tenant', async () => {
    await expect(
      db.tx(a, async (tx) => {
        await tx.query(insertKey, a.tenantId, newId(), 'mine');
        expect(await own(a)).toHaveLength(2);
        throw new Error('roll back');
      }),
    ).rejects.toThrow('roll back');
    expect(await own(a)).toHaveLength(1);
  });
});

describe('tenant isolation', () => {
  it('shows a tenant its own rows only', async () => {
    expect(await db.read(a, (tx) => tx.query(keys))).toEqual([{ name: 'fraud', tenantId: a.tenantId }]);
    expect(await db.read(a, async ({ prisma }) => await prisma.apiKey.findMany({ select: { name: true } }))).toEqual([{ name: 'fraud' }]);
  });
  it('shows the system all rows', async () => expect(await db.read(system, (tx) => tx.query(keys))).toHaveLength(2));
  it('refuses a row for another tenant', async () => {
    await expect(db.tx(a, (tx) => tx.query(insertKey, b.tenantId, newId(), 'billing'))).rejects.toMatchObject({ code: '42501' });
  });
  it('raises when no tenant is set', async () => {
    const client = new pg.Client({ connectionString: database.appUrl });
    await client.connect();
    await expect(client.query('SELECT * FROM api_key')).rejects.toThrow('no tenant in scope');
    await client.end();
  });
  it('refuses a tenant id that is none', () =>
    expect(db.read({ ...a, tenantId: `x'; --` }, (tx) => tx.query(keys))).rejects.toThrow('malformed tenant id'));
  it('never mixes tenants over parallel reads on shared connections', async () => {
    const wrong = await Promise.all(
      Array.from({ length: 200 }, async (_, i) => {
        const ctx = i % 2 ? a : b;
        const rows = await db.read(ctx, (tx) => tx.query(keys));
        return rows.length !== 1 || rows[0]?.tenantId !== ctx.tenantId;
      }),
    );
    expect(wrong.filter(Boolean)).toEqual([]);
  });
});

describe('the doors', () => {
  it('refuse a query outside', () =>
    expect(() => (db as unknown as { prisma: { apiKey: { count(): PromiseLike<number> } } }).prisma.apiKey.count().then()).rejects.toThrow(
      'outside db.tx or db.read',
    ));
  it('refuse a write in read', () =>
    expect(db.read(a, (tx) => tx.query(insertKey, a.tenantId, newId(), 'billing'))).rejects.toMatchObject({ code: '25006' }));
  it('undo all or nothing: state, audit and event', async () => {
    const failed = db.tx(a, async (tx) => {
      await tx.query(insertKey, a.tenantId, newId(), 'billing');
      audit(tx, a, 'hold.placed', newId());
      publish(tx, { type: 'tenant.held', tenantId: a.tenantId, data: {} });
      throw new Error('planned');
    });
    await expect(failed).rejects.toThrow('planned');
    for (const table of ['audit_entry', 'outbox']) expect(await db.read(system, (tx) => tx.query(count(table)))).toEqual([{ n: 0n }]);
    expect(await db.read(a, (tx) => tx.query(keys))).toHaveLength(1);
  });
  it('say so when a swallowed failure left nothing to commit', async () => {
    const swallowed = db.tx(a, async (tx) => {
      await tx.query(insertKey, b.tenantId, newId(), 'foreign').catch(() => {}); // refused: another tenant's
      return 'done';
    });
    await expect(swallowed).rejects.toThrow('rolled back');
  });
  it('keep nothing when what a change leaves behind cannot be written', async () => {
    const failed = db.tx(a, async (tx) => {
      await tx.query(insertKey, a.tenantId, newId(), 'billing');
      audit(tx, a, 'hold.placed', 'no uuid');
    });
    await expect(failed).rejects.toMatchObject({ code: '22P02' });
    expect(await db.read(a, (tx) => tx.query(keys))).toHaveLength(1);
  });
  it('join the transaction already open for the tenant', async () => {
    const failed = db.tx(a, async () => {
      await db.tx(a, (inner) => inner.query(insertKey, a.tenantId, newId(), 'billing'));
      throw new Error('planned');
    });
    await expect(failed).rejects.toThrow('planned');
    expect(await db.read(a, (tx) => tx.query(keys))).toHaveLength(1);
  });
  it('turn Prisma’s own transactions into savepoints', async () => {
    await db.tx(a, async ({ prisma, query }) => {
      const row = { tenantId: a.tenantId, name: 'again', hash: Buffer.from('fraud'), hint: 'test', createdAt: new Date() }; // collides with the first key
      await expect(
        (async () => await prisma.$transaction(async (t) => await t.apiKey.create({ data: { ...row, id: newId() } })))(),
      ).rejects.toThrow();
      expect(await query(keys)).toHaveLength(1); // the outer transaction is still usable
    });
  });
});

describe('what a tenant’s own request may not do', () => {
  it.each([
    ['lift its holds', `UPDATE hold SET lifted_at = now()`],
    ['raise its caps', `UPDATE tenant SET channels_max = NULL`],
    ['call back an event', `UPDATE outbox SET dispatched_at = now()`],
    ['read how edges prove themselves', `SELECT public_key, enrol_token_hash FROM edge`],
    ['make partitions without end', `SELECT ensure_cdr_partitions('2030-01-01', 1000)`],
  ])('%s', async (_, text) => {
    await expect(db.tx(a, (tx) => tx.query(sql(`test-${text}`, text)))).rejects.toMatchObject({ code: '42501' });
  });

  it('give back a number that another tenant has', async () => {
    const number = `INSERT INTO number_inventory (e164, country, area_code, type, state, created_at) VALUES ('+12025550100', 'US', '202', 'local', 'assigned', now())`;
    const held = `INSERT INTO number_assignment (tenant_id, id, e164, created_at, updated_at) VALUES ($1, $2, '+12025550100', now(), now())`;
    const giveBack = sql<{ e164: string }>(
      'test-give-back',
      `UPDATE number_inventory SET state = 'quarantined', quarantined_until = now() RETURNING e164`,
    );
    await db.tx(system, (tx) => tx.query(sql('test-number', number)));
    await db.tx(b, (tx) => tx.query(sql('test-held', held), b.tenantId, newId()));
    expect(await db.tx(a, (tx) => tx.query(giveBack))).toEqual([]);
    expect(await db.tx(b, (tx) => tx.query(giveBack))).toEqual([{ e164: '+12025550100' }]);
  });
});

describe('append-only tables', () => {
  it.each(['audit_entry', 'posting'])('%s has no update and no delete', async (table) => {
    for (const ctx of [a, system])
      for (const verb of [`UPDATE ${table} SET tenant_id = tenant_id`, `DELETE FROM ${table}`])
        await expect(db.tx(ctx, (tx) => tx.query(sql(`test-${ctx.kind}-${verb}`, verb)))).rejects.toMatchObject({ code: '42501' });
  });
});
