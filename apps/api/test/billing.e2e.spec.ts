import { newId, toPublicId } from '@trunkline/kernel';
import { startStripeEmulator } from '@trunkline/testing';
import type { StripeEmulator } from '@trunkline/testing';
import pg from 'pg';
import Stripe from 'stripe';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

const SECRET = 'whsec_test_secret';
let emulator: StripeEmulator;
let api: ApiHarness;
let operator: Call;
let owner: pg.Client;
let month: string;
beforeAll(async () => {
  emulator = await startStripeEmulator({ host: '127.0.60.1' });
  api = await ApiHarness.start({ STRIPE_API_URL: emulator.url, STRIPE_WEBHOOK_SECRET: SECRET });
  operator = api.operator;
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
  api.clock.set('2027-02-15T12:00:00Z'); // half of February: 14 of 28 days are left, today among them
  month = '2027-02';
});
afterAll(async () => {
  await owner?.end();
  await api?.stop();
  await emulator?.stop();
});

const usd = (amount: string) => ({ amount, currency: 'USD' });
const pointers = (body: { errors: { pointer: string }[] }) => body.errors.map((e) => e.pointer).sort();
/** A tenant with a trunk of two channels: 2 × 0.50 setup, 2 × 1.00 a month. */
const withTrunk = async (name: string) => {
  const tenant = await api.tenant(name);
  const trunk = await tenant.call('POST', '/v1/trunks', { name: 'T', country: 'US', channels_max: 2 });
  expect(trunk.status).toBe(201);
  return tenant;
};
/** The same with its month closed. */
const withInvoice = async (name: string) => {
  const tenant = await withTrunk(name);
  api.clock.set('2027-03-01T00:10:00Z');
  const run = await operator('POST', '/v1/invoice-runs', { month });
  expect([run.status, run.body.failed]).toEqual([201, 0]);
  api.clock.set('2027-02-15T12:00:00Z');
  const { body } = await tenant.call('GET', '/v1/invoices');
  return { ...tenant, invoice: body.data[0].id as string };
};

describe('GET /v1/balance and /v1/postings', () => {
  it('200: nothing owed before anything is ordered', async () => {
    const { call } = await api.tenant('Fresh');
    const { status, body } = await call('GET', '/v1/balance');
    expect([status, body]).toEqual([200, { object: 'balance', balance: usd('0.00'), owed: usd('0.00'), currency: 'USD' }]);
    expect((await call('GET', '/v1/postings')).body).toEqual({ data: [], next_cursor: null });
  });
  it('200: a debt is a negative balance, and the postings say what it is made of', async () => {
    const { call } = await withTrunk('Debtor');
    expect((await call('GET', '/v1/balance')).body).toMatchObject({ balance: usd('-1.00'), owed: usd('1.00') });
    const { body } = await call('GET', '/v1/postings');
    expect(body.data).toMatchObject([{ object: 'posting', kind: 'setup_channel', month, amount: usd('1.00'), count: 2, seconds: 0 }]);
  });
  it('400: a bad cursor, an unknown parameter', async () => {
    const { call } = await api.tenant('Curious');
    expect((await call('GET', '/v1/postings?cursor=x')).body.code).toBe('request.bad_cursor');
    expect(pointers((await call('GET', '/v1/postings?kind=usage')).body)).toEqual(['/query/kind']);
  });
  it('403: a key without the scope', async () => {
    const { call } = await api.tenant('Blind', ['tenant:read']);
    for (const url of ['/v1/balance', '/v1/postings', '/v1/invoices', '/v1/invoices/upcoming'])
      expect((await call('GET', url)).body.code).toBe('auth.scope_missing');
  });
});

describe('GET /v1/invoices/upcoming', () => {
  it('200: what was charged, and what is held until the end of the month', async () => {
    const { call } = await withTrunk('Looking ahead');
    const { status, body } = await call('GET', '/v1/invoices/upcoming');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      object: 'upcoming_invoice',
      period_from: '2027-02-01T00:00:00.000Z',
      period_to: '2027-03-01T00:00:00.000Z',
    });
    expect(body.lines.map((l: Record<string, unknown>) => [l['category'], l['quantity'], l['amount']])).toEqual([
      ['recurring.channel', '2', usd('1.00')],
      ['setup.channel', '2', usd('1.00')],
    ]);
    expect([body.exact_total, body.total]).toEqual([usd('2.00'), usd('2.00')]);
  });
  it('200: nothing for a tenant without a plan', async () => {
    const { call } = await api.tenant('Planless', undefined, { plan: false });
    expect((await call('GET', '/v1/invoices/upcoming')).body).toMatchObject({ lines: [], total: usd('0.00') });
  });
});

describe('POST /v1/invoice-runs', () => {
  it('400: a month that is not over, or none', async () => {
    const { status, body } = await operator('POST', '/v1/invoice-runs', { month });
    expect([status, pointers(body)]).toEqual([400, ['/month']]);
    api.clock.set('2027-03-01T00:09:59.999Z'); // what was ordered in the last second may not be there yet
    expect((await operator('POST', '/v1/invoice-runs', { month })).body.errors).toMatchObject([{ pointer: '/month', code: 'unfinished' }]);
    api.clock.set('2027-02-15T12:00:00Z');
    for (const bad of ['2027-13', '2027-2', 'february', 7])
      expect(pointers((await operator('POST', '/v1/invoice-runs', { month: bad })).body)).toEqual(['/month']);
  });
  it('201: issues each tenant’s invoice once, whatever is repeated', async () => {
    const { call } = await withTrunk('Invoiced');
    api.clock.set('2027-03-01T00:10:00Z');
    const headers = { 'idempotency-key': 'run-1' };
    const first = await operator('POST', '/v1/invoice-runs', { month }, headers);
    expect([first.status, first.body]).toMatchObject([201, { object: 'invoice_run', month, failed: 0 }]);
    expect(first.body.issued).toBeGreaterThanOrEqual(1);
    expect((await operator('POST', '/v1/invoice-runs', { month }, headers)).body).toEqual(first.body);
    expect((await operator('POST', '/v1/invoice-runs', { month })).body).toMatchObject({ issued: 0 });
    api.clock.set('2027-02-15T12:00:00Z');
    const { body } = await call('GET', '/v1/invoices');
    expect(body.data).toMatchObject([
      { object: 'invoice', state: 'open', total: usd('2.00'), due_at: '2027-03-15T00:10:00.000Z', paid_at: null },
    ]);
    const one = await call('GET', `/v1/invoices/${body.data[0].id}`);
    expect(one.body).toMatchObject({
      ...body.data[0],
      lines: [
        { position: 1, category: 'recurring.channel' },
        { position: 2, category: 'setup.channel' },
      ],
    });
  });
});

