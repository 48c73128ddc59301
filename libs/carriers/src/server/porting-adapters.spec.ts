import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '@trunkline/kernel';
import { FakeClock, movePort, remark, startBandwidthEmulator, startTelnyxEmulator, tellRecord } from '@trunkline/testing';
import type { CarrierPortStatus, PortRequest } from '../core/porting-carrier.ts';
import { BandwidthPortingCarrier } from './bandwidth/bandwidth-porting-carrier.ts';
import { CarrierRefusal } from './porting-carrier.ts';
import type { PortingCarrier } from './porting-carrier.ts';
import type { SignedMessage } from './number-supplier.ts';
import { TelnyxPortingCarrier } from './telnyx/telnyx-porting-carrier.ts';

const ORDER = '01936d3c-7c00-7000-8000-000000000001';
const NUMBERS = ['+12125550142', '+12125550143'];
const LETTER = Buffer.from('%PDF-1.7 a letter');
const request = (version: number, more: Partial<PortRequest> = {}): PortRequest => ({
  key: `create:${version}`,
  version,
  numbers: NUMBERS,
  requestedFocAt: new Date('2026-03-10T15:30:00Z'),
  timeZone: 'America/New_York',
  country: 'US',
  customer: 'business',
  fields: {
    subscriber_name: 'Northwind & Söhne <Inc>',
    signer_name: 'Jane Doe',
    account_number: '4471-0098',
    pin: '824719',
    billing_number: '+12125550100',
    service_address: '350 Fifth Avenue',
    city: 'New York',
    state: 'NY',
    postal_code: '10118',
    remaining_numbers: 'keep',
  },
  papers: [
    {
      id: '01936d3c-7c00-7000-8000-0000000000aa',
      kind: 'letter_of_authority',
      fileName: 'loa.pdf',
      mediaType: 'application/pdf',
      read: () => Promise.resolve(LETTER),
    },
  ],
  ...more,
});

/** What both emulators are told in their own words, so that one contract is asked of both adapters. */
type World = {
  readonly carrier: PortingCarrier;
  readonly requests: readonly string[];
  say(ref: string, status: 'exception' | 'foc' | 'ported' | 'cancelled' | 'strange'): void;
  activate(ref: string, e164: string): void;
  message(ref: string): SignedMessage;
  remark(ref: string, text: string): void;
  /** The losing carrier of an account has a record of it, or says that it has none. */
  record(ref: string, has: boolean): void;
  asked(): readonly object[];
  orders(): number;
  documents(): number;
  fail(on: boolean): void;
  stop(): Promise<void>;
};

const header = (headers: Readonly<Record<string, string>>) => (name: string) => headers[name];
const clock = new FakeClock(new Date('2026-03-02T16:00:00Z'));

const telnyx = async (): Promise<World> => {
  const emulator = await startTelnyxEmulator();
  const { ports } = emulator;
  emulator.beforehand.coverages.set(NUMBERS[0]!, ['account_number', 'pin']);
  const words = {
    exception: 'exception',
    foc: 'foc-date-confirmed',
    ported: 'ported',
    cancelled: 'cancelled',
    strange: 'on-hold',
  } as const;
  const details = [{ code: 'ENTITY_NAME_MISMATCH' as const, description: 'Name is Northwind Holdings' }];
  return {
    carrier: new TelnyxPortingCarrier({ apiKey: 'KEY', publicKey: emulator.publicKey, url: emulator.url, timeoutMs: 2_000 }, clock),
    requests: emulator.requests,
    say: (ref, status) => {
      const foc = status === 'foc' ? { activation_settings: { foc_datetime_actual: '2026-03-10T15:30:00Z' } } : {};
      movePort(ports, ref, { status: { value: words[status] as 'exception', details: status === 'exception' ? details : [] }, ...foc });
    },
    activate: (ref, e164) => {
      const numbers = ports.orders.find((o) => o.id === ref)!.phone_numbers;
      movePort(ports, ref, {
        phone_numbers: numbers.map((n) => (n.phone_number === e164 ? { ...n, activation_status: 'Active' as const } : n)),
      });
    },
    message: (ref) => {
      const { body, headers } = emulator.tellOfPort('porting_order.status_changed', { id: ref, customer_reference: ORDER });
      return { rawBody: Buffer.from(body), header: header(headers) };
    },
    remark: (ref, text) => void remark(ports, ref, text),
    record: (ref, has) => {
      const admin = { name: 'Northwind Holdings', account_number: '4471-0098' };
      const address = { street_address: '350 5th Ave', locality: 'New York', administrative_area: 'NY', postal_code: '10118' };
      const result = { admin, address, associated_phone_numbers: NUMBERS, carrier_name: 'Example Carrier' };
      tellRecord(emulator.beforehand, ref, has ? { status: 'completed', result } : { status: 'failed', error_message: 'No such account' });
    },
    asked: () => emulator.beforehand.records.map(({ asked }) => asked),
    orders: () => ports.orders.length,
    documents: () => ports.documents.length,
    fail: (on) => void (emulator.mood = on ? 'failing' : 'well'),
    stop: () => emulator.stop(),
  };
};

