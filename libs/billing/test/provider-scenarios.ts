import { newId } from '@trunkline/kernel';
import type Stripe from 'stripe';
import type { ProviderNews } from '../src/core/provider-news.ts';
import type { InvoiceToCollect, PaymentProvider } from '../src/server/payment-provider.ts';

export type ProviderUnderTest = { readonly provider: PaymentProvider; readonly stripe: Stripe };

/** Ids that no run before had: an account remembers numbers and keys. */
const newInvoice = (tenantId: string, rest: Partial<InvoiceToCollect> = {}): InvoiceToCollect => {
  const id = newId();
  return {
    id,
    tenantId,
    number: `T-${id}`,
    currency: 'USD',
    period: { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-12-01T00:00:00Z') },
    totalMinor: 570n,
    fromBalanceMinor: 0n,
    lines: [
      { id: newId(), description: 'Channels, monthly', quantity: '10', amountMinor: 467n },
      { id: newId(), description: 'Outbound calls', quantity: '3 calls, 180 s', amountMinor: 103n },
    ],
    ...rest,
  };
};

/** Until the provider has got so far; the emulator has at once. */
const eventually = async <T>(look: () => Promise<T>, wanted: (value: T) => boolean): Promise<T> => {
  for (;;) {
    const value = await look();
    if (wanted(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
};

/**
 * What we rely on, in terms of the port: run against the emulator by `npm test`, and against an account of Stripe's by `npm run test:stripe`. The account
 * must be a sandbox.
 */
export const providerScenarios = (underTest: () => ProviderUnderTest): void => {
  const customer = async (card?: string) => {
    const tenantId = newId();
    const id = await underTest().provider.ensureCustomer({ tenantId, name: 'Trunkline test' });
    const method = card === undefined ? undefined : await underTest().provider.setPaymentMethod(id, card);
    return { id, tenantId, method: method ?? '' };
  };
  const handedOver = async (card?: string, rest: Partial<InvoiceToCollect> = {}) => {
    const who = await customer(card);
    const invoice = newInvoice(who.tenantId, rest);
    return { who, invoice, handed: await underTest().provider.handOver(who.id, invoice) };
  };
  const topUp = async (card: string) => {
    const { id, tenantId, method } = await customer(card);
    const wanted = { id: newId(), tenantId, currency: 'USD', amountMinor: 900n, paymentMethodId: method };
    return { customerId: id, wanted, payment: await underTest().provider.chargeTopUp(id, wanted) };
  };
  const news = (type: string, objectId: string): Promise<ProviderNews[]> => underTest().provider.fetchNews({ type, objectId });

  it('an invoice is handed over once and paid once, under our number and with our ids', async () => {
    const { provider } = underTest();
    const { who, invoice, handed } = await handedOver('pm_card_visa');
    expect(handed).toMatchObject({
      invoiceId: invoice.id,
      tenantId: who.tenantId,
      number: invoice.number,
      state: 'open',
      totalMinor: 570n,
    });
    expect(handed.hostedUrl).toMatch(/^https?:/);
    expect((await provider.handOver(who.id, invoice)).providerInvoiceId).toBe(handed.providerInvoiceId);
    const paid = await provider.payInvoice(handed.providerInvoiceId, '0');
    expect(paid).toMatchObject({ invoice: { state: 'paid', paidMinor: 570n }, declineCode: null });
    expect(await provider.payInvoice(handed.providerInvoiceId, '0')).toMatchObject({ invoice: { state: 'paid' } });
    expect(await news('invoice.paid', handed.providerInvoiceId)).toMatchObject([{ kind: 'invoice', invoice: { state: 'paid' } }]);
  });

  it('what the balance paid is taken off', async () => {
    const { handed } = await handedOver('pm_card_visa', { fromBalanceMinor: 70n });
    expect((await underTest().provider.payInvoice(handed.providerInvoiceId, '0')).invoice).toMatchObject({
      state: 'paid',
      paidMinor: 500n,
    });
  });

  it.each([
    ['pm_card_chargeCustomerFail', /^\w+$/],
    ['pm_card_authenticationRequired', /^authentication_required$/],
    [undefined, /^no_payment_method$/],
  ])('a payment with %s is refused with a reason', async (card, reason) => {
    const { handed } = await handedOver(card);
    const { invoice, declineCode } = await underTest().provider.payInvoice(handed.providerInvoiceId, '0');
    expect([invoice.state, invoice.paidMinor]).toEqual(['payment_failed', 0n]);
    expect(declineCode).toMatch(reason);
  });

  it('a credit note has less collected, once; nothing is left of an invoice that is credited wholly', async () => {
    const { provider } = underTest();
    const { handed } = await handedOver('pm_card_visa');
    const note = { id: newId(), number: 'C1', amountMinor: 170n };
    const id = await provider.creditInvoice(handed.providerInvoiceId, note);
    expect(await provider.creditInvoice(handed.providerInvoiceId, note)).toBe(id);
    expect(await news('credit_note.created', id ?? '')).toMatchObject([
      { creditNote: { creditNoteId: note.id, amountMinor: 170n, state: 'issued' } },
    ]);
    await provider.creditInvoice(handed.providerInvoiceId, { id: newId(), number: 'C2', amountMinor: 9_999n });
    expect(await provider.fetchInvoice(handed.providerInvoiceId)).toMatchObject({ state: 'paid', paidMinor: 0n });
    expect(await provider.creditInvoice(handed.providerInvoiceId, { id: newId(), number: 'C3', amountMinor: 1n })).toBeNull();
  });

  it('void and given up are told', async () => {
    const { stripe } = underTest();
    const { handed } = await handedOver();
    await stripe.invoices.markUncollectible(handed.providerInvoiceId);
    expect(await news('invoice.marked_uncollectible', handed.providerInvoiceId)).toMatchObject([{ invoice: { state: 'uncollectible' } }]);
    await stripe.invoices.voidInvoice(handed.providerInvoiceId);
    expect(await news('invoice.voided', handed.providerInvoiceId)).toMatchObject([{ invoice: { state: 'void' } }]);
  });

  it('a top-up is charged once, and refunded in part, once', async () => {
    const { provider } = underTest();
    const { customerId, wanted, payment } = await topUp('pm_card_visa');
    expect(payment).toMatchObject({
      state: 'succeeded',
      receivedMinor: 900n,
      paidFor: { kind: 'top_up', id: wanted.id, tenantId: wanted.tenantId },
    });
    expect((await provider.chargeTopUp(customerId, wanted))?.providerPaymentId).toBe(payment?.providerPaymentId);
    const refund = { id: newId(), providerPaymentId: payment?.providerPaymentId ?? '', amountMinor: 400n };
    const first = await provider.refund(refund);
    expect((await provider.refund(refund))?.providerRefundId).toBe(first?.providerRefundId);
    expect(await provider.refund({ ...refund, id: newId(), amountMinor: 501n })).toBeNull();
    const [told] = await news('payment_intent.succeeded', refund.providerPaymentId);
    expect(told).toMatchObject({ payment: { refunds: [{ refundId: refund.id, amountMinor: 400n }] } });
  });

  it('the payment of an invoice is known by the invoice', async () => {
    const { provider } = underTest();
    const { invoice, handed } = await handedOver('pm_card_visa');
    await provider.payInvoice(handed.providerInvoiceId, '0');
    const id = await provider.paymentOf(handed.providerInvoiceId);
    expect((await provider.fetchPayment(id ?? ''))?.paidFor).toMatchObject({ kind: 'invoice', id: invoice.id });
  });

  it('a top-up may be refused, or wait for its holder until it is given up', async () => {
    const refused = await topUp('pm_card_chargeCustomerFail');
    expect(refused.payment).toMatchObject({ state: 'failed', declineCode: expect.any(String) });
    const { payment } = await topUp('pm_card_authenticationRequired');
    expect(payment).toMatchObject({ state: 'requires_action', actionUrl: expect.stringMatching(/^https?:/) });
    expect(await underTest().provider.cancelPayment(payment?.providerPaymentId ?? '')).toMatchObject({
      state: 'failed',
      receivedMinor: 0n,
    });
  });

  it('a disputed payment is told with what it was for', async () => {
    const { stripe } = underTest();
    const { wanted, payment } = await topUp('pm_card_createDispute');
    const mine = (event: Stripe.Event) => (event.data.object as Stripe.Dispute).payment_intent === payment?.providerPaymentId;
    const list = () => stripe.events.list({ type: 'charge.dispute.created', limit: 20 });
    const { data } = await eventually(list, (page) => page.data.some(mine));
    const { id } = data.find(mine)?.data.object as Stripe.Dispute;
    expect(await news('charge.dispute.created', id)).toMatchObject([
      { kind: 'dispute', dispute: { state: 'open', withdrawn: true, amountMinor: 900n, paidFor: { kind: 'top_up', id: wanted.id } } },
    ]);
  });

  it('what was made lately is listed', async () => {
    const since = new Date(Date.now() - 60_000);
    const { handed } = await handedOver('pm_card_visa');
    const { payment } = await topUp('pm_card_visa');
    const { provider } = underTest();
    expect((await provider.invoicesSince(since)).map((i) => i.providerInvoiceId)).toContain(handed.providerInvoiceId);
    expect((await provider.paymentsSince(since)).map((p) => p.providerPaymentId)).toContain(payment?.providerPaymentId);
  });
};
