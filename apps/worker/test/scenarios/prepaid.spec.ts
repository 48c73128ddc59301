import type { INestApplicationContext } from '@nestjs/common';
import { fromMinor, fromPublicId, newId, systemContext } from '@trunkline/kernel';
import { charge } from '@trunkline/ledger';
import { VerifyBalances, post } from '@trunkline/ledger/server';
import { Database } from '@trunkline/platform';
import { queueUnderTest, startStripeEmulator } from '@trunkline/testing';
import type { StripeEmulator } from '@trunkline/testing';
import { ApiHarness } from '../../../api/test/harness.ts';
import type { Call } from '../../../api/test/harness.ts';
import { startWorker } from '../start-worker.ts';

// the Stripe emulator sends each event one to three times, in another order than they happened, and one request in seven goes wrong
const queue = queueUnderTest(); // runs on both kinds: see jest.config.mjs
const NET = `127.0.${queue.net(60)}`;
const API = { host: `${NET}.17`, port: 31_062 };
const SECRET = 'whsec_scenario';
const ctx = systemContext('scenario');

let emulator: StripeEmulator;
let api: ApiHarness;
let worker: INestApplicationContext;
let tenant: { id: string; call: Call };
beforeAll(async () => {
  emulator = await startStripeEmulator({
    host: `${NET}.18`,
    webhookUrl: `http://${API.host}:${API.port}/v1/stripe/webhooks`,
    webhookSecret: SECRET,
    faults: { seed: 3, copiesMax: 3, delayMaxMs: 60, reorder: true },
    apiFaults: { seed: 3, failBefore: 0.04, failAfter: 0.04, cutAfter: 0.06 },
  });
  api = await ApiHarness.start({ STRIPE_API_URL: emulator.url, STRIPE_WEBHOOK_SECRET: SECRET });
  await api.app.listen(API.port, API.host);
  worker = await startWorker(api, {
    WORKER_ROLES: ['jobs'],
    GATEWAY_HOST: '127.0.0.1',
    REDIS_URL: queue.redisUrl,
    STRIPE_API_URL: emulator.url,
    STRIPE_WEBHOOK_SECRET: SECRET,
  });
  tenant = await api.tenant('Prepaid');
});
afterAll(async () => {
  await worker?.close();
  await api?.stop();
  await emulator?.stop();
});

const until = async (what: string, look: () => Promise<boolean>): Promise<void> => {
  for (const start = Date.now(); !(await look()); await new Promise((resolve) => setTimeout(resolve, 30)))
    if (Date.now() - start > 50_000) throw new Error(`never came: ${what}`);
};
const held = (wanted: string[]) =>
  until(`holds [${wanted.join()}]`, async () => String((await tenant.call('GET', '/v1/tenant')).body.holds) === String(wanted));
const balance = async () => (await tenant.call('GET', '/v1/balance')).body.balance.amount as string;
/** Calls that were stored and rated: what the tenant is charged for them. */
const call = async (minor: bigint): Promise<void> => {
  const head = {
    tenantId: fromPublicId('tenant', tenant.id) ?? '',
    currency: 'USD',
    month: api.clock.now(),
    postedAt: api.clock.now(),
    reference: newId(),
  };
  await worker
    .get(Database)
    .tx(ctx, (tx) => post(tx, [charge('usage_outbound', head, fromMinor(minor, 'USD'), { count: 1, seconds: 60 })]));
};

describe('a prepaid tenant', () => {
  it('is held as its balance is used up, and freed as it is topped up', async () => {
    await until(
      'the card',
      async () => (await tenant.call('PUT', '/v1/payment-method', { payment_method_id: 'pm_card_visa' })).status === 200,
    );
    await api.operator('PUT', `/v1/tenants/${tenant.id}/billing-mode`, { billing_mode: 'prepaid' });
    await held(['billing']);
    await tenant.call('POST', '/v1/top-ups', { amount: '5.00' });
    await held([]);
    await call(499n);
    await call(3n);
    await held(['billing']);
    expect(await balance()).toBe('-0.02'); // a call in flight
  });

  it('tops itself up, each time once', async () => {
    await tenant.call('PATCH', '/v1/billing-settings', { auto_top_up: { below: '2.00', amount: '10.00', daily_max: '20.00' } });
    await held([]);
    expect(await balance()).toBe('9.98');
    for (const minor of [300n, 300n, 250n]) await call(minor); // the last one takes it below the mark
    await until('the second top-up', async () => (await balance()) === '11.48');
    await call(1_148n); // that was all for today
    await held(['billing']);
    await emulator.settled();
    const { data } = (await tenant.call('GET', '/v1/top-ups')).body;
    expect(data.map((t: { origin: string; state: string }) => [t.origin, t.state])).toEqual([
      ['automatic', 'succeeded'],
      ['automatic', 'succeeded'],
      ['manual', 'succeeded'],
    ]);
    expect(await balance()).toBe('0.00');
    expect(Object.values(emulator.state().paymentIntents)).toHaveLength(3);
    expect(await new VerifyBalances(worker.get(Database)).execute(ctx)).toEqual([]);
  });
});
