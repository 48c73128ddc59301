import { ChargeTopUp, SendRefund } from '@trunkline/billing/server';
import { fromPublicId, newId, toPublicId } from '@trunkline/kernel';
import { startStripeEmulator } from '@trunkline/testing';
import type { StripeEmulator } from '@trunkline/testing';
import Stripe from 'stripe';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

// against the Stripe emulator; jobs are run by the test, since the API runs none
let emulator: StripeEmulator;
let api: ApiHarness;
let operator: Call;
beforeAll(async () => {
  emulator = await startStripeEmulator({ host: '127.0.60.16' });
  api = await ApiHarness.start({ STRIPE_API_URL: emulator.url });
  operator = api.operator;
  api.clock.set('2027-02-15T12:00:00Z');
});
afterAll(async () => {
  await api?.stop();
  await emulator?.stop();
});

const usd = (amount: string) => ({ amount, currency: 'USD' });
const pointers = (body: { errors: { pointer: string }[] }) => body.errors.map((e) => e.pointer).sort();
const uuid = (kind: 'tenant' | 'topUp' | 'refund', id: string) => fromPublicId(kind, id) ?? '';
const missing = (kind: 'tenant' | 'invoice' | 'topUp') => toPublicId(kind, newId());
const withCard = async (name: string, card = 'pm_card_visa') => {
  const tenant = await api.tenant(name);
  expect((await tenant.call('PUT', '/v1/payment-method', { payment_method_id: card })).status).toBe(200);
  return tenant;
};
/** Begins a top-up and charges it. */
const topUp = async ({ id, call }: { id: string; call: Call }, amount: string) => {
  const { status, body } = await call('POST', '/v1/top-ups', { amount });
  expect([status, body.state]).toEqual([201, 'pending']);
  await api.app.get(ChargeTopUp).execute(uuid('tenant', id), uuid('topUp', body.id));
  return (await call('GET', `/v1/top-ups/${body.id}`)).body;
};
/** A tenant with an invoice of 2.00 for February: two channels, and their setup. */
const withInvoice = async (name: string, card?: string) => {
  const tenant = await withCard(name, card);
  await tenant.call('POST', '/v1/trunks', { name: 'T', country: 'US', channels_max: 2 });
  api.clock.set('2027-03-01T00:10:00Z');
  await operator('POST', '/v1/invoice-runs', { month: '2027-02' });
  api.clock.set('2027-02-15T12:00:00Z');
  const { body } = await tenant.call('GET', '/v1/invoices');
  return { ...tenant, invoice: body.data[0].id as string };
};

it('402 with an Idempotency-Key is no answer to keep: once the balance covers it, the same request goes through, once', async () => {
  const tenant = await withCard('Pays later');
  await operator('PUT', `/v1/tenants/${tenant.id}/billing-mode`, { billing_mode: 'prepaid' });
  const order = () => tenant.call('POST', '/v1/trunks', { name: 'Later', country: 'US', channels_max: 2 }, { 'idempotency-key': 'later' });
  for (let times = 0; times < 2; times += 1) expect((await order()).body).toMatchObject({ status: 402, code: 'ledger.balance_too_low' });
  await topUp(tenant, '10.00');
  const made = await order();
  expect([made.status, made.headers['idempotent-replayed']]).toEqual([201, undefined]);
  expect((await order()).body).toEqual(made.body);
  expect((await tenant.call('GET', '/v1/trunks')).body.data).toHaveLength(1);
});

