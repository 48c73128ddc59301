import type { INestApplicationContext } from '@nestjs/common';
import { CARRIER_SUPPLIERS, TelnyxSupplier } from '@trunkline/carriers/server';
import { newId, systemContext, tenantContext } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { watchBalance } from '@trunkline/ledger/server';
import { Database } from '@trunkline/platform';
import { AssignPlan, CreateDeck, CreatePlan, RatingModule } from '@trunkline/rating/server';
import { CreateTenant, TenancyModule } from '@trunkline/tenancy/server';
import { FakeClock, createTestContext, createTestDatabase, startTelnyxEmulator } from '@trunkline/testing';
import type { TelnyxEmulator, TestDatabase } from '@trunkline/testing';
import fc from 'fast-check';
import pg from 'pg';
import { UNKNOWN_FOR_MS, orderStateOf } from '../core/number-order.ts';
import { RESTORE_DAYS } from '../core/quarantine.ts';
import { AdvanceNumberOrders } from './advance-number-orders.ts';
import { AdvanceOrderItem } from './advance-order-item.ts';
import { CancelNumberOrder } from './cancel-number-order.ts';
import { ImportNumbers } from './import-numbers.ts';
import { InventorySupplier } from './inventory-supplier.ts';
import { NumberOfferQueries } from './number-offer-queries.ts';
import { NumberOrderQueries } from './number-order-queries.ts';
import { NumberSuppliers } from './number-suppliers.ts';
import { OrderNumber } from './order-number.ts';
import { PlaceNumberOrder } from './place-number-order.ts';
import type { NewNumberOrder } from './place-number-order.ts';
import { ReleaseNumber } from './release-number.ts';
import { RestoreNumber } from './restore-number.ts';
import { ReturnNumber } from './return-number.ts';
import { SettleNumberReturns } from './settle-number-returns.ts';
import { SettleOrderItem } from './settle-order-item.ts';

const system = systemContext('test');
const SETUP_NANOS = 250_000_000n;
const clock = new FakeClock('2026-11-26T10:00:00Z');

let database: TestDatabase;
let telnyx: TelnyxEmulator;
let context: INestApplicationContext;
let owner: pg.Client;
let planId: string;

beforeAll(async () => {
  [database, telnyx] = await Promise.all([createTestDatabase(), startTelnyxEmulator()]);
  const supplier = new TelnyxSupplier({ apiKey: 'KEY', url: telnyx.url, timeoutMs: 1_500 });
  class OrdersModule {}
  const useCases = [AdvanceNumberOrders, AdvanceOrderItem, CancelNumberOrder, ImportNumbers, InventorySupplier, NumberOfferQueries];
  const orders = [NumberOrderQueries, NumberSuppliers, OrderNumber, PlaceNumberOrder, SettleOrderItem];
  const returns = [ReleaseNumber, RestoreNumber, ReturnNumber, SettleNumberReturns];
  const suppliers = { provide: CARRIER_SUPPLIERS, useValue: [supplier] };
  const module = { module: OrdersModule, providers: [...useCases, ...orders, ...returns, suppliers] };
  context = await createTestContext(database, [TenancyModule, RatingModule, module], clock);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const deck = await context.get(CreateDeck).execute(system, { name: 'Deck', currency: 'USD' });
  const fees = { channelMonthlyNanos: 0n, channelSetupNanos: 0n, numberMonthlyNanos: 2_000_000_000n, numberSetupNanos: SETUP_NANOS };
  const plan = await context
    .get(CreatePlan)
    .execute(system, { name: 'Plan', currency: 'USD', ...fees, outboundDeckId: deck.id, inboundDeckId: null });
  planId = plan.id;
});
afterAll(async () => {
  await owner?.end();
  await context?.close();
  await telnyx?.stop();
  await database?.drop();
});
beforeEach(() => {
  telnyx.mood = 'well';
  telnyx.refuseWith = undefined;
  telnyx.account.outcome = 'success';
  telnyx.account.offers = [];
});

