import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FactoryProvider } from '@nestjs/common';
import { AppError } from '@trunkline/kernel';
import {
  FakeClock,
  askForNumbers,
  moveNumbers,
  movePortOut,
  orderNumbers,
  portOutNotice,
  startBandwidthEmulator,
  startTelnyxEmulator,
  understood,
  validationOf,
} from '@trunkline/testing';
import type { BandwidthEmulator, TelnyxEmulator } from '@trunkline/testing';
import { BandwidthPortOutCarrier } from './bandwidth/bandwidth-port-out-carrier.ts';
import type { SignedMessage } from './number-supplier.ts';
import { NumberSupplyModule, supplyEnv } from './number-supply.module.ts';
import type { SupplyEnv } from './number-supply.module.ts';
import type { PortOutCarrier } from './port-out-carrier.ts';
import { PORT_OUT_SETTINGS } from './port-out-carriers.ts';
import type { PortOutSettings } from './port-out-carriers.ts';
import { CarrierRefusal } from './porting-carrier.ts';
import { TelnyxPortOutCarrier } from './telnyx/telnyx-port-out-carrier.ts';

const NUMBERS = ['+12125550142', '+12125550143'];
const CALLBACK = { user: 'bw', password: 'callback-password' };
const clock = new FakeClock(new Date('2026-03-02T15:30:00Z'));
const now = () => clock.now();

/** One request at a carrier that is decided there, in each emulator's words. */
type World = {
  readonly carrier: PortOutCarrier;
  readonly ref: string;
  ported(): void;
  message(): SignedMessage;
  /** What was said to the carrier's people. */
  remarks(): readonly string[];
  fail(on: boolean): void;
  stop(): Promise<void>;
};
const header = (headers: Readonly<Record<string, string>>) => (name: string) => headers[name];
const basic = header({ authorization: `Basic ${Buffer.from(`${CALLBACK.user}:${CALLBACK.password}`).toString('base64')}` });
const bandwidthOf = ({ accountId, user, password, url }: BandwidthEmulator) =>
  new BandwidthPortOutCarrier({ accountId, user, password, siteId: '2297', callback: CALLBACK, url, timeoutMs: 2_000 }, clock);
const telnyxOf = ({ publicKey, url }: TelnyxEmulator) =>
  new TelnyxPortOutCarrier({ apiKey: 'KEY', publicKey, url, timeoutMs: 2_000 }, clock);

const telnyx = async (): Promise<World> => {
  const emulator = await startTelnyxEmulator();
  const { portOuts } = emulator;
  const { id: ref } = askForNumbers(portOuts, { phone_numbers: NUMBERS });
  movePortOut(portOuts, ref, { status: 'authorized', foc_date: '2026-03-10T15:30:00Z' });
  return {
    carrier: telnyxOf(emulator),
    ref,
    ported: () => void movePortOut(portOuts, ref, { status: 'ported' }),
    message: () => {
      const { body, headers } = emulator.tellOfPort('portout.status_changed', { id: ref, status: 'authorized', phone_numbers: NUMBERS });
      return { rawBody: Buffer.from(body), header: header(headers) };
    },
    remarks: () => portOuts.comments.map((c) => c.body),
    fail: (on) => void (emulator.mood = on ? 'failing' : 'well'),
    stop: () => emulator.stop(),
  };
};
const bandwidth = async (): Promise<World> => {
  const emulator = await startBandwidthEmulator();
  const { portOuts } = emulator;
  const { orderId: ref, notes } = orderNumbers(
    portOuts,
    'PON-1',
    NUMBERS.map((n) => n.slice(2)),
  );
  return {
    carrier: bandwidthOf(emulator),
    ref,
    ported: () => moveNumbers(portOuts, ref, { status: 'COMPLETE' }),
    message: () => ({ rawBody: Buffer.from(portOutNotice(portOuts, ref)), header: basic }),
    remarks: () => notes.map((n) => n.Description),
    fail: (on) => void (emulator.mood = on ? 'failing' : 'well'),
    stop: () => emulator.stop(),
  };
};
const outcome = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'done',
    (error: unknown) => (error instanceof CarrierRefusal ? error.carrierCode : error instanceof AppError ? error.code : String(error)),
  );