const bandwidth = async (): Promise<World> => {
  const emulator = await startBandwidthEmulator();
  const { accountId, user, password, url } = emulator;
  for (const n of NUMBERS) emulator.portable.set(n.slice(2), { spid: '6214', name: 'Cingular' });
  const callback = { user: 'bw', password: 'callback-password' };
  const words = { exception: 'EXCEPTION', foc: 'FOC', ported: 'COMPLETE', cancelled: 'CANCELLED', strange: 'ON_HOLD' } as const;
  const told = { authorization: `Basic ${Buffer.from(`${callback.user}:${callback.password}`).toString('base64')}` };
  return {
    carrier: new BandwidthPortingCarrier({ accountId, user, password, siteId: '2297', callback, url, timeoutMs: 2_000 }, clock),
    requests: emulator.requests,
    say: (ref, status) => {
      const errors = status === 'exception' ? [{ Code: '7519', Description: 'Name is Northwind Holdings' }] : [];
      const foc = status === 'foc' ? { actualFocDate: '2026-03-10T15:30:00Z' } : {};
      emulator.move(ref, { status: words[status], errors, ...foc });
    },
    activate: (ref, e164) => void emulator.move(ref, { activated: [e164.slice(2)] }),
    message: (ref) => ({ rawBody: Buffer.from(emulator.notice(ref)), header: header(told) }),
    remark: (ref, text) =>
      void emulator.ports
        .find((p) => p.orderId === ref)!
        .notes.push({ Id: '77', UserId: 'lnp-team', Description: text, LastDateModifier: '2026-03-02T15:10:00.000Z' }),
    record: (ref, has) => {
      const address = { UnparsedAddress: '350 5th Ave New York NY 10118', HouseNumber: '350', StreetName: '5th', StreetSuffix: 'Ave' };
      const data = {
        ...{ CustomerName: 'Northwind Holdings', AccountNumber: '4471-0098' },
        ServiceAddress: { ...address, City: 'New York', State: 'NY', Zip: '10118' },
        WorkingTelephoneNumbersOnAccount: { TelephoneNumber: NUMBERS.map((n) => n.slice(2)) },
      };
      const csr = emulator.csrs.find((c) => c.orderId === ref)!;
      Object.assign(csr, has ? { status: 'COMPLETE', data } : { status: 'FAILED', error: 'No such account' });
    },
    asked: () => emulator.csrs.map(({ order }) => order),
    orders: () => emulator.ports.length,
    documents: () => emulator.ports.reduce((sum, p) => sum + p.files.length, 0),
    fail: (on) => void (emulator.mood = on ? 'failing' : 'well'),
    stop: () => emulator.stop(),
  };
};

const refusal = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'done',
    (error: unknown) => (error instanceof CarrierRefusal ? error.carrierCode : error instanceof AppError ? error.code : String(error)),
  );

