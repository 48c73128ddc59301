import type { INestApplicationContext } from '@nestjs/common';
import { AppError, newId, systemContext, tenantContext } from '@trunkline/kernel';
import type { E164, SystemContext, TenantContext } from '@trunkline/kernel';
import { AssignPlan, CreateDeck, CreatePlan, RatingModule } from '@trunkline/rating/server';
import { CreateTenant, TenancyModule } from '@trunkline/tenancy/server';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import fc from 'fast-check';
import pg from 'pg';
import { INVENTORY_STATES, INVENTORY_TRANSITIONS } from '../core/lifecycle.ts';
import type { TenantNumber } from '../core/number.ts';
import { RESTORE_DAYS } from '../core/quarantine.ts';
import { RESERVATION_MINS } from '../core/reservation.ts';
import { CreateNumberJob } from './create-number-job.ts';
import { ImportNumbers } from './import-numbers.ts';
import { NumberJobQueries } from './number-job-queries.ts';
import { OrderNumber } from './order-number.ts';
import { ReleaseNumber } from './release-number.ts';
import { ReserveNumbers } from './reserve-numbers.ts';
import { RestoreNumber } from './restore-number.ts';
import { RunNumberJob } from './run-number-job.ts';
import { SuspendNumber } from './suspend-number.ts';
import { SweepQuarantine } from './sweep-quarantine.ts';
import { TransferNumber } from './transfer-number.ts';
import { UpdateNumber } from './update-number.ts';

class UseCasesModule {}
const providers = [
  ...[ImportNumbers, OrderNumber, ReleaseNumber, ReserveNumbers],
  ...[RestoreNumber, SuspendNumber, SweepQuarantine, TransferNumber],
  ...[CreateNumberJob, NumberJobQueries, RunNumberJob, UpdateNumber],
];
const system: SystemContext = systemContext('test');
const DAY_MS = 86_400_000;

let database: TestDatabase;
let context: INestApplicationContext;
let owner: pg.Client;
let tenants: TenantContext[];
const clock = new FakeClock('2026-11-23T10:00:00Z');

const seed = async (): Promise<TenantContext[]> => {
  const deck = await context.get(CreateDeck).execute(system, { name: 'Deck', currency: 'USD' });
  const fees = { channelMonthlyNanos: 0n, channelSetupNanos: 0n, numberMonthlyNanos: 2_000_000_000n, numberSetupNanos: 0n };
  const plan = { name: 'Plan', currency: 'USD', ...fees, outboundDeckId: deck.id, inboundDeckId: null };
  const { id: planId } = await context.get(CreatePlan).execute(system, plan);
  const made: TenantContext[] = [];
  for (const name of ['A', 'B', 'C', 'D']) {
    const input = { name, country: 'US', currency: 'USD', channelsMax: null, parentId: null, externalReference: null };
    const { id: tenantId } = await context.get(CreateTenant).execute(system, input);
    await context.get(AssignPlan).execute(system, { tenantId, planId });
    made.push(tenantContext(tenantId, { type: 'api_key', id: newId() }, 'req_test'));
  }
  return made;
};

beforeAll(async () => {
  database = await createTestDatabase();
  context = await createTestContext(database, [TenancyModule, RatingModule, { module: UseCasesModule, providers }], clock);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  tenants = await seed();
});
afterAll(async () => {
  await owner?.end();
  await context?.close();
  await database?.drop();
});

let serial = 0;
const stock = async (count: number): Promise<E164[]> => {
  const numbers = Array.from({ length: count }, (): E164 => `+1202${2_000_000 + serial++}`);
  await context
    .get(ImportNumbers)
    .execute(system, `number,country,area_code,type\n${numbers.map((n) => `${n},US,202,local`).join('\n')}\n`);
  return numbers;
};
const tenant = (i: number): TenantContext => tenants[i % tenants.length]!;
const order = (ctx: TenantContext, e164: E164) =>
  context.get(OrderNumber).execute(ctx, { e164, trunkId: null, externalReference: null, tags: [] });
const reserve = async (ctx: TenantContext, numbers: readonly E164[]): Promise<boolean[]> =>
  (await context.get(ReserveNumbers).reserve(ctx, numbers)).map((o) => o.done);