const tenant = async (): Promise<TenantContext> => {
  const input = { name: 'T', country: 'US', currency: 'USD', channelsMax: null, parentId: null, externalReference: null };
  const { id } = await context.get(CreateTenant).execute(system, input);
  await context.get(AssignPlan).execute(system, { tenantId: id, planId });
  return tenantContext(id, { type: 'api_key', id: newId() }, 'req_test');
};
let line = 1_000;
const fresh = (): E164 => `+1202555${(line += 1)}`;
const stock = (...numbers: string[]) => context.get(ImportNumbers).execute(system, `number\n${numbers.join('\n')}\n`);
const offer = (...numbers: string[]) =>
  telnyx.offer(
    ...numbers.map((number) => ({
      number,
      country: 'US',
      areaCode: '202',
      locality: 'Washington',
      rateCenter: 'WSHNGTNZN1',
      type: 'local',
    })),
  );
const place = (ctx: TenantContext, order: Partial<NewNumberOrder>) =>
  context
    .get(PlaceNumberOrder)
    .execute(ctx, { numbers: null, search: null, bundleId: null, trunkId: null, externalReference: null, tags: [], ...order });
const advance = () => context.get(AdvanceNumberOrders).execute(system);
const later = async (ms: number) => {
  clock.advance({ ms });
  return advance();
};
const items = async (ctx: TenantContext, id: string) => (await context.get(NumberOrderQueries).byId(ctx, id)).items;
const told = async (ctx: TenantContext, id: string) => (await items(ctx, id)).map(({ state, reason }) => reason?.code ?? state);
const value = async (text: string, ...values: unknown[]): Promise<unknown> =>
  (await owner.query({ text, values, rowMode: 'array' })).rows[0]?.[0];
const held = (ctx: TenantContext) => value('SELECT count(*)::int FROM number_assignment WHERE tenant_id = $1', ctx.tenantId);
const counted = (ctx: TenantContext) => value('SELECT numbers_used FROM tenant_node WHERE id = $1', ctx.tenantId);
const charged = (ctx: TenantContext) =>
  value(`SELECT (coalesce(sum(amount_nanos), 0) / ${SETUP_NANOS})::int FROM posting WHERE tenant_id = $1`, ctx.tenantId);

describe('an order of named numbers', () => {
  it('has those of the inventory at once, those of a carrier later, and charges what succeeded', async () => {
    const ctx = await tenant();
    const [ours, theirs, nobodys] = [fresh(), fresh(), fresh()];
    await stock(ours);
    offer(theirs);
    const order = await place(ctx, { numbers: [theirs, nobodys, ours], tags: ['site:a'], externalReference: 'PO 7' });
    expect(order.items.map(({ state }) => state)).toEqual(['pending', 'pending', 'succeeded']);
    expect([await held(ctx), await charged(ctx), await counted(ctx)]).toEqual([1, 1, 3]);
    await advance();
    expect(await told(ctx, order.id)).toEqual(['succeeded', 'number.not_available', 'succeeded']);
    expect([await held(ctx), await charged(ctx), await counted(ctx)]).toEqual([2, 2, 2]);
    const { completedAt } = await context.get(NumberOrderQueries).byId(ctx, order.id);
    expect(completedAt).toEqual(clock.now());
    expect(await value(`SELECT state FROM number_inventory WHERE e164 = $1`, theirs)).toBe('assigned');
    expect(await value(`SELECT rate_center FROM number_inventory WHERE e164 = $1`, theirs)).toBe('WSHNGTNZN1');
    expect(await value(`SELECT count(*)::int FROM outbox WHERE type = 'number_order.completed' AND tenant_id = $1`, ctx.tenantId)).toBe(1);
  });

  it('fails for a number that somebody has', async () => {
    const [first, second, number] = [await tenant(), await tenant(), fresh()];
    await stock(number);
    await place(first, { numbers: [number] });
    const { items: refused, completedAt } = await place(second, { numbers: [number] });
    expect([refused[0]?.reason?.code, completedAt, await charged(second)]).toEqual(['number.not_available', clock.now(), 0]);
  });

  it('of two tenants that want a carrier’s number at the same time gives it to one', async () => {
    const [first, second, number] = [await tenant(), await tenant(), fresh()];
    offer(number);
    const [one, two] = await Promise.all([place(first, { numbers: [number] }), place(second, { numbers: [number] })]);
    await Promise.all([advance(), advance()]);
    await later(60_000);
    const ends = [...(await told(first, one.id)), ...(await told(second, two.id))].sort();
    expect(ends).toEqual(['number.not_available', 'succeeded']);
    expect(Number(await charged(first)) + Number(await charged(second))).toBe(1);
  });
});

