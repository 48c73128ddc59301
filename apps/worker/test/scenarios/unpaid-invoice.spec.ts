import type { INestApplicationContext } from '@nestjs/common';
import { BillingModule, ProcessPaymentEvent } from '@trunkline/billing/server';
import { fromPublicId, systemContext } from '@trunkline/kernel';
import { charge } from '@trunkline/ledger';
import { LedgerModule, VerifyBalances, post } from '@trunkline/ledger/server';
import { Database, OutboxRelay } from '@trunkline/platform';
import { TenancyModule } from '@trunkline/tenancy/server';
import { createTestContext, startStripeEmulator } from '@trunkline/testing';
import type { StripeEmulator } from '@trunkline/testing';
import pg from 'pg';
import { ApiHarness } from '../../../api/test/harness.ts';
import type { Call } from '../../../api/test/harness.ts';

// the Stripe emulator sends each event one to three times, in another order than they happened
const API = { host: '127.0.60.2', port: 31_060 };
const FAULTS = { seed: 7, copiesMax: 3, delayMaxMs: 60, reorder: true };
const SECRET = 'whsec_scenario';
const ctx = systemContext('scenario');

let emulator: StripeEmulator;
let api: ApiHarness;
let worker: INestApplicationContext;
let owner: pg.Client;
let tenant: { id: string; call: Call };
beforeAll(async () => {
  const webhookUrl = `http://${API.host}:${API.port}/v1/stripe/webhooks`;
  emulator = await startStripeEmulator({ host: '127.0.60.3', webhookUrl, webhookSecret: SECRET, faults: FAULTS });
  api = await ApiHarness.start({ STRIPE_API_URL: emulator.url, STRIPE_WEBHOOK_SECRET: SECRET });
  await api.app.listen(API.port, API.host);
  const billing = BillingModule.of({ apiKey: 'sk_test_emulator', apiUrl: emulator.url, webhookSecret: SECRET });
  worker = await createTestContext(api.database, [TenancyModule, LedgerModule, billing], api.clock, true);
  await worker.init();
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await worker?.close();
  await api?.stop();
  await emulator?.stop();
});

const count = async (query: string): Promise<number> =>
  ((await owner.query(`SELECT count(*)::int AS n FROM ${query}`)).rows[0] as { n: number }).n;