describe('/v1/top-ups', () => {
  it('201, 200: begun, charged, on the balance; a repeat is the same one', async () => {
    const tenant = await withCard('Topped up');
    const headers = { 'idempotency-key': 'top-up-1' };
    const first = await tenant.call('POST', '/v1/top-ups', { amount: '25.00' }, headers);
    expect((await tenant.call('POST', '/v1/top-ups', { amount: '25.00' }, headers)).body).toEqual(first.body);
    expect((await tenant.call('POST', '/v1/top-ups', { amount: '26.00' }, headers)).status).toBe(422);
    await api.app.get(ChargeTopUp).execute(uuid('tenant', tenant.id), uuid('topUp', first.body.id));
    const { body } = await tenant.call('GET', '/v1/top-ups');
    expect(body.data).toEqual([
      {
        ...first.body,
        state: 'succeeded',
        amount: usd('25.00'),
        settled_at: api.clock.now().toISOString(),
        decline_code: null,
        action_url: null,
      },
    ]);
    expect((await tenant.call('GET', '/v1/balance')).body.balance).toEqual(usd('25.00'));
  });
  it('200: says why it failed, or where it is confirmed', async () => {
    expect(await topUp(await withCard('Declined top-up', 'pm_card_chargeCustomerFail'), '5.00')).toMatchObject({
      state: 'failed',
      decline_code: 'generic_decline',
    });
    const waiting = await topUp(await withCard('Waiting top-up', 'pm_card_authenticationRequired'), '5.00');
    expect(waiting).toMatchObject({ state: 'requires_action', action_url: expect.stringContaining(emulator.url) });
  });
  it('400: no amount, too little, too precise, too much', async () => {
    const { call } = await api.tenant('Odd amounts');
    for (const body of [{}, { amount: '0' }, { amount: '0.001' }, { amount: '-1' }, { amount: 5 }, { amount: '1000000.00' }])
      expect(pointers((await call('POST', '/v1/top-ups', body)).body)).toEqual(['/amount']);
  });
  it('403, 404', async () => {
    const { call } = await api.tenant('Reads only', ['billing:read']);
    expect((await call('POST', '/v1/top-ups', { amount: '1.00' })).body.code).toBe('auth.scope_missing');
    expect((await call('GET', `/v1/top-ups/${missing('topUp')}`)).status).toBe(404);
  });
});

describe('POST /v1/top-ups/{id}/refunds', () => {
  it('201: gives back what is not spent; 409: no more than that', async () => {
    const tenant = await withCard('Refunded top-up');
    const { id } = await topUp(tenant, '10.00');
    expect((await tenant.call('POST', '/v1/trunks', { name: 'T', country: 'US', channels_max: 2 })).status).toBe(201); // setup of 1.00
    expect((await operator('POST', `/v1/top-ups/${id}/refunds`, { amount: '9.01', reason: 'x' })).body.code).toBe(
      'billing.refund_too_high',
    );
    const { status, body } = await operator('POST', `/v1/top-ups/${id}/refunds`, { reason: 'Leaves' });
    expect([status, body]).toMatchObject([
      201,
      { object: 'refund', top_up_id: id, invoice_id: null, amount: usd('9.00'), state: 'pending' },
    ]);
    await api.app.get(SendRefund).execute(uuid('tenant', tenant.id), uuid('refund', body.id));
    expect((await tenant.call('GET', '/v1/refunds')).body.data).toMatchObject([{ id: body.id, state: 'succeeded' }]);
    expect((await tenant.call('GET', '/v1/balance')).body.balance).toEqual(usd('0.00'));
  });
  it('400, 404', async () => {
    expect(pointers((await operator('POST', `/v1/top-ups/${missing('topUp')}/refunds`, { amount: 'x' })).body)).toEqual([
      '/amount',
      '/reason',
    ]);
    expect((await operator('POST', `/v1/top-ups/${missing('topUp')}/refunds`, { reason: 'x' })).status).toBe(404);
  });
});