describe('an order by search', () => {
  it('takes the inventory’s first, then a carrier’s; what nobody has fails', async () => {
    const ctx = await tenant();
    const [a, b, c] = [fresh(), fresh(), fresh()];
    await stock(a);
    offer(b, c);
    const order = await place(ctx, { search: { country: 'US', areaCode: '202', startsWith: '+1202555', quantity: 4 } });
    await advance();
    expect((await items(ctx, order.id)).flatMap(({ e164 }) => e164 ?? []).sort()).toEqual([a, b, c]);
    expect((await told(ctx, order.id)).sort()).toEqual(['number_order.none_found', 'succeeded', 'succeeded', 'succeeded']);
    expect([await held(ctx), await charged(ctx), await counted(ctx)]).toEqual([3, 3, 3]);
  });

  it('tries another number when the carrier cannot provide the one it found', async () => {
    const ctx = await tenant();
    const [bad, good] = [fresh(), fresh()];
    offer(bad, good);
    telnyx.account.outcome = 'pending';
    const order = await place(ctx, { search: { country: 'US', quantity: 1 } });
    await advance();
    telnyx.settle(telnyx.account.orders.at(-1)!.id, 'failure');
    telnyx.account.outcome = 'success';
    await later(10_000);
    await later(10_000);
    expect(await items(ctx, order.id)).toMatchObject([{ state: 'succeeded', e164: good, refused: [bad] }]);
  });
});

describe('what a carrier does', () => {
  it('may take days: the number comes when it comes, and is charged then, at the price of the day it was ordered', async () => {
    const [ctx, number] = [await tenant(), fresh()];
    offer(number);
    telnyx.account.outcome = 'pending';
    const { id } = await place(ctx, { numbers: [number] });
    await advance();
    for (let days = 0; days < 3; days += 1) await later(86_400_000);
    expect([await told(ctx, id), await charged(ctx)]).toEqual([['ordering'], 0]);
    telnyx.settle(telnyx.account.orders.at(-1)!.id, 'success');
    await later(600_000);
    expect([await told(ctx, id), await charged(ctx), await held(ctx)]).toEqual([['succeeded'], 1, 1]);
  });

  it('that gave no answer to an order is asked what it did, and is never sent it twice', async () => {
    const [ctx, number] = [await tenant(), fresh()];
    offer(number);
    const { id } = await place(ctx, { numbers: [number] });
    const before = telnyx.account.orders.length;
    telnyx.cutOrders = true;
    await advance();
    telnyx.cutOrders = false;
    expect(await told(ctx, id)).toEqual(['ordering']);
    await later(UNKNOWN_FOR_MS * 2);
    expect([await told(ctx, id), telnyx.account.orders.length - before, await charged(ctx)]).toEqual([['succeeded'], 1, 1]);
  });

  it('that never got an order is sent it again, under the same reference, and not before it could have arrived', async () => {
    const [ctx, number] = [await tenant(), fresh()];
    offer(number);
    const { id } = await place(ctx, { numbers: [number] });
    telnyx.failOrders = true;
    await advance();
    telnyx.failOrders = false;
    const [{ supplierReference } = { supplierReference: null }] = await items(ctx, id);
    await later(10_000);
    expect(await told(ctx, id)).toEqual(['ordering']);
    await later(UNKNOWN_FOR_MS);
    expect(await told(ctx, id)).toEqual(['succeeded']);
    expect(telnyx.account.orders.at(-1)?.customer_reference).toBe(supplierReference);
  });

  it('does not hold a search up: what the inventory has is told without it', async () => {
    const [ctx, number] = [await tenant(), fresh()];
    await stock(number);
    telnyx.mood = 'silent';
    const { found, late } = await context.get(NumberOfferQueries).search(ctx, { country: 'US', startsWith: number, limit: 5 });
    expect([found.map(({ e164, supplier }) => [e164, supplier]), late]).toEqual([[[number, 'inventory']], ['telnyx']]);
  });
});

