import { AppError, newId, tenantContext } from '@trunkline/kernel';
import { startTelnyxEmulator } from '@trunkline/testing';
import type { TelnyxEmulator } from '@trunkline/testing';
import { TelnyxSupplier } from './telnyx-supplier.ts';

const ctx = tenantContext(newId(), { type: 'system', id: 'test' }, 'req_test');
const washington = (line: string) => ({
  number: `+1202555${line}`,
  country: 'US',
  areaCode: '202',
  locality: 'Washington',
  rateCenter: 'WSHNGTNZN1',
  type: 'local',
});
const berlin = { number: '+493012345678', country: 'DE', areaCode: '30', locality: 'Berlin', type: 'local' };

let telnyx: TelnyxEmulator;
let supplier: TelnyxSupplier;
beforeEach(async () => {
  telnyx = await startTelnyxEmulator({ offers: [washington('0101'), washington('0102'), washington('7777'), berlin] });
  supplier = new TelnyxSupplier({ apiKey: 'KEY', url: telnyx.url, timeoutMs: 2_000 });
});
afterEach(() => telnyx?.stop());

const refusal = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'done',
    (error: unknown) => (error instanceof AppError ? error.code : String(error)),
  );
const found = async (query: object) => (await supplier.search(ctx, { country: 'US', limit: 10, ...query })).map(({ e164 }) => e164);

describe('search', () => {
  it('tells a number with its place', async () =>
    expect(await supplier.search(ctx, { country: 'DE', type: 'local', areaCode: '30', limit: 1 })).toEqual([
      { e164: '+493012345678', country: 'DE', areaCode: '30', locality: 'Berlin', rateCenter: null, lata: null, type: 'local' },
    ]));
  it('tells the rate center in North America, and no LATA', async () =>
    expect(await supplier.search(ctx, { country: 'US', rateCenter: 'Wshngtnzn1', limit: 1 })).toMatchObject([
      { e164: '+12025550101', locality: 'Washington', rateCenter: 'WSHNGTNZN1', lata: null },
    ]));
  it.each([
    [{ areaCode: '202' }, 3],
    [{ areaCode: '212' }, 0],
    [{ startsWith: '+12025550' }, 2], // the area code is told from the digits, the rest follows it
    [{ startsWith: '+1202555', contains: '7777' }, 1],
    [{ startsWith: '+12025550102', areaCode: '202' }, 1],
    [{ limit: 1 }, 1],
    [{ rateCenter: 'NEWYORCYZN1' }, 0],
    [{ lata: '236' }, 0], // which it cannot tell
  ])('%j finds %i', async (query, count) => expect(await found(query)).toHaveLength(count));
  it.each([
    [422, 'done'], // a search that it does not know has no result
    [401, 'carrier.unavailable'], // our key is no answer to a search
    [403, 'carrier.unavailable'],
  ])('refused with %i is %s', async (status, end) => {
    telnyx.refuseWith = status;
    expect(await refusal(supplier.search(ctx, { country: 'US', limit: 1 }))).toBe(end);
  });
  it('waits no longer than it is let', async () => {
    telnyx.mood = 'silent';
    expect(await refusal(supplier.search(ctx, { country: 'US', limit: 1 }, AbortSignal.timeout(20)))).toBe('carrier.unavailable');
  });
});