describe('an invoice', () => {
  it('404: missing', async () => {
    const { call } = await api.tenant('Nothing there');
    const id = toPublicId('invoice', newId());
    expect([(await call('GET', `/v1/invoices/${id}`)).status, (await call('POST', `/v1/invoices/${id}/pay`)).status]).toEqual([404, 404]);
  });
  it('402 while the card is declined, 200 with one that works; the hold follows, the balance is 0', async () => {
    const { id, call, invoice } = await withInvoice('Declined');
    const put = await call('PUT', '/v1/payment-method', { payment_method_id: 'pm_card_chargeCustomerFail' });
    expect(put.status).toBe(200);
    for (let n = 0; n < 2; n += 1) {
      const { status, body } = await call('POST', `/v1/invoices/${invoice}/pay`);
      expect([status, body.code]).toEqual([402, 'billing.payment_refused']);
    }
    expect((await operator('GET', `/v1/tenants/${id}`)).body).toMatchObject({ state: 'restricted', holds: ['billing'] });
    await call('PUT', '/v1/payment-method', { payment_method_id: 'pm_card_visa' });
    const paid = await call('POST', `/v1/invoices/${invoice}/pay`, undefined, { 'idempotency-key': 'pay-1' });
    expect([paid.status, paid.body]).toMatchObject([200, { id: invoice, state: 'paid', paid_at: api.clock.now().toISOString() }]);
    expect((await call('POST', `/v1/invoices/${invoice}/pay`)).body).toEqual(paid.body);
    expect((await operator('GET', `/v1/tenants/${id}`)).body).toMatchObject({ state: 'active', holds: [] });
    expect((await call('GET', '/v1/balance')).body.balance).toEqual(usd('0.00'));
  });
  it('402: no payment method at all', async () => {
    const { call, invoice } = await withInvoice('Cardless');
    expect((await call('POST', `/v1/invoices/${invoice}/pay`)).status).toBe(402);
    expect((await call('GET', `/v1/invoices/${invoice}`)).body.state).toBe('payment_failed');
  });
});

describe('PUT /v1/payment-method', () => {
  it('400: no payment method of Stripe’s, or one that it does not know', async () => {
    const { call } = await api.tenant('Odd card');
    for (const payment_method_id of ['4242424242424242', 'pm_unknown'])
      expect(await call('PUT', '/v1/payment-method', { payment_method_id })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/payment_method_id' }] },
      });
  });
});

describe('POST /v1/stripe/webhooks', () => {
  const event = (id: string, object: object = { id: 'in_1', object: 'invoice' }) =>
    JSON.stringify({ id, object: 'event', type: 'invoice.paid', created: 1, data: { object } });
  const send = (payload: string, secret = SECRET) =>
    api.as(undefined)('POST', '/v1/stripe/webhooks', payload, {
      'content-type': 'application/json',
      'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret }),
    });
  const kept = async () => {
    const { rows } = await owner.query(
      `SELECT (SELECT count(*)::int FROM payment_event) AS events, (SELECT count(*)::int FROM outbox WHERE type = 'payment_event.received') AS outbox`,
    );
    return rows[0] as { events: number; outbox: number };
  };

  it('200: keeps an event once, however often it comes', async () => {
    const before = await kept();
    for (let n = 0; n < 5; n += 1) expect(await send(event('evt_1'))).toMatchObject({ status: 200, body: { received: true } });
    await Promise.all(Array.from({ length: 5 }, () => send(event('evt_2'))));
    expect(await kept()).toEqual({ events: before.events + 2, outbox: before.outbox + 2 });
  });
  it('400: a wrong or missing signature, a body changed on the way; nothing is written', async () => {
    const before = await kept();
    expect((await send(event('evt_3'), 'whsec_somebody_else')).body.code).toBe('billing.bad_signature');
    const unsigned = await api.as(undefined)('POST', '/v1/stripe/webhooks', event('evt_3'), { 'content-type': 'application/json' });
    expect([unsigned.status, unsigned.body.code]).toEqual([400, 'billing.bad_signature']);
    const signature = Stripe.webhooks.generateTestHeaderString({ payload: event('evt_3'), secret: SECRET });
    const changed = await api.as(undefined)('POST', '/v1/stripe/webhooks', event('evt_4'), {
      'content-type': 'application/json',
      'stripe-signature': signature,
    });
    expect(changed.status).toBe(400);
    expect(await kept()).toEqual(before);
  });
});

it('503: the payment provider does not answer', async () => {
  const { call } = await api.tenant('Unlucky');
  await emulator.stop();
  const { status, body } = await call('PUT', '/v1/payment-method', { payment_method_id: 'pm_card_visa' });
  expect([status, body.code]).toEqual([503, 'billing.provider_unavailable']);
});
