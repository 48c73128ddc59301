import type { INestApplicationContext } from '@nestjs/common';
import { newId, systemContext, tenantContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { Database, sql } from '../db/database.ts';
import { audit } from './audit.ts';
import { VerifyAudit } from './verify-audit.ts';
import type { Anchor, ChainReport } from './verify-audit.ts';

const system = systemContext('test');
let database: TestDatabase;
let context: INestApplicationContext;
let db: Database;
let owner: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  context = await createTestContext(database, []);
  db = context.get(Database);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await context?.close();
  await database?.drop();
});

const write = (ctx: TenantContext, ...actions: string[]) =>
  db.tx(ctx, async (tx) =>
    actions.forEach((action) => audit(tx, ctx, action, newId(), { name: `“${action}” ü\u007f\u0001`, b: 1, a: [1.5, null] })),
  );
/** A tenant with a chain of six entries, of four transactions. */
const chain = async (): Promise<TenantContext> => {
  const ctx = { ...tenantContext(newId(), { type: 'api_key', id: newId() }, 'req_1'), sourceAddress: '198.51.100.7' };
  for (const actions of [['one'], ['two', 'three', 'four'], ['five'], ['six']]) await write(ctx, ...actions);
  return ctx;
};
const reports = async (anchors?: Map<string, Anchor>): Promise<Map<string, ChainReport>> => {
  const all = new Map<string, ChainReport>();
  for await (const report of new VerifyAudit(db).execute(system, anchors)) all.set(report.tenantId, report);
  return all;
};
const report = async ({ tenantId }: TenantContext, anchors?: Map<string, Anchor>) => (await reports(anchors)).get(tenantId);
/** As the owner of the tables, past every rule that they have. */
const asOwner = async (...statements: readonly string[]) => {
  await owner.query(`BEGIN; SET LOCAL session_replication_role = replica; ${statements.join(';')}; COMMIT`);
};

describe('a chain', () => {
  it('is whole when nobody touched it, and ends where the head says', async () => {
    const ctx = await chain();
    const { rows } = await owner.query('SELECT length::int, encode(hash, $2) AS hash FROM audit_head WHERE tenant_id = $1', [
      ctx.tenantId,
      'hex',
    ]);
    expect(await report(ctx)).toEqual({ tenantId: ctx.tenantId, length: 6n, hash: rows[0].hash });
    expect(rows[0].length).toBe(6);
  });

  it('takes entries of many transactions at once, one after the other', async () => {
    const ctx = await chain();
    await Promise.all(Array.from({ length: 40 }, (_, i) => write(ctx, `a${i}`, `b${i}`)));
    expect(await report(ctx)).toMatchObject({ length: 86n });
    expect((await report(ctx))?.broken).toBeUndefined();
  });

  it('has nothing of a transaction that was rolled back', async () => {
    const ctx = await chain();
    await expect(db.tx(ctx, async (tx) => (audit(tx, ctx, 'lost', 'no uuid'), undefined))).rejects.toThrow();
    expect(await report(ctx)).toMatchObject({ length: 6n });
  });

  it('of one tenant does not wait for another', async () => {
    const [busy, free] = [await chain(), await chain()];
    const held = new pg.Client({ connectionString: database.ownerUrl });
    await held.connect();
    await held.query(`BEGIN; SELECT FROM audit_head WHERE tenant_id = '${busy.tenantId}' FOR UPDATE`);
    const waiting = write(busy, 'later');
    await write(free, 'now');
    expect(await report(free)).toMatchObject({ length: 7n });
    expect(await report(busy)).toMatchObject({ length: 6n });
    await held.query('ROLLBACK');
    await held.end();
    await waiting;
    expect(await report(busy)).toMatchObject({ length: 7n });
  });
});