describe('a carrier that refuses every request', () => {
  it('for our key is none any more holds nobody up, and what was ordered comes when the key is right again', async () => {
    const [ctx, ours, theirs] = [await tenant(), fresh(), fresh()];
    await stock(ours);
    offer(theirs);
    const { id } = await place(ctx, { numbers: [theirs] });
    telnyx.refuseWith = 401;
    const { found, late } = await context.get(NumberOfferQueries).search(ctx, { country: 'US', startsWith: ours, limit: 5 });
    expect([found.map(({ e164 }) => e164), late]).toEqual([[ours], ['telnyx']]);
    await advance();
    expect(await told(ctx, id)).toEqual(['pending']);
    telnyx.refuseWith = undefined;
    await later(60_000);
    expect(await told(ctx, id)).toEqual(['succeeded']);
  });

  it('and says nothing of the number is asked again later, not over and over', async () => {
    const [ctx, number] = [await tenant(), fresh()];
    offer(number);
    telnyx.account.outcome = 'pending';
    const { id } = await place(ctx, { numbers: [number] });
    await advance();
    telnyx.refuseWith = 422;
    await later(10_000);
    expect(await told(ctx, id)).toEqual(['ordering']);
    expect(await value('SELECT next_at > $2 FROM number_order_item WHERE order_id = $1', id, clock.now())).toBe(true);
    telnyx.refuseWith = undefined;
    telnyx.settle(telnyx.account.orders.at(-1)!.id, 'success');
    await later(60_000);
    expect(await told(ctx, id)).toEqual(['succeeded']);
  });
});

it('a number whose reservation is over can be had from the inventory before anybody has tidied up', async () => {
  const [ctx, number] = [await tenant(), fresh()];
  await stock(number);
  await owner.query(`UPDATE number_inventory SET state = 'reserved', reserved_by = gen_random_uuid(), reserved_at = $2, reserved_until = $2 WHERE e164 = $1`, [number, clock.now()]); // prettier-ignore
  expect(await context.get(InventorySupplier).find(ctx, number)).toMatchObject({ state: 'succeeded' });
});

describe('a tenant', () => {
  it('whose money is gone when the number comes does not get it: it is stocked, and nothing is charged', async () => {
    const [ctx, number] = [await tenant(), fresh()];
    offer(number);
    const { id } = await place(ctx, { numbers: [number] });
    await context.get(Database).tx(ctx, (tx) => watchBalance(tx, ctx.tenantId, 'USD', 0n));
    await advance();
    expect([await told(ctx, id), await charged(ctx), await counted(ctx)]).toEqual([['ledger.balance_too_low'], 0, 0]);
    expect(await value('SELECT state FROM number_inventory WHERE e164 = $1', number)).toBe('available');
  });

  it('without money orders nothing at a carrier', async () => {
    const [ctx, number] = [await tenant(), fresh()];
    offer(number);
    await context.get(Database).tx(ctx, (tx) => watchBalance(tx, ctx.tenantId, 'USD', 0n));
    const { items: refused } = await place(ctx, { numbers: [number] });
    expect([refused[0]?.reason?.code, await counted(ctx)]).toEqual(['ledger.balance_too_low', 0]);
  });

  it('gives up what nobody was asked for yet, once', async () => {
    const [ctx, number] = [await tenant(), fresh()];
    offer(number);
    const { id } = await place(ctx, { numbers: [number] });
    const cancel = () => context.get(CancelNumberOrder).execute(ctx, id);
    expect((await cancel()).items[0]?.reason?.code).toBe('number_order.cancelled');
    await expect(cancel()).rejects.toThrow('Nothing of the order');
    await advance();
    expect([telnyx.account.offers.length, await counted(ctx)]).toEqual([1, 0]);
  });
});

