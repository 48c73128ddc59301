import fc from 'fast-check';
import { fromMinor } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { VerifyBalances } from '@trunkline/ledger/server';
import { proof } from '@trunkline/testing';
import { BillingWorld, ctx } from '../../test/billing-world.ts';
import { ChargeTopUp } from './charge-top-up.ts';
import { CollectInvoice } from './collect-invoice.ts';
import { RequestTopUp } from './request-top-up.ts';

// Against the Stripe emulator, not against Stripe: the same month as in core/provider-news.spec.ts, in fewer orders, through the real processor.
const { size, report } = proof(7, { short: { orders: 8 }, full: { orders: 1_000 } });
let world: BillingWorld;
beforeAll(async () => {
  world = await BillingWorld.start({ host: '127.0.60.15' });
  world.clock.set('2027-01-01T00:10:00Z');
});
afterAll(() => world?.stop());

type Event = { id: string; payload: string };

/** A month of one tenant at the emulator, in steps; between them some messages arrive. */
async function* month(tenant: { id: string; own: TenantContext }): AsyncGenerator<void> {
  const { id, own } = tenant;
  const invoices = [await world.invoice(id, 2_000n, '2026-11'), await world.invoice(id, 1_000n, '2026-12')];
  for (const invoice of invoices) await world.app.get(CollectInvoice).execute(id, invoice, 0);
  const [a = '', b = ''] = await Promise.all(invoices.map(async (i) => (await world.invoiceOf(id, i)).providerInvoiceId ?? ''));
  yield;
  await world.stripe.creditNotes.create({ invoice: a, amount: 500 });
  const note = await world.stripe.creditNotes.create({ invoice: b, amount: 300 });
  yield;
  await world.stripe.creditNotes.voidCreditNote(note.id);
  world.emulator.payInvoice(a);
  yield;
  await world.stripe.invoices.markUncollectible(b);
  const { data } = await world.stripe.invoicePayments.list({ invoice: a, status: 'paid' });
  const paid = data[0]?.payment.payment_intent as string;
  await world.stripe.refunds.create({ payment_intent: paid, amount: 250 });
  yield;
  await world.stripe.invoices.voidInvoice(b);
  const { id: topUp } = await world.app.get(RequestTopUp).execute(own, fromMinor(700n, 'USD'));
  await world.app.get(ChargeTopUp).execute(id, topUp);
  const dispute = world.emulator.openDispute(paid);
  yield;
  world.emulator.closeDispute(dispute.id, 'won');
  world.emulator.announce('invoice.overdue', a);
  world.emulator.announce('invoice.finalization_failed', b);
}

const end = async ({ id, own }: { id: string; own: TenantContext }) => ({
  owed: await world.owedMinor(own),
  holds: await world.holds(id),
  accounts: await world.query(
    `SELECT account, sum(nanos)::text AS nanos FROM posting, LATERAL (VALUES (debit, amount_nanos), (credit, -amount_nanos)) AS a (account, nanos)
     WHERE tenant_id = $1 GROUP BY 1 HAVING sum(nanos) <> 0 ORDER BY 1`,
    id,
  ),
  invoices: await world.query(`SELECT period_from, state FROM invoice WHERE tenant_id = $1 ORDER BY 1`, id),
  rest: await world.query(
    `SELECT 'top_up' AS what, state, amount_minor FROM top_up WHERE tenant_id = $1 UNION ALL SELECT 'refund', state, amount_minor FROM refund WHERE tenant_id = $1
     UNION ALL SELECT 'dispute', state, amount_minor FROM dispute WHERE tenant_id = $1 ORDER BY 1, 2`,
    id,
  ),
});

/** Plays the month; after each step the next of `now` says how many of the waiting messages arrive, the rest come at the end in the order of `order`. */
const play = async (order: readonly number[], now: readonly number[]) => {
  const tenant = await world.tenant('pm_card_chargeCustomerFail');
  world.newEvents();
  let waiting: Event[] = [];
  let step = 0;
  const some = async (count: number) => {
    for (const event of waiting.splice(0, count)) await world.deliver(event);
  };
  for await (const _ of month(tenant)) {
    const fresh = world.newEvents().flatMap((event, i) => Array.from({ length: 1 + ((order[i % order.length] ?? 0) % 5) }, () => event));
    waiting = [...waiting, ...fresh]
      .map((event, i) => ({ event, at: order[(i + step) % order.length] ?? 0 }))
      .toSorted((x, y) => x.at - y.at)
      .map(({ event }) => event);
    await some(now[step++] ?? 0);
  }
  waiting.push(...world.newEvents());
  await some(waiting.length);
  return end(tenant);
};

it('ends a month alike whatever the order and number of the messages', async () => {
  const first = await play([0], [1_000, 1_000, 1_000, 1_000, 1_000, 1_000]);
  expect(first).toMatchObject({ owed: -700, holds: ['fraud'], invoices: [{ state: 'paid' }, { state: 'void' }] });
  const chances = fc.tuple(
    fc.array(fc.nat(10_000), { minLength: 60, maxLength: 60 }),
    fc.array(fc.nat(12), { minLength: 6, maxLength: 6 }),
  );
  await fc.assert(
    fc.asyncProperty(chances, async ([order, now]) => expect(await play(order, now)).toEqual(first)),
    { numRuns: size.orders, seed: 7, endOnFailure: true },
  );
  expect(await world.app.get(VerifyBalances).execute(ctx)).toEqual([]);
  report(
    `${size.orders + 1} orders of one month's messages, each one to five times, through Postgres`,
    'one final state of invoices, top-ups, refunds, disputes and holds; every balance is the sum of its postings',
  );
}, 1_500_000);

it('follows the card that the customer chose or took away at the provider', async () => {
  const { id: tenant } = await world.tenant('pm_card_visa');
  const customer = await world.customer(tenant);
  const method = async () =>
    (await world.query<{ id: string | null }>(`SELECT payment_method_id AS id FROM payment_account WHERE tenant_id = $1`, tenant))[0]?.id;
  const first = await method();
  world.emulator.setCard(customer, 'pm_card_visa');
  await world.deliverAll();
  const second = await method();
  expect([typeof second, second === first]).toEqual(['string', false]);
  await world.stripe.paymentMethods.detach(second ?? '');
  const detached = world.newEvents().filter(({ payload }) => payload.includes('payment_method.detached'));
  for (const event of detached) await world.deliver(event);
  expect(await method()).toBeNull();
});

it('leaves alone what is not of our making, and what is gone', async () => {
  const { id: tenant } = await world.tenant('pm_card_visa');
  const customer = await world.customer(tenant);
  world.newEvents();
  const foreign = await world.stripe.invoices.create({ customer, currency: 'usd' });
  await world.deliverAll();
  await world.deliver({ id: 'evt_gone', payload: JSON.stringify({ id: 'evt_gone', object: 'event', type: 'charge.dispute.created', created: 1, data: { object: { id: 'dp_gone' } } }) }); // prettier-ignore
  await world.deliver({ id: 'evt_upcoming', payload: JSON.stringify({ id: 'evt_upcoming', object: 'event', type: 'invoice.upcoming', created: 1, data: { object: {} } }) }); // prettier-ignore
  expect(await world.query(`SELECT 1 FROM invoice WHERE provider_invoice_id = $1`, foreign.id)).toEqual([]);
  expect(await world.query(`SELECT 1 FROM payment_event WHERE processed_at IS NULL`)).toEqual([]);
});
