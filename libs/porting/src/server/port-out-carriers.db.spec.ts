import { Global, Module } from '@nestjs/common';
import type { INestApplicationContext } from '@nestjs/common';
import { BandwidthPortOutCarrier, EmulatedPortOutCarrier, PORT_OUT_SETTINGS, TelnyxPortOutCarrier } from '@trunkline/carriers/server';
import type { PortOutSettings, SignedMessage } from '@trunkline/carriers/server';
import { CdrSink, EdgeWorkerModule } from '@trunkline/edge/server';
import { AppError, newId, systemContext, tenantContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { RatingModule } from '@trunkline/rating/server';
import { CreateTenant, TenancyModule } from '@trunkline/tenancy/server';
import {
  FakeClock,
  askForNumbers,
  createTestContext,
  createTestDatabase,
  moveNumbers,
  movePortOut,
  orderNumbers,
  portOutNotice,
  startBandwidthEmulator,
  startTelnyxEmulator,
  understood,
  validationOf,
} from '@trunkline/testing';
import type { BandwidthEmulator, TelnyxEmulator, TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { AddPortNote } from './add-port-note.ts';
import { DecidePortOut } from './decide-port-out.ts';
import { PortOutQueries } from './port-out-queries.ts';
import { PortOutChangeProcessor } from './port-outs.jobs.ts';
import { PortingModule } from './porting.module.ts';
import { ProtectNumbers } from './protect-numbers.ts';
import { ReceivePortOut } from './receive-port-out.ts';
import { SettlePortOutDispute } from './settle-port-out-dispute.ts';
import { SweepPortOuts } from './sweep-port-outs.ts';
import { TellPortNote } from './tell-port-note.ts';

// One story of each carrier, told by its own emulator through its own HTTP: what it is downstream does not depend on who tells it, nor how.
const system = systemContext('test');
const clock = new FakeClock('2026-03-02T15:30:00Z');
const CALLBACK = { user: 'bw', password: 'callback-password' };
let database: TestDatabase;
let app: INestApplicationContext;
let owner: pg.Client;
let ann: TenantContext;
let telnyx: TelnyxEmulator;
let bandwidth: BandwidthEmulator;

beforeAll(async () => {
  [database, telnyx, bandwidth] = await Promise.all([createTestDatabase(), startTelnyxEmulator(), startBandwidthEmulator()]);
  const { accountId, user, password, url } = bandwidth;
  const settings: PortOutSettings = {
    real: [
      new TelnyxPortOutCarrier({ apiKey: 'KEY', publicKey: telnyx.publicKey, url: telnyx.url, timeoutMs: 2_000 }, clock),
      new BandwidthPortOutCarrier({ accountId, user, password, siteId: '1', callback: CALLBACK, url, timeoutMs: 2_000 }, clock),
    ],
    emulated: true,
  };
  @Global()
  @Module({ providers: [{ provide: PORT_OUT_SETTINGS, useValue: settings }], exports: [PORT_OUT_SETTINGS] })
  class SettingsModule {}
  const edges = EdgeWorkerModule.of({
    gateway: undefined,
    compiler: false,
    watch: { lostAfterSecs: 30, failoverAfterSecs: 60 },
    cdrSink: { provide: CdrSink, useValue: { store: () => Promise.reject(new Error('no calls here')) } },
    imports: [],
  });
  app = await createTestContext(database, [TenancyModule, RatingModule, SettingsModule, PortingModule, edges], clock);
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const input = { name: 'Ann', country: 'US', currency: 'USD', channelsMax: null, parentId: null, externalReference: null };
  const { id } = await app.get(CreateTenant).execute(system, input);
  ann = tenantContext(id, { type: 'api_key', id: newId() }, 'req_test');
  await owner.query('UPDATE tenant_node SET numbers_used = 100');
});
afterAll(async () => {
  await app?.close();
  await Promise.all([telnyx?.stop(), bandwidth?.stop(), owner?.end()]);
  await database?.drop();
});

const value = async (text: string, ...values: unknown[]): Promise<unknown> =>
  (await owner.query({ text, values, rowMode: 'array' })).rows[0]?.[0];
let line = 100;
const held = async (): Promise<{ id: string; e164: string }> => {
  const [id, e164] = [newId(), `+12125550${++line}`];
  await owner.query(
    `INSERT INTO number_inventory (e164, country, area_code, type, state, created_at) VALUES ($1, 'US', '212', 'local', 'assigned', now())`,
    [e164],
  );
  await owner.query(`INSERT INTO number_assignment (tenant_id, id, e164, created_at, updated_at) VALUES ($1, $2, $3, now(), now())`, [
    ann.tenantId,
    id,
    e164,
  ]);
  return { id, e164 };
};
const header = (headers: Readonly<Record<string, string>>) => (name: string) => headers[name];
const basic = header({ authorization: `Basic ${Buffer.from(`${CALLBACK.user}:${CALLBACK.password}`).toString('base64')}` });
const receive = (message: SignedMessage) => app.get(ReceivePortOut).execute(message, 'req_carrier');
/** A message, and what the worker does of it. */
const hear = async (message: SignedMessage): Promise<void> => {
  const before = await value(`SELECT count(*)::int FROM outbox WHERE type = 'carrier_port_out.changed'`);
  await receive(message);
  const { rows } = await owner.query(`SELECT payload FROM outbox WHERE type = 'carrier_port_out.changed' ORDER BY id OFFSET $1`, [before]);
  for (const { payload } of rows) await app.get(PortOutChangeProcessor).process({ data: { data: payload } } as never);
};
const sweep = () => app.get(SweepPortOuts).execute();
const found = async (e164: string) => {
  const { data } = await app.get(PortOutQueries).list(ann, { limit: 200 });
  return data.filter((p) => p.numbers.some((n) => n.e164 === e164));
};
const one = async (e164: string) => {
  const all = await found(e164);
  expect(all).toHaveLength(1);
  return all[0]!;
};
const history = async (e164: string): Promise<string[]> =>
  (await app.get(PortOutQueries).history(ann, (await one(e164)).id)).map((e) => `${e.state} ${e.by}`);
/** A note for the carrier, and what the worker does of it. */
const say = async (portOutId: string, text: string): Promise<void> => {
  const note = await app
    .get(AddPortNote)
    .execute(ann, 'tenant', { portOrderId: null, portOutId }, { text, audience: 'carrier', mentions: [] });
  for (const _ of [1, 2]) await app.get(TellPortNote).toCarrier(ann.tenantId, note.id);
};
const inventory = (e164: string) => value(`SELECT state FROM number_inventory WHERE e164 = $1`, e164);
const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );

/** What each carrier is brought to do: it asks (where it asks later), makes the date firm, has the numbers, and sends what it would send of it. */
type World = {
  ask(e164: string): Promise<string>;
  schedule(ref: string): Promise<SignedMessage>;
  port(ref: string): Promise<SignedMessage>;
  fail(on: boolean): void;
};
/** How a request begins here that is found once it is firm. */
const BEGINS = ['received carrier', 'authorized carrier', 'foc_scheduled carrier'];
const telnyxSays = (ref: string): SignedMessage => {
  const { body, headers } = telnyx.tellOfPort('portout.status_changed', { id: ref });
  return { rawBody: Buffer.from(body), header: header(headers) };
};
const bandwidthSays = (ref: string): SignedMessage => ({ rawBody: Buffer.from(portOutNotice(bandwidth.portOuts, ref)), header: basic });
const emulatedSays = ({ body, signature }: { body: Uint8Array; signature: string }): SignedMessage => ({
  rawBody: body,
  header: header({ 'carrier-signature': signature }),
});
const later = () => clock.set(new Date(clock.now().getTime() + 1)); // its books go by our clock
const step = async (ref: string, what: 'schedule' | 'port') => {
  later();
  return emulatedSays((await app.get(EmulatedPortOutCarrier).takeStep(ref, what))!);
};
const worlds: Readonly<Record<string, World>> = {
  emulated: {
    ask: async (e164) => {
      const rest = { pin: null, accountNumber: null, postalCode: null, subscriberName: null, purchaseOrder: null };
      const request = { ...rest, numbers: [e164], winningCarrier: { id: null, name: 'W' }, deadline: new Date('2026-03-03T15:00:00Z') };
      later();
      return (await app.get(EmulatedPortOutCarrier).ask(request, false)).ref;
    },
    schedule: (ref) => step(ref, 'schedule'),
    port: (ref) => step(ref, 'port'),
    fail: () => {},
  },
  telnyx: {
    ask: async (e164) => askForNumbers(telnyx.portOuts, { phone_numbers: [e164] }).id,
    schedule: async (ref) => {
      movePortOut(telnyx.portOuts, ref, { status: 'authorized', foc_date: '2026-03-10T15:30:00Z' });
      return telnyxSays(ref);
    },
    port: async (ref) => {
      movePortOut(telnyx.portOuts, ref, { status: 'ported' });
      return telnyxSays(ref);
    },
    fail: (on) => void (telnyx.mood = on ? 'failing' : 'well'),
  },
  bandwidth: {
    ask: async (e164) => orderNumbers(bandwidth.portOuts, newId(), [e164.slice(2)], 'PENDING').orderId,
    schedule: async (ref) => {
      moveNumbers(bandwidth.portOuts, ref, { status: 'FOC' });
      return bandwidthSays(ref);
    },
    port: async (ref) => {
      moveNumbers(bandwidth.portOuts, ref, { status: 'COMPLETE' });
      return bandwidthSays(ref);
    },
    fail: (on) => void (bandwidth.mood = on ? 'failing' : 'well'),
  },
};

// Telnyx signs with the time of the machine, which has to be near ours
const atMachineTime = async (act: () => Promise<void>): Promise<void> => {
  const before = clock.now();
  clock.set(new Date());
  await act().finally(() => clock.set(before));
};

describe.each(Object.keys(worlds))('%s', (name) => {
  const world = worlds[name]!;
  const heard = (message: SignedMessage) => (name === 'telnyx' ? atMachineTime(() => hear(message)) : hear(message));

  it('is the same told by a message or found by asking, once, however often and late it is told', async () => {
    const [told, polled] = [await held(), await held()];
    const [a, b] = [await world.ask(told.e164), await world.ask(polled.e164)];
    const [first, missed] = [await world.schedule(a), await world.schedule(b)];
    for (const _ of [1, 2]) await heard(first);
    expect(await found(polled.e164)).toEqual([]);
    for (const _ of [1, 2]) await sweep();
    expect(await history(told.e164)).toEqual(BEGINS);
    expect(await history(polled.e164)).toEqual(BEGINS);
    const apart = ({
      id: _,
      carrierRef: __,
      carrierVersion: ___,
      purchaseOrder: ____,
      numbers,
      ...rest
    }: Awaited<ReturnType<typeof one>>) => ({
      ...{ ...rest, numbers: numbers.length },
      ...{
        createdAt: 0,
        updatedAt: 0,
        receivedAt: 0,
        stateSince: 0,
        carrierDeadlineAt: 0,
        revision: 0,
        answerBy: 0,
        focAt: rest.focAt !== null,
      },
    });
    expect(apart(await one(told.e164))).toEqual(apart(await one(polled.e164)));
    const last = await world.port(a);
    await heard(last);
    await heard(first); // late, and out of order
    await heard(missed);
    await sweep();
    expect(await history(told.e164)).toEqual([...BEGINS, 'completed carrier']);
    expect([await inventory(told.e164), await inventory(polled.e164)]).toEqual(['ported_out', 'porting_out']);
  });

  it('is left for later as a whole where it cannot be read, and found then', async () => {
    const { e164 } = await held();
    await world.schedule(await world.ask(e164));
    world.fail(true);
    await sweep();
    if (name !== 'emulated') expect(await found(e164)).toEqual([]);
    world.fail(false);
    await sweep();
    expect(await history(e164)).toEqual(BEGINS);
    expect(await inventory(e164)).toBe('porting_out');
  });

  it('tells no tenant of a number that nobody has, and is not believed without its signature', async () => {
    const ref = await world.ask('+12125559999');
    const message = await world.schedule(ref);
    const written = () => value(`SELECT (SELECT count(*) FROM outbox)::int + (SELECT count(*) FROM carrier_port_out)::int`);
    const before = await written();
    const forged = { ...message, header: (key: string) => message.header(key)?.replace(/.{4}$/, 'AAA=') };
    expect(await codeOf(receive(forged))).toBe('porting.bad_signature');
    expect(await codeOf(receive({ ...message, header: () => undefined }))).toBe('porting.bad_signature');
    expect(await written()).toBe(before);
    await heard(message);
    expect(await value(`SELECT owner_id IS NULL FROM carrier_port_out WHERE carrier = $1 AND ref = $2`, name, ref)).toBe(true);
    expect(await found('+12125559999')).toEqual([]);
  });
});

describe('an answer to Telnyx', () => {
  const asked = async () => {
    const { e164 } = await held();
    const { id: ref } = askForNumbers(telnyx.portOuts, { phone_numbers: [e164] });
    await sweep();
    return { e164, ref, id: (await one(e164)).id, at: () => telnyx.portOuts.requests.find((r) => r.id === ref)! };
  };
  const reject = { kind: 'reject', reason: 'NAME_MISMATCH', evidence: 'The account is of Ann Miller' } as const;

  it('is asked of the tenant two hours before silence is a yes, and told in its words', async () => {
    const { e164, id, at } = await asked();
    expect((await one(e164)).answerBy?.toISOString()).toMatch(/^2026-03-03T13:00/);
    await app.get(DecidePortOut).answer(ann, id, reject);
    await sweep();
    expect(at()).toMatchObject({ status: 'rejected-pending', reason: '1004 Subscriber name mismatch. The subscriber’s name does not match. The account is of Ann Miller' }); // prettier-ignore
    expect(await inventory(e164)).toBe('assigned');
  });

  it('is told again after an error, and once', async () => {
    const { e164, id, at } = await asked();
    await app.get(DecidePortOut).answer(ann, id, { kind: 'authorize' });
    telnyx.mood = 'failing';
    await sweep();
    expect([at().status, (await one(e164)).tellDueAt === null]).toEqual(['pending', false]);
    telnyx.mood = 'well';
    for (const _ of [1, 2]) await sweep();
    expect([at().status, (await one(e164)).tellDueAt, await inventory(e164)]).toEqual(['authorized', null, 'porting_out']);
  });

  it('that it refuses is not told again, and its tenant hears of it; the number leaves all the same when it says so', async () => {
    const { e164, ref, id } = await asked();
    await app.get(DecidePortOut).answer(ann, id, reject);
    movePortOut(telnyx.portOuts, ref, { status: 'authorized' }); // its people were faster
    for (const _ of [1, 2]) await sweep();
    const said = (await app.get(PortOutQueries).history(ann, id)).map((e) => [e.state, e.by, e.reason]);
    expect(said.slice(2)).toEqual([
      ['rejected', 'tenant', 'NAME_MISMATCH'],
      ['rejected', 'carrier', 'The carrier did not take it: Telnyx has the request as authorized already (authorized)'],
    ]);
    expect(
      await value(`SELECT count(*)::int FROM outbox WHERE type = 'port_out.refused_by_carrier' AND payload ->> 'portOutId' = $1`, id),
    ).toBe(1);
    movePortOut(telnyx.portOuts, ref, { status: 'ported' });
    await sweep();
    expect([(await one(e164)).state, await inventory(e164)]).toEqual(['completed', 'ported_out']);
  });

  it('about a number that nobody has is no as well: silence would be a yes', async () => {
    const { id: ref } = askForNumbers(telnyx.portOuts, { phone_numbers: ['+12125559997'] });
    telnyx.mood = 'failing';
    await sweep();
    telnyx.mood = 'well';
    for (const _ of [1, 2]) await sweep();
    const { status, reason } = telnyx.portOuts.requests.find((r) => r.id === ref)!;
    expect([status, reason]).toEqual(['rejected-pending', 'The number is not of this account']);
    expect(await value(`SELECT count(*)::int FROM carrier_port_out WHERE tell_due_at IS NOT NULL`)).toBe(0);
  });

  it('is not all that it is told: notes too, once; and how a dispute ended is what the operator writes down', async () => {
    const { e164, id, ref } = await asked();
    await say(id, 'Nobody here knows of it');
    await say(id, 'Please call us');
    const comments = () => telnyx.portOuts.comments.filter((c) => c.portout_id === ref).map((c) => c.body);
    expect(comments()).toEqual([expect.stringContaining('Nobody here knows of it'), expect.stringContaining('Please call us')]);
    movePortOut(telnyx.portOuts, ref, { status: 'ported' });
    await sweep();
    await app.get(DecidePortOut).dispute(ann, id, 'Nobody here asked for it');
    await sweep();
    expect((await app.get(PortOutQueries).disputed(system, { limit: 10 })).data.map((p) => p.id)).toEqual([id]);
    const settled = await app.get(SettlePortOutDispute).execute(system, id, 'upheld', 'Telnyx support, by mail');
    expect([settled.state, await inventory(e164)]).toEqual(['upheld', 'ported_out']);
    for (const _ of [1, 2]) await sweep();
    expect((await history(e164)).slice(-2)).toEqual(['disputed tenant', 'upheld operator']);
    expect((await app.get(PortOutQueries).disputed(system, { limit: 10 })).data).toEqual([]);
    const told = `SELECT array_agg(type ORDER BY id) FROM outbox WHERE type IN ('port_out.reversing', 'port_out.restored', 'port_out.upheld') AND payload ->> 'portOutId' = $1`;
    expect(await value(told, id)).toEqual(['port_out.upheld']);
  });

  it('that others gave there is taken over', async () => {
    const { e164, ref } = await asked();
    movePortOut(telnyx.portOuts, ref, { status: 'rejected' });
    await sweep();
    expect([(await one(e164)).state, (await one(e164)).decidedBy, await inventory(e164)]).toEqual(['rejected', 'carrier', 'assigned']);
  });
});

describe('Bandwidth on the line', () => {
  const ask = async (pon: string, e164: string, pin?: string) => {
    const body = validationOf({ pon, numbers: [e164.slice(2)], ...(pin !== undefined && { pin }) });
    const { reply } = await receive({ rawBody: Buffer.from(body), header: basic });
    return understood(200, reply?.body ?? '');
  };

  it('is answered from what is stored, a repeat alike and a corrected request anew; the order that follows is the last of them', async () => {
    const { e164, id } = await held();
    await app.get(ProtectNumbers).change(ann, id, { pin: '4711' });
    expect(await ask('PON-7', e164)).toEqual({ outcome: 'exception', code: '7512' });
    for (const _ of [1, 2]) expect(await ask('PON-7', e164, '0000')).toEqual({ outcome: 'exception', code: '7513' });
    for (const _ of [1, 2]) expect(await ask('PON-7', e164, '4711')).toEqual({ outcome: 'approved' });
    expect(await value(`SELECT wrong FROM port_out_guess WHERE subject_id = $1`, id)).toBe(1);
    later();
    const { orderId } = orderNumbers(bandwidth.portOuts, 'PON-7', [e164.slice(2)]);
    await hear(bandwidthSays(orderId));
    for (const _ of [1, 2]) await sweep();
    const states = (await found(e164)).map((p) => p.state).sort();
    expect(states).toEqual(['foc_scheduled', 'rejected', 'rejected']);
    moveNumbers(bandwidth.portOuts, orderId, { status: 'COMPLETE' });
    await sweep();
    const done = (await found(e164)).find((p) => p.state === 'completed')!;
    await app.get(DecidePortOut).dispute(ann, done.id, 'Nobody here asked for it');
    for (const _ of [1, 2]) await sweep();
    const told = () => bandwidth.portOuts.orders.find((o) => o.orderId === orderId)!.notes.map((n) => n.Description);
    expect(told()).toEqual([expect.stringContaining('Nobody here asked for it')]);
    await say(done.id, 'The line is a hospital’s');
    expect(told()).toEqual([expect.anything(), expect.stringContaining('The line is a hospital’s')]);
    await app.get(SettlePortOutDispute).execute(system, done.id, 'upheld', 'Bandwidth’s LNP desk, by mail');
    for (const _ of [1, 2]) await sweep();
    const end = (await app.get(PortOutQueries).history(ann, done.id)).at(-1);
    expect([end, await inventory(e164)]).toMatchObject([
      { state: 'upheld', by: 'operator', reason: 'Bandwidth’s LNP desk, by mail' },
      'ported_out',
    ]);
    expect(await codeOf(app.get(SettlePortOutDispute).execute(system, done.id, 'restored', 'no'))).toBe('port_out.not_disputed');
  });

  it('has nobody to tell a note to before there is an order of it', async () => {
    const { e164 } = await held();
    expect(await ask('PON-6', e164)).toEqual({ outcome: 'approved' });
    expect(await codeOf(say((await one(e164)).id, 'Who is it?'))).toBe('request.invalid');
  });

  it('knows an order that names no number by its PON', async () => {
    const { e164 } = await held();
    expect(await ask('PON-8', e164)).toEqual({ outcome: 'approved' });
    bandwidth.portOuts.namesNumbers = false;
    orderNumbers(bandwidth.portOuts, 'PON-8', [], 'COMPLETE');
    await sweep();
    bandwidth.portOuts.namesNumbers = true;
    expect([(await one(e164)).state, await inventory(e164)]).toEqual(['completed', 'ported_out']);
  });

  it('is refused for a number of nobody, and for what cannot be read', async () => {
    expect(await ask('PON-9', '+12125559998')).toEqual({ outcome: 'cancelled', code: '7516' });
    const { reply } = await receive({ rawBody: Buffer.from('<Something/>'), header: basic });
    expect(understood(200, reply?.body ?? '')).toEqual({ outcome: 'exception', code: '7598' });
  });
});