describe('what somebody did to the tables', () => {
  const where = (ctx: TenantContext, sequence: number) => `WHERE tenant_id = '${ctx.tenantId}' AND sequence = ${sequence}`;
  const cases: [string, (ctx: TenantContext) => string[], RegExp][] = [
    ['changed a text', (c) => [`UPDATE audit_entry SET action = 'none' ${where(c, 3)}`], /^entry 3 \(none.*not what was written/],
    ['changed its data', (c) => [`UPDATE audit_entry SET data = data || '{"b":2}' ${where(c, 5)}`], /^entry 5 .*not what was written/],
    ['changed the address', (c) => [`UPDATE audit_entry SET source_address = '' ${where(c, 1)}`], /^entry 1 .*not what was written/],
    ['deleted one', (c) => [`DELETE FROM audit_entry ${where(c, 4)}`], /^entry 4 is gone: the next is entry 5 \(five/],
    [
      'deleted one and closed the gap',
      (c) => [
        `DELETE FROM audit_entry ${where(c, 4)}`,
        `UPDATE audit_entry SET sequence = sequence - 1 WHERE tenant_id = '${c.tenantId}' AND sequence > 4`,
      ],
      /^entry 4 \(five.*not what was written/,
    ],
    [
      'inserted one in the middle',
      (c) => [
        `UPDATE audit_entry SET sequence = -sequence - 1 WHERE tenant_id = '${c.tenantId}' AND sequence > 2`,
        `UPDATE audit_entry SET sequence = -sequence WHERE tenant_id = '${c.tenantId}' AND sequence < 0`,
        `INSERT INTO audit_entry SELECT tenant_id, gen_random_uuid(), at, actor_type, actor_id, request_id, 'planted', resource_id, data, source_address, 3, hash FROM audit_entry ${where(c, 2)}`,
      ],
      /^entry 3 \(planted.*not what was written/,
    ],
    [
      'exchanged two',
      (c) => [
        `UPDATE audit_entry SET sequence = 99 ${where(c, 2)}`,
        `UPDATE audit_entry SET sequence = 2 ${where(c, 5)}`,
        `UPDATE audit_entry SET sequence = 5 ${where(c, 99)}`,
      ],
      /^entry 2 \(five.*not what was written/,
    ],
    ['cut off the end', (c) => [`DELETE FROM audit_entry ${where(c, 6)}`], /^entries 6 to 6 are gone from the end/],
    ['took all', (c) => [`DELETE FROM audit_entry WHERE tenant_id = '${c.tenantId}'`], /^entries 1 to 6 are gone from the end/],
    ['removed the head', (c) => [`DELETE FROM audit_head WHERE tenant_id = '${c.tenantId}'`], /^the head of the chain was changed/],
  ];
  it.each(cases)('%s', async (_, tamper, broken) => {
    const [ctx, other] = [await chain(), await chain()];
    await asOwner(...tamper(ctx));
    expect((await report(ctx))?.broken).toMatch(broken);
    expect((await report(other))?.broken).toBeUndefined();
  });

  it('cut off the end and set back the head: what was kept elsewhere tells', async () => {
    const ctx = await chain();
    const kept = await reports();
    await asOwner(
      `DELETE FROM audit_entry ${where(ctx, 6)}`,
      `UPDATE audit_head h SET length = 5, hash = e.hash FROM audit_entry e WHERE h.tenant_id = '${ctx.tenantId}' AND e.tenant_id = h.tenant_id AND e.sequence = 5`,
    );
    expect((await report(ctx))?.broken).toBeUndefined();
    expect((await report(ctx, kept))?.broken).toMatch(/^entries 6 to 6 are gone from the end/);
    await write(ctx, 'instead');
    expect((await report(ctx, kept))?.broken).toMatch(/^entry 6 \(instead.*not the one on record/);
  });

  it('is none of what our own roles can do', async () => {
    const ctx = await chain();
    for (const who of [ctx, system])
      for (const verb of [
        `UPDATE audit_head SET length = 1`,
        `INSERT INTO audit_head VALUES ('${ctx.tenantId}', 1, '')`,
        `DELETE FROM audit_head`,
      ])
        await expect(db.tx(who, (tx) => tx.query(sql(`test-${who.kind}-${verb.slice(0, 6)}`, verb)))).rejects.toMatchObject({
          code: '42501',
        });
    // whoever inserts an entry past `audit` gets it chained all the same
    const forged = `INSERT INTO audit_entry (tenant_id, id, at, actor_type, actor_id, request_id, action, resource_id, data, sequence, hash)
      VALUES ('${ctx.tenantId}', gen_random_uuid(), now(), 'operator', 'x', 'x', 'x', gen_random_uuid(), '{}', 1, '')`;
    await db.tx(ctx, (tx) => tx.query(sql('test-forged', forged)));
    expect(await report(ctx)).toMatchObject({ length: 7n });
  });
});
