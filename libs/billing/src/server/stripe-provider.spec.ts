import Stripe from 'stripe';
import { startStripeEmulator } from '@trunkline/testing';
import type { StripeEmulator } from '@trunkline/testing';
import { providerScenarios } from '../../test/provider-scenarios.ts';
import type { InvoiceToCollect } from './payment-provider.ts';
import { StripeProvider } from './stripe-provider.ts';

const HOST = '127.0.30.2';
const SECRET = 'whsec_test';
let emulator: StripeEmulator;
let provider: StripeProvider;
let stripe: Stripe;
beforeEach(async () => {
  emulator = await startStripeEmulator({ host: HOST });
  const address = { host: HOST, port: emulator.port, protocol: 'http' } as const;
  provider = new StripeProvider({ apiKey: 'sk_test_1', webhookSecret: SECRET, returnUrl: 'https://example.com/back', ...address });
  stripe = new Stripe('sk_test_1', { ...address, telemetry: false });
});
afterEach(() => emulator.stop());

const invoice: InvoiceToCollect = {
  id: 'i1',
  tenantId: 't1',
  number: 'INV-202611-000042',
  currency: 'USD',
  period: { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-12-01T00:00:00Z') },
  totalMinor: 570n,
  fromBalanceMinor: 0n,
  lines: [
    { id: 'l1', description: 'Channels, monthly', quantity: '10', amountMinor: 467n },
    { id: 'l2', description: 'Outbound calls', quantity: '3 calls, 180 s', amountMinor: 103n },
  ],
};
const customerWith = async (card?: string): Promise<string> => {
  const customer = await provider.ensureCustomer({ tenantId: 't1', name: 'Acme' });
  if (card) await provider.setPaymentMethod(customer, card);
  return customer;
};

/** Hands over and makes the first attempt. */
const collect = async (customer: string, what: InvoiceToCollect) => {
  const { providerInvoiceId } = await provider.handOver(customer, what);
  return (await provider.payInvoice(providerInvoiceId, '0')).invoice;
};

// All of this ran against the Stripe emulator, not against Stripe.
describe('collecting through the Stripe emulator', () => {
  it('makes one customer of a tenant', async () => expect(await customerWith()).toBe(await customerWith()));

  it('hands over number, lines and ids, and collects the total', async () => {
    const collected = await collect(await customerWith('pm_card_visa'), invoice);
    expect(collected).toMatchObject({
      invoiceId: 'i1',
      tenantId: 't1',
      number: 'INV-202611-000042',
      state: 'paid',
      totalMinor: 570n,
      paidAt: expect.any(Date),
    });
    const items = await stripe.invoiceItems.list({ invoice: collected.providerInvoiceId });
    expect(items.data.map(({ amount, description, metadata }) => [amount, description, metadata?.['trunkline_line_id']])).toEqual([
      [103, 'Outbound calls (3 calls, 180 s)', 'l2'],
      [467, 'Channels, monthly (10)', 'l1'],
    ]);
    expect(await provider.fetchInvoice(collected.providerInvoiceId)).toEqual(collected);
  });

  it('collects once, however often it is asked', async () => {
    const customer = await customerWith('pm_card_visa');
    const first = await collect(customer, invoice);
    expect(await collect(customer, invoice)).toEqual(first);
    expect((await stripe.invoices.list({ customer })).data).toHaveLength(1);
  });

  it('goes on where a crash left it, also when the idempotency keys are forgotten', async () => {
    const customer = await customerWith('pm_card_visa');
    const left = await stripe.invoices.create({
      customer,
      number: invoice.number,
      currency: 'usd',
      metadata: { trunkline_invoice_id: 'i1' },
    });
    await stripe.invoiceItems.create({ customer, invoice: left.id, amount: 467, metadata: { trunkline_line_id: 'l1' } });
    expect(await collect(customer, invoice)).toMatchObject({ providerInvoiceId: left.id, state: 'paid', totalMinor: 570n });
  });

  it('collects nothing when the totals differ', async () => {
    const customer = await customerWith('pm_card_visa');
    await expect(collect(customer, { ...invoice, totalMinor: 571n })).rejects.toMatchObject({
      code: 'billing.total_mismatch',
    });
    expect((await stripe.invoices.list({ customer })).data.map(({ status }) => status)).toEqual(['draft']);
  });

  it('says when the card is declined, and when the customer has paid after all', async () => {
    const collected = await collect(await customerWith('pm_card_chargeCustomerFail'), invoice);
    expect(collected.state).toBe('payment_failed');
    expect((await provider.fetchInvoice(collected.providerInvoiceId))?.state).toBe('payment_failed');
    emulator.payInvoice(collected.providerInvoiceId);
    expect((await provider.fetchInvoice(collected.providerInvoiceId))?.state).toBe('paid');
  });

  it('says so when there is no card', async () => {
    expect((await collect(await customerWith(), invoice)).state).toBe('payment_failed');
  });

  it('tries again when asked, with the card of then, and leaves what is paid alone', async () => {
    const customer = await customerWith('pm_card_chargeCustomerFail');
    const { providerInvoiceId } = await collect(customer, invoice);
    expect((await provider.payInvoice(providerInvoiceId, 'a')).invoice.state).toBe('payment_failed');
    await provider.setPaymentMethod(customer, 'pm_card_visa');
    expect((await provider.payInvoice(providerInvoiceId, 'b')).invoice.state).toBe('paid');
    expect((await provider.payInvoice(providerInvoiceId, 'c')).invoice.state).toBe('paid');
  });

  it('charges once when it is asked twice at the same time', async () => {
    const customer = await customerWith();
    const { providerInvoiceId } = await collect(customer, invoice);
    await provider.setPaymentMethod(customer, 'pm_card_visa');
    const both = await Promise.all(['a', 'b'].map((attempt) => provider.payInvoice(providerInvoiceId, attempt)));
    expect(both.map((a) => a.invoice.state)).toEqual(['paid', 'paid']);
  });

  it('knows of no invoice that was deleted, and does not pass off an answer to us as our own', async () => {
    expect(await provider.fetchInvoice('in_gone')).toBeUndefined();
    const refused = await provider.payInvoice('in_gone', 'a').catch((error: unknown) => error);
    expect(refused).not.toHaveProperty('statusCode');
  });

  it('refuses a payment method that Stripe does not know, naming the field', async () => {
    await expect(provider.setPaymentMethod(await customerWith(), 'pm_unknown')).rejects.toMatchObject({
      code: 'billing.payment_method_refused',
      errors: [{ pointer: '/payment_method_id' }],
    });
  });

  it('says that nobody answers', async () => {
    await emulator.stop();
    await expect(provider.fetchInvoice('in_1')).rejects.toMatchObject({ code: 'billing.provider_unavailable', kind: 'unavailable' });
  });
});

describe('scenarios, on the Stripe emulator', () => providerScenarios(() => ({ provider, stripe })));

describe('a webhook', () => {
  const payload = JSON.stringify({
    id: 'evt_1',
    object: 'event',
    type: 'invoice.paid',
    created: 1_800_000_000,
    data: { object: { id: 'in_1' } },
  });
  const sign = (secret: string, timestamp?: number) =>
    Stripe.webhooks.generateTestHeaderString({ payload, secret, ...(timestamp && { timestamp }) });

  it('says what to look at', () => {
    const createdAt = new Date(1_800_000_000_000);
    expect(provider.parseWebhook(Buffer.from(payload), sign(SECRET))).toEqual({
      id: 'evt_1',
      type: 'invoice.paid',
      objectId: 'in_1',
      createdAt,
    });
  });

  it.each([
    ['another secret', () => provider.parseWebhook(payload, sign('whsec_other'))],
    ['another body', () => provider.parseWebhook(`${payload} `, sign(SECRET))],
    ['old', () => provider.parseWebhook(payload, sign(SECRET, 1_700_000_000))],
    ['no signature', () => provider.parseWebhook(payload, '')],
  ])('is refused: %s', (_, parse) => expect(parse).toThrow(expect.objectContaining({ code: 'billing.bad_signature' })));
});
