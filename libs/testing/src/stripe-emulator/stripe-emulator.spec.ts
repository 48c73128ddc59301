import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { contract } from './contract.ts';
import { startStripeEmulator } from './start-stripe-emulator.ts';
import type { StripeEmulator, StripeEmulatorOptions } from './start-stripe-emulator.ts';

const HOST = '127.0.30.1';
const SECRET = 'whsec_test';
const stops: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const start = async (options: StripeEmulatorOptions = {}): Promise<{ emulator: StripeEmulator; stripe: Stripe }> => {
  const emulator = await startStripeEmulator({ host: HOST, ...options });
  stops.push(() => emulator.stop());
  return {
    emulator,
    stripe: new Stripe('sk_test_1', { host: HOST, port: emulator.port, protocol: 'http', telemetry: false, maxNetworkRetries: 0 }),
  };
};

/** A receiver that verifies each webhook by the SDK. `refusals` answers 500 to so many first. */
const startReceiver = async (refusals = 0) => {
  const events: Stripe.Event[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    events.push(Stripe.webhooks.constructEvent(Buffer.concat(chunks), request.headers['stripe-signature'] ?? '', SECRET));
    response.writeHead(events.length <= refusals ? 500 : 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  stops.push(() => new Promise((resolve) => server.close(() => resolve())));
  return { events, webhookUrl: `http://${HOST}:${(server.address() as AddressInfo).port}/`, webhookSecret: SECRET };
};

const openInvoice = async (stripe: Stripe, amount = 500) => {
  const customer = await stripe.customers.create({ name: 'Acme' });
  const draft = await stripe.invoices.create({ customer: customer.id, currency: 'usd', pending_invoice_items_behavior: 'exclude' });
  await stripe.invoiceItems.create({ customer: customer.id, invoice: draft.id, amount, currency: 'usd' });
  return { customer, invoice: await stripe.invoices.finalizeInvoice(draft.id) };
};

describe('the contract', () => {
  it('is that of the installed SDK; else run tools/generate-stripe-contract.mjs', () => {
    const manifest = join(createRequire(import.meta.url).resolve('stripe'), '../../package.json');
    expect(contract.sdkVersion).toBe((JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version);
  });

  it.each([
    ['an unknown parameter', (s: Stripe) => s.invoices.create({ customer: 'x', colour: 'red' } as never), 'parameter_unknown', 'colour'],
    [
      'an unknown nested one',
      (s: Stripe) => s.customers.create({ invoice_settings: { colour: 'red' } } as never),
      'parameter_unknown',
      'invoice_settings[colour]',
    ],
    [
      'a parameter of old',
      (s: Stripe) => s.invoiceItems.create({ customer: 'x', price: 'price_1' } as never),
      'parameter_unknown',
      'price',
    ],
    [
      'a missing one',
      (s: Stripe) => s.invoiceItems.create({ customer: 'x', period: { start: 1 } } as never),
      'parameter_missing',
      'period[end]',
    ],
    ['a text for a number', (s: Stripe) => s.invoiceItems.create({ amount: 'much' } as never), undefined, 'amount'],
    [
      'a value that does not exist',
      (s: Stripe) => s.invoices.create({ collection_method: 'by_force' } as never),
      undefined,
      'collection_method',
    ],
    [
      'what Stripe does and the emulator does not',
      (s: Stripe) => s.invoices.create({ customer: 'x', footer: 'x' }),
      'emulator_unsupported',
      'footer',
    ],
    ['an unknown URL', (s: Stripe) => s.plans.list(), undefined, undefined],
  ])('refuses %s', async (_, call, code, param) => {
    const { stripe } = await start();
    const error: Stripe.errors.StripeError = await call(stripe).then(
      () => Promise.reject(new Error('accepted')),
      (refusal) => refusal,
    );
    expect(error).toBeInstanceOf(Stripe.errors.StripeInvalidRequestError);
    expect([error.code, error.param]).toEqual([code, param]);
  });
});

describe('invoices', () => {
  it('go from draft to open to paid', async () => {
    const { stripe } = await start({ newCustomerCard: 'pm_card_visa' });
    const { invoice } = await openInvoice(stripe);
    expect(invoice).toMatchObject({ status: 'open', total: 500, amount_due: 500, attempted: false });
    expect(await stripe.invoices.pay(invoice.id)).toMatchObject({ status: 'paid', amount_paid: 500, amount_remaining: 0, attempted: true });
  });

  it('of nothing are paid as they are finalised', async () => {
    const { stripe } = await start();
    expect((await openInvoice(stripe, 0)).invoice.status).toBe('paid');
  });

  it('take items as drafts only, in whole minor units of their currency', async () => {
    const { stripe } = await start();
    const { customer, invoice } = await openInvoice(stripe);
    const item = { customer: customer.id, invoice: invoice.id, amount: 1 };
    await expect(stripe.invoiceItems.create(item)).rejects.toThrow('no longer a draft');
    const draft = await stripe.invoices.create({ customer: customer.id });
    await expect(stripe.invoiceItems.create({ ...item, invoice: draft.id, amount: 1.5 })).rejects.toThrow('Invalid integer');
    await expect(stripe.invoiceItems.create({ ...item, invoice: draft.id, currency: 'eur' })).rejects.toThrow('usd');
  });

  it('have numbers of their own', async () => {
    const { stripe } = await start();
    const { id: customer } = await stripe.customers.create();
    await stripe.invoices.create({ customer, number: 'INV-1' });
    await expect(stripe.invoices.create({ customer, number: 'INV-1' })).rejects.toThrow('taken');
  });

  it('are listed by customer, newest first, page after page', async () => {
    const { stripe } = await start();
    const { id: customer } = await stripe.customers.create();
    const made = [];
    for (const number of ['A', 'B', 'C']) made.unshift((await stripe.invoices.create({ customer, number })).id);
    await openInvoice(stripe);
    expect((await stripe.invoices.list({ customer, limit: 2 }).autoPagingToArray({ limit: 10 })).map(({ id }) => id)).toEqual(made);
  });

  it('can be voided, or given up and still paid', async () => {
    const { stripe, emulator } = await start();
    const { invoice } = await openInvoice(stripe);
    expect((await stripe.invoices.markUncollectible(invoice.id)).status).toBe('uncollectible');
    expect(emulator.payInvoice(invoice.id).status).toBe('paid');
    await expect(stripe.invoices.voidInvoice(invoice.id)).rejects.toThrow('The invoice is paid');
  });
});

describe('payments by card', () => {
  const customerWith = async (stripe: Stripe, emulator: StripeEmulator, card: Parameters<StripeEmulator['setCard']>[1]) => {
    const { id } = await stripe.customers.create();
    emulator.setCard(id, card);
    const { invoice_settings } = (await stripe.customers.retrieve(id)) as Stripe.Customer;
    return { customer: id, payment_method: invoice_settings.default_payment_method as string };
  };
  const pay = (stripe: Stripe, who: { customer: string; payment_method: string }) =>
    stripe.paymentIntents.create({ ...who, amount: 900, currency: 'usd', confirm: true, off_session: true });
  const refusal = (payment: Promise<unknown>): Promise<Stripe.errors.StripeCardError> =>
    payment.then(
      () => Promise.reject(new Error('accepted')),
      (error) => error,
    );

  it('succeed, and are refunded in parts, never beyond their amount', async () => {
    const { stripe, emulator } = await start();
    const { id, status } = await pay(stripe, await customerWith(stripe, emulator, 'pm_card_visa'));
    expect(status).toBe('succeeded');
    await stripe.refunds.create({ payment_intent: id, amount: 500 });
    await expect(stripe.refunds.create({ payment_intent: id, amount: 401 })).rejects.toThrow('greater than unrefunded amount');
    await stripe.refunds.create({ payment_intent: id });
    expect((await stripe.refunds.list({ payment_intent: id })).data.map(({ amount }) => amount)).toEqual([400, 500]);
  });

  it('are declined as the card, or its bank, will have it', async () => {
    const { stripe, emulator } = await start();
    const who = await customerWith(stripe, emulator, 'pm_card_chargeCustomerFail');
    expect(await refusal(pay(stripe, who))).toMatchObject({ code: 'card_declined', decline_code: 'generic_decline' });
    emulator.declineCard(who.customer, 'stolen_card');
    const { decline_code, payment_intent } = await refusal(pay(stripe, who));
    expect([decline_code, payment_intent?.status]).toEqual(['stolen_card', 'requires_payment_method']);
  });

  it('wait for a holder who must confirm, once he is there', async () => {
    const { stripe, emulator } = await start();
    const who = await customerWith(stripe, emulator, 'pm_card_authenticationRequired');
    const { code, payment_intent } = await refusal(pay(stripe, who));
    expect(code).toBe('authentication_required');
    const id = payment_intent?.id ?? '';
    const waiting = await stripe.paymentIntents.confirm(id, { payment_method: who.payment_method, return_url: 'https://example.com' });
    expect([waiting.status, waiting.next_action?.type]).toEqual(['requires_action', 'redirect_to_url']);
    expect(emulator.confirmPayment(id).status).toBe('succeeded');
    await expect(stripe.paymentIntents.cancel(id)).rejects.toThrow('succeeded');
  });

  it('may be disputed', async () => {
    const { stripe, emulator } = await start();
    await pay(stripe, await customerWith(stripe, emulator, 'pm_card_createDispute'));
    const { data } = await stripe.events.list({ type: 'charge.dispute.created' });
    const { id } = data[0]?.data.object as Stripe.Dispute;
    emulator.closeDispute(id, 'lost');
    expect((await stripe.disputes.retrieve(id)).status).toBe('lost');
  });
});

describe('credit notes', () => {
  it('take off what is left of an open invoice, and of nothing it is paid', async () => {
    const { stripe } = await start();
    const { invoice } = await openInvoice(stripe);
    const note = await stripe.creditNotes.create({ invoice: invoice.id, amount: 200 });
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'open', amount_remaining: 300 });
    await expect(stripe.creditNotes.create({ invoice: invoice.id, amount: 301 })).rejects.toThrow('more than what is left');
    await stripe.creditNotes.voidCreditNote(note.id);
    await stripe.creditNotes.create({ invoice: invoice.id, amount: 500 });
    expect(await stripe.invoices.retrieve(invoice.id)).toMatchObject({ status: 'paid', amount_paid: 0, amount_remaining: 0 });
  });
});

describe('faults, when they are asked for', () => {
  it('come in the same sequence for the same seed, before or after the effect; a key finds out which', async () => {
    const run = async () => {
      const { stripe } = await start({ apiFaults: { seed: 3, failBefore: 0.2, failAfter: 0.2, cutAfter: 0.2 } });
      const ends: string[] = [];
      for (let n = 0; n < 20; n += 1)
        ends.push(await stripe.customers.create({}, { idempotencyKey: `k${n}` }).then(() => 'made', (e: Error) => e.constructor.name)); // prettier-ignore
      return ends;
    };
    const ends = await run();
    expect(new Set(ends)).toEqual(new Set(['made', 'StripeAPIError', 'StripeConnectionError']));
    expect(await run()).toEqual(ends);
  });
});

describe('idempotency keys', () => {
  it('replay the answer, also a declined card', async () => {
    const { stripe, emulator } = await start();
    const options = { idempotencyKey: 'k1' };
    const first = await stripe.customers.create({ name: 'Acme' }, options);
    const second = await stripe.customers.create({ name: 'Acme' }, options);
    expect(second.id).toBe(first.id);
    expect(second.lastResponse.headers['idempotent-replayed']).toBe('true');

    const { customer, invoice } = await openInvoice(stripe);
    emulator.setCard(customer.id, 'pm_card_chargeCustomerFail');
    const pay = () => stripe.invoices.pay(invoice.id, {}, { idempotencyKey: 'k2' });
    await expect(pay()).rejects.toThrow(Stripe.errors.StripeCardError);
    await expect(pay()).rejects.toThrow(Stripe.errors.StripeCardError);
    expect((await stripe.invoices.retrieve(invoice.id)).attempt_count).toBe(1);
  });

  it('refuse another request', async () => {
    const { stripe } = await start();
    await stripe.customers.create({ name: 'Acme' }, { idempotencyKey: 'k1' });
    await expect(stripe.customers.create({ name: 'Other' }, { idempotencyKey: 'k1' })).rejects.toThrow(
      Stripe.errors.StripeIdempotencyError,
    );
  });
});

describe('webhooks', () => {
  it('tell of a declined card and, later, of the payment; the SDK verifies each', async () => {
    const { events, ...webhook } = await startReceiver();
    const { stripe, emulator } = await start(webhook);
    const { customer, invoice } = await openInvoice(stripe);
    const card = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id });
    await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: card.id } });
    await expect(stripe.invoices.pay(invoice.id)).rejects.toThrow(Stripe.errors.StripeCardError);
    emulator.payInvoice(invoice.id);
    await emulator.settled();
    const told = events
      .filter(({ type }) => type.startsWith('invoice.'))
      .map(({ type, data }) => `${type} ${(data.object as Stripe.Invoice).status}`);
    expect(told).toEqual([
      'invoice.created draft',
      'invoice.finalized open',
      'invoice.payment_failed open',
      'invoice.paid paid',
      'invoice.payment_succeeded paid',
    ]);
    expect((await stripe.events.list({ type: 'invoice.paid' })).data).toHaveLength(1);
  });

  it('are refused when the body was changed', () => {
    const payload = '{"id":"evt_1","object":"event"}';
    const header = Stripe.webhooks.generateTestHeaderString({ payload, secret: SECRET });
    expect(() => Stripe.webhooks.constructEvent(`${payload} `, header, SECRET)).toThrow(Stripe.errors.StripeSignatureVerificationError);
  });

  it('come again until they are taken', async () => {
    const { events, ...webhook } = await startReceiver(1);
    const { stripe, emulator } = await start(webhook);
    await stripe.customers.create();
    await emulator.settled();
    expect(events).toHaveLength(2);
    expect(events[1]?.id).toBe(events[0]?.id);
  });

  it('come repeatedly and in another order when asked to, and none is lost', async () => {
    const { events, ...webhook } = await startReceiver();
    const { stripe, emulator } = await start({ ...webhook, faults: { seed: 7, copiesMax: 5, delayMaxMs: 200, reorder: true } });
    for (let i = 0; i < 20; i += 1) await stripe.customers.create();
    await emulator.settled();
    const logged = (await stripe.events.list({ limit: 100 })).data.map(({ id }) => id).reverse();
    const seen = [...new Set(events.map(({ id }) => id))];
    expect(events.length).toBeGreaterThan(logged.length);
    expect(seen).not.toEqual(logged);
    expect(seen.toSorted()).toEqual(logged.toSorted());
  });
});

describe('the emulator', () => {
  it('takes test keys only', async () => {
    const { emulator } = await start();
    const live = new Stripe('sk_live_1', { host: HOST, port: emulator.port, protocol: 'http' });
    await expect(live.customers.create()).rejects.toThrow(Stripe.errors.StripeAuthenticationError);
  });

  it('keeps its account in a file when given one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stripe-emulator-'));
    stops.push(async () => rmSync(folder, { recursive: true }));
    const stateFile = join(folder, 'account.json');
    const first = await start({ stateFile });
    const { id } = await first.stripe.customers.create({ name: 'Acme' });
    await first.emulator.stop();
    const second = await start({ stateFile });
    expect((await second.stripe.customers.retrieve(id)).id).toBe(id);
  });

  it('refuses to attach a card that Stripe declines at once', async () => {
    const { stripe } = await start();
    await expect(stripe.customers.create({ payment_method: 'pm_card_chargeDeclined' })).rejects.toThrow(Stripe.errors.StripeCardError);
  });
});