const outcome = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
const rows = async (text: string, ...values: unknown[]) => (await owner.query(text, values)).rows;

describe('the database', () => {
  it('lets a number go where the lifecycle lets it, and nowhere else', async () => {
    const wrong: string[] = [];
    for (const from of INVENTORY_STATES)
      for (const to of INVENTORY_STATES.filter((state) => state !== from)) {
        await owner.query('BEGIN');
        await owner.query(
          `INSERT INTO number_inventory (e164, country, area_code, type, state, created_at) VALUES ('+19995550100', 'US', '', 'local', $1, now())`,
          [from],
        );
        const moved = await owner.query(`UPDATE number_inventory SET state = $1 WHERE e164 = '+19995550100'`, [to]).then(
          () => true,
          () => false,
        );
        await owner.query('ROLLBACK');
        if (moved !== INVENTORY_TRANSITIONS[from].includes(to)) wrong.push(`${from} to ${to}: ${moved ? 'moved' : 'refused'}`);
      }
    expect(wrong).toEqual([]);
  });
  it('keeps the past as it was', async () => {
    const app = new pg.Client({ connectionString: database.systemUrl });
    await app.connect();
    for (const change of ['UPDATE number_history SET action = action', 'DELETE FROM number_history'])
      await expect(app.query(change)).rejects.toThrow('permission denied');
    await app.end();
  });
});

describe('a reservation', () => {
  it('200 clients reserve the same 100 numbers: each number is one tenant’s', async () => {
    const numbers = await stock(100);
    const answers: { by: string; numbers: E164[] }[] = [];
    let next = 0;
    const client = async (): Promise<void> => {
      const i = next++;
      if (i >= 200) return;
      const mine = i % 3 === 0 ? numbers : i % 3 === 1 ? numbers.toReversed() : numbers.filter((_n, k) => k % 7 === i % 7);
      const kept = await reserve(tenant(i), mine);
      answers.push({ by: tenant(i).tenantId, numbers: mine.filter((_n, k) => kept[k]) });
      await client();
    };
    await Promise.all(Array.from({ length: 10 }, client)); // as many at a time as there are connections, twice
    const holders = new Map(numbers.map((n) => [n, new Set(answers.filter((a) => a.numbers.includes(n)).map((a) => a.by))]));
    expect([...holders.values()].map((by) => by.size)).toEqual(numbers.map(() => 1));
    for (const { e164, reserved_by } of await rows(`SELECT e164, reserved_by FROM number_inventory WHERE e164 = ANY ($1)`, numbers))
      expect([...(holders.get(e164) ?? [])]).toEqual([reserved_by]);
  });

  it('is for its tenant alone until it ends, and then for whoever is first', async () => {
    const [e164] = (await stock(1)) as [E164];
    expect(await reserve(tenant(0), [e164])).toEqual([true]);
    expect([await reserve(tenant(1), [e164]), await outcome(order(tenant(1), e164))]).toEqual([[false], 'number.not_available']);
    clock.advance({ ms: RESERVATION_MINS * 60_000 - 1 });
    expect(await outcome(order(tenant(1), e164))).toBe('number.not_available');
    clock.advance({ ms: 1 });
    expect((await context.get(ReserveNumbers).prolong(tenant(0), [e164])).map((o) => o.done)).toEqual([false]);
    const race = await Promise.all(
      [0, 1, 2, 3].map((i) =>
        i % 2 ? reserve(tenant(i), [e164]).then(([kept]) => (kept ? 'done' : 'no')) : outcome(order(tenant(i), e164)),
      ),
    );
    expect(race.filter((o) => o === 'done')).toHaveLength(1);
  });

  it('goes to its tenant’s order, is prolonged, and is given up', async () => {
    const [a, b, c] = (await stock(3)) as [E164, E164, E164];
    await reserve(tenant(0), [a, b, c]);
    expect(await outcome(order(tenant(0), a))).toBe('done');
    clock.advance({ ms: 10 * 60_000 });
    await context.get(ReserveNumbers).prolong(tenant(0), [b]);
    await context.get(ReserveNumbers).drop(tenant(0), [c]);
    clock.advance({ ms: 10 * 60_000 });
    expect(await outcome(order(tenant(1), b))).toBe('number.not_available');
    expect(await outcome(order(tenant(1), c))).toBe('done');
    expect((await context.get(ReserveNumbers).list(tenant(0), { limit: 10 })).data.map((r) => r.e164)).toEqual([b]);
  });
});

