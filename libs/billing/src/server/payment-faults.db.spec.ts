import { fromMinor } from '@trunkline/kernel';
import { BillingWorld, ctx } from '../../test/billing-world.ts';
import { ChangePaymentMethod } from './change-payment-method.ts';
import { ChargeTopUp } from './charge-top-up.ts';
import { CollectInvoice } from './collect-invoice.ts';
import { RequestRefund } from './request-refund.ts';
import { RequestTopUp } from './request-top-up.ts';
import { SendRefund } from './send-refund.ts';

// Against the Stripe emulator, not against Stripe. More than one request in four fails or is cut off after its effect.
let world: BillingWorld;
beforeAll(async () => {
  const apiFaults = { seed: 4, failBefore: 0.08, failAfter: 0.08, cutAfter: 0.12 };
  world = await BillingWorld.start({ host: '127.0.60.12', apiFaults });
});
afterAll(() => world?.stop());

/** As the queue would have it: again until it is done. */
const again = async <T>(act: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if ((error as { code?: string }).code !== 'billing.provider_unavailable') throw error;
    }
  }
};

it('charges, collects and gives back once, through 500s and cut connections', async () => {
  const { id: tenant, own } = await world.tenant();
  await again(() => world.app.get(ChangePaymentMethod).execute(own, 'pm_card_visa'));
  const { id: topUp } = await world.app.get(RequestTopUp).execute(own, fromMinor(2_500n, 'USD'));
  await again(() => world.app.get(ChargeTopUp).execute(tenant, topUp));
  const { id: refund } = await world.app.get(RequestRefund).execute(ctx, { kind: 'top_up', id: topUp }, fromMinor(2_000n, 'USD'), 'x');
  await again(() => world.app.get(SendRefund).execute(tenant, refund));
  world.clock.set('2026-12-01T00:10:00Z');
  const invoice = await world.invoice(tenant, 1_700n);
  await again(() => world.app.get(CollectInvoice).execute(tenant, invoice, 0));
  for (const event of world.newEvents()) await again(() => world.deliver(event));
  expect(await world.invoiceOf(tenant, invoice)).toMatchObject({ state: 'paid', fromBalanceMinor: 500n });
  expect(await world.owedMinor(own)).toBe(0);
  const { paymentIntents, refunds, invoices, invoiceItems } = world.emulator.state();
  const amounts = (table: Record<string, { amount: number }>) => Object.values(table).map(({ amount }) => amount).sort(); // prettier-ignore
  expect([amounts(paymentIntents), amounts(refunds), amounts(invoiceItems)]).toEqual([[1_200, 2_500], [2_000], [-500, 1_700]]);
  expect(Object.values(invoices).map((i) => [i.status, i.total, i.attempt_count])).toEqual([['paid', 1_200, 1]]);
});