describe('order', () => {
  it('is told as it went, and found by its reference and by its id', async () => {
    const reference = newId();
    const made = await supplier.order(ctx, '+12025550101', reference);
    expect(made).toEqual({ state: 'succeeded', orderId: telnyx.account.orders[0]!.id, detail: null });
    expect(await supplier.find(ctx, '+12025550101', reference, null)).toEqual(made);
    expect(await supplier.find(ctx, '+12025550101', reference, made.orderId)).toEqual(made);
    expect(await supplier.find(ctx, '+12025550101', newId(), null)).toBeUndefined();
    expect(await supplier.find(ctx, '+12025550101', newId(), newId())).toBeUndefined();
  });
  it.each(['success', 'failure'] as const)('that is pending ends later in %s', async (status) => {
    telnyx.account.outcome = 'pending';
    const { state, orderId } = await supplier.order(ctx, '+12025550101', newId());
    expect(state).toBe('pending');
    telnyx.settle(orderId!, status);
    const end = await supplier.find(ctx, '+12025550101', newId(), orderId);
    expect(end?.state).toBe(status === 'success' ? 'succeeded' : 'failed');
  });
  it('of a number that is gone is refused, and that is no error', async () =>
    expect(await supplier.order(ctx, '+12025559999', newId())).toEqual({
      state: 'failed',
      orderId: null,
      detail: 'One of the numbers is no longer available',
    }));
  it('without an answer has an unknown outcome, is sent once, and is found afterwards', async () => {
    telnyx.mood = 'silent';
    const reference = newId();
    expect(await refusal(supplier.order(ctx, '+12025550101', reference))).toBe('carrier.unavailable');
    telnyx.mood = 'well';
    expect(await supplier.find(ctx, '+12025550101', reference, null)).toMatchObject({ state: 'succeeded' });
    expect(telnyx.account.orders).toHaveLength(1);
  });
  it('is not sent again by itself when the answer is 500, while what reads is', async () => {
    telnyx.mood = 'failing';
    expect(await refusal(supplier.order(ctx, '+12025550101', newId()))).toBe('carrier.unavailable');
    expect(await refusal(supplier.find(ctx, '+12025550101', newId(), newId()))).toBe('carrier.unavailable');
    expect(telnyx.requests.map((r) => r.split(' ')[0])).toEqual(['POST', 'GET', 'GET']);
  });
});

describe('what it tells by itself', () => {
  const heard = (
    { body, headers }: { body: string; headers: Readonly<Record<string, string>> },
    at = new Date(),
    publicKey = telnyx.publicKey,
  ) => new TelnyxSupplier({ apiKey: 'KEY', publicKey }).heard({ rawBody: Buffer.from(body), header: (name) => headers[name] }, at);
  const message = async () => {
    telnyx.account.outcome = 'pending';
    const { orderId } = await supplier.order(ctx, '+12025550101', 'ref-1');
    return telnyx.settle(orderId ?? '', 'success');
  };
  it('is believed when it is signed, and only for its reference', async () => {
    const told = await message();
    expect(heard(told)).toBe('ref-1');
    expect(() => heard({ ...told, body: told.body.replace('ref-1', 'ref-2') })).toThrow('not signed');
    expect(() => heard({ ...told, headers: { ...told.headers, 'telnyx-signature-ed25519': 'AAAA' } })).toThrow('not signed');
    expect(() => heard({ ...told, headers: {} })).toThrow('not signed');
    expect(() => heard(told, new Date(), Buffer.alloc(32, 7).toString('base64'))).toThrow('not signed');
  });
  it('is too old, or from the future, beyond five minutes', async () => {
    const told = await message();
    const at = (secs: number) => new Date((Number(told.headers['telnyx-timestamp']) + secs) * 1000);
    expect([heard(told, at(300)), heard(told, at(-300))]).toEqual(['ref-1', 'ref-1']);
    for (const secs of [301, -301]) expect(() => heard(told, at(secs))).toThrow('too old');
  });
  it('is not taken without its key', async () => {
    const told = await message();
    expect(() => supplier.heard({ rawBody: Buffer.from(told.body), header: (name) => told.headers[name] }, new Date())).toThrow('No such');
  });
});

describe('reserve and release', () => {
  it('keeps a number from others for a while', async () => {
    expect(await supplier.reserve(ctx, '+12025550101', newId())).toBeInstanceOf(Date);
    expect(await supplier.reserve(ctx, '+12025550101', newId())).toBeNull();
    expect(await found({ startsWith: '+12025550101' })).toEqual([]);
  });
  it('gives a number back, however often', async () => {
    await supplier.order(ctx, '+12025550101', newId());
    await supplier.release('+12025550101');
    await supplier.release('+12025550101');
    expect([...telnyx.account.owned]).toEqual([]);
  });
});

it('says what an answer without sense is worth: nothing', async () => {
  telnyx.account.orders.push({ id: 'x', customer_reference: 'r' } as never);
  expect(await refusal(supplier.find(ctx, '+12025550101', 'r', 'x'))).toBe('carrier.unavailable');
});
