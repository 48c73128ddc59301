import type { INestApplicationContext } from '@nestjs/common';
import { fromMinor, newId, systemContext, tenantContext } from '@trunkline/kernel';
import { charge } from '@trunkline/ledger';
import { LedgerModule, LedgerQueries, VerifyBalances, post } from '@trunkline/ledger/server';
import { Database, sql } from '@trunkline/platform';
import { closeRecurring, openRecurring, replaceRecurring } from '@trunkline/rating/server';
import { CreateTenant, TenancyModule } from '@trunkline/tenancy/server';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import { monthNamed } from '../core/billing-month.ts';
import { BillingModule } from './billing.module.ts';
import { CloseMonth } from './close-month.ts';
import { InvoiceQueries } from './invoice-queries.ts';
import { RunInvoices } from './run-invoices.ts';
import { UpcomingInvoice } from './upcoming-invoice.ts';

const ctx = systemContext('test');
const clock = new FakeClock('2024-01-10T10:00:00Z');
let database: TestDatabase;
let app: INestApplicationContext;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  const billing = BillingModule.of({ apiKey: 'sk_test_none', webhookSecret: 'whsec_none', apiUrl: 'http://127.0.0.1:9' });
  app = await createTestContext(database, [TenancyModule, LedgerModule, billing], clock);
  db = app.get(Database);
  for (const currency of ['USD', 'JPY', 'EUR']) {
    plans.set(currency, newId());
    await db.tx(ctx, (tx) => tx.query(makePlan, plans.get(currency), currency, UNIT));
  }
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});
beforeEach(() => clock.set('2024-01-10T10:00:00Z'));

// channels at 10.00 a month, in any currency; from before any test's time
const plans = new Map<string, string>();
const makePlan = sql(
  'test-plan',
  `WITH d AS (INSERT INTO deck (id, name, currency, created_at) VALUES ($1, $2::text, $2::text, now()) RETURNING id)
   INSERT INTO plan (id, name, currency, channel_monthly_nanos, channel_setup_nanos, number_monthly_nanos, number_setup_nanos, outbound_deck_id, created_at)
   SELECT $1, $2::text, $2::text, $3::bigint, 0, 0, 0, id, now() FROM d`,
);
const assignPlan = sql(
  'test-assign-plan',
  `INSERT INTO plan_assignment (tenant_id, id, plan_id, "from", created_at) VALUES ($1, $2, $3, '2020-01-01', now())`,
);

const meteredPool = sql(
  'test-metered-pool',
  `WITH o AS (INSERT INTO channel_offer (id, name, currency, countries, included_per_number, minimum_channels, metered_by, metered_nanos, created_at)
     VALUES ($1::uuid, $1::uuid::text, 'USD', '{US}', 0, 0, $3, $4::bigint, '2024-01-01'))
   INSERT INTO channel_pool (tenant_id, id, offer_id, channels, created_at, updated_at) VALUES ($2, $1::uuid, $1::uuid, 0, '2024-01-01', '2024-01-01')`,
);
const carry = sql(
  'test-carry',
  `INSERT INTO cdr (tenant_id, started_at, id, edge_id, direction, outcome, "from", "to", call_id, source_address, answered_at, ended_at, sip_code, content_hash,
     stored_at, rating_state, billed_seconds, channel_kind, channel_pool_id)
   VALUES ($1, $3, $2, $2, 'inbound', 'answered', '', '', '', '', $3, $4, 200, '', now(), 'free', 0, 'metered', $5)`,
);

