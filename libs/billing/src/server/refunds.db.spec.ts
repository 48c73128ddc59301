import { fromMinor } from '@trunkline/kernel';
import { VerifyBalances } from '@trunkline/ledger/server';
import { BillingWorld, ctx } from '../../test/billing-world.ts';
import { ChargeTopUp } from './charge-top-up.ts';
import { CollectInvoice } from './collect-invoice.ts';
import { CreditNoteQueries } from './credit-note-queries.ts';
import { HandOverCreditNotes } from './hand-over-credit-notes.ts';
import { IssueCreditNote } from './issue-credit-note.ts';
import { RefundQueries } from './refund-queries.ts';
import { RequestRefund } from './request-refund.ts';
import { RequestTopUp } from './request-top-up.ts';
import { SendRefund } from './send-refund.ts';
import { SweepBilling } from './sweep-billing.ts';

// Against the Stripe emulator, not against Stripe.
let world: BillingWorld;
beforeAll(async () => {
  world = await BillingWorld.start({ host: '127.0.60.13' });
});
afterAll(() => world?.stop());
beforeEach(() => world.clock.set('2026-12-01T00:10:00Z'));

const usd = (minor: bigint) => fromMinor(minor, 'USD');
const collect = (tenantId: string, id: string, attempt = 0) => world.app.get(CollectInvoice).execute(tenantId, id, attempt);
const credit = (id: string, minor: bigint, paid: 'refund' | 'balance' = 'refund', category = 'usage.outbound') =>
  world.app.get(IssueCreditNote).execute(ctx, id, { lines: [{ category, reason: 'Too much', amountNanos: usd(minor) }], paid });
const refund = (id: string, minor: bigint | null, kind: 'invoice' | 'top_up' = 'invoice') =>
  world.app.get(RequestRefund).execute(ctx, { kind, id }, minor && usd(minor), 'Sorry');
const paidInvoice = async (minor: bigint) => {
  const tenant = await world.tenant('pm_card_visa');
  const id = await world.invoice(tenant.id, minor);
  expect(await collect(tenant.id, id)).toBe('paid');
  return { ...tenant, invoice: id };
};
const refundsOf = async (own: Parameters<RefundQueries['refunds']>[0]) =>
  (await world.app.get(RefundQueries).refunds(own, { limit: 50 })).data;
const atStripe = async (tenantId: string, id: string) =>
  world.emulator.state().invoices[(await world.invoiceOf(tenantId, id)).providerInvoiceId ?? ''];
const booked = async (tenantId: string, account: string): Promise<number> => {
  const rows = await world.query<{ sum: string | null }>(
    `SELECT sum(CASE WHEN debit = $2 THEN amount_nanos ELSE -amount_nanos END)::text AS sum FROM posting WHERE tenant_id = $1 AND $2 IN (debit, credit)`,
    tenantId,
    account,
  );
  return Number(rows[0]?.sum ?? 0) / 10_000_000;
};

