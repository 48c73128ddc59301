import type { INestApplicationContext } from '@nestjs/common';
import { AppError, newId, systemContext, tenantContext } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { AssignPlan, CreateDeck, CreatePlan, RatingModule } from '@trunkline/rating/server';
import { CreateTenant, TenancyModule } from '@trunkline/tenancy/server';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { ImportNumbers } from './import-numbers.ts';
import { OrderNumber } from './order-number.ts';
import { ReleaseNumber } from './release-number.ts';
import { SweepQuarantine } from './sweep-quarantine.ts';

class UseCasesModule {}
const useCases = { module: UseCasesModule, providers: [ImportNumbers, OrderNumber, ReleaseNumber, SweepQuarantine] };
const system = systemContext('test');
const SETUP_NANOS = 250_000_000n;

let database: TestDatabase;
let context: INestApplicationContext;
let owner: pg.Client;
let tenants: TenantContext[];
const clock = new FakeClock('2026-11-23T10:00:00Z');

/** Four tenants on one plan. */
const seed = async (): Promise<TenantContext[]> => {
  const deck = await context.get(CreateDeck).execute(system, { name: 'Deck', currency: 'USD' });
  const fees = { channelMonthlyNanos: 0n, channelSetupNanos: 0n, numberMonthlyNanos: 2_000_000_000n, numberSetupNanos: SETUP_NANOS };
  const plan = await context
    .get(CreatePlan)
    .execute(system, { name: 'Plan', currency: 'USD', ...fees, outboundDeckId: deck.id, inboundDeckId: null });
  const made: TenantContext[] = [];
  for (const name of ['A', 'B', 'C', 'D']) {
    const input = { name, country: 'US', currency: 'USD', channelsMax: null, parentId: null, externalReference: null };
    const tenant = await context.get(CreateTenant).execute(system, input);
    await context.get(AssignPlan).execute(system, { tenantId: tenant.id, planId: plan.id });
    made.push(tenantContext(tenant.id, { type: 'api_key', id: newId() }, 'req_test'));
  }
  return made;
};

beforeAll(async () => {
  database = await createTestDatabase();
  context = await createTestContext(database, [TenancyModule, RatingModule, useCases], clock);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  tenants = await seed();
});
afterAll(async () => {
  await owner?.end();
  await context?.close();
  await database?.drop();
});

const stock = (...numbers: string[]) => context.get(ImportNumbers).execute(system, `number\n${numbers.join('\n')}\n`);
const order = (ctx: TenantContext, e164: E164) =>
  context.get(OrderNumber).execute(ctx, { e164, trunkId: null, externalReference: null, tags: [] });
const outcome = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'ordered',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
const tenant = (i: number): TenantContext => tenants[i % tenants.length]!;
const value = async (text: string, ...values: unknown[]): Promise<unknown> =>
  (await owner.query({ text, values, rowMode: 'array' })).rows[0]?.[0];

describe('40 buyers of one number at once', () => {
  let outcomes: string[];
  beforeAll(async () => {
    await stock('+12025550100');
    outcomes = await Promise.all(Array.from({ length: 40 }, (_, i) => outcome(order(tenant(i), '+12025550100'))));
  });

  it('are one that gets it, and 39 that learn it is not available', () => {
    expect(outcomes.filter((o) => o === 'ordered')).toHaveLength(1);
    expect(outcomes.filter((o) => o === 'number.not_available')).toHaveLength(39);
  });
  it('leave one assignment, one monthly item, one charge, one event, one mark for the edges', async () => {
    const tables = [
      'number_assignment',
      'recurring_item',
      'posting',
      `edge_dirty WHERE resource_type = 'number'`,
      `outbox WHERE type = 'number.ordered'`,
    ];
    for (const table of tables) expect([table, await value(`SELECT count(*)::int FROM ${table}`)]).toEqual([table, 1]);
    expect(await value('SELECT sum(amount_nanos)::bigint FROM balance')).toBe(String(SETUP_NANOS));
  });
});

describe('a released number', () => {
  it('is nobody’s until its quarantine ends, to the millisecond, then another’s', async () => {
    await stock('+12025550101');
    const { id } = await order(tenant(0), '+12025550101');
    const { quarantinedUntil } = await context.get(ReleaseNumber).execute(tenant(0), id);
    clock.set(new Date(quarantinedUntil!.getTime() - 1));
    expect(await context.get(SweepQuarantine).execute(system)).toBe(0);
    for (const i of [0, 1]) expect(await outcome(order(tenant(i), '+12025550101'))).toBe('number.not_available');
    clock.advance({ ms: 1 });
    expect(await outcome(order(tenant(1), '+12025550101'))).toBe('ordered');
    expect(await outcome(order(tenant(0), '+12025550101'))).toBe('number.not_available');
  });

  it('costs no more from the next day on', async () => {
    const item = `SELECT "to" FROM recurring_item WHERE description = '+12025550101' AND tenant_id = $1`;
    expect(await value(item, tenant(0).tenantId)).toEqual(new Date('2026-11-24T00:00:00Z'));
    expect(await value(item, tenant(1).tenantId)).toBeNull();
  });

  it('is written down as available by the sweep', async () => {
    await stock('+12025550102');
    const { id } = await order(tenant(0), '+12025550102');
    await context.get(ReleaseNumber).execute(tenant(0), id);
    clock.advance({ days: 45 });
    expect(await context.get(SweepQuarantine).execute(system)).toBe(1);
    expect(await value(`SELECT state FROM number_inventory WHERE e164 = '+12025550102'`)).toBe('available');
  });

  it('is released once, by however many at once', async () => {
    await stock('+12025550103');
    const { id } = await order(tenant(0), '+12025550103');
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => outcome(context.get(ReleaseNumber).execute(tenant(0), id))));
    expect(outcomes.sort()).toEqual([...Array<string>(7).fill('number.released'), 'ordered']);
  });
});

describe('an import', () => {
  const numbers = Array.from({ length: 5_001 }, (_, i) => `+1310${2_000_000 + i}`);

  it('of several pieces side by side with its reverse: each number once', async () => {
    const [one, two] = await Promise.all([stock(...numbers), stock(...numbers.toReversed())]);
    expect([one.imported + two.imported, one.unchanged + two.unchanged, one.refused + two.refused]).toEqual([5_001, 5_001, 0]);
  });

  it('does not touch what somebody has', async () => {
    expect(await stock('+12025550100')).toMatchObject({ imported: 0, unchanged: 1 });
    expect(await value(`SELECT state FROM number_inventory WHERE e164 = '+12025550100'`)).toBe('assigned');
  });

  it('explains the first 1,000 bad lines and counts all', async () => {
    const { refused, errors } = await stock(...Array.from({ length: 2_500 }, (_, i) => `bad${i}`));
    expect([refused, errors.length]).toEqual([2_500, 1_000]);
  });
});