const newTenant = async (currency = 'USD'): Promise<string> => {
  const tenant = { name: 'T', country: 'US', currency, channelsMax: null, parentId: null, externalReference: null };
  const { id } = await app.get(CreateTenant).execute(ctx, tenant);
  await db.tx(ctx, (tx) => tx.query(assignPlan, id, newId(), plans.get(currency)));
  return id;
};
const own = (tenantId: string) => tenantContext(tenantId, { type: 'system', id: 'test' }, 'req');
const UNIT = 10_000_000_000n;
const channels = (tenantId: string, resourceId: string, quantity: number) => ({
  tenantId,
  kind: 'channel' as const,
  resourceId,
  description: 'trunk',
  quantity,
});
const order = async (tenantId: string, day: string, quantity: number, resourceId = newId()): Promise<string> => {
  await db.tx(ctx, (tx) => openRecurring(tx, channels(tenantId, resourceId, quantity), new Date(day)));
  return resourceId;
};
const call = (tenantId: string, answered: string, nanos: bigint, kind: 'usage_outbound' | 'usage_inbound' = 'usage_outbound') => {
  const head = { tenantId, currency: 'USD', month: new Date(answered), postedAt: clock.now(), reference: newId() };
  return db.tx(ctx, (tx) => post(tx, [charge(kind, head, nanos, { count: 1, seconds: 60 })]));
};
const close = (tenantId: string, month: string) => app.get(CloseMonth).execute(ctx, tenantId, monthNamed(month));
const owed = async (tenantId: string) => (await app.get(LedgerQueries).balance(own(tenantId))).owedNanos;
const linesOf = async (tenantId: string, id: string) =>
  (await app.get(InvoiceQueries).byId(ctx, tenantId, id)).lines.map((l) => [l.category, l.quantity, l.exactNanos, l.amountMinor]);

