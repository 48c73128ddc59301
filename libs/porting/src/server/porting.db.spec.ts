import { jest } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { CarrierRefusal, EmulatedPortingCarrier, PortingCarrier, asReceived } from '@trunkline/carriers/server';
import { SCENARIOS } from '@trunkline/carriers';
import type { Scenario } from '@trunkline/carriers';
import { CdrSink, CompileEdges, EdgeWorkerModule } from '@trunkline/edge/server';
import { AppError, newId, systemContext, tenantContext, toPublicId } from '@trunkline/kernel';
import type { E164, TenantContext } from '@trunkline/kernel';
import { AssignPlan, CreateDeck, CreatePlan, RatingModule } from '@trunkline/rating/server';
import { CreateTenant, TenancyModule } from '@trunkline/tenancy/server';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { completePort } from '../../test-support/complete-port.ts';
import { fold } from '../core/port-history.ts';
import type { PortInState } from '../core/port-in-machine.ts';
import { CarrierHolidays } from './carrier-holidays.ts';
import { CheckPortProject } from './check-port-project.ts';
import { CommandPortOrder } from './command-port-order.ts';
import { CreatePortProject } from './create-port-project.ts';
import { PortDates } from './port-dates.ts';
import { PortNoteQueries } from './port-note-queries.ts';
import { PortQueries } from './port-queries.ts';
import { PortingModule } from './porting.module.ts';
import { ReceivePortEvent } from './receive-port-event.ts';
import { ReconcilePort } from './reconcile-port.ts';
import { ReviewPortOrder } from './review-port-order.ts';
import { SendPort } from './send-port.ts';
import { SubmitPortProject } from './submit-port-project.ts';
import { SweepPorts } from './sweep-ports.ts';
import { UpdatePortOrder } from './update-port-order.ts';

const system = systemContext('test');
const MINUTE = 60_000;
const FIELDS = { account_number: 'A1', subscriber_name: 'Ann', service_address: '1 Main St', postal_code: '10001', signer_name: 'Ann' };

let database: TestDatabase;
let app: INestApplicationContext;
let owner: pg.Client;
let ann: TenantContext;
let bob: TenantContext;
let trunk: string;
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
  app = await createTestContext(database, [TenancyModule, RatingModule, PortingModule, edges], clock);
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
const draft = (ctx: TenantContext, numbers: readonly E164[], trunkId: string | null = trunk) =>
  app.get(CreatePortProject).execute(ctx, { numbers, trunkId, fields: FIELDS, pin: '4711', externalReference: null });
const ordersOf = async (ctx: TenantContext, projectId: string) => (await app.get(PortQueries).orders(ctx, { limit: 100, projectId })).data;
const checked = async (ctx: TenantContext, numbers: readonly E164[]) => {
  const project = await draft(ctx, numbers);
  await app.get(CheckPortProject).execute(ctx, project.id);
  for (const { id } of await ordersOf(ctx, project.id)) await app.get(SendPort).execute(ctx.tenantId, id);
  return project;
};
/** A project whose orders tell and show all that they must. */
const whole = async (ctx: TenantContext, numbers: readonly E164[]) => {
  const project = await checked(ctx, numbers);
  for (const { id, state } of await ordersOf(ctx, project.id))
    if (state === 'incomplete') await completePort(app, owner, ctx, id, clock.now());
  return project;
};
const submitted = async (ctx: TenantContext, numbers: readonly E164[]) => {
  const project = await whole(ctx, numbers);
  await app.get(SubmitPortProject).execute(ctx, project.id, null);
  const [order] = await ordersOf(ctx, project.id);
  await app.get(SendPort).execute(ctx.tenantId, order!.id);
  return order!.id;
};
const order = (id: string) => app.get(PortQueries).order(ann, id);
const command = (id: string, what: 'resubmit' | 'cancel' | 'reverse' | 'activate_now') => app.get(CommandPortOrder).execute(ann, id, what);
const entry = async (e164: E164): Promise<string | null> => {
  await app.get(CompileEdges).execute();
  return ((await value(`SELECT value FROM edge_entry WHERE kind = 'number' AND key = $1`, e164.slice(1))) as string | undefined) ?? null;
};