describe('released and restored at once', () => {
  it('a number is restored once, paid without a gap or a double day, and nobody else gets it', async () => {
    const [e164] = (await stock(1)) as [E164];
    const { id } = await order(tenant(0), e164);
    await context.get(ReleaseNumber).execute(tenant(0), id);
    const race = await Promise.all([
      ...Array.from({ length: 6 }, () => outcome(context.get(RestoreNumber).execute(tenant(0), id))),
      ...Array.from({ length: 6 }, (_, i) => outcome(order(tenant(i), e164))),
    ]);
    expect(race.slice(0, 6).sort()).toEqual(['done', ...Array<string>(5).fill('number.not_restorable')]);
    expect(new Set(race.slice(6))).toEqual(new Set(['number.not_available']));
    const items = await rows(`SELECT "from", "to" FROM recurring_item WHERE resource_id = $1 ORDER BY "from"`, id);
    expect(items).toHaveLength(2);
    expect([items[0].to, items[1].to]).toEqual([items[1].from, null]);
  });

  it('a number whose quarantine ends is the buyer’s or the restorer’s, never both', async () => {
    const [e164] = (await stock(1)) as [E164];
    const { id } = await order(tenant(0), e164);
    await context.get(ReleaseNumber).execute(tenant(0), id);
    clock.advance({ days: RESTORE_DAYS });
    expect(await outcome(context.get(RestoreNumber).execute(tenant(0), id))).toBe('number.not_restorable');
    expect(await outcome(order(tenant(1), e164))).toBe('number.not_available');
    clock.advance({ days: 15 });
    expect(await outcome(order(tenant(1), e164))).toBe('done');
    expect(await outcome(context.get(RestoreNumber).execute(tenant(0), id))).toBe('resource.not_found');
  });
});

it('a transferred number is the other’s at once, counted and paid by one tenant a day, with its history', async () => {
  const [e164] = (await stock(1)) as [E164];
  const { id } = await order(tenant(0), e164);
  const counts = () =>
    rows(`SELECT id, numbers_used FROM tenant_node WHERE id = ANY ($1) ORDER BY id`, [tenant(0).tenantId, tenant(1).tenantId]);
  const before = await counts();
  const toTenantId = tenant(1).tenantId;
  const race = await Promise.all([1, 2].map(() => outcome(context.get(TransferNumber).execute(system, { e164, toTenantId }))));
  expect(race.sort()).toEqual(['done', 'request.invalid']);
  expect((await counts()).map((n, i) => n.numbers_used - before[i].numbers_used).sort()).toEqual([-1, 1]);
  const items = await rows(`SELECT tenant_id, "from", "to" FROM recurring_item WHERE description = $1 ORDER BY "from"`, e164);
  expect(items.map((i) => i.tenant_id)).toEqual([tenant(0).tenantId, toTenantId]);
  expect([items[0].to, items[1].to]).toEqual([items[1].from, null]);
  const history = await rows(`SELECT tenant_id, action FROM number_history WHERE e164 = $1`, e164);
  expect(history.map((h) => `${h.tenant_id === toTenantId ? 'B' : 'A'} ${h.action}`).sort()).toEqual([
    'A assigned',
    'A transferred',
    'B assigned',
  ]);
  expect(await outcome(context.get(RestoreNumber).execute(tenant(0), id))).toBe('resource.not_found');
});

