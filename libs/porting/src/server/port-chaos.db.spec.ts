import type { INestApplicationContext } from '@nestjs/common';
import { SCENARIOS } from '@trunkline/carriers';
import type { CarrierPortSnapshot } from '@trunkline/carriers';
import { EmulatedPortingCarrier, PortingCarrier, asReceived } from '@trunkline/carriers/server';
import type { EmulatedWebhook } from '@trunkline/carriers/server';
import { newId, systemContext, tenantContext } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { AssignPlan, CreateDeck, CreatePlan, RatingModule } from '@trunkline/rating/server';
import { CreateTenant, TenancyModule } from '@trunkline/tenancy/server';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { completePort } from '../../test-support/complete-port.ts';
import { commandOf } from '../core/carrier-command.ts';
import { fold } from '../core/port-history.ts';
import { allowedCommands } from '../core/step-port-in.ts';
import { CheckPortProject } from './check-port-project.ts';
import { CommandPortOrder } from './command-port-order.ts';
import { CreatePortProject } from './create-port-project.ts';
import { PortQueries } from './port-queries.ts';
import { PortingModule } from './porting.module.ts';
import { ReceivePortEvent } from './receive-port-event.ts';
import { ReconcilePort } from './reconcile-port.ts';
import { SendPort } from './send-port.ts';
import { SubmitPortProject } from './submit-port-project.ts';
import { SweepPorts } from './sweep-ports.ts';
import { UpdatePortOrder } from './update-port-order.ts';

/** What port-chaos.spec.ts does to a thousand orders in memory, done to some with the database, the carrier's books and dying workers between. */
const ROUNDS = 14;
const system = systemContext('test');
const clock = new FakeClock('2026-11-23T10:00:00Z');
const FIELDS = { account_number: 'A1', subscriber_name: 'Ann', service_address: '1 Main St', postal_code: '10001', signer_name: 'Ann' };

let database: TestDatabase;
let app: INestApplicationContext;
let owner: pg.Client;
let ann: TenantContext;
let trunkId: string;
let carrier: EmulatedPortingCarrier;

beforeAll(async () => {
  database = await createTestDatabase();
  app = await createTestContext(database, [TenancyModule, RatingModule, PortingModule], clock);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  carrier = app.get<PortingCarrier>(PortingCarrier) as EmulatedPortingCarrier;
  const deck = await app.get(CreateDeck).execute(system, { name: 'Deck', currency: 'USD' });
  const fees = { channelMonthlyNanos: 0n, channelSetupNanos: 0n, numberMonthlyNanos: 2_000_000_000n, numberSetupNanos: 250_000_000n };
  const plan = { name: 'Plan', currency: 'USD', ...fees, outboundDeckId: deck.id, inboundDeckId: null };
  const { id: planId } = await app.get(CreatePlan).execute(system, plan);
  const input = { name: 'Ann', country: 'US', currency: 'USD', channelsMax: null, parentId: null, externalReference: null };
  const { id: tenantId } = await app.get(CreateTenant).execute(system, input);
  await app.get(AssignPlan).execute(system, { tenantId, planId });
  await owner.query(`UPDATE tenant_node SET verified_until = '2100-01-01'`);
  ann = tenantContext(tenantId, { type: 'api_key', id: newId() }, 'req_test');
  trunkId = newId();
  await owner.query(
    `INSERT INTO trunk (tenant_id, id, name, country, channels_max, allowed_countries, inbound_routes, created_at, updated_at)
     VALUES ($1, $2, 'T', 'US', 2, '{US}', '[]', now(), now())`,
    [tenantId, trunkId],
  );
});
afterAll(async () => {
  await app?.close();
  await owner?.end();
  await database?.drop();
});

let seed = 11;
/** mulberry32: the same run every time. */
const random = (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const shuffled = <T>(all: readonly T[]): T[] =>
  all
    .map((one) => [random(), one] as const)
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one);

const order = (id: string) => app.get(PortQueries).order(ann, id);
const submitted = async (numbers: readonly E164[]): Promise<string> => {
  const project = await app.get(CreatePortProject).execute(ann, { numbers, trunkId, fields: FIELDS, pin: '4711', externalReference: null });
  await app.get(CheckPortProject).execute(ann, project.id);
  const ordersOf = async () => (await app.get(PortQueries).orders(ann, { limit: 10, projectId: project.id })).data;
  const [{ id } = { id: '' }] = await ordersOf();
  await app.get(SendPort).execute(ann.tenantId, id);
  for (const { id: unfinished } of await ordersOf()) await completePort(app, owner, ann, unfinished, clock.now());
  await app.get(SubmitPortProject).execute(ann, project.id, null);
  return id;
};