let turns = 0;
/** Whatever carrier and clock have next: the carrier's messages are delivered, then what is due is done. @returns false when nothing is left by then */
const next = async (until: Date, stepMs: number): Promise<boolean> => {
  const at = (await value(
    `SELECT min(at) FROM (SELECT min(due_at) AS at FROM port_timer UNION ALL
       SELECT to_timestamp(min((s ->> 'atMs')::bigint) / 1000.0) FROM emulated_port, jsonb_array_elements(state -> 'steps') AS s) t`,
  )) as Date | null;
  if (at === null || at > until) {
    clock.set(until);
    return false;
  }
  const to = new Date(Math.min(until.getTime(), Math.max(at.getTime(), clock.now().getTime() + (turns === 0 ? stepMs : 0))));
  turns = to > clock.now() ? 0 : turns + 1;
  if (turns > 20)
    throw new Error(
      `what is due stays due: ${JSON.stringify((await owner.query(`SELECT t.*, o.state, o.polled_at FROM port_timer t JOIN port_order o ON o.id = t.order_id WHERE due_at <= $1`, [clock.now()])).rows)}`,
    );
  clock.set(to);
  await deliver();
  await app.get(SweepPorts).execute();
  return true;
};
const deliver = async (): Promise<void> => {
  const carrier = app.get<PortingCarrier>(PortingCarrier) as EmulatedPortingCarrier;
  const { rows } = await owner.query<{ ref: string }>(
    `SELECT DISTINCT ref FROM emulated_port, jsonb_array_elements(state -> 'steps') AS s WHERE (s ->> 'atMs')::bigint <= $1`,
    [clock.now().getTime()],
  );
  for (const { ref } of rows)
    for (const webhook of await carrier.dueWebhooks(ref)) await app.get(ReceivePortEvent).execute(asReceived(webhook), 'req_test');
  const { rows: waiting } = await owner.query(`SELECT carrier, event_id FROM carrier_port_event WHERE processed_at IS NULL`);
  for (const { carrier: name, event_id: eventId } of waiting) await app.get(ReceivePortEvent).process(name, eventId);
};
const passUntil = async (until: Date, stepMs = 0): Promise<void> => {
  while (await next(until, stepMs));
};
const pass = (by: { days?: number; hours?: number }) =>
  passUntil(new Date(clock.now().getTime() + ((by.days ?? 0) * 24 + (by.hours ?? 0)) * 60 * MINUTE), (by.days ?? 0) * 480 * MINUTE);