describe.each([
  ['telnyx', telnyx],
  ['bandwidth', bandwidth],
])('%s', (name, start) => {
  let world: World;
  let carrier: PortOutCarrier;
  beforeEach(async () => ({ carrier } = world = await start()));
  afterEach(() => world?.stop());

  it('tells a request as ours, and that it is newer with each change', async () => {
    const { ref } = world;
    const first = await carrier.portOut(ref);
    expect(first).toMatchObject({ ref, status: 'foc', numbers: NUMBERS, purchaseOrder: 'PON-1', focAt: new Date('2026-03-10T15:30:00Z') });
    world.ported();
    const then = await carrier.portOut(ref);
    expect([then.status, then.version > first.version]).toEqual(['ported', true]);
  });

  it('finds what changed since, however often it is asked, and nothing of what is old', async () => {
    const first = await carrier.changedSince(new Date(0));
    expect(first.refs).toEqual([world.ref]);
    expect(await carrier.changedSince(first.readTo)).toEqual(first); // what may have come late is read again
    const later = new Date(first.readTo.getTime() + 3_600_000);
    expect(await carrier.changedSince(later)).toEqual({ refs: [], readTo: later });
  });

  it('believes a message only when it is proven, and takes no more from it than of which request it is', () => {
    const message = world.message();
    expect(carrier.sent(message)).toBe(true);
    expect(carrier.parsePortOutWebhook(message, new Date())).toEqual({ kind: 'changed', ref: world.ref });
    const forged = { ...message, header: (key: string) => message.header(key)?.replace(/.{4}$/, 'AAA=') };
    expect(() => carrier.parsePortOutWebhook(forged, new Date())).toThrow('not signed');
  });

  it('asks its people for what should not have left, once', async () => {
    for (const _ of [1, 2]) await carrier.dispute(world.ref, 'Nobody here asked for it', 'pot_1');
    expect(world.remarks()).toHaveLength(1);
    expect(world.remarks()[0]).toMatch(/Nobody here asked for it\s\[pot_1\]/);
  });

  it('is silent when there is no answer: that refuses nothing', async () => {
    world.fail(true);
    expect(await outcome(carrier.portOut(world.ref))).toBe('carrier.unavailable');
    expect(await outcome(carrier.changedSince(new Date(0)))).toBe('carrier.unavailable');
    expect(await outcome(carrier.dispute(world.ref, 'x', 'y'))).toBe('carrier.unavailable');
    if (name === 'telnyx') expect(await outcome(carrier.answer(world.ref, { kind: 'authorized' }))).toBe('carrier.unavailable');
  });
});

describe('the settings', () => {
  const telnyxKey = { TELNYX_API_KEY: 'KEY' };
  const bandwidthKeys = { BANDWIDTH_ACCOUNT_ID: '1', BANDWIDTH_USER: 'u', BANDWIDTH_PASSWORD: 'p', BANDWIDTH_SITE_ID: '2' };
  const namesOf = (env: SupplyEnv): string[] => {
    const { providers = [] } = NumberSupplyModule.of(env);
    const found = providers.find((p) => (p as { provide?: unknown }).provide === PORT_OUT_SETTINGS) as FactoryProvider<PortOutSettings>;
    const settings = found.useFactory(clock) as PortOutSettings;
    return [...settings.real.map((carrier) => carrier.name), ...(settings.emulated ? ['emulated'] : [])];
  };

  it('have every carrier heard that is set up, or those that are named', () => {
    expect(namesOf({})).toEqual(['emulated']);
    expect(namesOf({ ...telnyxKey, ...bandwidthKeys })).toEqual(['telnyx', 'bandwidth', 'emulated']);
    expect(namesOf({ ...telnyxKey, ...bandwidthKeys, PORT_OUT_CARRIERS: 'bandwidth' })).toEqual(['bandwidth']);
  });

  it('cannot name a carrier that is not set up, nor one that there is not', () => {
    expect(() => namesOf({ ...telnyxKey, PORT_OUT_CARRIERS: 'telnyx,bandwidth' })).toThrow('PORT_OUT_CARRIERS names bandwidth');
    expect(supplyEnv.PORT_OUT_CARRIERS.safeParse('telnyx,twilio').success).toBe(false);
  });
});