/** A worker that dies at a moment: what it was writing is undone, or it was written and whoever waited never hears of it. */
class Killed extends Error {}
const dying = (when: () => 'before its commit' | 'after it' | undefined): (() => void) => {
  const db = app.get(Database);
  const whole = db.tx.bind(db) as (ctx: never, work: (tx: never) => Promise<unknown>) => Promise<unknown>;
  db.tx = (async (ctx: never, work: (tx: never) => Promise<unknown>) => {
    const death = when();
    const dies = async (tx: never) => {
      const result = await work(tx);
      if (death === 'before its commit') throw new Killed();
      return result;
    };
    const result = await whole(ctx, dies);
    if (death === 'after it') throw new Killed();
    return result;
  }) as typeof db.tx;
  return () => void delete (db as { tx?: unknown }).tx;
};
const survive = (attempt: Promise<unknown>) =>
  attempt.catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });

const messages = async (): Promise<EmulatedWebhook[]> => {
  const { rows } = await owner.query(
    `SELECT DISTINCT ref FROM emulated_port, jsonb_array_elements(state -> 'steps') AS s WHERE (s ->> 'atMs')::bigint <= $1 ORDER BY ref`,
    [clock.now().getTime()],
  );
  const sent: EmulatedWebhook[] = [];
  for (const { ref } of rows) sent.push(...(await carrier.dueWebhooks(ref)));
  return sent;
};
const deliver = async (post: readonly EmulatedWebhook[]): Promise<void> => {
  for (const webhook of post) await survive(app.get(ReceivePortEvent).execute(asReceived(webhook), 'req_test'));
  const { rows } = await owner.query(`SELECT carrier, event_id FROM carrier_port_event WHERE processed_at IS NULL`);
  for (const { carrier: name, event_id: id } of shuffled(rows)) await survive(app.get(ReceivePortEvent).process(name, id));
};
const sweep = () => survive(app.get(SweepPorts).execute());

let reversals = 0; // at least one, whatever chance says
const wish = async (id: string): Promise<void> => {
  const may = allowedCommands((await order(id)).state);
  const chance = random();
  if (may.includes('resubmit') && chance < 0.5) {
    await app.get(UpdatePortOrder).execute(ann, id, { fields: { subscriber_name: `Ann ${chance}` }, pin: '1234' });
    await app.get(CommandPortOrder).execute(ann, id, 'resubmit');
  } else if (may.includes('cancel') && chance < 0.03)
    await app
      .get(CommandPortOrder)
      .execute(ann, id, 'cancel')
      .catch(() => undefined); // too late
  else if (may.includes('activate') && chance < 0.2) await app.get(CommandPortOrder).execute(ann, id, 'activate_now');
  else if (may.includes('reverse') && (reversals === 0 || chance < 0.3))
    await app
      .get(CommandPortOrder)
      .execute(ann, id, 'reverse')
      .then(() => reversals++)
      .catch(() => undefined); // too late
};

const settled = (snapshot: CarrierPortSnapshot): readonly string[] => {
  const count = (status: string) => snapshot.numbers.filter((n) => n.status === status).length;
  if (count('reversed') > 0) return ['reversed'];
  if (snapshot.status === 'closed' || count('active') === snapshot.numbers.length) return ['completed'];
  if (snapshot.status === 'cancelled') return count('active') > 0 ? ['completed'] : ['cancelled'];
  if (snapshot.status === 'rejected') return ['exception'];
  return ['submitting', 'submitted', 'foc_confirmed', 'activating', 'exception', 'cancel_requested']; // it waits for us, or for ever
};