describe('all scenarios of the emulated carrier, over weeks', () => {
  const ids = new Map<Scenario, string>();
  const states = async (): Promise<Record<string, PortInState>> =>
    Object.fromEntries(await Promise.all([...ids].map(async ([scenario, id]) => [scenario, (await order(id)).state] as const)));
  const numberOf = (scenario: Scenario, line = 5550): E164 =>
    `+1212${line}${String(SCENARIOS.indexOf(scenario)).padStart(4, '0')}`.slice(0, 12) as E164;

  it('begin as what the check says', async () => {
    const two: readonly E164[] = ['+12125550005', '+12125551234'];
    for (const scenario of SCENARIOS.filter((s) => s !== 'not_portable' && s !== 'split' && s !== 'partial'))
      ids.set(scenario, await submitted(ann, [numberOf(scenario, 555)]));
    ids.set('partial', await submitted(ann, two));
    const bad = await checked(ann, ['+12125550003']);
    ids.set('not_portable', (await ordersOf(ann, bad.id))[0]!.id);
    const split = await checked(ann, ['+12125550012', '+12125551235', '+442079460018']);
    expect((await ordersOf(ann, split.id)).map((o) => [o.country, o.losingCarrierName, o.state]).sort()).toEqual([
      ['GB', 'Emulated Bell', 'incomplete'],
      ['US', 'Emulated Bell', 'incomplete'],
      ['US', 'Emulated Valley Telephone', 'incomplete'],
    ]);
    expect(await states()).toMatchObject({ not_portable: 'not_portable', happy: 'submitting', errors_first: 'submitting' });
  });

  it('are refused, and explain it; a resubmission changes what was named', async () => {
    await pass({ hours: 3 });
    expect(await states()).toMatchObject({
      reject_name: 'exception',
      reject_pin: 'exception',
      happy: 'foc_confirmed',
      silent: 'submitting',
    });
    const id = ids.get('reject_name')!;
    expect((await order(id)).rejections).toMatchObject([{ code: 'NAME_MISMATCH', carrierCode: '7519' }]);
    expect(await codeOf(command(id, 'resubmit'))).toBe('port_order.nothing_fixed');
    await app.get(UpdatePortOrder).execute(ann, id, { fields: { subscriber_name: 'Ann Miller' } });
    await app.get(UpdatePortOrder).execute(ann, ids.get('reject_pin')!, { pin: '1234' });
    for (const scenario of ['reject_name', 'reject_pin'] as const) await command(ids.get(scenario)!, 'resubmit');
  });

  it('are cut over without a gap: calls are taken from 15 minutes before, and nothing changes when the number comes', async () => {
    const { focAt } = await order(ids.get('happy')!);
    const number = numberOf('happy', 555);
    await passUntil(new Date(focAt!.getTime() - 16 * MINUTE), 480 * MINUTE);
    expect(await entry(number)).toBeNull();
    await passUntil(new Date(focAt!.getTime() - 15 * MINUTE));
    const before = await entry(number);
    expect(JSON.parse(before ?? '')).toEqual({ tenantId: ann.tenantId, trunkId: trunk });
    await passUntil(new Date(focAt!.getTime() + 1 * MINUTE));
    expect([(await order(ids.get('happy')!)).state, await entry(number)]).toEqual(['completed', before]);
  });

  it('go back when they must: the edges have again what they had before, byte for byte', async () => {
    const rest = () =>
      value(
        `SELECT string_agg(kind || key || value, ',' ORDER BY kind, key) FROM edge_entry WHERE value IS NOT NULL AND key <> $1`,
        '12125550010',
      );
    expect(await entry('+12125550010')).not.toBeNull();
    const others = await rest();
    await command(ids.get('snapback')!, 'reverse');
    await pass({ hours: 3 });
    expect([await entry('+12125550010'), await rest()]).toEqual([null, others]);
    expect((await states())['snapback']).toBe('reversed');
  });

  it('end as the carrier says', async () => {
    await pass({ days: 1 });
    expect(await codeOf(command(ids.get('cancel_too_late')!, 'cancel'))).toBe('port_order.command_refused'); // it came already
    await pass({ days: 4 });
    expect(await states()).toEqual({
      happy: 'completed',
      reject_name: 'completed',
      reject_pin: 'completed',
      not_portable: 'not_portable',
      foc_moved: 'completed',
      partial: 'completed',
      duplicates: 'completed',
      lost_events: 'completed',
      cancel_too_late: 'completed',
      conflict_resolved: 'completed',
      snapback: 'reversed',
      errors_first: 'completed',
      silent: 'submitting',
    });
    expect((await order(ids.get('partial')!)).numbers.map((n) => n.state)).toEqual(['active', 'cancelled']);
    const active = await value(`SELECT count(*)::int FROM port_number WHERE state = 'active'`);
    for (const table of ['number_assignment WHERE released_at IS NULL', 'recurring_item WHERE "to" IS NULL'])
      expect([table, await value(`SELECT count(*)::int FROM ${table}`)]).toEqual([table, active]);
    expect(await value(`SELECT count(*)::int FROM posting WHERE kind = 'setup_number'`)).toBe((active as number) + 1); // the one that went back came once
    expect(await codeOf(command(ids.get('happy')!, 'reverse'))).toBe('port_order.too_late');
    expect(await value(`SELECT numbers_used FROM tenant_node WHERE id = $1`, ann.tenantId)).toBe((active as number) + 1); // and the silent one
  });

  it('are what their histories say, and an answered carrier adds nothing', async () => {
    for (const id of ids.values()) {
      const history = await app.get(PortQueries).history(ann, id);
      expect(fold(history).state).toBe((await order(id)).state);
      expect(history.map((e) => e.sequence)).toEqual(history.map((_, i) => i + 1));
    }
    const events = () => value(`SELECT count(*)::int FROM port_event WHERE event NOT IN ('escalated', 'submit_retry')`);
    const count = await events();
    await owner.query(`UPDATE carrier_port_event SET processed_at = NULL`); // all messages of the past once more
    await deliver();
    expect(await events()).toBe(count);
  });
});