describe('/v1/billing-settings and PUT /v1/tenants/{id}/billing-mode', () => {
  it('200: prepaid without a balance is held at once, and freed by a top-up; orders need a balance', async () => {
    const tenant = await withCard('Prepaid');
    const put = await operator('PUT', `/v1/tenants/${tenant.id}/billing-mode`, { billing_mode: 'prepaid' });
    expect([put.status, put.body]).toEqual([
      200,
      { object: 'billing_settings', billing_mode: 'prepaid', available: usd('0.00'), auto_top_up: null },
    ]);
    expect((await tenant.call('GET', '/v1/tenant')).body.holds).toEqual(['billing']);
    const order = { name: 'T', country: 'US', channels_max: 2 };
    const refused = await tenant.call('POST', '/v1/trunks', order);
    expect([refused.status, refused.body.code]).toEqual([402, 'ledger.balance_too_low']);
    expect((await tenant.call('GET', '/v1/trunks')).body.data).toEqual([]);
    await topUp(tenant, '5.00');
    expect((await tenant.call('GET', '/v1/tenant')).body.holds).toEqual([]);
    expect((await tenant.call('POST', '/v1/trunks', order)).status).toBe(201);
    expect((await tenant.call('GET', '/v1/billing-settings')).body.available).toEqual(usd('4.00'));
    const upcoming = (await tenant.call('GET', '/v1/invoices/upcoming')).body;
    expect([upcoming.total, upcoming.from_balance, upcoming.amount_due]).toEqual([usd('2.00'), usd('2.00'), usd('0.00')]);
  });
  it('200: automatic top-ups are set and taken away; they say nothing of the mode', async () => {
    const { call } = await api.tenant('Automatic');
    const auto_top_up = { below: '5.00', amount: '20.00', daily_max: '60.00' };
    const set = await call('PATCH', '/v1/billing-settings', { auto_top_up });
    expect([set.status, set.body.billing_mode, set.body.auto_top_up]).toEqual([
      200,
      'postpaid',
      { below: usd('5.00'), amount: usd('20.00'), daily_max: usd('60.00') },
    ]);
    expect((await call('PATCH', '/v1/billing-settings', { auto_top_up: null })).body.auto_top_up).toBeNull();
  });
  it('400: fields are named; a tenant does not choose its mode', async () => {
    const { call } = await api.tenant('Wishful');
    const patch = async (body: unknown) => pointers((await call('PATCH', '/v1/billing-settings', body)).body);
    expect(await patch({ auto_top_up: { below: '1', amount: '20', daily_max: '10' } })).toEqual(['/auto_top_up/daily_max']);
    expect(await patch({ auto_top_up: { below: '1', amount: '0', daily_max: '10' } })).toEqual(['/auto_top_up/amount']);
    expect(await patch({ auto_top_up: null, billing_mode: 'postpaid' })).toEqual(['/billing_mode']);
  });
  it('409: a debt that no invoice asks for; 404: no such tenant; 400: no such mode', async () => {
    const { id, call } = await api.tenant('In debt');
    await call('POST', '/v1/trunks', { name: 'T', country: 'US', channels_max: 2 });
    await operator('PUT', `/v1/tenants/${id}/billing-mode`, { billing_mode: 'prepaid' });
    api.clock.set('2027-03-01T00:10:00Z');
    await operator('POST', '/v1/invoice-runs', { month: '2027-02' });
    api.clock.set('2027-02-15T12:00:00Z');
    expect((await call('GET', '/v1/invoices')).body.data).toMatchObject([
      { state: 'paid', from_balance: usd('2.00'), amount_due: usd('0.00') },
    ]);
    const back = await operator('PUT', `/v1/tenants/${id}/billing-mode`, { billing_mode: 'postpaid' });
    expect([back.status, back.body.code]).toEqual([409, 'billing.balance_in_debt']);
    expect((await operator('PUT', `/v1/tenants/${missing('tenant')}/billing-mode`, { billing_mode: 'prepaid' })).status).toBe(404);
    expect(pointers((await operator('PUT', `/v1/tenants/${id}/billing-mode`, { billing_mode: 'free' })).body)).toEqual(['/billing_mode']);
  });
});