it('orders whose events are lost, doubled, late, out of order and replayed, and whose workers die, end as the carrier says; nothing is paid twice', async () => {
  const ids: string[] = [];
  for (const [i, scenario] of [...SCENARIOS, ...SCENARIOS].entries()) {
    if (scenario === 'not_portable') continue;
    const suffix = String(SCENARIOS.indexOf(scenario)).padStart(4, '0');
    ids.push(await submitted([`+1212${600 + i}${suffix}`, ...(i % 2 ? [`+1212${600 + i}9999`] : [])] as E164[]));
  }
  const revive = dying(() => (random() < 0.12 ? (random() < 0.5 ? 'before its commit' : 'after it') : undefined));
  const all: EmulatedWebhook[] = [];
  let post: EmulatedWebhook[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    clock.advance({ seconds: Math.floor(random() * 6 * 3_600) });
    const news = await messages();
    all.push(...news);
    post = shuffled([...post, ...news.filter(() => random() > 0.3), ...news.filter(() => random() < 0.3)]);
    await deliver(post.splice(0, Math.ceil(random() * post.length)));
    await sweep();
    revive();
    for (const id of ids) await wish(id);
    if (round < ROUNDS - 1) dying(() => (random() < 0.12 ? (random() < 0.5 ? 'before its commit' : 'after it') : undefined));
  }
  for (let i = 0; i < 12; i++) {
    clock.advance({ hours: 8 });
    await sweep();
  }
  const replayed = async () => (await owner.query(`SELECT count(*)::int FROM port_event WHERE event NOT IN ('escalated', 'submit_retry', 'reminded')`)).rows[0].count; // prettier-ignore
  for (const id of ids) await app.get(ReconcilePort).execute(ann.tenantId, id);
  const events = await replayed();
  await deliver(shuffled([...all, ...all]));
  await owner.query(`UPDATE carrier_port_event SET processed_at = NULL`);
  await deliver([]);
  expect(await replayed()).toBe(events);

  const ends = new Map<string, number>();
  for (const id of ids) {
    const { state, numbers, carrierRef } = await order(id);
    const snapshot = await carrier.getOrder(carrierRef!);
    const history = await app.get(PortQueries).history(ann, id);
    const told = { id, status: snapshot.status, state };
    expect(settled(snapshot).includes(state) ? told : { ...told, history: history.map((e) => e.event) }).toEqual(told);
    expect({ id, state: fold(history).state }).toEqual({ id, state });
    const here = snapshot.numbers.filter((n) => n.status === 'active').map((n) => n.e164);
    expect({ id, active: numbers.filter((n) => n.state === 'active').map((n) => n.e164) }).toEqual({ id, active: here.sort() });
    if (state !== 'submitting') expect({ id, due: commandOf(fold(history)) }).toEqual({ id, due: null });
    ends.set(state, (ends.get(state) ?? 0) + 1);
  }
  const reached = [(ends.get('completed') ?? 0) > 10, (ends.get('reversed') ?? 0) > 0, ends.size > 2];
  expect({ reached, ends: Object.fromEntries(ends) }).toMatchObject({ reached: [true, true, true] });
  expect(await money()).toEqual(await owed());
});

/** The setup fees that were posted, and those of numbers that came: one each, whatever became of them. */
const money = async () =>
  (await owner.query(`SELECT split_part(reference, ':', 1) AS id, count(*)::int AS times FROM posting WHERE kind = 'setup_number' GROUP BY 1 ORDER BY 1`)).rows; // prettier-ignore
const owed = async () =>
  (await owner.query(`SELECT id::text, 1 AS times FROM port_number WHERE state IN ('active', 'reversed') ORDER BY 1`)).rows;

describe('a worker that is killed at any step of an activation', () => {
  const end = async (id: string) => {
    const { state, numbers } = await order(id);
    const of = async (text: string) => (await owner.query(text, [id])).rows[0].n as number;
    const mine = `SELECT n.id FROM port_number n WHERE n.order_id = $1`;
    return {
      state,
      numbers: numbers.map((n) => n.state),
      held: await of(`SELECT count(*)::int AS n FROM number_assignment WHERE id IN (${mine}) AND released_at IS NULL`),
      paid: await of(`SELECT count(*)::int AS n FROM posting WHERE split_part(reference, ':', 1) IN (SELECT id::text FROM (${mine}) m)`),
      monthly: await of(`SELECT count(*)::int AS n FROM recurring_item WHERE resource_id IN (${mine}) AND "to" IS NULL`),
      expected: await of(`SELECT count(*)::int AS n FROM expected_number WHERE id IN (${mine})`),
      told: await of(`SELECT count(*)::int AS n FROM outbox WHERE type = 'number.ported_in' AND payload ->> 'numberId' IN (SELECT id::text FROM (${mine}) m)`), // prettier-ignore
    };
  };
  /** From its submission to its numbers, with a worker that dies in one of its transactions. @returns where it ends, and how many it took */
  const activated = async (numbers: readonly E164[], killedAt: number, how: 'before its commit' | 'after it') => {
    const id = await submitted(numbers);
    for (let i = 0; i < 4; i++) {
      clock.advance({ hours: 1 });
      await deliver(await messages());
      await sweep();
    }
    await app.get(CommandPortOrder).execute(ann, id, 'activate_now');
    let count = 0;
    const revive = dying(() => (count++ === killedAt ? how : undefined));
    await survive(app.get(SendPort).execute(ann.tenantId, id));
    clock.advance({ seconds: 90 });
    await deliver(await messages());
    await sweep();
    revive();
    for (let i = 0; i < 4; i++) {
      clock.advance({ hours: 1 });
      await sweep();
    }
    return { end: await end(id), count };
  };

  it('leaves what the next one finishes in the same place', async () => {
    const { end: whole, count } = await activated(['+12127000000', '+12127001111'], -1, 'after it');
    expect(whole).toEqual({ state: 'completed', numbers: ['active', 'active'], held: 2, paid: 2, monthly: 2, expected: 0, told: 2 });
    expect(count).toBeGreaterThan(4);
    for (let step = 0; step < count; step++)
      for (const how of ['before its commit', 'after it'] as const) {
        const line = 7001 + step * 2 + (how === 'after it' ? 1 : 0);
        const { end: after } = await activated([`+1212${line}998`, `+1212${line}999`] as E164[], step, how);
        expect({ step, how, ...after }).toEqual({ step, how, ...whole });
      }
  });
});