it('5,000 numbers come by orders of a thousand that a person looks at, on one day, each charged once', async () => {
  const numbers = Array.from({ length: 5_000 }, (_, i) => `+1212${7_001_000 + i}` as E164);
  const [setups, held] = [
    `SELECT count(*)::int FROM posting WHERE kind = 'setup_number'`,
    `SELECT count(*)::int FROM number_assignment WHERE released_at IS NULL`,
  ];
  const before = [await value(setups), await value(held)] as number[];
  const project = await whole(ann, numbers);
  await app.get(SubmitPortProject).execute(ann, project.id, null);
  const orders = async () => ordersOf(ann, project.id);
  expect((await orders()).map((o) => o.state)).toEqual(Array(5).fill('in_review'));
  for (const { id } of await orders()) {
    await app.get(ReviewPortOrder).execute(system, id, 'approve');
    await app.get(SendPort).execute(ann.tenantId, id);
  }
  await pass({ hours: 3 });
  const dates = new Set((await orders()).map((o) => o.focAt!.getTime()));
  expect(dates.size).toBe(1);
  await passUntil(new Date([...dates][0]! + 5 * MINUTE), 480 * MINUTE);
  expect((await orders()).map((o) => o.state)).toEqual(Array(5).fill('completed'));
  expect([await value(setups), await value(held)]).toEqual(before.map((count) => count + 5_000));
  expect(await entry(numbers[4_999]!)).not.toBeNull();
}, 120_000);

describe('a number', () => {
  it('is in one open port, whoever’s, and nobody learns whose', async () => {
    await draft(ann, ['+12125557001', '+12125557002']);
    const attempt = draft(bob, ['+12125557003', '+12125557002'], null);
    await expect(attempt).rejects.toMatchObject({ code: 'port_order.number_unavailable', errors: [{ pointer: '/numbers/1' }] });
    expect(await value(`SELECT count(*)::int FROM port_project WHERE tenant_id = $1`, bob.tenantId)).toBe(0);
    const races = await Promise.all(Array.from({ length: 8 }, (_, i) => codeOf(draft(i % 2 ? ann : bob, ['+12125557009'], null))));
    expect(races.sort()).toEqual(['done', ...Array<string>(7).fill('port_order.number_unavailable')]);
  });

  it('that is here already is refused with the same words', async () => {
    expect(await codeOf(draft(bob, ['+12125550000'], null))).toBe('port_order.number_unavailable');
  });

  it('may be tried again once its port was cancelled', async () => {
    const project = await draft(ann, ['+12125557010']);
    const [{ id } = { id: '' }] = await ordersOf(ann, project.id);
    await command(id, 'cancel');
    expect((await order(id)).state).toBe('cancelled');
    expect(await codeOf(draft(bob, ['+12125557010'], null))).toBe('done');
  });
});

describe('a history', () => {
  it.each(['port_event', 'port_out_event'])('is added to and never changed: %s', async (table) => {
    const may = `SELECT string_agg(r || ' ' || p, ', ') FROM unnest(ARRAY['trunkline_app', 'trunkline_system']) r, unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) p
      WHERE has_table_privilege(r, $1, p) OR (p = 'UPDATE' AND has_any_column_privilege(r, $1, p))`;
    expect(await value(may, table)).toBeNull();
  });
});

