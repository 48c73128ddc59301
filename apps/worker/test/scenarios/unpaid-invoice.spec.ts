import type { INestApplicationContext } from '@nestjs/common';
import { ProcessPaymentEvent } from '@trunkline/billing/server';
import { encodeCdrLine } from '@trunkline/edge-core';
import { EdgeGateway } from '@trunkline/edge/server';
import { fromPublicId, systemContext } from '@trunkline/kernel';
import { VerifyBalances } from '@trunkline/ledger/server';
import { Database } from '@trunkline/platform';
import { FakeAgent, queueUnderTest, startStripeEmulator } from '@trunkline/testing';
import type { StripeEmulator } from '@trunkline/testing';
import pg from 'pg';
import { ApiHarness } from '../../../api/test/harness.ts';
import type { Call } from '../../../api/test/harness.ts';
import { startWorker } from '../start-worker.ts';

// the Stripe emulator sends each event one to three times, in another order than they happened
const queue = queueUnderTest(); // runs on both kinds: see jest.config.mjs
const NET = `127.0.${queue.net(60)}`;
const GATEWAY = `${NET}.5`;
const API = { host: `${NET}.2`, port: 31_060 };
const FAULTS = { seed: 7, copiesMax: 3, delayMaxMs: 60, reorder: true };
const SECRET = 'whsec_scenario';
const ctx = systemContext('scenario');

let emulator: StripeEmulator;
let api: ApiHarness;
let worker: INestApplicationContext;
let agent: FakeAgent;
let owner: pg.Client;
let tenant: { id: string; call: Call };
beforeAll(async () => {
  const webhookUrl = `http://${API.host}:${API.port}/v1/stripe/webhooks`;
  emulator = await startStripeEmulator({ host: `${NET}.3`, webhookUrl, webhookSecret: SECRET, faults: FAULTS });
  api = await ApiHarness.start({ STRIPE_API_URL: emulator.url, STRIPE_WEBHOOK_SECRET: SECRET });
  await api.app.listen(API.port, API.host);
  worker = await startWorker(api, {
    REDIS_URL: queue.redisUrl,
    GATEWAY_HOST: GATEWAY,
    STRIPE_API_URL: emulator.url,
    STRIPE_WEBHOOK_SECRET: SECRET,
  });
  const { body: edge } = await api.operator('POST', '/v1/edges', { name: 'fra-1', sip_address: '127.0.60.6:5060' });
  agent = await FakeAgent.enrol(`http://${GATEWAY}:${worker.get(EdgeGateway).port}`, edge.enrol_token);
  await agent.connect();
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await agent?.close();
  await worker?.close();
  await api?.stop();
  await emulator?.stop();
});

const count = async (query: string): Promise<number> =>
  ((await owner.query(`SELECT count(*)::int AS n FROM ${query}`)).rows[0] as { n: number }).n;