describe('an answer to Telnyx', () => {
  let emulator: TelnyxEmulator;
  let carrier: PortOutCarrier;
  beforeEach(async () => (carrier = telnyxOf((emulator = await startTelnyxEmulator()))));
  afterEach(() => emulator?.stop());
  const ask = (more: object = {}) => askForNumbers(emulator.portOuts, { phone_numbers: NUMBERS, zip: '10118', pin: '4711', ...more });
  const patches = () => emulator.requests.filter((r) => r.startsWith('PATCH')).length;
  const rejected = (reason: string, evidence: string | null = null) => ({ kind: 'rejected' as const, reason, numbers: [], evidence });

  it('can be given within 24 hours, to a request with the PIN that it was made with', async () => {
    const { id } = ask();
    expect(await carrier.portOut(id)).toMatchObject({
      ...{ status: 'open', pin: '4711', postalCode: '10118', accountNumber: null, subscriberName: 'Ann Miller' },
      ...{ winningCarrier: { id: '987H', name: 'Winner' }, deadline: new Date('2026-03-03T15:00:01Z') },
    });
  });

  it('waits for the message that tells the PIN, and not for ever', async () => {
    const { id } = ask({ inserted_at: now().toISOString() });
    emulator.portOuts.slowEvents = true;
    expect(await outcome(carrier.portOut(id))).toBe('carrier.unavailable');
    const { id: old } = ask({ inserted_at: new Date(now().getTime() - 300_000).toISOString() });
    expect(await carrier.portOut(old)).toMatchObject({ status: 'open', pin: null });
  });

  it('is given once, however often it is told', async () => {
    const { id } = ask();
    for (const _ of [1, 2]) await carrier.answer(id, { kind: 'authorized' });
    expect([patches(), (await carrier.portOut(id)).status]).toEqual([1, 'authorized']);
  });

  it('says no by a code of its list where one is about the reason, else in words alone', async () => {
    const [one, two] = [ask(), ask()];
    await carrier.answer(one.id, rejected('PIN_INVALID'));
    await carrier.answer(two.id, rejected('PORT_LOCK', 'It is locked since May'));
    expect([one.reason, two.reason]).toEqual([
      '1002 Invalid PIN. The PIN is missing or wrong',
      'The subscriber has locked the number against porting. It is locked since May',
    ]);
    expect((await carrier.portOut(one.id)).status).toBe('rejected');
    await carrier.answer(one.id, rejected('PIN_INVALID'));
    expect(patches()).toBe(2);
  });

  it('comes too late for what is decided there, and to nothing when the request is over', async () => {
    const { id } = ask();
    movePortOut(emulator.portOuts, id, { status: 'authorized' });
    expect(await outcome(carrier.answer(id, rejected('NAME_MISMATCH')))).toBe('authorized');
    movePortOut(emulator.portOuts, id, { status: 'canceled' });
    expect(await outcome(carrier.answer(id, rejected('NAME_MISMATCH')))).toBe('done');
    expect([(await carrier.portOut(id)).status, patches()]).toEqual(['cancelled', 0]);
  });

  it('is none about a status that nobody knows', async () => {
    const { id } = ask({ status: 'on-hold' });
    expect((await carrier.portOut(id)).status).toBe('unknown');
  });

  it('finds requests beyond the first page', async () => {
    const ids = Array.from({ length: 251 }, () => ask().id);
    expect((await carrier.changedSince(new Date(0))).refs).toEqual(ids);
  });
});