describe('what an order tells and shows', () => {
  const faultsOf = async (id: string) => (await order(id)).faults.map(({ pointer, code }) => `${pointer} ${code}`);

  it('is asked for by its country: each fault is named before anything is submitted', async () => {
    const project = await checked(ann, ['+12125557080', '+442079460080']);
    const orders = await ordersOf(ann, project.id);
    const [british, american] = ['GB', 'US'].map((country) => orders.find((o) => o.country === country)!.id);
    expect(await faultsOf(american!)).toEqual(['/documents/letter_of_authority unsigned']);
    expect(await faultsOf(british!)).toEqual([
      '/fields/billing_number missing',
      '/fields/postal_code malformed',
      '/fields/losing_provider_code missing',
      '/fields/range_holder_code missing',
      '/documents/letter_of_authority unsigned',
    ]);
    const attempt = app.get(SubmitPortProject).execute(ann, project.id, null);
    await expect(attempt).rejects.toMatchObject({ code: 'port_order.incomplete' });
    const told: unknown = await attempt.catch((error: unknown) => error);
    const pointer = `/orders/${toPublicId('portOrder', british!)}/fields/postal_code`;
    expect(told).toMatchObject({ errors: expect.arrayContaining([expect.objectContaining({ pointer })]) });
  });

  it('is whole at the very submission: a letter that grew too old meanwhile is refused', async () => {
    const project = await whole(ann, ['+12125557081']);
    const [{ id } = { id: '' }] = await ordersOf(ann, project.id);
    await owner.query(`UPDATE port_document SET dated_at = dated_at - interval '31 days' WHERE order_id = $1`, [id]);
    const attempt = app.get(SubmitPortProject).execute(ann, project.id, null);
    await expect(attempt).rejects.toMatchObject({ errors: [{ code: 'too_old', pointer: expect.stringContaining('/documents/letter') }] });
    expect((await order(id)).state).toBe('ready');
  });

  it('is asked again when a correction leaves it wrong', async () => {
    const project = await whole(ann, ['+12125557082']);
    const [{ id } = { id: '' }] = await ordersOf(ann, project.id);
    await app.get(UpdatePortOrder).execute(ann, id, { fields: { postal_code: '1' } });
    expect([(await order(id)).state, await faultsOf(id)]).toEqual(['incomplete', ['/fields/postal_code malformed']]);
    await app.get(UpdatePortOrder).execute(ann, id, { fields: { postal_code: '10118' } });
    expect((await order(id)).state).toBe('ready');
  });

  it('stands beside what the losing carrier has on record', async () => {
    const project = await checked(ann, ['+12125560001']);
    const [found] = await ordersOf(ann, project.id);
    expect(found!.comparison).toEqual({
      lines: [{ field: 'subscriber_name', ours: 'Ann', theirs: 'Emulated Subscriber Ltd', same: false }],
      notOnAccount: [],
      staying: [],
    });
  });

  it('has a date on which the losing carrier works', async () => {
    const project = await whole(ann, ['+12125557083']);
    const saturday = new Date(clock.now());
    saturday.setUTCHours(17);
    saturday.setUTCDate(saturday.getUTCDate() + 14 + ((6 - saturday.getUTCDay() + 7) % 7));
    const wednesday = new Date(saturday.getTime() - 3 * 24 * 60 * MINUTE);
    const closed = { country: 'US', losingCarrierId: 'EM01', date: wednesday.toISOString().slice(0, 10), closed: true, name: 'Moving' };
    const { id } = await app.get(CarrierHolidays).add(system, closed);
    const submit = (on: Date) => app.get(SubmitPortProject).execute(ann, project.id, on);
    for (const day of [saturday, wednesday])
      await expect(submit(day)).rejects.toMatchObject({ errors: [{ pointer: '/requested_foc_at', code: 'not_a_business_day' }] });
    await app.get(CarrierHolidays).remove(system, id);
    expect(await codeOf(submit(wednesday))).toBe('done');
  });
});