describe('a change of many numbers', () => {
  it('does each once, by however many at once, and says what became of each', async () => {
    const numbers: TenantNumber[] = [];
    for (const [i, e164] of (await stock(70)).entries()) numbers.push(await order(tenant(i === 7 ? 1 : 0), e164));
    await context.get(UpdateNumber).execute(tenant(0), numbers[40]!.id, { deletionLock: true });
    const numberIds = numbers.map((n) => n.id);
    const { id } = await context.get(CreateNumberJob).execute(tenant(0), { action: 'release', change: {}, numberIds });
    await Promise.all([1, 2, 3].map(() => context.get(RunNumberJob).execute(tenant(0).tenantId, id)));
    const jobs = context.get(NumberJobQueries);
    expect(await jobs.byId(tenant(0), id)).toMatchObject({ state: 'completed', total: 70, succeeded: 68, failed: 2 });
    const { data, nextCursor } = await jobs.items(tenant(0), id, { limit: 60 });
    const rest = await jobs.items(tenant(0), id, { limit: 60, cursor: nextCursor ?? '' });
    expect([...data, ...rest.data].map((i) => i.numberId)).toEqual(numberIds);
    expect(data.filter((i) => i.state !== 'succeeded').map((i) => [i.position, i.code])).toEqual([
      [7, 'resource.not_found'],
      [40, 'number.locked'],
    ]);
    const released = await rows(
      `SELECT count(*)::int AS n FROM outbox WHERE type = 'number.released' AND payload->>'numberId' = ANY ($1)`,
      numberIds,
    );
    expect(released[0].n).toBe(68);
    expect(await rows(`SELECT count(*)::int AS n FROM outbox WHERE type = 'number_job.completed'`)).toEqual([{ n: 1 }]);
  });

  it('that is stopped by what nobody foresaw is tried again, and ends the last time', async () => {
    const numberIds: string[] = [];
    for (const e164 of await stock(60)) numberIds.push((await order(tenant(3), e164)).id);
    const { id } = await context.get(CreateNumberJob).execute(tenant(3), { action: 'release', change: {}, numberIds });
    const run = context.get(RunNumberJob);
    // the last number cannot be changed: the piece that it is in is undone, the one before is kept
    await owner.query(`CREATE FUNCTION stop_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'planned'; END $$`);
    await owner.query(
      `CREATE TRIGGER stop_it BEFORE UPDATE ON number_assignment FOR EACH ROW WHEN (OLD.id = '${numberIds[59]}') EXECUTE FUNCTION stop_it()`,
    );
    const told = async () => context.get(NumberJobQueries).byId(tenant(3), id);
    await expect(run.execute(tenant(3).tenantId, id, false)).rejects.toThrow('planned');
    expect(await told()).toMatchObject({ state: 'running', succeeded: 50, failed: 0 });
    await run.execute(tenant(3).tenantId, id, true);
    await owner.query(`DROP FUNCTION stop_it CASCADE`);
    expect(await told()).toMatchObject({ state: 'completed', succeeded: 50, failed: 10 });
    const { data } = await context.get(NumberJobQueries).items(tenant(3), id, { limit: 60 });
    expect(new Set(data.slice(50).map(({ code }) => code))).toEqual(new Set(['number_job.stopped']));
  });

  it('waits or runs beside four others of its tenant, however many are asked for at the same time', async () => {
    const [number] = await stock(1);
    const { id: numberId } = await order(tenant(2), number!);
    const ask = () => context.get(CreateNumberJob).execute(tenant(2), { action: 'update', change: { tags: [] }, numberIds: [numberId] });
    const asked = await Promise.allSettled(Array.from({ length: 12 }, ask));
    expect(asked.filter(({ status }) => status === 'fulfilled').length).toBe(5);
  });
});

type Held = { readonly by: number; readonly number: TenantNumber };
/** What a number is by the model: in the inventory, kept for one, in one's hands, or resting. */
type Model = {
  held?: Held;
  suspended?: boolean;
  reserved?: { by: number; until: number };
  rests?: Held & { releasedAt: number; until: number };
};

