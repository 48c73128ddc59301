import { BillingWorld } from '../../test/billing-world.ts';
import { ChangePaymentMethod } from './change-payment-method.ts';
import { CollectInvoice } from './collect-invoice.ts';
import { ResumeCollection } from './resume-collection.ts';
import { SweepBilling } from './sweep-billing.ts';

// Against the Stripe emulator, not against Stripe.
let world: BillingWorld;
beforeAll(async () => {
  world = await BillingWorld.start({ host: '127.0.60.10' }, { dunning: { attemptDays: [0, 1, 3, 5, 7], graceDays: 2, restrictedDays: 3 } });
});
afterAll(() => world?.stop());
beforeEach(() => world.clock.set('2026-12-01T00:10:00Z'));

const collect = (tenantId: string, id: string, attempt: number) => world.app.get(CollectInvoice).execute(tenantId, id, attempt);
const sweep = () => world.app.get(SweepBilling).execute();
const attemptsAt = async (tenantId: string, id: string) => {
  const { providerInvoiceId } = await world.invoiceOf(tenantId, id);
  return world.emulator.state().invoices[providerInvoiceId ?? '']?.attempt_count;
};

describe('an invoice that the card does not pay', () => {
  it('is tried on days 0, 1, 3, 5 and 7 and no more, however often the sweep comes; the hold follows the grace', async () => {
    const { id: tenant } = await world.tenant('pm_card_chargeCustomerFail');
    const invoice = await world.invoice(tenant, 500n);
    await collect(tenant, invoice, 0);
    expect(await world.invoiceOf(tenant, invoice)).toMatchObject({ state: 'payment_failed', declineCode: 'generic_decline', attempts: 1 });
    const attempts: (number | undefined)[] = [];
    const states: string[] = [];
    for (let day = 0; day <= 9; day += 1) {
      await sweep();
      await sweep();
      attempts.push(await attemptsAt(tenant, invoice));
      states.push(await world.stateOf(tenant));
      world.clock.advance({ days: 1 });
    }
    expect(attempts).toEqual([1, 2, 2, 3, 3, 4, 4, 5, 5, 5]);
    expect(states).toEqual([...Array(2).fill('active'), ...Array(3).fill('restricted'), ...Array(5).fill('suspended')]);
    expect(await world.invoiceOf(tenant, invoice)).toMatchObject({ attempts: 5, nextAttemptAt: null });
  });

  it('makes an attempt once, whoever asks for it again', async () => {
    const { id: tenant } = await world.tenant('pm_card_chargeCustomerFail');
    const invoice = await world.invoice(tenant, 500n);
    await Promise.all([collect(tenant, invoice, 0), collect(tenant, invoice, 0)]);
    await collect(tenant, invoice, 0);
    expect([await attemptsAt(tenant, invoice), (await world.invoiceOf(tenant, invoice)).attempts]).toEqual([1, 1]);
  });

  it('is paid by the next attempt when the card works again', async () => {
    const { id: tenant, own } = await world.tenant('pm_card_chargeCustomerFail');
    const invoice = await world.invoice(tenant, 500n);
    await collect(tenant, invoice, 0);
    world.emulator.setCard(await world.customer(tenant), 'pm_card_visa');
    world.clock.advance({ days: 1 });
    await sweep();
    expect([(await world.invoiceOf(tenant, invoice)).state, await world.holds(tenant), await world.owedMinor(own)]).toEqual([
      'paid',
      [],
      0,
    ]);
  });

  it('is left alone after a hard decline until there is another card', async () => {
    const { id: tenant, own } = await world.tenant('pm_card_visa');
    world.emulator.declineCard(await world.customer(tenant), 'stolen_card');
    const invoice = await world.invoice(tenant, 500n);
    await collect(tenant, invoice, 0);
    expect(await world.invoiceOf(tenant, invoice)).toMatchObject({ declineCode: 'stolen_card', nextAttemptAt: null });
    world.clock.advance({ days: 8 });
    await sweep();
    await world.app.get(ResumeCollection).execute(own.tenantId); // told of a change that was none still tries: the card is refused again
    expect((await world.invoiceOf(tenant, invoice)).state).toBe('payment_failed');
    await world.app.get(ChangePaymentMethod).execute(own, 'pm_card_visa');
    await world.app.get(ResumeCollection).execute(tenant);
    expect([(await world.invoiceOf(tenant, invoice)).state, await world.owedMinor(own)]).toEqual(['paid', 0]);
  });

  it('names the page where the holder confirms, and is paid when he has', async () => {
    const { id: tenant } = await world.tenant('pm_card_authenticationRequired');
    const invoice = await world.invoice(tenant, 500n);
    world.newEvents();
    await collect(tenant, invoice, 0);
    const { hostedUrl, declineCode, providerInvoiceId, nextAttemptAt } = await world.invoiceOf(tenant, invoice);
    expect([declineCode, hostedUrl, nextAttemptAt]).toEqual(['authentication_required', expect.stringContaining('/i/in_'), null]);
    const payment = Object.values(world.emulator.state().invoicePayments).find((p) => p.invoice === providerInvoiceId);
    world.emulator.confirmPayment(payment?.payment.payment_intent ?? '');
    await world.deliverAll();
    expect((await world.invoiceOf(tenant, invoice)).state).toBe('paid');
  });

  it('is given up at the provider: it stays owed and is not tried again', async () => {
    const { id: tenant } = await world.tenant('pm_card_chargeCustomerFail');
    const invoice = await world.invoice(tenant, 500n);
    await collect(tenant, invoice, 0);
    await world.stripe.invoices.markUncollectible((await world.invoiceOf(tenant, invoice)).providerInvoiceId ?? '');
    await world.deliverAll();
    expect(await world.invoiceOf(tenant, invoice)).toMatchObject({ state: 'uncollectible', nextAttemptAt: null });
    expect(await world.holds(tenant)).toEqual(['billing']);
  });
});

it('takes up a first attempt whose job was lost, and leaves it to the job for five minutes', async () => {
  const { id: tenant } = await world.tenant('pm_card_visa');
  const invoice = await world.invoice(tenant, 500n);
  await sweep();
  expect((await world.invoiceOf(tenant, invoice)).state).toBe('open');
  world.clock.advance({ seconds: 300 });
  await sweep();
  expect((await world.invoiceOf(tenant, invoice)).state).toBe('paid');
});