describe('an order', () => {
  it('refuses what its state does not take, and says what it takes', async () => {
    const [{ id } = { id: '' }] = await ordersOf(ann, (await draft(ann, ['+12125557020'])).id);
    await expect(command(id, 'resubmit')).rejects.toMatchObject({ members: { state: 'draft', allowed: ['check', 'cancel'] } });
    expect(await codeOf(app.get(CommandPortOrder).execute(bob, id, 'cancel'))).toBe('resource.not_found');
  });

  it('of a tenant that is not verified is looked at by somebody else first', async () => {
    await owner.query(`UPDATE tenant_node SET verified_until = NULL WHERE id = $1`, [ann.tenantId]);
    const project = await whole(ann, ['+12125557030']);
    await app.get(SubmitPortProject).execute(ann, project.id, null);
    const [{ id } = { id: '' }] = await ordersOf(ann, project.id);
    expect((await order(id)).state).toBe('in_review');
    expect(await codeOf(app.get(ReviewPortOrder).execute({ ...system, actor: ann.actor }, id, 'approve'))).toBe('port_order.own_review');
    await app.get(ReviewPortOrder).execute(system, id, 'approve');
    expect((await order(id)).state).toBe('submitting');
    await owner.query(`UPDATE tenant_node SET verified_until = '2100-01-01'`);
  });

  it('whose carrier says what nobody understands is escalated once and moves on by what is understood; what its people say is kept once', async () => {
    const id = await submitted(ann, ['+12125557044']);
    const carrier = app.get<PortingCarrier>(PortingCarrier);
    const true_ = await carrier.getOrder(`em_${id}`);
    const strange = { ...true_, status: 'unknown' as const, carrierStatus: 'ON_HOLD', version: true_.version + 1 };
    const asked = jest.spyOn(carrier, 'getOrder').mockResolvedValue(strange);
    const said = jest.spyOn(carrier, 'notes').mockResolvedValue([{ id: 'c-1', text: 'They ask for a bill', at: clock.now() }]);
    for (let turn = 0; turn < 3; turn++) await app.get(ReconcilePort).execute(ann.tenantId, id);
    asked.mockRestore();
    said.mockRestore();
    const history = await app.get(PortQueries).history(ann, id);
    const escalations = history.filter((e) => e.event === 'escalated');
    expect(escalations.map((e) => e.data.reason)).toEqual(['The carrier says ON_HOLD, which means nothing here']);
    const notes = await app.get(PortNoteQueries).of(ann, 'tenant', { portOrderId: id, portOutId: null });
    expect(notes.map((n) => [n.side, n.body])).toEqual([['carrier', 'They ask for a bill']]);
  });

  it('that its carrier will not cancel any more is as it was, and the carrier is not told again', async () => {
    const id = await submitted(ann, ['+12125557046']);
    const carrier = app.get<PortingCarrier>(PortingCarrier);
    const { state } = await order(id);
    const refuse = jest.spyOn(carrier, 'cancel').mockRejectedValue(new CarrierRefusal('7301', 'Too late'));
    await command(id, 'cancel');
    for (let turn = 0; turn < 2; turn++) await app.get(SendPort).execute(ann.tenantId, id);
    expect(refuse).toHaveBeenCalledTimes(1);
    refuse.mockRestore();
    const history = await app.get(PortQueries).history(ann, id);
    expect(history.find((e) => e.event === 'cancel_too_late')?.data.reason).toBe('7301: Too late');
    expect((await order(id)).state).toBe(state);
  });

  it('is moved only to when the calendar and its carrier both take it; a silent carrier leaves it to the calendar', async () => {
    const project = await whole(ann, ['+12125557048']);
    const [{ id } = { id: '' }] = await ordersOf(ann, project.id);
    const { earliestAt } = await app.get(PortDates).of(ann, id);
    for (let days = 5, done = ''; done !== 'done'; days++)
      // the first working day after five
      done = await codeOf(app.get(SubmitPortProject).execute(ann, project.id, new Date(earliestAt!.getTime() + days * 1_440 * MINUTE)));
    await app.get(SendPort).execute(ann.tenantId, id);
    await pass({ hours: 2 });
    const at = (await app.get(PortDates).of(ann, id)).earliestAt!;
    const carrier = app.get<PortingCarrier>(PortingCarrier);
    const later = { from: new Date(at.getTime() + 60 * MINUTE), to: new Date(at.getTime() + 120 * MINUTE) };
    const windows = jest.spyOn(carrier, 'focWindows').mockResolvedValue([later]);
    const moved = (to: Date) => codeOf(app.get(CommandPortOrder).execute(ann, id, 'reschedule', { requestedFocAt: to.toISOString() }));
    expect((await app.get(PortDates).of(ann, id)).earliestAt).toEqual(later.from);
    expect(await moved(at)).toBe('request.invalid');
    windows.mockRejectedValue(new Error('no answer'));
    expect((await app.get(PortDates).of(ann, id)).earliestAt).toEqual(at);
    windows.mockResolvedValue([later]);
    expect([await moved(later.from), (await order(id)).state]).toEqual(['done', 'supplementing']);
    windows.mockRestore();
  });

  it('comes at a word, ahead of its date, and only while it is open', async () => {
    const id = await submitted(ann, ['+12125557040']);
    await pass({ hours: 2 });
    await command(id, 'activate_now');
    expect(await entry('+12125557040')).not.toBeNull(); // the calls are taken before the carrier is told
    await pass({ hours: 1 });
    expect((await order(id)).state).toBe('completed');
  });

  it('that nobody touches for 30 days expires, with reminders before, and frees its numbers', async () => {
    const [{ id } = { id: '' }] = await ordersOf(ann, (await draft(ann, ['+12125557050'])).id);
    await pass({ days: 31 });
    expect((await order(id)).state).toBe('expired');
    expect(await codeOf(draft(bob, ['+12125557050'], null))).toBe('done');
  });
});