describe('any interleaving of commands and time', () => {
  const command = fc.record({
    act: fc.constantFrom('reserve', 'order', 'release', 'restore', 'transfer', 'suspend', 'reinstate', 'sweep', 'minutes', 'days'),
    by: fc.nat(3),
    which: fc.nat(1),
    much: fc.integer({ min: 1, max: 50 }),
  });
  type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

  /** What must come of a command, by the model, which is moved on. */
  const expected = (m: Model, { act, by }: Command, now: number): boolean => {
    const free = !m.held && (m.rests?.until ?? 0) <= now;
    const mine = m.reserved?.by === by || (m.reserved?.until ?? 0) <= now;
    if (act === 'reserve') return free && mine;
    if (act === 'order') return free && mine;
    if (act === 'release') return m.held?.by === by && !m.suspended;
    if (act === 'restore') return !m.held && m.rests?.by === by && now < m.rests.releasedAt + RESTORE_DAYS * DAY_MS && now < m.rests.until;
    if (act === 'transfer') return m.held !== undefined && m.held.by !== by && !m.suspended;
    if (act === 'suspend') return m.held !== undefined && !m.suspended;
    return m.held !== undefined && m.suspended === true;
  };

  const run = (e164: E164, m: Model, { act, by }: Command): Promise<unknown> => {
    const id = (m.held?.by === by ? m.held.number.id : undefined) ?? (m.rests?.by === by ? m.rests.number.id : undefined) ?? newId();
    if (act === 'reserve')
      return reserve(tenant(by), [e164]).then(([kept]) => {
        if (!kept) throw new AppError({ code: 'refused', kind: 'conflict', title: '' });
      });
    if (act === 'order') return order(tenant(by), e164);
    if (act === 'release') return context.get(ReleaseNumber).execute(tenant(by), id);
    if (act === 'restore') return context.get(RestoreNumber).execute(tenant(by), id);
    if (act === 'transfer') return context.get(TransferNumber).execute(system, { e164, toTenantId: tenant(by).tenantId });
    if (act === 'suspend') return context.get(SuspendNumber).suspend(system, e164, 'model');
    return context.get(SuspendNumber).reinstate(system, e164, 'model');
  };

  const moved = (m: Model, { act, by }: Command, result: unknown, now: number): Model => {
    if (act === 'reserve')
      return m.reserved?.by === by && m.reserved.until > now ? m : { reserved: { by, until: now + RESERVATION_MINS * 60_000 } };
    if (act === 'order' || act === 'restore') return { held: { by, number: result as TenantNumber } };
    if (act === 'transfer') return { held: { by, number: (result as { number: TenantNumber }).number } };
    if (act === 'release') return { rests: { by, number: result as TenantNumber, releasedAt: now, until: now + 45 * DAY_MS } };
    return { ...m, suspended: act === 'suspend' };
  };

  it('does what the model does: no number is sold twice, none is in a state that the machine has not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 25 }), async (commands) => {
        const numbers = await stock(2);
        const models: Model[] = [{}, {}];
        for (const c of commands) {
          if (c.act === 'minutes') clock.advance({ ms: c.much * 60_000 });
          else if (c.act === 'days') clock.advance({ days: c.much });
          else if (c.act === 'sweep') await context.get(SweepQuarantine).execute(system);
          else {
            const [e164, model, now] = [numbers[c.which]!, models[c.which]!, clock.now().getTime()];
            let result: unknown;
            const came = await outcome(run(e164, model, c).then((value) => (result = value)));
            const wanted = expected(model, c, now);
            if ((came === 'done') !== wanted) throw new Error(`${c.act} by ${c.by}: ${came}, but the model has ${JSON.stringify(model)}`);
            if (wanted) models[c.which] = moved(model, c, result, now);
          }
        }
        const open = `SELECT e164, count(*)::int AS n FROM number_assignment WHERE e164 = ANY ($1) AND released_at IS NULL GROUP BY e164`;
        const held = new Map((await rows(open, numbers)).map((r) => [r.e164, r.n]));
        for (const [i, e164] of numbers.entries()) expect(held.get(e164) ?? 0).toBe(models[i]!.held ? 1 : 0);
        for (const { state, e164 } of await rows(`SELECT e164, state FROM number_inventory WHERE e164 = ANY ($1)`, numbers)) {
          expect(INVENTORY_STATES).toContain(state);
          if (models[numbers.indexOf(e164)]!.held) expect(['assigned', 'suspended']).toContain(state);
        }
      }),
      { numRuns: 25 },
    );
  });
});
