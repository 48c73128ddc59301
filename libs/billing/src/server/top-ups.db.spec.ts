import { fromMinor } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { VerifyBalances, postSetup } from '@trunkline/ledger/server';
import { BillingWorld, ctx } from '../../test/billing-world.ts';
import { ChangeBillingSettings } from './change-billing-settings.ts';
import { ChangePaymentMethod } from './change-payment-method.ts';
import { ChargeTopUp } from './charge-top-up.ts';
import { RequestTopUp } from './request-top-up.ts';
import { ReviewBalance } from './review-balance.ts';
import { SweepBilling } from './sweep-billing.ts';
import { TopUpQueries } from './top-up-queries.ts';

// Against the Stripe emulator, not against Stripe.
let world: BillingWorld;
beforeAll(async () => {
  world = await BillingWorld.start({ host: '127.0.60.11' });
});
afterAll(() => world?.stop());
beforeEach(() => world.clock.set('2026-11-20T10:00:00Z'));

const charge = (tenantId: string, id: string) => world.app.get(ChargeTopUp).execute(tenantId, id);
const withCard = (card: string) => world.tenant(card);
const topUp = async (own: TenantContext, minor: bigint) => {
  const { id } = await world.app.get(RequestTopUp).execute(own, fromMinor(minor, 'USD'));
  await charge(own.tenantId, id);
  return world.app.get(TopUpQueries).byId(own, id);
};
const prepaid = (tenantId: string) => world.app.get(ChangeBillingSettings).setMode(ctx, tenantId, 'prepaid');
const review = (tenantId: string) => world.app.get(ReviewBalance).execute(tenantId);
const list = async (own: TenantContext) =>
  (await world.app.get(TopUpQueries).list(own, { limit: 50 })).data.map((t) => [t.origin, t.state]);

describe('a top-up', () => {
  it('is charged and booked once, whatever repeats and is told', async () => {
    const { id: tenant, own } = await withCard('pm_card_visa');
    const made = await topUp(own, 2_500n);
    expect(made).toMatchObject({ state: 'succeeded', settledAt: world.clock.now() });
    await world.deliverAll();
    await charge(tenant, made.id);
    expect(await world.owedMinor(own)).toBe(-2_500);
    const customer = await world.customer(tenant);
    expect(Object.values(world.emulator.state().paymentIntents).filter((p) => p.customer === customer)).toHaveLength(1);
  });

  it('keeps its card: another one meanwhile makes no second payment', async () => {
    const { id: tenant, own } = await withCard('pm_card_visa');
    const { id } = await world.app.get(RequestTopUp).execute(own, fromMinor(900n, 'USD'));
    await charge(tenant, id);
    await world.app.get(ChangePaymentMethod).execute(own, 'pm_card_visa');
    await world.db.tx(ctx, (tx) => tx.query({ name: '', text: `UPDATE top_up SET state = 'pending' WHERE id = $1` }, id)); // as if the answer was lost
    await charge(tenant, id);
    expect([(await world.app.get(TopUpQueries).byId(own, id)).state, await world.owedMinor(own)]).toEqual(['succeeded', -900]);
  });

  it.each([
    ['pm_card_chargeCustomerFail', 'generic_decline'],
    [undefined, 'no_payment_method'],
  ])('fails with %s', async (card, declineCode) => {
    const { own } = card ? await withCard(card) : await world.tenant();
    expect(await topUp(own, 2_500n)).toMatchObject({ state: 'failed', declineCode });
    expect(await world.owedMinor(own)).toBe(0);
  });

  it('that its holder must confirm names the page, and counts when he has', async () => {
    const { own } = await withCard('pm_card_authenticationRequired');
    const made = await topUp(own, 2_500n);
    expect(made).toMatchObject({ state: 'requires_action', actionUrl: expect.stringContaining('/redirect/authenticate/pi_') });
    const rows = await world.query<{ id: string }>(`SELECT provider_payment_id AS id FROM top_up WHERE id = $1`, made.id);
    world.emulator.confirmPayment(rows[0]?.id ?? '');
    await world.deliverAll();
    await world.deliverAll();
    expect(await world.app.get(TopUpQueries).byId(own, made.id)).toMatchObject({ state: 'succeeded', actionUrl: null });
    expect(await world.owedMinor(own)).toBe(-2_500);
  });

  it('that nobody confirms is given up after a day', async () => {
    const { own } = await withCard('pm_card_authenticationRequired');
    const { id } = await topUp(own, 2_500n);
    const state = async () => (await world.app.get(TopUpQueries).byId(own, id)).state;
    world.clock.advance({ hours: 23 });
    await world.app.get(SweepBilling).execute();
    expect(await state()).toBe('requires_action');
    world.clock.advance({ hours: 1 });
    await world.app.get(SweepBilling).execute();
    expect(await state()).toBe('failed');
  });

  it('whose job was lost is charged by the sweep', async () => {
    const { own } = await withCard('pm_card_visa');
    await world.app.get(RequestTopUp).execute(own, fromMinor(700n, 'USD'));
    world.clock.advance({ seconds: 300 });
    await world.app.get(SweepBilling).execute();
    expect(await world.owedMinor(own)).toBe(-700);
  });
});