it('through cut connections, 500s and processes side by side: each number once at the carrier, once with a tenant, charged once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom('cut', 'fail', 'well', 'pending'), { minLength: 4, maxLength: 8 }), async (weather) => {
      const [ctx, numbers] = [await tenant(), Array.from({ length: 3 }, fresh)];
      offer(...numbers);
      const order = await place(ctx, { numbers });
      const before = telnyx.account.orders.length;
      for (const kind of weather) {
        telnyx.cutOrders = kind === 'cut';
        telnyx.failOrders = kind === 'fail';
        telnyx.account.outcome = kind === 'pending' ? 'pending' : 'success';
        await Promise.all([advance(), advance()]);
        clock.advance({ ms: UNKNOWN_FOR_MS });
      }
      telnyx.cutOrders = telnyx.failOrders = false;
      for (const { id, status } of telnyx.account.orders.slice(before)) if (status === 'pending') telnyx.settle(id, 'success');
      for (let i = 0; i < 3; i += 1) await later(600_000);
      const ends = await items(ctx, order.id);
      expect(orderStateOf(ends.map(({ state }) => state))).toBe('succeeded');
      expect(
        telnyx.account.orders
          .slice(before)
          .map((o) => o.phone_numbers[0]?.phone_number)
          .sort(),
      ).toEqual(numbers);
      expect([await held(ctx), await charged(ctx), await counted(ctx)]).toEqual([3, 3, 3]);
    }),
    { numRuns: 6 },
  );
});

describe('a number that goes back to its carrier', () => {
  const giveBack = (e164: E164) => context.get(ReturnNumber).execute(system, e164);
  const settle = () => context.get(SettleNumberReturns).execute(system);
  const stateOfNumber = (e164: E164) => value('SELECT state FROM number_inventory WHERE e164 = $1', e164);
  const open = () => value('SELECT count(*)::int FROM number_return WHERE returned_at IS NULL');
  const holds = (e164: E164) => telnyx.account.owned.has(e164);
  const bought = async (ctx: TenantContext) => {
    const number = fresh();
    offer(number);
    const { id } = await place(ctx, { numbers: [number] });
    await advance();
    const [item] = await items(ctx, id);
    return { number, id: item?.numberId ?? '' };
  };
  beforeAll(() => owner.query(`INSERT INTO carrier (id, name, created_at, updated_at) VALUES (gen_random_uuid(), 'Telnyx', now(), now())`));

  it('does so once its tenant cannot restore it any more, whatever the carrier answers at first, and may be ordered anew', async () => {
    const [ctx, other] = [await tenant(), await tenant()];
    const { number, id } = await bought(ctx);
    await expect(giveBack(number)).rejects.toThrow('It is assigned');
    await context.get(ReleaseNumber).execute(ctx, id);
    await expect(giveBack(number)).rejects.toThrow('may restore it until');
    clock.advance({ days: RESTORE_DAYS });
    telnyx.mood = 'failing';
    expect(await giveBack(number)).toMatchObject({ e164: number, supplier: 'telnyx' });
    await expect(giveBack(number)).rejects.toThrow('It is released');
    await settle();
    expect([await stateOfNumber(number), await open(), holds(number)]).toEqual(['released', 1, true]);
    // as long as the carrier has not answered, nobody can order it: a repeated return would take it away again
    const early = await place(other, { numbers: [number] });
    expect(early.items[0]?.reason?.code).toBe('number.not_available');
    telnyx.mood = 'well';
    clock.advance({ ms: 60_000 });
    await Promise.all([settle(), settle()]);
    expect([await open(), holds(number)]).toEqual([0, false]);
    offer(number);
    const again = await place(other, { numbers: [number] });
    await advance();
    expect([await told(other, again.id), await stateOfNumber(number), await held(other)]).toEqual([['succeeded'], 'assigned', 1]);
    expect(await value(`SELECT count(*)::int FROM audit_entry WHERE action = 'number_return.completed'`)).toBe(1);
  });

  it('and one that is restored at the same moment is one or the other', async () => {
    const ctx = await tenant();
    const { number, id } = await bought(ctx);
    await context.get(ReleaseNumber).execute(ctx, id);
    clock.advance({ ms: RESTORE_DAYS * 86_400_000 - 1 });
    await Promise.allSettled([context.get(RestoreNumber).execute(ctx, id), giveBack(number)]);
    expect([await stateOfNumber(number), await held(ctx)]).toEqual(['assigned', 1]);
  });

  it('stays when no carrier is asked for it by an API', async () => {
    const [ctx, number] = [await tenant(), fresh()];
    await stock(number);
    await expect(giveBack(number)).rejects.toThrow('No carrier');
    await expect(giveBack(fresh())).rejects.toThrow('No such resource');
    expect((await place(ctx, { numbers: [number] })).items[0]?.state).toBe('succeeded');
  });
});