describe.each([
  ['telnyx', telnyx],
  ['bandwidth', bandwidth],
])('%s', (name, start) => {
  let world: World;
  let carrier: PortingCarrier;
  beforeEach(async () => ({ carrier } = world = await start()));
  afterEach(() => world?.stop());
  const placed = async () => carrier.create(ORDER, request(1));
  const status = async (ref: string): Promise<CarrierPortStatus> => (await carrier.getOrder(ref)).status;

  it('takes an order with its papers, and tells it as ours', async () => {
    const ref = await placed();
    expect([world.orders(), world.documents()]).toEqual([1, 1]);
    const told = await carrier.getOrder(ref);
    expect(told).toMatchObject({ ref, answers: 1, status: 'accepted', foc: null, rejections: [], cancel: 'none', reversal: 'none' });
    expect(told.numbers).toEqual(NUMBERS.map((e164) => ({ e164, status: 'pending' })));
  });

  it('makes one order however often it is told, and whatever broke it off', async () => {
    const broken = request(1, { papers: request(1).papers.map((p) => ({ ...p, read: () => Promise.reject(new Error('killed')) })) });
    expect(await refusal(carrier.create(ORDER, broken))).toContain('killed');
    const ref = await placed();
    expect(await placed()).toBe(ref);
    expect([world.orders(), world.documents()]).toEqual([1, 1]);
    expect(await status(ref)).toBe('accepted');
  });

  it('has a refusal in our words and its own, until a supplement is asked', async () => {
    const ref = await placed();
    world.say(ref, 'exception');
    expect(await carrier.getOrder(ref)).toMatchObject({
      status: 'rejected',
      answers: 1,
      rejections: [{ code: 'NAME_MISMATCH', carrierText: 'Name is Northwind Holdings', numbers: [] }],
    });
    await carrier.supplement(ref, request(2, { key: 'supplement:2' }));
    await carrier.supplement(ref, request(2, { key: 'supplement:2' }));
    const after = await carrier.getOrder(ref);
    expect([after.answers, after.rejections]).toEqual([2, []]);
    expect(['accepted', 'received']).toContain(after.status);
    expect(world.documents()).toBe(1);
  });

  it('tells a firm date, numbers one by one, and an end', async () => {
    const ref = await placed();
    world.say(ref, 'foc');
    expect(await carrier.getOrder(ref)).toMatchObject({ status: 'foc', foc: { at: new Date('2026-03-10T15:30:00Z') } });
    world.activate(ref, NUMBERS[0]!);
    expect((await carrier.getOrder(ref)).numbers.map((n) => n.status)).toEqual(['active', 'pending']);
    world.say(ref, 'ported');
    const end = await carrier.getOrder(ref);
    expect([end.status, ...end.numbers.map((n) => n.status)]).toEqual(['closed', 'active', 'active']);
  });

  it('counts on with each change, to the second, and once more when that has settled', async () => {
    const ref = await placed();
    const first = (await carrier.getOrder(ref)).version;
    world.say(ref, 'foc');
    expect((await carrier.getOrder(ref)).version).toBeGreaterThan(first);
  });

  it('keeps a status that it does not know as it came', async () => {
    const ref = await placed();
    world.say(ref, 'strange');
    expect(await carrier.getOrder(ref)).toMatchObject({ status: 'unknown', carrierStatus: name === 'telnyx' ? 'on-hold' : 'ON_HOLD' });
  });

  it('cancels, once, and says when it is too late', async () => {
    const ref = await placed();
    await carrier.cancel(ref, 'cancel:1');
    await carrier.cancel(ref, 'cancel:1');
    expect(await carrier.getOrder(ref)).toMatchObject({ cancel: 'pending' });
    world.say(ref, 'ported');
    expect(await refusal(carrier.cancel(ref, 'cancel:2'))).toBe(name === 'telnyx' ? '10015' : '7301');
  });

  it('activates at our word, and takes nothing back', async () => {
    const ref = await placed();
    world.say(ref, 'foc');
    await carrier.activate(ref, 'activate:1');
    expect(await refusal(carrier.reverse(ref, 'reverse:1'))).toBe('no_snapback');
  });

  it('carries notes both ways, each once', async () => {
    const ref = await placed();
    await carrier.addNote(ref, 'When is the date?', 'note-1');
    await carrier.addNote(ref, 'When is the date?', 'note-1');
    world.remark(ref, 'We asked them again');
    expect((await carrier.notes(ref)).map((n) => n.text)).toEqual(['We asked them again']);
    expect(world.requests.filter((r) => r.startsWith('POST') && /comments|notes/.test(r))).toHaveLength(1);
  });

  it('believes a message only when it is proven, and takes no more from it than of which order it is', async () => {
    const ref = await placed();
    const message = world.message(ref);
    expect(carrier.sent(message)).toBe(true);
    expect(carrier.parseWebhook(message, new Date())).toMatchObject([{ carrier: name, ref }]);
    expect(carrier.parseWebhook(message, new Date())).toEqual(carrier.parseWebhook(message, new Date()));
    const forged = { ...message, header: (key: string) => message.header(key)?.replace(/.{4}$/, 'AAA=') };
    expect(() => carrier.parseWebhook(forged, new Date())).toThrow('not signed');
  });

  it('is silent when there is no answer: that refuses nothing', async () => {
    world.fail(true);
    expect(await refusal(placed())).toBe('carrier.unavailable');
    world.fail(false);
    const ref = await placed();
    world.fail(true);
    expect(await refusal(carrier.getOrder(ref))).toBe('carrier.unavailable');
  });

  const account = { account_number: '4471-0098', pin: '824719' };
  const wanted = (fields: Readonly<Record<string, string>>, number = NUMBERS[0]!) =>
    carrier.requestRecord({ orderId: ORDER, number, numbers: NUMBERS, fields, since: new Date('2026-03-02T15:59:00Z') });

  it('has a losing carrier asked for its record, and tells it once it is there', async () => {
    expect(carrier.abilities.customerRecords).toBe(true);
    const ref = await wanted(account);
    expect(await carrier.record(ref)).toEqual({ kind: 'pending' });
    world.record(ref, true);
    const fields = { subscriber_name: 'Northwind Holdings', account_number: '4471-0098', service_address: '350 5th Ave' };
    const record = { fields: { ...fields, city: 'New York', state: 'NY', postal_code: '10118' }, numbers: NUMBERS };
    expect(await carrier.record(ref)).toEqual({ kind: 'told', record });
    expect(JSON.stringify(world.asked()[0])).toContain('824719');
  });

  it('says why there is no record', async () => {
    const ref = await wanted(account);
    world.record(ref, false);
    expect(await carrier.record(ref)).toEqual({ kind: 'untold', reason: 'No such account' });
    expect(await refusal(wanted(account, '+442079460958'))).toBe('no_record');
  });

  it('tells what can be ported', async () => {
    const [first, , last] = await carrier.checkPortability([...NUMBERS, '+16055550199']);
    expect(first).toMatchObject({ e164: NUMBERS[0], portable: true, reason: null, country: 'US', type: 'local' });
    if (name === 'bandwidth') expect(last).toMatchObject({ portable: false, reason: 'RATE_CENTER_UNSUPPORTED' });
    if (name === 'bandwidth') expect(first?.losingCarrier).toEqual({ id: '6214', name: 'Cingular' });
  });
});