describe('a prepaid tenant', () => {
  it('is held while nothing is left, and freed by a top-up at once', async () => {
    const { id: tenant, own } = await withCard('pm_card_visa');
    await prepaid(tenant);
    expect(await world.holds(tenant)).toEqual(['billing']);
    await topUp(own, 500n);
    expect(await world.holds(tenant)).toEqual([]);
    await world.calls(tenant, 499n);
    await review(tenant);
    expect(await world.holds(tenant)).toEqual([]);
    await world.calls(tenant, 30n); // calls in flight
    await review(tenant);
    expect([await world.holds(tenant), await world.owedMinor(own)]).toEqual([['billing'], 29]);
    await topUp(own, 30n);
    expect(await world.holds(tenant)).toEqual([]);
  });

  it('is told of as its balance comes to the mark, and to zero, once each', async () => {
    const { id: tenant, own } = await withCard('pm_card_visa');
    await prepaid(tenant);
    await world.app
      .get(ChangeBillingSettings)
      .setAutoTopUp(own, { below: fromMinor(200n, 'USD'), amount: fromMinor(300n, 'USD'), dailyMax: fromMinor(900n, 'USD') });
    await topUp(own, 1_000n);
    const low = async () => (await world.query(`SELECT id FROM outbox WHERE tenant_id = $1 AND type = 'balance.low'`, tenant)).length;
    const told: number[] = [];
    for (const minor of [700n, 100n, 50n, 150n, 5n]) {
      await world.calls(tenant, minor);
      told.push(await low());
    }
    expect(told).toEqual([0, 1, 1, 2, 2]);
  });

  it('is topped up by itself, one at a time, within the daily maximum', async () => {
    const { id: tenant, own } = await withCard('pm_card_visa');
    await prepaid(tenant);
    await world.app
      .get(ChangeBillingSettings)
      .setAutoTopUp(own, { below: fromMinor(200n, 'USD'), amount: fromMinor(300n, 'USD'), dailyMax: fromMinor(600n, 'USD') });
    await Promise.all([1, 2, 3, 4, 5].map(() => review(tenant)));
    expect(await list(own)).toEqual([['automatic', 'pending']]);
    const chargeLast = async () => charge(tenant, (await world.app.get(TopUpQueries).list(own, { limit: 1 })).data[0]?.id ?? '');
    await chargeLast();
    expect([await world.holds(tenant), await world.owedMinor(own)]).toEqual([[], -300]);
    for (let n = 0; n < 4; n += 1) {
      await world.calls(tenant, 290n);
      await review(tenant);
      await chargeLast();
    }
    expect((await list(own)).filter(([origin]) => origin === 'automatic')).toHaveLength(2);
    expect(await world.holds(tenant)).toEqual(['billing']);
    world.clock.advance({ hours: 25 });
    await review(tenant);
    expect(await list(own)).toHaveLength(3);
  });

  it('is not topped up again and again by a card that is refused', async () => {
    const { id: tenant, own } = await withCard('pm_card_chargeCustomerFail');
    await prepaid(tenant);
    await world.app
      .get(ChangeBillingSettings)
      .setAutoTopUp(own, { below: 1n, amount: fromMinor(300n, 'USD'), dailyMax: fromMinor(900n, 'USD') });
    await review(tenant);
    await charge(tenant, (await world.app.get(TopUpQueries).list(own, { limit: 1 })).data[0]?.id ?? '');
    for (let n = 0; n < 3; n += 1) await review(tenant);
    expect(await list(own)).toEqual([['automatic', 'failed']]);
    world.clock.advance({ seconds: 1 });
    await world.app.get(ChangePaymentMethod).execute(own, 'pm_card_visa');
    await review(tenant);
    expect(await list(own)).toEqual([
      ['automatic', 'pending'],
      ['automatic', 'failed'],
    ]);
  });

  it('has its month paid from the balance: the invoice asks for nothing', async () => {
    const { id: tenant, own } = await withCard('pm_card_visa');
    await prepaid(tenant);
    await topUp(own, 1_000n);
    const id = await world.invoice(tenant, 400n);
    expect(await world.invoiceOf(tenant, id)).toMatchObject({
      state: 'paid',
      fromBalanceMinor: 400n,
      providerInvoiceId: null,
      nextAttemptAt: null,
    });
    expect(await world.owedMinor(own)).toBe(-600);
  });

  it('cannot order what its balance does not cover', async () => {
    const { id: tenantId, own } = await withCard('pm_card_visa');
    await prepaid(tenantId);
    await topUp(own, 100n);
    const order = (minor: bigint, reference: string) =>
      world.db.tx(own, (tx) => postSetup(tx, { tenantId, currency: 'USD', unit: 'number', quantity: 1, amountNanos: fromMinor(minor, 'USD'), reference, at: world.clock.now() })); // prettier-ignore
    const orders = await Promise.allSettled(Array.from({ length: 40 }, (_, n) => order(10n, `o${n}`)));
    expect(orders.filter((o) => o.status === 'fulfilled')).toHaveLength(10);
    await expect(order(1n, 'more')).rejects.toMatchObject({ code: 'ledger.balance_too_low', kind: 'payment_required' });
    expect(await world.owedMinor(own)).toBe(0);
  });

  it('does not pay afterwards while it owes what no invoice asks for', async () => {
    const { id: tenant, own } = await withCard('pm_card_visa');
    await prepaid(tenant);
    await world.invoice(tenant, 400n);
    const settings = world.app.get(ChangeBillingSettings);
    await expect(settings.setMode(ctx, tenant, 'postpaid')).rejects.toMatchObject({ code: 'billing.balance_in_debt' });
    await topUp(own, 500n);
    expect((await settings.setMode(ctx, tenant, 'postpaid')).mode).toBe('postpaid');
    // what is left of the balance pays for the next month first
    world.clock.set('2027-01-01T00:10:00Z');
    const id = await world.invoice(tenant, 300n, '2026-12');
    expect(await world.invoiceOf(tenant, id)).toMatchObject({ state: 'open', fromBalanceMinor: 100n, totalMinor: 300n });
  });
});

it('leaves every balance the sum of its postings', async () => expect(await world.app.get(VerifyBalances).execute(ctx)).toEqual([]));