/** Waits until every event was relayed, delivered and acted upon, and every invoice was handed to Stripe. */
const settled = async (): Promise<void> => {
  for (let quiet = 0; quiet < 3;) {
    await emulator.settled();
    const pending = [
      'outbox WHERE dispatched_at IS NULL',
      'payment_event WHERE processed_at IS NULL',
      'invoice WHERE provider_invoice_id IS NULL',
    ];
    let open = 0;
    for (const rows of pending) open += await count(rows);
    quiet = open === 0 ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
const state = async () => ({
  tenant: (({ state, holds }) => ({ state, holds }))((await api.operator('GET', `/v1/tenants/${tenant.id}`)).body),
  balance: (await tenant.call('GET', '/v1/balance')).body.balance.amount as string,
  invoices: (await tenant.call('GET', '/v1/invoices')).body.data.map((i: { state: string }) => i.state) as string[],
});
const uuid = () => fromPublicId('tenant', tenant.id) ?? '';
/** What the edge knows: calls are refused while there is any hold. */
const edgeHolds = (wanted: string): Promise<void> =>
  agent.until('tenant', uuid(), (value) => (JSON.parse(value ?? '{"holds":[]}') as { holds: string[] }).holds.join() === wanted);
/** A call of 91 s that ends now: 96 s are billed at 0.60 a minute. */
const call = async (trunkId: string): Promise<void> => {
  const endedAtMs = api.clock.now().getTime();
  const line = encodeCdrLine({
    uid: 'u1', kind: 'end', direction: 'outbound', outcome: 'answered', tenantId: uuid(), trunkId: fromPublicId('trunk', trunkId) ?? '', carrierId: null,
    gateway: null, from: 'pbx', to: '+12025550100', callerId: '+12025550142', destination: '+12025550100', callId: 'c1', sourceAddress: '127.0.60.7',
    startedAtMs: endedAtMs - 95_000, answeredAtMs: endedAtMs - 91_000, endedAtMs, sipCode: 200, reason: null, hangupBy: 'caller', attempts: [], estimated: false,
  }); // prettier-ignore
  agent.sendCdrs(1, [line]);
  await agent.next('cdrs_stored');
};
const closeMonth = async (month: string, next: string): Promise<void> => {
  api.clock.set(next);
  expect((await api.operator('POST', '/v1/invoice-runs', { month })).body).toMatchObject({ issued: 1, failed: 0 });
  await settled();
};

describe('an unpaid invoice', () => {
  it('is issued for a trunk, a number and calls, and the card is declined: the tenant is restricted', async () => {
    api.clock.set('2027-01-10T09:00:00Z');
    tenant = await api.tenant('Unpaid');
    await tenant.call('PUT', '/v1/payment-method', { payment_method_id: 'pm_card_chargeCustomerFail' });
    const trunk = await tenant.call('POST', '/v1/trunks', { name: 'T', country: 'US', channels_max: 3 });
    await api.operator('POST', '/v1/number-imports', 'number\n+12025550142\n');
    const number = await tenant.call('POST', '/v1/numbers', { number: '+12025550142', trunk_id: trunk.body.id });
    expect([trunk.status, number.status]).toEqual([201, 201]);
    api.clock.set('2027-01-12T10:00:00Z');
    await call(trunk.body.id);
    const upcoming = (await tenant.call('GET', '/v1/invoices/upcoming')).body;
    await closeMonth('2027-01', '2027-02-01T00:10:00Z');
    expect(await state()).toEqual({ tenant: { state: 'restricted', holds: ['billing'] }, balance: '-6.26', invoices: ['payment_failed'] });
    await edgeHolds('restricted');
    const { body: issued } = await tenant.call('GET', `/v1/invoices/${(await tenant.call('GET', '/v1/invoices')).body.data[0].id}`);
    expect([issued.total.amount, issued.lines.map((l: { exact: object }) => l.exact)]).toEqual([
      '6.26', // 22 of 31 days of 3 channels at 1.00 and a number at 2.00, setup of 1.50 and 0.25, calls
      [
        { amount: '2.129032258', currency: 'USD' },
        { amount: '1.419354839', currency: 'USD' },
        { amount: '1.50', currency: 'USD' },
        { amount: '0.25', currency: 'USD' },
        { amount: '0.96', currency: 'USD' },
      ],
    ]);
    expect(upcoming.total).toEqual(issued.total);
  });

  it('is paid with another card: the hold is lifted, and nothing is owed to the nano', async () => {
    const { data } = (await tenant.call('GET', '/v1/invoices')).body;
    await tenant.call('PUT', '/v1/payment-method', { payment_method_id: 'pm_card_visa' });
    expect((await state()).tenant.state).toBe('restricted');
    expect((await tenant.call('POST', `/v1/invoices/${data[0].id}/pay`)).status).toBe(200);
    await settled();
    expect(await state()).toEqual({ tenant: { state: 'active', holds: [] }, balance: '0.00', invoices: ['paid'] });
    await edgeHolds('');
  });

  it('is paid on Stripe’s own page: the webhook alone restores the tenant', async () => {
    await tenant.call('PUT', '/v1/payment-method', { payment_method_id: 'pm_card_chargeCustomerFail' });
    await closeMonth('2027-02', '2027-03-01T00:10:00Z');
    expect((await state()).tenant).toEqual({ state: 'restricted', holds: ['billing'] });
    const { rows } = await owner.query(`SELECT provider_invoice_id AS id FROM invoice WHERE state = 'payment_failed'`);
    emulator.payInvoice((rows[0] as { id: string }).id);
    await settled();
    expect(await state()).toEqual({ tenant: { state: 'active', holds: [] }, balance: '0.00', invoices: ['paid', 'paid'] });
  });

  it('leaves a hold of another kind alone', async () => {
    await api.operator('POST', `/v1/tenants/${tenant.id}/place-hold`, { kind: 'fraud', reason: 'odd calls' });
    await closeMonth('2027-03', '2027-04-01T00:10:00Z');
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
    expect(await new VerifyBalances(worker.get(Database)).execute(ctx)).toEqual([]);
  });
});
