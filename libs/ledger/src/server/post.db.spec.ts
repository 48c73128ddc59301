import type { INestApplicationContext } from '@nestjs/common';
import { newId, systemContext, tenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { charge, paymentReceived } from '../core/posting.ts';
import type { Posting } from '../core/posting.ts';
import { LedgerQueries } from './ledger-queries.ts';
import { LedgerModule } from './ledger.module.ts';
import { post } from './post.ts';
import { VerifyBalances } from './verify-balances.ts';

const ctx = systemContext('test');
const at = new Date('2026-11-23T10:00:00Z');
let database: TestDatabase;
let app: INestApplicationContext;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestContext(database, [LedgerModule]);
  db = app.get(Database);
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

const head = (tenantId: string, reference: string) => ({ tenantId, currency: 'USD', month: at, postedAt: at, reference });
const call = (tenantId: string, reference: string, nanos: bigint): Posting =>
  charge('usage_outbound', head(tenantId, reference), nanos, { count: 2, seconds: 120 });
const book = (...postings: Posting[]) => db.tx(ctx, (tx) => post(tx, postings));
const asOwner = async (text: string, ...values: unknown[]): Promise<Record<string, unknown>[]> => {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    return (await client.query(text, values)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
};
const balanceOf = async (tenantId: string) =>
  (await asOwner('SELECT amount_nanos FROM balance WHERE tenant_id = $1', tenantId))[0]?.['amount_nanos'];

describe('post', () => {
  it('moves the balance by what the customer owes', async () => {
    const tenant = newId();
    expect(await book(call(tenant, 'a', 1_000_000_001n), paymentReceived(head(tenant, 'b'), 1_000_000_000n))).toBe(2);
    expect(await balanceOf(tenant)).toBe('1');
  });

  it('books one cause once, alone or among others', async () => {
    const tenant = newId();
    await book(call(tenant, 'a', 5n));
    expect(await book(call(tenant, 'a', 5n), call(tenant, 'b', 7n))).toBe(1);
    expect(await book(call(tenant, 'a', 5n), call(tenant, 'b', 7n))).toBe(0);
    expect(await balanceOf(tenant)).toBe('12');
  });

  it('lets batches over the same tenants run side by side', async () => {
    const tenants = Array.from({ length: 40 }, newId);
    const batch = (name: string, order: readonly string[]) => book(...order.map((t) => call(t, name, 3n)));
    await Promise.all([0, 1, 2, 3].map((n) => batch(`batch-${n}`, n % 2 === 0 ? tenants : tenants.toReversed())));
    for (const tenant of tenants) expect(await balanceOf(tenant)).toBe('12');
  });

  it('is refused by the database when it moves nothing, or nowhere', async () => {
    await expect(book({ ...call(newId(), 'odd', 1n), amountNanos: 0n })).rejects.toMatchObject({ code: '23514' });
    await expect(book({ ...call(newId(), 'odd', 1n), credit: 'customer' })).rejects.toMatchObject({ code: '23514' });
  });

  it('cannot be changed or removed afterwards', async () => {
    for (const url of [database.appUrl, database.systemUrl])
      for (const statement of ['UPDATE posting SET amount_nanos = 1', 'DELETE FROM posting']) {
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        await expect(client.query(statement)).rejects.toThrow('permission denied');
        await client.end();
      }
  });
});

describe('VerifyBalances', () => {
  it('finds sound books sound, and names the balance that is off', async () => {
    const verify = app.get(VerifyBalances);
    const tenantId = newId();
    await book(call(tenantId, 'a', 9n));
    expect(await verify.execute(ctx)).toEqual([]);
    await asOwner('UPDATE balance SET amount_nanos = 10 WHERE tenant_id = $1', tenantId);
    expect(await verify.execute(ctx)).toEqual([{ tenantId, currency: 'USD', balanceNanos: 10n, postedNanos: 9n }]);
    await asOwner('UPDATE balance SET amount_nanos = 9 WHERE tenant_id = $1', tenantId);
  });
});

describe('postings of a tenant', () => {
  it('are listed newest first, page by page', async () => {
    const tenantId = newId();
    for (const n of [1n, 2n, 3n]) await book(call(tenantId, `r${n}`, n));
    const queries = app.get(LedgerQueries);
    const own = tenantContext(tenantId, { type: 'system', id: 'test' }, 'req');
    const first = await queries.postings(own, { limit: 2 });
    const second = await queries.postings(own, { limit: 2, cursor: first.nextCursor ?? '' });
    expect([...first.data, ...second.data].map((p) => p.amountNanos)).toEqual([3n, 2n, 1n]);
    expect(second.nextCursor).toBeNull();
  });
});
