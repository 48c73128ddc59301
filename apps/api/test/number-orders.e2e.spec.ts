import { newId, systemContext, toPublicId } from '@trunkline/kernel';
import { AdvanceNumberOrders } from '@trunkline/numbers/server';
import { startTelnyxEmulator } from '@trunkline/testing';
import type { TelnyxEmulator } from '@trunkline/testing';
import { ApiHarness } from './harness.ts';
import { ask } from './graphql-queries.ts';

let api: ApiHarness;
let telnyx: TelnyxEmulator;
let tenant: Awaited<ReturnType<ApiHarness['tenant']>>;
let trunk: string;
beforeAll(async () => {
  const offer = (number: string) => ({ number, country: 'US', areaCode: '202', locality: 'Washington', type: 'local' });
  telnyx = await startTelnyxEmulator({ offers: ['+12025550111', '+12025550112', '+12025550113', '+12025559114'].map(offer) });
  api = await ApiHarness.start({ TELNYX_API_KEY: 'KEY', TELNYX_API_URL: telnyx.url, TELNYX_PUBLIC_KEY: telnyx.publicKey });
  tenant = await api.tenant('Orders');
  await api.operator('POST', '/v1/number-imports', 'number\n+12025550101\n+12025550102\n+12025550103\n+12025550104\n+12025550105\n');
  trunk = (await tenant.call('POST', '/v1/trunks', { name: 'Orders', country: 'US', channels_max: 1 })).body.id;
});
afterAll(async () => {
  await api?.stop();
  await telnyx?.stop();
});

const order = (body: object, query = '', headers?: Record<string, string>) =>
  tenant.call('POST', `/v1/number-orders${query}`, body, headers);
const advance = () => api.app.get(AdvanceNumberOrders).execute(systemContext('test'));
type Item = { number: string | null; state: string; code: string | null };
const states = (body: { items: Item[] }) => body.items.map(({ code, state }) => code ?? state);
const owes = async () => (await tenant.call('GET', '/v1/balance')).body.balance.amount as string;

describe('POST /v1/number-orders', () => {
  it('201: the inventory’s at once, the carrier’s afterwards, each by itself', async () => {
    const { status, body } = await order({
      numbers: ['+12025550101', '+12025550111', '+12025559999'],
      trunk_id: trunk,
      external_reference: 'PO 7',
      tags: ['site:a'],
    });
    expect([status, body.state, states(body), body.completed_at]).toEqual([201, 'pending', ['succeeded', 'pending', 'pending'], null]);
    await advance();
    const { body: done } = await tenant.call('GET', `/v1/number-orders/${body.id}`);
    expect([done.state, states(done)]).toEqual(['partially_succeeded', ['succeeded', 'succeeded', 'number.not_available']]);
    const { body: number } = await tenant.call('GET', `/v1/numbers/${done.items[1].number_id}`);
    expect(number).toMatchObject({
      number: '+12025550111',
      state: 'active',
      trunk_id: trunk,
      external_reference: 'PO 7',
      tags: ['site:a'],
    });
    expect((await tenant.call('GET', '/v1/number-orders?external_reference=PO%207')).body.data).toEqual([done]);
  });

  it('201: what is searched for is filled by whoever has it', async () => {
    const { body } = await order({ search: { country: 'US', area_code: '202', type: 'local', starts_with: '+120255501', quantity: 5 } });
    expect(states(body)).toEqual(['succeeded', 'succeeded', 'succeeded', 'succeeded', 'pending']);
    await advance();
    const { body: done } = await tenant.call('GET', `/v1/number-orders/${body.id}`);
    expect([done.state, done.items[4].number, done.search]).toEqual([
      'succeeded',
      '+12025550112',
      {
        country: 'US',
        area_code: '202',
        type: 'local',
        starts_with: '+120255501',
        contains: null,
        rate_center: null,
        lata: null,
        quantity: 5,
      },
    ]);
  });

  it('201: repeated with its key, it is the same order', async () => {
    await api.operator('POST', '/v1/number-imports', 'number\n+12025550106\n');
    const first = await order({ numbers: ['+12025550106'] }, '', { 'idempotency-key': 'same' });
    const owed = await owes();
    expect((await order({ numbers: ['+12025550106'] }, '', { 'idempotency-key': 'same' })).body).toEqual(first.body);
    expect([states(first.body), await owes()]).toEqual([['succeeded'], owed]);
  });

  it('402: what all of it costs, that of carriers too; ordered at that price, or not at all', async () => {
    await api.operator('POST', '/v1/number-imports', 'number\n+12025550107\n');
    const [owed, body] = [await owes(), { numbers: ['+12025550107', '+12025550113'] }];
    const { status, body: problem } = await order(body, '?quote=true');
    const { quote } = problem;
    expect([status, quote.setup.amount, quote.monthly.amount, await owes()]).toEqual([402, '0.50', '4.00', owed]);
    expect((await order({ numbers: ['+12025550107'] }, `?quote_id=${quote.id}`)).body.code).toBe('quote.other_request');
    const made = await order(body, `?quote_id=${quote.id}`);
    expect([made.status, states(made.body)]).toEqual([201, ['succeeded', 'pending']]);
    await advance();
    expect(Number(owed) - Number(await owes())).toBeCloseTo(0.5);
  });

  it('201: a number that is reserved goes to whom it is reserved for', async () => {
    await api.operator('POST', '/v1/number-imports', 'number\n+12025550109\n');
    const stranger = await api.tenant('Stranger');
    const reserved = await tenant.call('POST', '/v1/number-reservations', { items: [{ number: '+12025550109' }] });
    expect(reserved.body.succeeded).toBe(1);
    const refused = await stranger.call('POST', '/v1/number-orders', { numbers: ['+12025550109'] });
    expect(states(refused.body)).toEqual(['number.not_available']);
    expect(states((await order({ numbers: ['+12025550109'] })).body)).toEqual(['succeeded']);
  });

  it.each([
    [{}, '/numbers'],
    [{ numbers: ['+12025550101'], search: { country: 'US', quantity: 1 } }, '/numbers'],
    [{ numbers: [] }, '/numbers'],
    [{ numbers: ['+12025550101', '+12025550101'] }, '/numbers'],
    [{ numbers: Array.from({ length: 101 }, (_, i) => `+1202555${1000 + i}`) }, '/numbers'],
    [{ numbers: ['202'] }, '/numbers/0'],
    [{ search: { country: 'us', quantity: 0 } }, '/search/country'],
    [{ numbers: ['+12025550101'], trunk_id: toPublicId('trunk', newId()) }, '/trunk_id'],
  ])('400: %j', async (body, pointer) => {
    const { status, body: problem } = await order(body);
    expect([status, problem.errors[0].pointer]).toEqual([400, pointer]);
  });

  it('403: a key that may not', async () => {
    const { call } = await api.tenant('Reads', ['numbers:read']);
    expect((await call('POST', '/v1/number-orders', { numbers: ['+12025550101'] })).status).toBe(403);
  });
});

