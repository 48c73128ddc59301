import { Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import type { CarrierPortOut, PortOutStep } from '@trunkline/carriers';
import { EmulatedPortOutCarrier } from '@trunkline/carriers/server';
import type { EmulatedRequest } from '@trunkline/carriers/server';
import { CdrSink, CompileEdges, EdgeWorkerModule } from '@trunkline/edge/server';
import { AppError, newId, systemContext, tenantContext } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { OrderNumber, ReleaseNumber } from '@trunkline/numbers/server';
import { AssignPlan, CreateDeck, CreatePlan, RatingModule } from '@trunkline/rating/server';
import { CreateTenant, TenancyModule } from '@trunkline/tenancy/server';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import type { PortOutState } from '../core/port-out-machine.ts';
import { CarrierHolidays } from './carrier-holidays.ts';
import { DecidePortOut } from './decide-port-out.ts';
import { PortOutQueries } from './port-out-queries.ts';
import { PortingModule } from './porting.module.ts';
import { ProtectNumbers } from './protect-numbers.ts';
import { ReconcilePortOut } from './reconcile-port-out.ts';
import { RehearsePortOut } from './rehearse-port-out.ts';
import { SettlePortOutDispute } from './settle-port-out-dispute.ts';
import { SweepPortOuts } from './sweep-port-outs.ts';
import { TakePortOut } from './take-port-out.ts';
import { WarnOfPortOut } from './warn-of-port-out.ts';

@Module({ providers: [OrderNumber, ReleaseNumber] })
class NumberUseCasesModule {}

const system = systemContext('test');
const HOUR = 3_600_000;
let database: TestDatabase;
let app: INestApplicationContext;
let owner: pg.Client;
let ann: TenantContext;
let bob: TenantContext;
let trunk: string;
let carrier: EmulatedPortOutCarrier;
const clock = new FakeClock('2026-11-23T10:00:00Z');

const tenant = async (name: string, planId: string): Promise<TenantContext> => {
  const input = { name, country: 'US', currency: 'USD', channelsMax: null, parentId: null, externalReference: null };
  const { id } = await app.get(CreateTenant).execute(system, input);
  await app.get(AssignPlan).execute(system, { tenantId: id, planId });
  return tenantContext(id, { type: 'api_key', id: newId() }, 'req_test');
};

beforeAll(async () => {
  database = await createTestDatabase();
  const edges = EdgeWorkerModule.of({
    gateway: undefined,
    compiler: false,
    watch: { lostAfterSecs: 30, failoverAfterSecs: 60 },
    cdrSink: { provide: CdrSink, useValue: { store: () => Promise.reject(new Error('no calls here')) } },
    imports: [],
  });
  app = await createTestContext(database, [TenancyModule, RatingModule, NumberUseCasesModule, PortingModule, edges], clock);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const deck = await app.get(CreateDeck).execute(system, { name: 'Deck', currency: 'USD' });
  const fees = { channelMonthlyNanos: 0n, channelSetupNanos: 0n, numberMonthlyNanos: 2_000_000_000n, numberSetupNanos: 250_000_000n };
  const decks = { outboundDeckId: deck.id, inboundDeckId: null };
  const plan = await app.get(CreatePlan).execute(system, { name: 'Plan', currency: 'USD', ...fees, ...decks });
  ann = await tenant('Ann', plan.id);
  bob = await tenant('Bob', plan.id);
  await owner.query(`UPDATE tenant_node SET verified_until = '2100-01-01'`);
  trunk = newId();
  await owner.query(
    `INSERT INTO trunk (tenant_id, id, name, country, channels_max, allowed_countries, inbound_routes, created_at, updated_at)
     VALUES ($1, $2, 'T', 'US', 2, '{US}', '[]', now(), now())`,
    [ann.tenantId, trunk],
  );
  carrier = app.get(EmulatedPortOutCarrier);
});
afterAll(async () => {
  await app?.close();
  await owner?.end();
  await database?.drop();
});

const value = async (text: string, ...values: unknown[]): Promise<unknown> =>
  (await owner.query({ text, values, rowMode: 'array' })).rows[0]?.[0];
const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
let line = 100;
/** A number in somebody's hands, under its id. */
const held = async (ctx: TenantContext, trunkId: string | null = null): Promise<{ id: string; e164: E164 }> => {
  const e164: E164 = `+12125550${++line}`;
  await owner.query(
    `INSERT INTO number_inventory (e164, country, area_code, type, state, created_at) VALUES ($1, 'US', '212', 'local', 'available', now())`,
    [e164],
  );
  const { id } = await app.get(OrderNumber).execute(ctx, { e164, trunkId, externalReference: null, tags: [] });
  return { id, e164 };
};
const request = (numbers: readonly string[], other: Partial<EmulatedRequest> = {}): EmulatedRequest => ({
  numbers,
  pin: null,
  accountNumber: null,
  postalCode: null,
  subscriberName: 'Ann Miller',
  purchaseOrder: 'PON-1',
  winningCarrier: { id: 'W001', name: 'Winner' },
  deadline: new Date(clock.now().getTime() + 24 * HOUR),
  ...other,
});
const onTheLine = (numbers: readonly string[], other: Partial<CarrierPortOut> = {}) =>
  app
    .get(TakePortOut)
    .execute(carrier, { ...request(numbers), ref: newId(), version: 1, status: 'open', focAt: null, ...other }, true, 'req_carrier');
const queries = () => app.get(PortOutQueries);
const latest = async (ctx: TenantContext) => (await queries().list(ctx, { limit: 1 })).data[0]!;
const stateOf = async (ctx: TenantContext, id: string): Promise<PortOutState> => (await queries().byId(ctx, id)).state;
/** A request that the tenant is asked about. */
const asked = async (ctx: TenantContext, numbers: readonly string[], other: Partial<EmulatedRequest> = {}) => {
  const { ref } = await app.get(RehearsePortOut).ask(system, request(numbers, other), false);
  return { ref, ...(await latest(ctx)) };
};
const advance = (id: string, step: PortOutStep) => app.get(RehearsePortOut).advance(system, id, step);
const inventory = (e164: string) => value(`SELECT state FROM number_inventory WHERE e164 = $1`, e164);
const entry = async (e164: E164): Promise<unknown> => {
  await app.get(CompileEdges).execute();
  return (await value(`SELECT value FROM edge_entry WHERE kind = 'number' AND key = $1`, e164.slice(1))) ?? null;
};
const answerOf = async (ref: string): Promise<unknown> =>
  value(`SELECT state -> 'answer' ->> 'kind' FROM emulated_port_out WHERE ref = $1`, ref);
const reject = { kind: 'reject', reason: 'NAME_MISMATCH', evidence: 'The account is of somebody else' } as const;

describe('a carrier on the line', () => {
  it('gets a yes for a number that nothing protects, and the same answer to a repeat, which changes nothing', async () => {
    const { e164 } = await held(ann);
    const ref = newId();
    for (const _ of [1, 2]) expect(await onTheLine([e164], { ref })).toEqual({ kind: 'authorized' });
    expect(await value(`SELECT count(*)::int FROM port_out WHERE carrier_ref = $1`, ref)).toBe(1);
    expect([await inventory(e164), (await latest(ann)).decidedBy]).toEqual(['porting_out', 'policy']);
  });

  it('is refused for a lock, of the tenant or of the number, which may be opened for one', async () => {
    const { e164, id } = await held(bob);
    const protect = app.get(ProtectNumbers);
    await protect.change(bob, id, { locked: true });
    const refused = { kind: 'rejected', reason: 'PORT_LOCK', numbers: [e164] };
    expect(await onTheLine([e164])).toEqual(refused);
    await protect.change(bob, id, { locked: null });
    await protect.changePolicy(bob, { locked: true });
    expect(await onTheLine([e164])).toEqual(refused);
    await protect.change(bob, id, { locked: false });
    expect(await onTheLine([e164])).toEqual({ kind: 'authorized' });
    await protect.changePolicy(bob, { locked: false });
  });

  it('is judged by all that was set of the policy, by several people at once, too', async () => {
    const protect = app.get(ProtectNumbers);
    for (const [locked, accountNumber, postalCode] of [
      [true, 'A-1', 'SW1A 1AA'],
      [false, 'A-2', 'SW1A 2AA'],
      [true, 'A-3', null],
      [false, null, null],
    ] as const) {
      await Promise.all([{ locked }, { accountNumber }, { postalCode }].map((change) => protect.changePolicy(ann, change)));
      expect(await protect.policy(ann)).toMatchObject({ locked, accountNumber, postalCode });
    }
  });

  it('is refused for another account or postal code, however they are written', async () => {
    const { e164 } = await held(ann);
    await app.get(ProtectNumbers).changePolicy(ann, { accountNumber: 'A-1001', postalCode: 'SW1A 1AA' });
    expect(await onTheLine([e164], { accountNumber: 'A1002' })).toMatchObject({ reason: 'ACCOUNT_NUMBER_MISMATCH' });
    expect(await onTheLine([e164], { postalCode: 'sw1a2aa' })).toMatchObject({ reason: 'POSTAL_CODE_MISMATCH' });
    expect(await onTheLine([e164], { accountNumber: 'a1001', postalCode: 'sw1a1aa' })).toEqual({ kind: 'authorized' });
    await app.get(ProtectNumbers).changePolicy(ann, { accountNumber: null, postalCode: null });
  });

  it('learns nothing of whose a number is: one of somebody else and one of nobody get the same answer, and each tenant sees its own', async () => {
    const [mine, yours] = [await held(ann), await held(bob)];
    expect(await onTheLine([mine.e164, yours.e164])).toEqual({ kind: 'rejected', reason: 'TN_MISMATCH', numbers: [yours.e164] });
    expect(await onTheLine([mine.e164, '+12125559999'])).toEqual({ kind: 'rejected', reason: 'TN_MISMATCH', numbers: ['+12125559999'] });
    expect(await onTheLine(['+12125559998'])).toEqual({ kind: 'rejected', reason: 'TN_MISMATCH', numbers: ['+12125559998'] });
    expect((await latest(ann)).numbers.map((n) => n.e164)).toEqual([mine.e164]);
    expect(await codeOf(queries().byId(bob, (await latest(ann)).id))).toBe('resource.not_found');
    expect(await value(`SELECT count(*)::int FROM port_out_number WHERE e164 = $1`, yours.e164)).toBe(0);
    expect(await inventory(mine.e164)).toBe('assigned');
  });
});

describe('a PIN', () => {
  it('is locked after five wrong ones in a day, in the same words, and opens with a new one', async () => {
    const { e164, id } = await held(ann);
    await app.get(ProtectNumbers).change(ann, id, { pin: '4711' });
    const wrong = { kind: 'rejected', reason: 'PIN_INVALID', numbers: [e164] };
    expect(await onTheLine([e164])).toEqual(wrong); // none is no guess
    for (let i = 0; i < 5; i++) expect(await onTheLine([e164], { pin: `000${i}` })).toEqual(wrong);
    expect(await onTheLine([e164], { pin: '4711' })).toEqual(wrong);
    expect((await app.get(ProtectNumbers).of(ann, id)).pinBlockedUntil).not.toBeNull();
    await app.get(ProtectNumbers).change(ann, id, { pin: '4712' });
    expect(await onTheLine([e164], { pin: '4711' })).toEqual(wrong);
    expect(await onTheLine([e164], { pin: '4712' })).toEqual({ kind: 'authorized' });
  });

  it('opens when the day is over', async () => {
    const { e164, id } = await held(ann);
    await app.get(ProtectNumbers).change(ann, id, { pin: '4711' });
    for (let i = 0; i < 5; i++) await onTheLine([e164], { pin: `000${i}` });
    clock.advance({ hours: 24 });
    expect(await onTheLine([e164], { pin: '4711' })).toEqual({ kind: 'authorized' });
  });

  it('of the policy is not tried anew at each number, nor by many at once', async () => {
    await app.get(ProtectNumbers).changePolicy(bob, { pin: '4711' });
    const numbers: Awaited<ReturnType<typeof held>>[] = [];
    for (let i = 0; i < 8; i++) numbers.push(await held(bob));
    const answers = await Promise.all(numbers.map(({ e164 }, i) => onTheLine([e164], { pin: `000${i}` })));
    expect(answers.map((a) => a.kind)).toEqual(Array(8).fill('rejected'));
    expect(await value(`SELECT wrong FROM port_out_guess WHERE subject_id = $1`, bob.tenantId)).toBe(5);
    expect(await onTheLine([numbers[0]!.e164], { pin: '4711' })).toMatchObject({ reason: 'PIN_INVALID' });
    await app.get(ProtectNumbers).changePolicy(bob, { pin: null });
  });

  it('is in no table in clear', async () => {
    const { id } = await held(ann);
    await app.get(ProtectNumbers).change(ann, id, { pin: 'SECRET4711' });
    for (const table of ['port_out_protection', 'port_out_policy', 'audit_entry', 'outbox', 'emulated_port_out'])
      expect(await value(`SELECT count(*)::int FROM ${table} t WHERE t::text LIKE '%SECRET4711%'`)).toBe(0);
  });
});

describe('a tenant that is asked', () => {
  it('rejects one millisecond before its deadline, and the carrier is told', async () => {
    const { e164, id: numberId } = await held(ann);
    const { id, ref, answerBy } = await asked(ann, [e164]);
    expect(answerBy).toEqual(new Date(clock.now().getTime() + 22 * HOUR));
    expect(await codeOf(app.get(ReleaseNumber).execute(ann, numberId))).toBe('number.asked_for');
    clock.set(new Date(answerBy!.getTime() - 1));
    expect(await codeOf(app.get(DecidePortOut).answer(bob, id, reject))).toBe('resource.not_found');
    await app.get(DecidePortOut).answer(ann, id, reject);
    await app.get(SweepPortOuts).execute();
    expect([await stateOf(ann, id), await answerOf(ref), await inventory(e164)]).toEqual(['rejected', 'rejected', 'assigned']);
    expect(await codeOf(app.get(ReleaseNumber).execute(ann, numberId))).toBe('done');
  });

  it('has said yes by silence at the deadline, seen before any sweep and written down by one', async () => {
    const { e164 } = await held(ann);
    const { id, ref, answerBy } = await asked(ann, [e164]);
    clock.set(answerBy!);
    expect(await queries().byId(ann, id)).toMatchObject({ state: 'authorized', decidedBy: 'silence', stateSince: answerBy });
    expect((await queries().list(ann, { limit: 5, state: 'authorized' })).data.map((p) => p.id)).toContain(id);
    expect(await codeOf(app.get(DecidePortOut).answer(ann, id, reject))).toBe('port_out.deadline_passed');
    clock.advance({ hours: 1 }); // a worker that was down changes nothing about it
    await app.get(SweepPortOuts).execute();
    expect([await answerOf(ref), await inventory(e164)]).toEqual(['authorized', 'porting_out']);
    expect((await queries().history(ann, id)).at(-1)).toMatchObject({ state: 'authorized', by: 'silence', at: answerBy });
    expect(await app.get(SweepPortOuts).execute()).toBe(0);
  });

  it('may let it go before, and keeps the number when the other carrier calls it off', async () => {
    const { e164, id: numberId } = await held(ann);
    const { id } = await asked(ann, [e164]);
    await app.get(DecidePortOut).answer(ann, id, { kind: 'authorize' });
    expect(await inventory(e164)).toBe('porting_out');
    await advance(id, 'cancel');
    expect([await stateOf(ann, id), await inventory(e164)]).toEqual(['cancelled', 'assigned']);
    expect(await codeOf(app.get(ReleaseNumber).execute(ann, numberId))).toBe('done');
  });

  it('has its number held until the last of two requests is over', async () => {
    const { e164, id: numberId } = await held(ann);
    const [one, two] = [await asked(ann, [e164]), await asked(ann, [e164])];
    await app.get(DecidePortOut).answer(ann, one.id, reject);
    expect(await codeOf(app.get(ReleaseNumber).execute(ann, numberId))).toBe('number.asked_for');
    await app.get(DecidePortOut).answer(ann, two.id, reject);
    expect(await codeOf(app.get(ReleaseNumber).execute(ann, numberId))).toBe('done');
  });

  it('is mailed, as are all who may do something about it', async () => {
    const person = newId();
    await owner.query(`INSERT INTO person (id, email, name, created_at, updated_at) VALUES ($1, 'noc@ann.example', 'N', now(), now())`, [
      person,
    ]);
    for (const [role, id] of [['noc', person]] as const)
      await owner.query(
        `INSERT INTO member (tenant_id, id, person_id, role, created_at, updated_at) VALUES ($1, $2, $3, $4, now(), now())`,
        [ann.tenantId, newId(), id, role],
      );
    const told = {
      state: 'pending_tenant',
      numbers: ['+12125550100'],
      winningCarrier: 'W',
      decidedBy: null,
      reason: null,
      answerBy: 'x',
    } as const;
    await app.get(WarnOfPortOut).execute(ann.tenantId, told);
    expect(await value(`SELECT recipient FROM mail WHERE kind = 'port_out'`)).toBe('noc@ann.example');
  });
});

describe('a number that leaves', () => {
  it('is the tenant’s no more: no route, no charge, no place for help; and nothing of it before the carrier says so', async () => {
    const { e164, id: numberId } = await held(ann, trunk);
    const used = () => value(`SELECT numbers_used FROM tenant_node WHERE id = $1`, ann.tenantId);
    const before = (await used()) as number;
    const { id } = await asked(ann, [e164]);
    await advance(id, 'schedule');
    expect(await queries().byId(ann, id)).toMatchObject({ state: 'foc_scheduled', decidedBy: 'carrier' }); // it did not wait
    expect([await entry(e164), await value(`SELECT "to" FROM recurring_item WHERE resource_id = $1`, numberId)]).toEqual([
      expect.anything(),
      null,
    ]);
    await advance(id, 'port');
    expect([await stateOf(ann, id), await inventory(e164), await entry(e164), await used()]).toEqual([
      'completed',
      'ported_out',
      null,
      before - 1,
    ]);
    expect(await value(`SELECT "to" FROM recurring_item WHERE resource_id = $1`, numberId)).not.toBeNull(); // today is paid, no more
    // what emergency addresses and caller names listen to
    expect(await value(`SELECT count(*)::int FROM outbox WHERE type = 'number.ported_out' AND payload ->> 'numberId' = $1`, numberId)).toBe(
      1,
    );
  });

  it('is found to have left when no message came, however often it is looked at, and though it was refused', async () => {
    const { e164 } = await held(ann);
    const { id, ref } = await asked(ann, [e164]);
    await app.get(DecidePortOut).answer(ann, id, reject);
    await carrier.takeStep(ref, 'port'); // whose message is lost
    for (const _ of [1, 2]) await app.get(SweepPortOuts).execute();
    await app.get(ReconcilePortOut).execute('emulated', ref);
    expect([await stateOf(ann, id), await inventory(e164)]).toEqual(['completed', 'ported_out']);
    expect((await queries().history(ann, id)).map((e) => e.state)).toEqual(['received', 'pending_tenant', 'rejected', 'completed']);
  });

  it('is asked back within 72 hours, and comes back to be paid again, or stays away', async () => {
    const leave = async () => {
      const number = await held(ann, trunk);
      const { id, ref } = await asked(ann, [number.e164]);
      await advance(id, 'port');
      return { id, ref, number };
    };
    const [back, away, told, late] = [await leave(), await leave(), await leave(), await leave()];
    clock.advance({ hours: 72 });
    for (const { id } of [back, away, told]) await app.get(DecidePortOut).dispute(ann, id, 'Nobody here asked for it');
    clock.set(new Date(clock.now().getTime() + 1));
    expect(await codeOf(app.get(DecidePortOut).dispute(ann, late.id, 'Too late'))).toBe('port_out.not_disputable');
    await app.get(SweepPortOuts).execute();
    await advance(back.id, 'restore');
    await advance(away.id, 'uphold');
    await app.get(SettlePortOutDispute).execute(system, told.id, 'restored', 'Their support, by mail');
    await advance(told.id, 'uphold'); // the operator's word was the first
    expect([await stateOf(ann, back.id), await inventory(back.number.e164)]).toEqual(['restored', 'assigned']);
    expect([await stateOf(ann, away.id), await inventory(away.number.e164)]).toEqual(['upheld', 'ported_out']);
    const open = `SELECT count(*)::int FROM recurring_item WHERE resource_id = $1 AND "to" IS NULL`;
    expect([await stateOf(ann, told.id), await inventory(told.number.e164)]).toEqual(['restored', 'assigned']);
    expect(await Promise.all([back, away, told].map(({ number }) => value(open, number.id)))).toEqual([1, 0, 1]);
    for (const { number } of [back, told])
      expect(await value(`SELECT count(*)::int FROM posting WHERE reference LIKE $1`, `${number.id}:%`)).toBe(1); // set up once
  });
});

describe('a day that carriers keep', () => {
  it('is closed for all of them, but for the one that works', async () => {
    const holidays = app.get(CarrierHolidays);
    const friday = { country: 'US', date: '2027-11-26', closed: true, name: 'Day after Thanksgiving', losingCarrierId: null };
    await holidays.add(system, friday);
    await holidays.add(system, { ...friday, closed: false, losingCarrierId: 'EM02' });
    expect(await codeOf(holidays.add(system, friday))).toBe('carrier_holiday.exists');
    expect([...(await holidays.daysOf(ann, 'US', null))]).toEqual([['2027-11-26', 'closed']]);
    expect([...(await holidays.daysOf(ann, 'US', 'EM02'))]).toEqual([['2027-11-26', 'open']]);
    expect([...(await holidays.daysOf(ann, 'CA', null))]).toEqual([]);
  });
});