describe('/v1/invoices/{id}/credit-notes and /refunds', () => {
  const line = (amount: string, category = 'setup.channel') => ({ category, amount, reason: 'Agreed otherwise' });

  it('201: before it is paid less is collected; the invoice says what is due', async () => {
    const { call, invoice } = await withInvoice('Credited');
    const { status, body } = await operator('POST', `/v1/invoices/${invoice}/credit-notes`, { lines: [line('0.30')] });
    const { number } = (await call('GET', `/v1/invoices/${invoice}`)).body;
    expect([status, body]).toMatchObject([
      201,
      {
        object: 'credit_note',
        invoice_id: invoice,
        number: `${number}-C1`,
        settlement: 'reduce',
        state: 'issued',
        total: usd('0.30'),
        lines: [{ position: 1, ...line('0.30'), amount: usd('0.30') }],
      },
    ]);
    expect((await call('GET', `/v1/invoices/${invoice}/credit-notes`)).body).toEqual({ data: [body] });
    expect((await call('GET', `/v1/invoices/${invoice}`)).body).toMatchObject({
      total: usd('2.00'),
      credited: usd('0.30'),
      amount_due: usd('1.70'),
    });
    expect((await call('POST', `/v1/invoices/${invoice}/pay`)).body).toMatchObject({ state: 'paid', amount_due: usd('0.00') });
    expect((await call('GET', '/v1/balance')).body.balance).toEqual(usd('0.00'));
    // and after it is paid it goes back to the card
    const again = await operator('POST', `/v1/invoices/${invoice}/credit-notes`, { lines: [line('0.70')] });
    expect(again.body).toMatchObject({ settlement: 'refund', number: `${number}-C2` });
    expect((await call('GET', '/v1/refunds')).body.data).toMatchObject([
      { credit_note_id: again.body.id, amount: usd('0.70'), state: 'pending' },
    ]);
    const gift = await operator('POST', `/v1/invoices/${invoice}/refunds`, { amount: '1.00', reason: 'Sorry' });
    expect([gift.status, gift.body]).toMatchObject([201, { invoice_id: invoice, credit_note_id: null, amount: usd('1.00') }]);
    const more = await operator('POST', `/v1/invoices/${invoice}/refunds`, { amount: '0.01', reason: 'Sorry' });
    expect([more.status, more.body.code]).toEqual([409, 'billing.not_paid']);
  });
  it('409: more than is left of a line, or nothing paid; 400: fields are named; 404', async () => {
    const { invoice } = await withInvoice('Refused credits');
    const post = (body: unknown, id = invoice) => operator('POST', `/v1/invoices/${id}/credit-notes`, body);
    const high = await post({ lines: [line('0.50'), line('0.51')] });
    expect([high.status, high.body.code, pointers(high.body)]).toEqual([409, 'billing.credit_too_high', ['/lines/1/amount']]);
    expect(pointers((await post({ lines: [line('0.001')] })).body)).toEqual(['/lines/0/amount']);
    expect(pointers((await post({ lines: [line('0.10', 'usage.outbound')] })).body)).toEqual(['/lines/0/category']);
    expect(pointers((await post({ lines: [] })).body)).toEqual(['/lines']);
    expect((await post({ lines: [line('0.10')] }, missing('invoice'))).status).toBe(404);
    expect((await operator('POST', `/v1/invoices/${invoice}/refunds`, { reason: 'x' })).body.code).toBe('billing.not_paid');
    expect((await operator('POST', `/v1/invoices/${missing('invoice')}/refunds`, { reason: 'x' })).status).toBe(404);
  });
  it('200: an unpaid invoice says why, when it is tried again, and where it can be paid', async () => {
    const { call, invoice } = await withInvoice('Unpaid', 'pm_card_authenticationRequired');
    expect((await call('POST', `/v1/invoices/${invoice}/pay`)).status).toBe(402);
    expect((await call('GET', `/v1/invoices/${invoice}`)).body).toMatchObject({
      state: 'payment_failed',
      attempts: 1,
      next_attempt_at: null,
      decline_code: 'authentication_required',
      payment_url: expect.stringContaining(emulator.url),
    });
  });
});

describe('GET /v1/disputes and /v1/reconciliations', () => {
  it('200: what there is, for the operator alone; 400: a bad cursor or filter', async () => {
    for (const url of ['/v1/disputes', '/v1/reconciliations', '/v1/reconciliations?state=open'])
      expect(await operator('GET', url)).toMatchObject({ status: 200, body: { data: [], next_cursor: null } });
    expect((await operator('GET', '/v1/disputes?cursor=x')).body.code).toBe('request.bad_cursor');
    expect(pointers((await operator('GET', '/v1/reconciliations?state=closed')).body)).toEqual(['/query/state']);
  });
});

it('400: a webhook that is replayed after its time; nothing is written', async () => {
  const payload = JSON.stringify({ id: 'evt_old', object: 'event', type: 'invoice.paid', created: 1, data: { object: { id: 'in_1' } } });
  const timestamp = Math.floor(Date.now() / 1000) - 301;
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: 'whsec_test_secret', timestamp });
  const headers = { 'content-type': 'application/json', 'stripe-signature': signature };
  const { status, body } = await api.as(undefined)('POST', '/v1/stripe/webhooks', payload, headers);
  expect([status, body.code]).toEqual([400, 'billing.bad_signature']);
});