it('refuses what Telnyx would make several orders of, and leaves no draft behind', async () => {
  const emulator = await startTelnyxEmulator();
  emulator.ports.splits = true;
  const carrier = new TelnyxPortingCarrier({ apiKey: 'KEY', url: emulator.url }, clock);
  expect(await refusal(carrier.create(ORDER, request(1)))).toBe('PORTING_ORDER_SPLIT_REQUIRED');
  expect(emulator.ports.orders).toEqual([]);
  await emulator.stop();
});

describe('Telnyx beforehand', () => {
  let emulator: Awaited<ReturnType<typeof startTelnyxEmulator>>;
  let carrier: TelnyxPortingCarrier;
  beforeEach(async () => {
    emulator = await startTelnyxEmulator();
    carrier = new TelnyxPortingCarrier({ apiKey: 'KEY', url: emulator.url, timeoutMs: 2_000 }, clock);
  });
  afterEach(() => emulator?.stop());
  const wanted = (fields: Readonly<Record<string, string>>) =>
    carrier.requestRecord({ orderId: ORDER, number: NUMBERS[0]!, numbers: NUMBERS, fields, since: new Date('2026-03-02T15:59:00Z') });

  it('asks for one record however often it is told, for another when it is wanted anew, and tells a carrier no more than it wants to know', async () => {
    emulator.beforehand.coverages.set(NUMBERS[0]!, ['account_number', 'zip_code']);
    expect(await refusal(wanted({ account_number: '4471' }))).toBe('needs_more');
    const fields = { account_number: '4471', postal_code: '10118', pin: '824719' };
    const ref = await wanted(fields);
    expect(await wanted(fields)).toBe(ref);
    expect(emulator.beforehand.records.map(({ asked }) => asked.additional_data)).toEqual([{ account_number: '4471', zip_code: '10118' }]);
    tellRecord(emulator.beforehand, ref, { status: 'failed' });
    expect(await wanted(fields)).not.toBe(ref);
  });

  it('tells what it asks of ports itself, by our names where we have one', async () => {
    emulator.beforehand.requirements.set('US local', [
      { id: 'a', name: 'Letter of Authorization (LOA)', type: 'document' },
      { id: 'b', name: 'Copy of the latest invoice', type: 'document' },
      { id: 'c', name: 'Passcode / PIN', type: 'textual', description: 'Of the account' },
      { id: 'd', name: 'Proof of identity', type: 'document' },
    ]);
    expect((await carrier.requirements({ country: 'US', type: 'local' })).map(({ kind, name }) => [kind, name])).toEqual([
      ['document', 'letter_of_authority'],
      ['document', 'bill'],
      ['field', 'pin'],
      ['document', null],
    ]);
    expect(await carrier.requirements({ country: 'GB', type: 'local' })).toEqual([]);
    expect(await carrier.requirements({ country: 'US', type: 'mobile' })).toEqual([]); // it has no such list
  });

  it('is told what it asks of an order, and when to take it over: then, or when it does next', async () => {
    emulator.ports.orderRequirements.push(
      { id: 'a', name: 'Passcode / PIN', type: 'textual' },
      { id: 'b', name: 'Letter of Authorization', type: 'document' },
      { id: 'c', name: 'Proof of identity', type: 'document' },
    );
    emulator.ports.focWindows.push(
      { started_at: '2026-03-09T15:00:00Z', ended_at: '2026-03-09T23:00:00Z' },
      { started_at: '2026-03-11T15:00:00Z', ended_at: '2026-03-11T23:00:00Z' },
    );
    const ref = await carrier.create(ORDER, request(1));
    const [order] = emulator.ports.orders;
    expect(order?.activation_settings?.foc_datetime_requested).toBe('2026-03-11T15:00:00.000Z');
    const values = order?.requirements?.map((r) => r.field_value);
    expect(values).toEqual(['824719', emulator.ports.documents[0]?.id, undefined]);
    expect(await carrier.focWindows(ref)).toHaveLength(2);
    const late = request(1, { requestedFocAt: new Date('2026-03-20T15:00:00Z') });
    await expect(carrier.create(ORDER.replace('01', '02'), late)).rejects.toMatchObject({
      carrierCode: 'foc_window',
      code: 'DUE_DATE_INVALID',
    });
  });

  it('tells how far messages follow the calls', async () => {
    const ref = await carrier.create(ORDER, request(1));
    expect((await carrier.getOrder(ref)).messaging).toBeNull();
    movePort(emulator.ports, ref, { messaging: { messaging_port_status: 'activating' } });
    expect((await carrier.getOrder(ref)).messaging).toBe('activating');
  });
});