/** Relays and waits until every event was handed over, delivered and acted upon, and every invoice was handed to Stripe. */
const settled = async (): Promise<void> => {
  for (let quiet = 0; quiet < 3;) {
    const relayed = await worker.get(OutboxRelay).run();
    await emulator.settled();
    const open = (await count('payment_event WHERE processed_at IS NULL')) + (await count('invoice WHERE provider_invoice_id IS NULL'));
    quiet = relayed + open + (await count('outbox WHERE dispatched_at IS NULL')) === 0 ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const state = async () => ({
  tenant: (({ state, holds }) => ({ state, holds }))((await api.operator('GET', `/v1/tenants/${tenant.id}`)).body),
  balance: (await tenant.call('GET', '/v1/balance')).body.balance.amount as string,
  invoices: (await tenant.call('GET', '/v1/invoices')).body.data.map((i: { state: string }) => i.state) as string[],
});
const calls = async (answered: string, nanos: bigint): Promise<void> => {
  const head = {
    tenantId: fromPublicId('tenant', tenant.id) ?? '',
    currency: 'USD',
    month: new Date(answered),
    postedAt: api.clock.now(),
    reference: answered,
  };
  await worker.get(Database).tx(ctx, (tx) => post(tx, [charge('usage_outbound', head, nanos, { count: 3, seconds: 90 })]));
};
const closeMonth = async (month: string, next: string): Promise<void> => {
  api.clock.set(next);
  expect((await api.operator('POST', '/v1/invoice-runs', { month })).body).toMatchObject({ issued: 1, failed: 0 });
  await settled();
};

describe('an unpaid invoice', () => {
  it('is issued for a trunk, a number and calls, and the card is declined: the tenant is suspended', async () => {
    api.clock.set('2027-01-10T09:00:00Z');
    tenant = await api.tenant('Unpaid');
    await tenant.call('PUT', '/v1/payment-method', { payment_method_id: 'pm_card_chargeCustomerFail' });
    const trunk = await tenant.call('POST', '/v1/trunks', { name: 'T', country: 'US', channels_max: 3 });
    await api.operator('POST', '/v1/number-imports', 'number\n+12025550142\n');
    const number = await tenant.call('POST', '/v1/numbers', { number: '+12025550142', trunk_id: trunk.body.id });
    expect([trunk.status, number.status]).toEqual([201, 201]);
    await calls('2027-01-12T10:00:00Z', 12_345_678n);
    const upcoming = (await tenant.call('GET', '/v1/invoices/upcoming')).body;
    await closeMonth('2027-01', '2027-02-01T00:00:00Z');
    expect(await state()).toEqual({ tenant: { state: 'suspended', holds: ['billing'] }, balance: '-5.31', invoices: ['payment_failed'] });
    const { body: issued } = await tenant.call('GET', `/v1/invoices/${(await tenant.call('GET', '/v1/invoices')).body.data[0].id}`);
    expect([issued.total.amount, issued.lines.map((l: { exact: object }) => l.exact)]).toEqual([
      '5.31', // 22 of 31 days of 3 channels at 1.00 and a number at 2.00, setup of 1.50 and 0.25, calls
      [
        { amount: '2.129032258', currency: 'USD' },
        { amount: '1.419354839', currency: 'USD' },
        { amount: '1.50', currency: 'USD' },
        { amount: '0.25', currency: 'USD' },
        { amount: '0.012345678', currency: 'USD' },
      ],
    ]);
    expect(upcoming.total).toEqual(issued.total);
  });

  it('is paid with another card: the hold is lifted, and nothing is owed to the nano', async () => {
    const { data } = (await tenant.call('GET', '/v1/invoices')).body;
    await tenant.call('PUT', '/v1/payment-method', { payment_method_id: 'pm_card_visa' });
    expect((await state()).tenant.state).toBe('suspended');
    expect((await tenant.call('POST', `/v1/invoices/${data[0].id}/pay`)).status).toBe(200);
    await settled();
    expect(await state()).toEqual({ tenant: { state: 'active', holds: [] }, balance: '0.00', invoices: ['paid'] });
  });

  it('is paid on Stripe’s own page: the webhook alone restores the tenant', async () => {
    await tenant.call('PUT', '/v1/payment-method', { payment_method_id: 'pm_card_chargeCustomerFail' });
    await closeMonth('2027-02', '2027-03-01T00:00:00Z');
    expect((await state()).tenant).toEqual({ state: 'suspended', holds: ['billing'] });
    const { rows } = await owner.query(`SELECT provider_invoice_id AS id FROM invoice WHERE state = 'payment_failed'`);
    emulator.payInvoice((rows[0] as { id: string }).id);
    await settled();
    expect(await state()).toEqual({ tenant: { state: 'active', holds: [] }, balance: '0.00', invoices: ['paid', 'paid'] });
  });

  it('leaves a hold of another kind alone', async () => {
    await api.operator('POST', `/v1/tenants/${tenant.id}/place-hold`, { kind: 'fraud', reason: 'odd calls' });
    await closeMonth('2027-03', '2027-04-01T00:00:00Z');
    expect(await state()).toEqual({
      tenant: { state: 'suspended', holds: ['fraud'] },
      balance: '0.00',
      invoices: ['paid', 'paid', 'paid'],
    });
  });

  it('ends the same whatever the order and number of the messages', async () => {
    const before = { ...(await state()), postings: await count('posting') };
    const { rows } = await owner.query<{ id: string }>(`SELECT id FROM payment_event ORDER BY id`);
    expect(rows.length).toBeGreaterThan(12);
    const process = worker.get(ProcessPaymentEvent);
    const twice = [...rows, ...rows];
    for (const order of [twice, twice.toReversed(), twice.toSorted((a, b) => a.id.slice(-4).localeCompare(b.id.slice(-4)))])
      await Promise.all(order.map(({ id }) => process.execute(id)));
    expect({ ...(await state()), postings: await count('posting') }).toEqual(before);
    expect(await worker.get(VerifyBalances).execute(ctx)).toEqual([]);
  });
});
