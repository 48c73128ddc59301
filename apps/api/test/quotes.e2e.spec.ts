import { ApiHarness } from './harness.ts';

let api: ApiHarness;
let tenant: Awaited<ReturnType<ApiHarness['tenant']>>;
beforeAll(async () => {
  api = await ApiHarness.start();
  tenant = await api.tenant('Asks first');
  await api.operator('POST', '/v1/number-imports', 'number\n+12025550142\n+12025550143\n+12025550144\n');
});
afterAll(() => api?.stop());

const usd = (amount: string) => ({ amount, currency: 'USD' });
const trunk = { name: 'Quoted', country: 'US', channels_max: 3 };
const ask = async (url: string, body: object, method: 'POST' | 'PATCH' = 'POST') => {
  const { status, body: problem } = await tenant.call(method, `${url}?quote=true`, body);
  expect([status, problem.code]).toEqual([402, 'order.quoted']);
  return problem.quote;
};
const orderAt = (quote: { id: string }, url: string, body: object, headers?: Record<string, string>) =>
  tenant.call('POST', `${url}?quote_id=${quote.id}`, body, headers);
const trunks = async () => (await tenant.call('GET', '/v1/trunks')).body.data.map((t: { name: string }) => t.name);

it('402: an itemised quote, and nothing is ordered; 201: ordered at that price, once', async () => {
  const quote = await ask('/v1/trunks', trunk);
  expect(quote).toEqual({
    id: expect.stringMatching(/^quo_/),
    object: 'quote',
    lines: [
      { kind: 'monthly', unit: 'channel', quantity: 3, unit_price: usd('1.00'), amount: usd('3.00') },
      { kind: 'setup', unit: 'channel', quantity: 3, unit_price: usd('0.50'), amount: usd('1.50') },
    ],
    setup: usd('1.50'),
    monthly: usd('3.00'),
    expires_at: new Date(api.clock.now().getTime() + 15 * 60_000).toISOString(),
  });
  expect([await trunks(), (await tenant.call('GET', '/v1/balance')).body.balance.amount]).toEqual([[], '0.00']);
  const headers = { 'idempotency-key': 'quoted' };
  const made = await orderAt(quote, '/v1/trunks', trunk, headers);
  expect([made.status, await trunks()]).toEqual([201, ['Quoted']]);
  expect((await orderAt(quote, '/v1/trunks', trunk, headers)).body).toEqual(made.body); // the saved answer
  expect((await orderAt(quote, '/v1/trunks', { ...trunk, name: 'Again' })).body.code).toBe('quote.used');
  expect(await trunks()).toEqual(['Quoted']);
});

it('402: what more channels of a trunk cost', async () => {
  const { id } = (await tenant.call('GET', '/v1/trunks')).body.data[0];
  const quote = await ask(`/v1/trunks/${id}`, { channels_max: 5 }, 'PATCH');
  expect([quote.setup, quote.monthly]).toEqual([usd('1.00'), usd('5.00')]);
  const { body } = await tenant.call('PATCH', `/v1/trunks/${id}?quote_id=${quote.id}`, { channels_max: 5 });
  expect(body.channels_max).toBe(5);
});

it('409, 422, 400: orders nothing by a quote that has expired, is for something else, or never was', async () => {
  const order = { number: '+12025550142' };
  const quote = await ask('/v1/numbers', order);
  expect((await orderAt(quote, '/v1/numbers', { number: '+12025550143' })).body).toMatchObject({
    status: 422,
    code: 'quote.other_request',
  });
  const stranger = await api.tenant('Stranger');
  const foreign = await stranger.call('POST', `/v1/numbers?quote_id=${quote.id}`, order);
  expect([foreign.status, foreign.body.errors[0].pointer]).toEqual([400, '/query/quote_id']);
  expect((await orderAt({ id: 'quo_none' }, '/v1/numbers', order)).body.errors[0].pointer).toBe('/query/quote_id');
  api.clock.advance({ seconds: 15 * 60 });
  expect((await orderAt(quote, '/v1/numbers', order)).body).toMatchObject({ status: 409, code: 'quote.expired' });
  expect((await tenant.call('GET', '/v1/numbers')).body.data).toEqual([]);
});

it('409: orders nothing at a price that has changed since', async () => {
  const order = { number: '+12025550142' };
  const quote = await ask('/v1/numbers', order);
  const fees = { channel_monthly: '1.00', channel_setup: '0.50', number_monthly: '9.00', number_setup: '0.25' };
  const { body: dearer } = await api.operator('POST', '/v1/plans', {
    ...{ name: 'Dearer', currency: 'USD', ...fees, outbound_deck_id: (await api.prices()).deckId },
  });
  await api.operator('POST', '/v1/plan-assignments', { tenant_id: tenant.id, plan_id: dearer.id });
  expect((await orderAt(quote, '/v1/numbers', order)).body).toMatchObject({ status: 409, code: 'quote.price_changed' });
  expect((await tenant.call('GET', '/v1/numbers')).body.data).toEqual([]);
  const [now] = (await ask('/v1/numbers', order)).lines;
  expect(now).toMatchObject({ kind: 'monthly', unit: 'number', unit_price: usd('9.00') });
});

it('402: a quote also for what the balance does not cover', async () => {
  const poor = await api.tenant('Poor');
  await api.operator('PUT', `/v1/tenants/${poor.id}/billing-mode`, { billing_mode: 'prepaid' });
  const { status, body } = await poor.call('POST', '/v1/trunks?quote=true', trunk);
  expect([status, body.code, body.quote.setup]).toEqual([402, 'order.quoted', usd('1.50')]);
  expect((await poor.call('POST', `/v1/trunks?quote_id=${body.quote.id}`, trunk)).body.code).toBe('ledger.balance_too_low');
});

it('400: where nothing has a price', async () => {
  for (const query of ['quote=true', 'quote_id=quo_x']) {
    const { status, body } = await tenant.call('POST', `/v1/api-keys?${query}`, { name: 'x', scopes: ['trunks:read'] });
    expect([status, body.errors[0].pointer]).toEqual([400, `/query/${query.split('=')[0]}`]);
  }
});
