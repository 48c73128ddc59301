import { fromMinor } from '@trunkline/kernel';
import { BillingWorld, ctx } from '../../test/billing-world.ts';
import { ChargeTopUp } from './charge-top-up.ts';
import { CollectInvoice } from './collect-invoice.ts';
import { Reconcile } from './reconcile.ts';
import { ReconciliationQueries } from './reconciliation-queries.ts';
import { RequestTopUp } from './request-top-up.ts';
import { TopUpQueries } from './top-up-queries.ts';

// Against the Stripe emulator, not against Stripe. It goes by the real time, so the test does too; messages are delivered only when a test does it.
let world: BillingWorld;
beforeAll(async () => {
  world = await BillingWorld.start({ host: '127.0.60.14' });
  world.clock.set(new Date());
});
afterAll(() => world?.stop());
afterEach(() => world.clock.advance({ seconds: 1 }));

const reconcile = () => world.app.get(Reconcile).execute();
const rows = async (state: 'open' | 'healed' | 'gone') => {
  const { data } = await world.app.get(ReconciliationQueries).list(ctx, { limit: 100, state });
  return data.map((r) => [r.objectType, r.kind, r.ours, r.theirs]).sort();
};

it('finds nothing where nothing differs', async () => {
  const { id: tenant } = await world.tenant('pm_card_visa');
  await world.app.get(CollectInvoice).execute(tenant, await world.invoice(tenant, 500n), 0);
  expect(await reconcile()).toEqual({ compared: 1, healed: 0, open: 0 });
});

it('makes up for lost messages: a payment, a refund, a confirmed top-up', async () => {
  const { id: tenant, own } = await world.tenant('pm_card_chargeCustomerFail');
  const invoice = await world.invoice(tenant, 500n);
  await world.app.get(CollectInvoice).execute(tenant, invoice, 0);
  const { providerInvoiceId } = await world.invoiceOf(tenant, invoice);
  world.emulator.payInvoice(providerInvoiceId ?? '');
  const paid = await world.stripe.invoicePayments.list({ invoice: providerInvoiceId ?? '', status: 'paid' });
  await world.stripe.refunds.create({ payment_intent: paid.data[0]?.payment.payment_intent as string, amount: 100 });
  world.emulator.setCard(await world.customer(tenant), 'pm_card_authenticationRequired');
  const { id: topUp } = await world.app.get(RequestTopUp).execute(own, fromMinor(900n, 'USD'));
  await world.app.get(ChargeTopUp).execute(tenant, topUp);
  const payment = await world.query<{ id: string }>(`SELECT provider_payment_id AS id FROM top_up WHERE id = $1`, topUp);
  world.emulator.confirmPayment(payment[0]?.id ?? '');

  expect(await reconcile()).toMatchObject({ healed: 5, open: 0 });
  expect(await rows('healed')).toEqual([
    ['invoice', 'paid', '0', '500'],
    ['invoice', 'state', 'payment_failed', 'paid'],
    ['payment', 'received', '0', '900'],
    ['payment', 'state', 'requires_action', 'succeeded'],
    ['refund', 'missing_here', '', 'state succeeded, amount 100'],
  ]);
  expect([(await world.invoiceOf(tenant, invoice)).state, (await world.app.get(TopUpQueries).byId(own, topUp)).state, await world.holds(tenant)]).toEqual(['paid', 'succeeded', []]); // prettier-ignore
  expect(await world.owedMinor(own)).toBe(-900);
  expect(await reconcile()).toMatchObject({ healed: 0, open: 0 });
});

it('keeps what it cannot make up for, tells of it once, and closes it when it is gone', async () => {
  const { id: tenant } = await world.tenant('pm_card_chargeCustomerFail');
  const customer = await world.customer(tenant);
  const foreign = await world.stripe.invoices.create({ customer, currency: 'usd' });
  await world.stripe.invoiceItems.create({ customer, invoice: foreign.id, amount: 300 });
  await world.stripe.invoices.finalizeInvoice(foreign.id);
  const invoice = await world.invoice(tenant, 500n);
  await world.app.get(CollectInvoice).execute(tenant, invoice, 0);
  const { providerInvoiceId = '' } = await world.invoiceOf(tenant, invoice);
  const stored = world.emulator.state().invoices[providerInvoiceId ?? ''];
  if (!stored) throw new Error('the emulator lost the invoice');
  delete world.emulator.state().invoices[providerInvoiceId ?? ''];
  expect(await reconcile()).toMatchObject({ open: 2 });
  world.clock.advance({ seconds: 1 });
  expect(await reconcile()).toMatchObject({ open: 2 });
  expect((await rows('open')).map(([type, kind]) => `${type} ${kind}`)).toEqual(['invoice missing_here', 'invoice missing_there']);
  expect(await world.query(`SELECT 1 FROM outbox WHERE type = 'reconciliation.difference_found'`)).toHaveLength(2);
  world.emulator.state().invoices[stored.id] = stored;
  world.clock.advance({ seconds: 1 });
  expect(await reconcile()).toMatchObject({ open: 1 });
  expect(await rows('gone')).toMatchObject([['invoice', 'missing_there', expect.anything(), '']]);
});