describe('a worker that dies', () => {
  it('at any step of a submission and an activation leaves what the next one finishes in the same place', async () => {
    const id = await submitted(ann, ['+12125557060']);
    const carrier = app.get<PortingCarrier>(PortingCarrier);
    // the carrier has it, and the acknowledgement was lost with the process
    await owner.query(`DELETE FROM port_event WHERE order_id = $1 AND event = 'sent'`, [id]);
    await owner.query(`UPDATE port_order SET carrier_ref = NULL WHERE id = $1`, [id]);
    await app.get(SendPort).execute(ann.tenantId, id);
    expect((await carrier.getOrder(`em_${id}`)).version).toBe(1);
    await pass({ hours: 26 });
    expect((await order(id)).state).toBe('completed');
    expect(
      await value(
        `SELECT count(*)::int FROM posting WHERE reference LIKE (SELECT n.id::text FROM port_number n WHERE n.order_id = $1) || ':%'`,
        id,
      ),
    ).toBe(1);
  });

  it('in the middle of writing an activation down leaves nothing half done', async () => {
    const id = await submitted(ann, ['+12125557070']);
    await pass({ hours: 3 });
    await owner.query(`ALTER TABLE posting ADD CONSTRAINT dead CHECK (kind <> 'setup_number') NOT VALID`);
    clock.advance({ hours: 24 });
    await app.get(SweepPorts).execute();
    expect([(await order(id)).state, await value(`SELECT count(*)::int FROM number_assignment WHERE e164 = '+12125557070'`)]).toEqual([
      'activating',
      0,
    ]);
    expect(await entry('+12125557070')).not.toBeNull();
    await owner.query(`ALTER TABLE posting DROP CONSTRAINT dead`);
    await pass({ hours: 3 });
    expect((await order(id)).state).toBe('completed');
  });
});