describe('POST /v1/number-orders/{id}/cancel', () => {
  it('200: what nobody was asked for yet is given up; 409: once', async () => {
    const { body } = await order({ numbers: ['+12025559998'] });
    const cancel = () => tenant.call('POST', `/v1/number-orders/${body.id}/cancel`);
    const { status, body: given } = await cancel();
    expect([status, given.state, states(given)]).toEqual([200, 'failed', ['number_order.cancelled']]);
    expect((await cancel()).body.code).toBe('number_order.ended');
  });
});

describe('GET /v1/number-offers', () => {
  it('200: the inventory’s and the carriers’, with their price; without a carrier that is silent, and says so', async () => {
    telnyx.offer({
      number: '+12025550119',
      country: 'US',
      areaCode: '202',
      locality: 'Washington',
      rateCenter: 'WSHNGTNZN1',
      type: 'local',
    });
    await api.operator('POST', '/v1/number-imports', 'number\n+12025550108\n');
    const search = () => tenant.call('GET', '/v1/number-offers?starts_with=120255501');
    const { status, body } = await search();
    expect([status, body.complete, body.offers.map((o: { number: string; from: string }) => [o.number, o.from])]).toEqual([
      200,
      true,
      [
        ['+12025550108', 'inventory'],
        ['+12025550119', 'carrier'],
      ],
    ]);
    expect(body.offers[1]).toMatchObject({ locality: 'Washington', setup: { amount: '0.25', currency: 'USD' } });
    const rated = async (query: string) => (await tenant.call('GET', `/v1/number-offers?starts_with=120255501&${query}`)).body.offers;
    expect(await rated('rate_center=wshngtnzn1')).toMatchObject([{ number: '+12025550119', rate_center: 'WSHNGTNZN1', lata: null }]);
    expect(await rated('lata=236')).toEqual([]);
    telnyx.mood = 'failing';
    const { body: partial } = await search();
    telnyx.mood = 'well';
    expect([partial.complete, partial.offers.length]).toEqual([false, 1]);
  });
});

it('the graph orders, cancels and reads the same', async () => {
  const { data, errors } = await ask(
    tenant.call,
    `mutation { createNumberOrder(input: { search: { country: "US", quantity: 1, startsWith: "+12025550108" } }) { id state items { number state numberId } } }`,
  );
  expect(errors).toEqual([]);
  const { id, items } = data.createNumberOrder;
  expect(items).toMatchObject([{ number: '+12025550108', state: 'succeeded' }]);
  const read = await ask(tenant.call, `{ numberOrder(id: "${id}") { id state } numberOffers { complete offers { number } } }`);
  expect([read.errors, read.data.numberOrder]).toEqual([[], { id, state: 'succeeded' }]);
});

describe('POST /v1/number-suppliers/{supplier}/events', () => {
  const tell = (body: string, headers: object, supplier = 'telnyx') =>
    api.as(undefined)('POST', `/v1/number-suppliers/${supplier}/events`, body, { ...headers } as Record<string, string>);
  it('200: what a carrier tells of is looked at now, and comes to what a look would have come to; 400 unsigned; 404 of nobody', async () => {
    telnyx.account.outcome = 'pending';
    const { body } = await order({ numbers: ['+12025559114'] });
    await advance();
    telnyx.account.outcome = 'success';
    const { body: told, headers } = telnyx.settle(telnyx.account.orders.at(-1)!.id, 'success');
    await advance(); // its turn has not come
    const state = async () => states((await tenant.call('GET', `/v1/number-orders/${body.id}`)).body);
    expect(await state()).toEqual(['ordering']);
    expect((await tell(told.replace('success', 'failure'), headers)).body.code).toBe('carrier.bad_signature');
    expect((await tell(told, headers, 'nobody')).status).toBe(404);
    expect((await tell(told, headers, 'inventory')).status).toBe(404);
    expect([(await tell(told, headers)).status, (await tell(told, headers)).status]).toEqual([200, 200]); // and once more
    await advance();
    expect(await state()).toEqual(['succeeded']);
  });
});