describe('a refund of an invoice', () => {
  it('gives back as a gift: the balance stays as it is, and never more than was paid goes out', async () => {
    const { id: tenant, own, invoice } = await paidInvoice(500n);
    const attempts = await Promise.allSettled([200n, 200n, 200n].map((minor) => refund(invoice, minor)));
    expect(attempts.map((a) => a.status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(attempts.find((a) => a.status === 'rejected')).toMatchObject({ reason: { code: 'billing.refund_too_high' } });
    for (const { id } of await refundsOf(own)) await world.app.get(SendRefund).execute(tenant, id);
    await world.deliverAll();
    for (const { id } of await refundsOf(own)) await world.app.get(SendRefund).execute(tenant, id);
    expect((await refundsOf(own)).map((r) => [r.amountMinor, r.state])).toEqual([
      [200n, 'succeeded'],
      [200n, 'succeeded'],
    ]);
    expect([await world.owedMinor(own), await booked(tenant, 'refunds_given'), await booked(tenant, 'stripe_clearing')]).toEqual([
      0, 400, 100,
    ]);
    expect(await refund(invoice, null)).toMatchObject({ amountMinor: 100n });
    await expect(refund(invoice, 1n)).rejects.toMatchObject({ code: 'billing.not_paid' });
  });

  it('needs a payment by card', async () => {
    const { id: tenant } = await world.tenant('pm_card_chargeCustomerFail');
    const invoice = await world.invoice(tenant, 500n);
    await collect(tenant, invoice);
    await expect(refund(invoice, 1n)).rejects.toMatchObject({ code: 'billing.not_paid' });
  });

  it('made at the provider is found out by its message, once', async () => {
    const { id: tenant, own, invoice } = await paidInvoice(500n);
    const payments = await world.stripe.invoicePayments.list({ invoice: (await atStripe(tenant, invoice))?.id ?? '' });
    await world.stripe.refunds.create({ payment_intent: payments.data[0]?.payment.payment_intent as string, amount: 120 });
    const events = world.newEvents();
    for (const event of [...events, ...events]) await world.deliver(event);
    expect(await refundsOf(own)).toMatchObject([{ amountMinor: 120n, state: 'succeeded', invoiceId: invoice }]);
    expect([await world.owedMinor(own), await booked(tenant, 'refunds_given')]).toEqual([0, 120]);
  });
});

describe('a refund of a top-up', () => {
  it('takes from the balance, no more than is left of it', async () => {
    const { id: tenant, own } = await world.tenant('pm_card_visa');
    const { id } = await world.app.get(RequestTopUp).execute(own, usd(1_000n));
    await world.app.get(ChargeTopUp).execute(tenant, id);
    await world.calls(tenant, 300n);
    await expect(refund(id, 701n, 'top_up')).rejects.toMatchObject({ code: 'billing.refund_too_high' });
    const made = await refund(id, null, 'top_up');
    await world.app.get(SendRefund).execute(tenant, made.id);
    expect([made.amountMinor, await world.owedMinor(own)]).toEqual([700n, 0]);
  });
});

describe('a credit note', () => {
  it('on an unpaid invoice has less collected, also when it comes before the invoice is handed over', async () => {
    const { id: tenant, own } = await world.tenant('pm_card_visa');
    const invoice = await world.invoice(tenant, 500n);
    expect(await credit(invoice, 150n)).toMatchObject({
      settlement: 'reduce',
      totalMinor: 150n,
      number: expect.stringMatching(/^INV-202611-\d{6}-C1$/),
    });
    expect(await collect(tenant, invoice)).toBe('paid');
    expect([(await atStripe(tenant, invoice))?.amount_paid, await world.owedMinor(own), await booked(tenant, 'usage_revenue')]).toEqual([
      350, 0, -350,
    ]);
  });

  it('on an invoice that was refused is told to the provider; of all of it nothing is collected any more', async () => {
    const { id: tenant, own } = await world.tenant('pm_card_chargeCustomerFail');
    const invoice = await world.invoice(tenant, 500n);
    await collect(tenant, invoice);
    expect(await world.holds(tenant)).toEqual(['billing']);
    await credit(invoice, 100n);
    await credit(invoice, 400n);
    expect([(await world.invoiceOf(tenant, invoice)).state, await world.holds(tenant), await world.owedMinor(own)]).toEqual([
      'paid',
      [],
      0,
    ]);
    world.clock.advance({ seconds: 300 });
    await world.app.get(SweepBilling).execute();
    expect(await atStripe(tenant, invoice)).toMatchObject({ status: 'paid', amount_paid: 0, pre_payment_credit_notes_amount: 500 });
    await world.deliverAll();
    expect(await world.owedMinor(own)).toBe(0);
  });

  it('on a paid invoice is refunded, or kept on the balance for the next one', async () => {
    const { id: tenant, own, invoice } = await paidInvoice(500n);
    expect((await credit(invoice, 200n)).settlement).toBe('refund');
    expect(await world.owedMinor(own)).toBe(-200);
    for (const { id } of await refundsOf(own)) await world.app.get(SendRefund).execute(tenant, id);
    expect([await world.owedMinor(own), await booked(tenant, 'refunds_given')]).toEqual([0, 0]);
    expect((await credit(invoice, 50n, 'balance')).settlement).toBe('balance');
    world.clock.set('2027-01-01T00:10:00Z');
    const next = await world.invoice(tenant, 80n, '2026-12');
    expect(await collect(tenant, next)).toBe('paid');
    expect([(await atStripe(tenant, next))?.amount_paid, await world.owedMinor(own)]).toEqual([30, 0]);
  });

  it('takes no more than is left, whoever asks at once, and does not change', async () => {
    const { id: tenant, invoice } = await paidInvoice(500n);
    const asked = await Promise.allSettled([300n, 300n].map((minor) => credit(invoice, minor)));
    expect(asked.map((a) => a.status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(credit(invoice, 1n, 'refund', 'setup.number')).rejects.toMatchObject({ errors: [{ pointer: '/lines/0/category' }] });
    const [note] = await world.app.get(CreditNoteQueries).ofInvoice(ctx, tenant, invoice);
    const run = (text: string) => world.db.tx(ctx, (tx) => tx.query({ name: '', text }, note?.id));
    await expect(run('UPDATE credit_note SET total_minor = 1 WHERE id = $1')).rejects.toThrow('an issued credit note does not change');
    await expect(run('UPDATE credit_note_line SET amount_minor = 1 WHERE credit_note_id = $1')).rejects.toThrow('permission denied');
  });

  it('made and taken back at the provider is booked and un-booked', async () => {
    const { id: tenant, own } = await world.tenant('pm_card_chargeCustomerFail');
    const invoice = await world.invoice(tenant, 500n);
    await collect(tenant, invoice);
    const { id } = await world.stripe.creditNotes.create({ invoice: (await atStripe(tenant, invoice))?.id ?? '', amount: 120 });
    await world.deliverAll();
    expect([await world.owedMinor(own), (await world.invoiceOf(tenant, invoice)).creditedMinor]).toEqual([380, 120n]);
    await world.stripe.creditNotes.voidCreditNote(id);
    await world.deliverAll();
    expect([await world.owedMinor(own), (await world.invoiceOf(tenant, invoice)).creditedMinor]).toEqual([500, 0n]);
  });

  it('is told once, though the job comes again', async () => {
    const { id: tenant } = await world.tenant('pm_card_chargeCustomerFail');
    const invoice = await world.invoice(tenant, 500n);
    await collect(tenant, invoice);
    await credit(invoice, 100n);
    const id = (await atStripe(tenant, invoice))?.id ?? '';
    await Promise.all([1, 2].map(() => world.app.get(HandOverCreditNotes).execute(tenant, invoice, id)));
    expect((await atStripe(tenant, invoice))?.pre_payment_credit_notes_amount).toBe(100);
  });
});

it('an invoice voided at the provider is void here, and owed no more', async () => {
  const { id: tenant, own } = await world.tenant('pm_card_chargeCustomerFail');
  const invoice = await world.invoice(tenant, 500n);
  await collect(tenant, invoice);
  await credit(invoice, 100n);
  await world.stripe.invoices.voidInvoice((await atStripe(tenant, invoice))?.id ?? '');
  const events = world.newEvents();
  for (const event of [...events, ...events]) await world.deliver(event);
  expect([(await world.invoiceOf(tenant, invoice)).state, await world.owedMinor(own), await world.holds(tenant)]).toEqual(['void', 0, []]);
  const notes = await world.app.get(CreditNoteQueries).ofInvoice(ctx, tenant, invoice);
  expect(notes.map((n) => [n.totalMinor, n.lines[0]?.reason])).toEqual([
    [100n, 'Too much'],
    [400n, 'The invoice is void'],
  ]);
  await expect(credit(invoice, 1n)).rejects.toMatchObject({ code: 'billing.invoice_void' });
});

describe('a dispute', () => {
  it('withdraws the money and holds the tenant for the operator to look at; won, the money is back and the hold stays', async () => {
    const { id: tenant, own, invoice } = await paidInvoice(500n);
    const payments = await world.stripe.invoicePayments.list({ invoice: (await atStripe(tenant, invoice))?.id ?? '' });
    const dispute = world.emulator.openDispute(payments.data[0]?.payment.payment_intent as string);
    await world.deliverAll();
    expect([await world.holds(tenant), await booked(tenant, 'disputes'), await booked(tenant, 'stripe_clearing')]).toEqual([
      ['fraud'],
      500,
      0,
    ]);
    world.emulator.closeDispute(dispute.id, 'won');
    await world.deliverAll();
    expect([await world.holds(tenant), await booked(tenant, 'disputes'), await world.owedMinor(own)]).toEqual([['fraud'], 0, 0]);
    const { data } = await world.app.get(RefundQueries).disputes(ctx, { limit: 1 });
    expect(data).toMatchObject([{ tenantId: tenant, invoiceId: invoice, state: 'won', amountMinor: 500n, closedAt: expect.any(Date) }]);
  });

  it('lost is owed again, and a late message of its beginning holds nobody twice', async () => {
    const { id: tenant, own } = await world.tenant('pm_card_createDispute');
    const { id } = await world.app.get(RequestTopUp).execute(own, usd(1_000n));
    world.newEvents();
    await world.app.get(ChargeTopUp).execute(tenant, id);
    const dispute = Object.values(world.emulator.state().disputes).at(-1);
    world.emulator.closeDispute(dispute?.id ?? '', 'lost');
    for (const event of world.newEvents().toReversed()) await world.deliver(event);
    expect([await world.holds(tenant), await world.owedMinor(own), await booked(tenant, 'disputes')]).toEqual([['fraud'], 0, 0]);
  });

  it('that is only an inquiry moves nothing', async () => {
    const { id: tenant, invoice } = await paidInvoice(500n);
    const payments = await world.stripe.invoicePayments.list({ invoice: (await atStripe(tenant, invoice))?.id ?? '' });
    world.emulator.openDispute(payments.data[0]?.payment.payment_intent as string, 'warning_needs_response');
    await world.deliverAll();
    expect([await world.holds(tenant), await booked(tenant, 'disputes')]).toEqual([[], 0]);
  });
});

it('leaves every balance the sum of its postings', async () => expect(await world.app.get(VerifyBalances).execute(ctx)).toEqual([]));