describe('CloseMonth', () => {
  it('invoices what was held and called, rounds each line once, and books the residue', async () => {
    const tenant = await newTenant();
    await order(tenant, '2024-01-11T15:00:00Z', 3); // 21 of 31 days: 3 × 10 × 21/31
    await call(tenant, '2024-01-20T10:00:00Z', 12_344_999n);
    await call(tenant, '2024-01-31T23:59:59.999Z', 1n);
    await call(tenant, '2024-01-20T10:00:00Z', 5_000_000n, 'usage_inbound');
    clock.set('2024-02-01T00:00:00Z');
    const invoice = await close(tenant, '2024-01');
    expect(invoice).toMatchObject({ number: 'INV-202401-000001', totalMinor: 2_034n, period: monthNamed('2024-01') });
    expect(await linesOf(tenant, invoice?.id ?? '')).toEqual([
      ['recurring.channel', '3', 20_322_580_645n, 2_032n],
      ['usage.outbound', '2 calls, 120 s', 12_345_000n, 1n],
      ['usage.inbound', '1 calls, 60 s', 5_000_000n, 1n],
    ]);
    expect(await owed(tenant)).toBe(fromMinor(2_034n, 'USD'));
  });

  it.each([
    ['minute', ['usage.metered', '3 calls, 190 s', (UNIT * 190n + 59n) / 60n, 3_167n]],
    ['peak', ['usage.metered', '2 channels', 2n * UNIT, 2_000n]],
  ])('charges metered channels by the %s; what comes late is on the next invoice', async (by, line) => {
    const tenant = await newTenant();
    const pool = newId();
    await db.tx(ctx, (tx) => tx.query(meteredPool, pool, tenant, by, UNIT));
    const carried = (answered: string, secs: number) =>
      db.tx(ctx, (tx) => tx.query(carry, tenant, newId(), new Date(answered), new Date(new Date(answered).getTime() + secs * 1000), pool));
    await carried('2024-01-20T10:00:00Z', 60);
    await carried('2024-01-20T10:00:30Z', 120);
    await carried('2024-01-20T10:02:30Z', 10); // when the one before ends
    clock.set('2024-01-31T00:00:00Z');
    expect(
      (await app.get(UpcomingInvoice).execute(own(tenant))).lines.map((l) => [l.category, l.quantity, l.exactNanos, l.amountMinor]),
    ).toEqual([line]);
    clock.set('2024-02-01T00:00:00Z');
    const invoice = await close(tenant, '2024-01');
    expect(await linesOf(tenant, invoice?.id ?? '')).toEqual([line]);
    await carried('2024-01-20T10:00:35Z', 6); // late
    clock.set('2024-03-01T00:00:00Z');
    const next = await close(tenant, '2024-02');
    const late = by === 'minute' ? ['usage.metered', '1 calls, 6 s', UNIT / 10n, 100n] : ['usage.metered', '1 channels', UNIT, 1_000n];
    expect(await linesOf(tenant, next?.id ?? '')).toEqual([late]);
    clock.set('2024-04-01T00:00:00Z');
    expect(await close(tenant, '2024-03')).toBeUndefined();
  });

  it('is done once: a second close finds nothing to do, also at the same time', async () => {
    const tenant = await newTenant();
    await order(tenant, '2024-01-01T00:00:00Z', 1);
    clock.set('2024-02-01T00:00:00Z');
    const results = await Promise.all([close(tenant, '2024-01'), close(tenant, '2024-01'), close(tenant, '2024-01')]);
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await close(tenant, '2024-01')).toBeUndefined();
    expect(await owed(tenant)).toBe(UNIT);
  });

  it('tiles months over years: what is held and resized costs the sum of its days, leap February too', async () => {
    const tenant = await newTenant();
    const trunk = await order(tenant, '2024-01-31T23:00:00Z', 2); // 1 of 31 days
    clock.set('2024-02-10T12:00:00Z');
    await db.tx(ctx, (tx) => replaceRecurring(tx, channels(tenant, trunk, 5), clock.now())); // 9 days of 2, 20 of 5, of 29
    clock.set('2024-03-15T12:00:00Z');
    await db.tx(ctx, (tx) => closeRecurring(tx, tenant, trunk, clock.now())); // 15 of 31 days, today is paid
    clock.set('2024-04-01T00:00:00Z');
    const totals: bigint[] = [];
    for (const month of ['2024-01', '2024-02', '2024-03']) totals.push((await close(tenant, month))?.totalMinor ?? 0n);
    expect(totals).toEqual([65n, 4_069n, 2_419n]); // 20/31, 20·9/29 + 50·20/29, 50·15/31
    expect(await owed(tenant)).toBe(fromMinor(65n + 4_069n + 2_419n, 'USD'));
  });

  it('charges months that nobody closed, each once', async () => {
    const tenant = await newTenant();
    await order(tenant, '2024-01-01T00:00:00Z', 1);
    clock.set('2024-04-02T00:00:00Z');
    expect((await close(tenant, '2024-03'))?.totalMinor).toBe(3_000n);
    expect(await close(tenant, '2024-02')).toBeUndefined();
    expect(await owed(tenant)).toBe(3n * UNIT);
  });

  it('bills a late call with the next month, and an early one of the next month not yet', async () => {
    const tenant = await newTenant();
    await order(tenant, '2024-01-01T00:00:00Z', 1);
    clock.set('2024-02-01T00:00:01Z');
    await call(tenant, '2024-02-01T00:00:00Z', 990_000_000n); // already the next month
    expect((await close(tenant, '2024-01'))?.totalMinor).toBe(1_000n);
    await call(tenant, '2024-01-31T12:00:00Z', 10_000_000n); // comes when January is closed
    clock.set('2024-03-01T00:00:00Z');
    expect((await close(tenant, '2024-02'))?.totalMinor).toBe(1_100n);
    expect(await owed(tenant)).toBe(fromMinor(2_100n, 'USD'));
  });

  it('issues nothing for nothing, and keeps what is less than half a cent for the next', async () => {
    const tenant = await newTenant();
    clock.set('2024-02-01T00:00:00Z');
    expect(await close(tenant, '2024-01')).toBeUndefined();
    await call(tenant, '2024-02-03T00:00:00Z', 4_000_000n);
    clock.set('2024-03-01T00:00:00Z');
    expect(await close(tenant, '2024-02')).toBeUndefined();
    await call(tenant, '2024-03-03T00:00:00Z', 4_000_000n);
    clock.set('2024-04-01T00:00:00Z');
    expect((await close(tenant, '2024-03'))?.totalMinor).toBe(1n);
    expect(await owed(tenant)).toBe(10_000_000n);
  });

  it('cannot be undone: an issued invoice, its lines and its postings do not change', async () => {
    const tenant = await newTenant();
    await order(tenant, '2024-01-01T00:00:00Z', 1);
    clock.set('2024-02-01T00:00:00Z');
    const id = (await close(tenant, '2024-01'))?.id;
    const run = (text: string) => db.tx(ctx, (tx) => tx.query({ name: text, text }, id));
    await expect(run('UPDATE invoice SET total_minor = 1 WHERE id = $1')).rejects.toThrow('an issued invoice does not change');
    await expect(run('UPDATE invoice_line SET amount_minor = 1 WHERE invoice_id = $1')).rejects.toThrow('permission denied');
    await expect(run('DELETE FROM invoice_posting WHERE invoice_id = $1')).rejects.toThrow('permission denied');
  });
});