describe('Bandwidth on the line', () => {
  let emulator: BandwidthEmulator;
  let carrier: BandwidthPortOutCarrier;
  beforeEach(async () => (carrier = bandwidthOf((emulator = await startBandwidthEmulator()))));
  afterEach(() => emulator?.stop());
  const asked = (more: object = {}, at = now()) => {
    const body = validationOf({ pon: 'PON-1', pin: '4711', zipCode: '10118', numbers: NUMBERS.map((n) => n.slice(2)), ...more });
    const message = carrier.parsePortOutWebhook({ rawBody: Buffer.from(body), header: basic }, at);
    if (message.kind !== 'asked') throw new Error(message.kind);
    return message.portOut;
  };

  it('asks by a name that is the same for a repeat and another for a corrected request, and hides the PIN', () => {
    const first = asked();
    expect(first).toMatchObject({
      pin: '4711',
      postalCode: '10118',
      accountNumber: null,
      numbers: NUMBERS,
      subscriberName: 'Ann & Miller',
    });
    expect(first.deadline).toEqual(new Date('2026-03-02T16:10:00Z'));
    expect(asked({}, new Date(now().getTime() + 300_000)).ref).toBe(first.ref);
    expect(asked({ pin: '4712' }).ref).not.toBe(first.ref);
    expect(first.ref).toMatch(/^PON-1~[0-9a-f]{32}$/);
  });

  it.each([
    ['PIN_INVALID', 'exception', '7513'],
    ['ACCOUNT_NUMBER_MISMATCH', 'exception', '7511'],
    ['POSTAL_CODE_MISMATCH', 'exception', '7515'],
    ['NAME_MISMATCH', 'exception', '7519'],
    ['PORT_LOCK', 'exception', '7598'],
    ['TN_MISMATCH', 'cancelled', '7516'],
    ['TN_NOT_ACTIVE', 'cancelled', '7518'],
    ['TOO_MANY_NUMBERS', 'cancelled', '7517'],
    ['UNREADABLE', 'exception', '7598'],
    ['constructor', 'exception', '7598'],
  ])('is kept from the number by %s, as it understands answers', (reason, becomes, code) => {
    const { body, contentType } = carrier.reply({ kind: 'rejected', reason, numbers: [NUMBERS[0]!] }, asked());
    expect([contentType, understood(200, body)]).toEqual(['application/xml', { outcome: becomes, code }]);
    expect(body).toContain('<AcceptableValues><TelephoneNumbers><TelephoneNumber>2125550143</TelephoneNumber>');
    expect(body).not.toContain('4711');
  });

  it('is told that a PIN is missing, or that all is well', () => {
    const { body } = carrier.reply({ kind: 'rejected', reason: 'PIN_INVALID', numbers: [] }, { ...asked(), pin: null });
    expect(understood(200, body)).toEqual({ outcome: 'exception', code: '7512' });
    expect(carrier.reply({ kind: 'authorized' }, asked()).body).toContain('<Portable>true</Portable><PON>PON-1</PON>');
  });

  it.each([
    ['no XML', '{"PON":1}'],
    ['no request', '<Something/>'],
    ['a number that is none', validationOf({ pon: 'P', numbers: ['12'] })],
    ['an entity', '<!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'],
  ])('is heard and not understood: %s', (_, body) => {
    expect(carrier.parsePortOutWebhook({ rawBody: Buffer.from(body), header: basic }, now())).toEqual({ kind: 'unreadable' });
  });

  it('takes no answer later, and tells of orders only once they are decided', async () => {
    const { orderId } = orderNumbers(emulator.portOuts, 'PON-2', ['2125550142'], 'PENDING');
    const notice = { rawBody: Buffer.from(portOutNotice(emulator.portOuts, orderId)), header: basic };
    expect([await outcome(carrier.answer()), carrier.parsePortOutWebhook(notice, now())]).toEqual(['asks_on_the_line', { kind: 'other' }]);
    expect((await carrier.changedSince(new Date(0))).refs).toEqual([]);
  });

  it('lists orders page by page', async () => {
    const ids = Array.from({ length: 301 }, (_, i) => orderNumbers(emulator.portOuts, `PON-${i}`, ['2125550142']).orderId);
    expect((await carrier.changedSince(new Date(0))).refs).toEqual(ids);
  });
});