describe('RunInvoices', () => {
  it('closes every tenant, numbers without gap or repeat, and the upcoming invoice said what would come', async () => {
    clock.set('2025-05-20T00:00:00Z');
    const tenants = await Promise.all(Array.from({ length: 6 }, () => newTenant()));
    for (const tenant of tenants) await order(tenant, '2025-05-20T00:00:00Z', 1);
    const upcoming = await app.get(UpcomingInvoice).execute(own(tenants[0] ?? ''));
    clock.set('2025-06-01T00:10:00Z');
    const first = await app.get(RunInvoices).execute(ctx, '2025-05');
    expect(first.failed).toBe(0);
    const invoices = await Promise.all(tenants.map((t) => app.get(InvoiceQueries).list(own(t), { limit: 1 })));
    expect(invoices[0]?.data[0]?.totalMinor).toBe(upcoming.totalMinor);
    const numbers = await db.read(ctx, (tx) =>
      tx.prisma.invoice.findMany({ where: { number: { startsWith: 'INV-202505-' } }, orderBy: { number: 'asc' } }),
    );
    expect(numbers.map((i) => i.number)).toEqual(
      Array.from({ length: first.issued }, (_, i) => `INV-202505-${String(i + 1).padStart(6, '0')}`),
    );
    expect(await app.get(RunInvoices).execute(ctx, '2025-05')).toMatchObject({ issued: 0, alreadyIssued: first.issued });
  });

  it('refuses a month that is not over, or only just', async () => {
    clock.set('2025-07-01T00:09:59.999Z');
    await expect(app.get(RunInvoices).execute(ctx, '2025-06')).rejects.toMatchObject({ code: 'request.invalid' });
  });
});

it('leaves every balance the sum of its postings, and every invoice the sum of what it bills', async () => {
  expect(await app.get(VerifyBalances).execute(ctx)).toEqual([]);
  const off = `SELECT i.number FROM invoice i JOIN (
      SELECT ip.tenant_id, ip.invoice_id, sum(p.amount_nanos) AS exact FROM invoice_posting ip JOIN posting p ON (p.tenant_id, p.id) = (ip.tenant_id, ip.posting_id) WHERE p.debit = 'customer' GROUP BY 1, 2
    ) b ON (b.tenant_id, b.invoice_id) = (i.tenant_id, i.id)
    LEFT JOIN posting r ON r.tenant_id = i.tenant_id AND r.kind = 'rounding_residue' AND r.reference = i.id::text
    WHERE b.exact + coalesce(CASE WHEN r.debit = 'customer' THEN r.amount_nanos ELSE -r.amount_nanos END, 0) <> i.total_minor * 10000000`;
  expect(await db.read(ctx, (tx) => tx.query({ name: 'invoice-sums', text: off }))).toEqual([]);
});
