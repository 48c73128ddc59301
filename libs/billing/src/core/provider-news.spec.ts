import fc from 'fast-check';
import { fromMinor, unsoundness } from '@trunkline/kernel';
import { CHART_OF_ACCOUNTS, amountOn, charge } from '@trunkline/ledger';
import type { Account, Posting, PostingHead } from '@trunkline/ledger';
import { billingHold } from './billing-hold.ts';
import { creditAcross, creditNoteAfter, creditPostings, creditRest, creditable, sumOf } from './credit-note.ts';
import type { CreditLine } from './credit-note.ts';
import { DEFAULT_DUNNING } from './dunning.ts';
import { dueMinor } from './invoice-state.ts';
import type { InvoiceState } from './invoice-state.ts';
import {
  CREDIT_NOTE_TRANSITIONS,
  DISPUTE_TRANSITIONS,
  REFUND_TRANSITIONS,
  TOP_UP_TRANSITIONS,
  disputeEffect,
  invoiceEffect,
  refundEffect,
  topUpEffect,
} from './provider-news.ts';
import type {
  CreditNoteState,
  DisputeState,
  PaidFor,
  ProviderDispute,
  ProviderInvoice,
  ProviderNews,
  ProviderPayment,
  ProviderRefund,
  RefundState,
  TopUpState,
} from './provider-news.ts';

const month = new Date('2026-11-01T00:00:00Z');
const head = (reference: string): PostingHead => ({ tenantId: 't', currency: 'USD', month, postedAt: month, reference });
const LINES = [
  { category: 'recurring.channel', amountMinor: 1_500n },
  { category: 'usage.outbound', amountMinor: 500n },
];

/** The books of one tenant in memory, kept by the same rules as those in the database. */
class Books {
  readonly invoices = new Map<string, InvoiceState>([
    ['A', 'open'],
    ['B', 'open'],
  ]);
  readonly topUps = new Map<string, TopUpState>(['T', 'U', 'V'].map((id) => [id, 'pending']));
  readonly refunds = new Map<string, RefundState>([['R', 'pending']]);
  readonly disputes = new Map<string, DisputeState>();
  readonly credits: { invoice: string; providerId: string | null; state: CreditNoteState; lines: readonly CreditLine[] }[] = [];
  readonly postings = new Map<string, Posting>();
  fraudHolds = 0;

  constructor() {
    for (const id of this.invoices.keys()) {
      this.book([charge('recurring_channel', head(id), fromMinor(1_500n, 'USD'), { count: 1, seconds: 0 })]);
      this.book([charge('usage_outbound', head(id), fromMinor(500n, 'USD'), { count: 1, seconds: 60 })]);
    }
  }

  /** Books what is not booked. @returns how many were */
  private book(postings: readonly Posting[]): number {
    const fresh = postings.filter(({ kind, reference }) => !this.postings.has(`${kind} ${reference}`));
    for (const posting of fresh) this.postings.set(`${posting.kind} ${posting.reference}`, posting);
    return fresh.length;
  }

  private left(invoice: string) {
    return creditable(LINES, this.credits.filter((c) => c.invoice === invoice && c.state === 'issued').flatMap((c) => c.lines)); // prettier-ignore
  }

  private credit(invoice: string, lines: readonly CreditLine[], state: CreditNoteState, providerId: string | null): void {
    if (lines.length === 0) return;
    this.credits.push({ invoice, providerId, state, lines });
    if (state === 'issued') this.book(creditPostings(lines, head(`${invoice}:${this.credits.length}`)));
  }

  apply(news: ProviderNews): void {
    if (news.kind === 'invoice') this.invoice(news.invoice);
    if (news.kind === 'payment') this.payment(news.payment);
    if (news.kind === 'dispute') this.dispute(news.dispute);
    if (news.kind === 'credit_note') {
      const { providerCreditNoteId, invoice, amountMinor, state } = news.creditNote;
      const id = invoice.invoiceId ?? '';
      const known = this.credits.find((c) => c.providerId === providerCreditNoteId);
      const step = creditNoteAfter(known?.state, state, this.invoices.get(id) ?? 'open');
      if (step === 'issue' || step === 'keep_void')
        this.credit(id, creditAcross(amountMinor, this.left(id), 'x'), state, providerCreditNoteId);
      if (step === 'void' && known) {
        known.state = 'void';
        this.book(creditPostings(known.lines, head(`${id}:${providerCreditNoteId}`), 'void'));
      }
      this.invoice(invoice);
    }
  }

  private invoice(news: ProviderInvoice): void {
    const id = news.invoiceId ?? '';
    const known = this.invoices.get(id) ?? 'open';
    const { state, postings } = invoiceEffect(known, news, head(id));
    this.invoices.set(id, state);
    this.book(postings);
    if (state === 'void' && known !== 'void') this.credit(id, creditRest(this.left(id), 'void'), 'issued', null);
  }

  private payment(news: ProviderPayment): void {
    const { id = '', kind } = news.paidFor ?? {};
    if (kind === 'top_up') {
      const { state, postings } = topUpEffect(this.topUps.get(id) ?? 'pending', news, head(id));
      this.topUps.set(id, state);
      this.book(postings);
    }
    for (const refund of news.refunds) {
      const of = refund.refundId ?? refund.providerRefundId;
      const effect = refundEffect(this.refunds.get(of), refund, kind === 'top_up' ? 'credit' : 'gift', head(id));
      this.refunds.set(of, effect.state);
      this.book(effect.postings);
    }
  }

  private dispute(news: ProviderDispute): void {
    const { state, postings } = disputeEffect(this.disputes.get(news.providerDisputeId), news, head(''));
    this.disputes.set(news.providerDisputeId, state);
    this.fraudHolds += this.book(postings.filter(({ kind }) => kind === 'dispute_opened'));
    this.book(postings);
  }

  /** All that must be the same, whatever came when. */
  end() {
    const accounts = Object.keys(CHART_OF_ACCOUNTS) as Account[];
    const sum = (account: Account) => [...this.postings.values()].reduce((n, p) => n + amountOn(p, account), 0n);
    const credited = (id: string) =>
      this.credits.filter((c) => c.invoice === id && c.state === 'issued').reduce((n, c) => n + sumOf(c.lines), 0n);
    const invoices = [...this.invoices].map(([id, state]) => ({ id, state, due: dueMinor({ state, totalMinor: 2_000n, fromBalanceMinor: 0n, creditedMinor: credited(id) }), credited: credited(id) })); // prettier-ignore
    const dues = [...this.invoices.values()].map((state) => ({ state, dueAt: month, failedAt: null }));
    return {
      accounts: accounts.map((account) => [account, sum(account)]),
      invoices,
      topUps: [...this.topUps],
      refunds: [...this.refunds].sort(),
      disputes: [...this.disputes].sort(),
      fraudHolds: this.fraudHolds,
      hold: billingHold({ mode: 'postpaid', availableNanos: 0n, invoices: dues }, month, DEFAULT_DUNNING),
    };
  }
}

const invoice = (id: string, state: InvoiceState, paidMinor = 0n): ProviderInvoice => ({
  providerInvoiceId: `in_${id}`, invoiceId: id, tenantId: 't', number: id, state, totalMinor: 2_000n, paidMinor, hostedUrl: null, paidAt: null,
}); // prettier-ignore
const creditNote = (id: string, of: ProviderInvoice, amountMinor: bigint, state: CreditNoteState): ProviderNews => ({
  kind: 'credit_note', creditNote: { providerCreditNoteId: id, creditNoteId: null, invoice: of, amountMinor, state },
}); // prettier-ignore
const payment = (paidFor: PaidFor, state: TopUpState, receivedMinor: bigint, refunds: ProviderRefund[] = []): ProviderNews => ({
  kind: 'payment',
  payment: { providerPaymentId: `pi_${paidFor.id}`, paidFor, state, receivedMinor, declineCode: null, actionUrl: null, refunds },
});
const topUp = (id: string): PaidFor => ({ kind: 'top_up', id, tenantId: 't' });
const ofA: PaidFor = { kind: 'invoice', id: 'A', tenantId: 't' };
const dispute = (id: string, paidFor: PaidFor, amountMinor: bigint, state: DisputeState, withdrawn = true): ProviderNews => ({
  kind: 'dispute', dispute: { providerDisputeId: id, paidFor, amountMinor, state, withdrawn, reason: 'fraudulent' },
}); // prettier-ignore
const refund = (providerRefundId: string, refundId: string | null, amountMinor: bigint, state: RefundState): ProviderRefund => ({
  providerRefundId, refundId, amountMinor, state,
}); // prettier-ignore

/**
 * A month at the provider: what each object looked like, one version after the other. Each version came with a message. Invoice A is refused, credited
 * there, paid, partly refunded there and disputed in vain; B is credited, un-credited, given up and voided; T waits for its holder and is partly
 * refunded by us; U fails; V is disputed, and lost.
 */
const MONTH: readonly (readonly ProviderNews[])[] = [
  [
    { kind: 'invoice', invoice: invoice('A', 'open') },
    { kind: 'invoice', invoice: invoice('A', 'payment_failed') },
    { kind: 'invoice', invoice: invoice('A', 'payment_failed') },
    { kind: 'invoice', invoice: invoice('A', 'paid', 1_500n) },
  ],
  [creditNote('cn_1', invoice('A', 'payment_failed'), 500n, 'issued'), creditNote('cn_1', invoice('A', 'paid', 1_500n), 500n, 'issued')],
  [
    payment(ofA, 'failed', 0n),
    payment(ofA, 'succeeded', 1_500n),
    payment(ofA, 'succeeded', 1_500n, [refund('re_1', null, 300n, 'pending')]),
    payment(ofA, 'succeeded', 1_500n, [refund('re_1', null, 300n, 'succeeded')]),
  ],
  [dispute('dp_1', ofA, 1_500n, 'inquiry', false), dispute('dp_1', ofA, 1_500n, 'open'), dispute('dp_1', ofA, 1_500n, 'won')],
  [
    { kind: 'invoice', invoice: invoice('B', 'payment_failed') },
    { kind: 'invoice', invoice: invoice('B', 'uncollectible') },
    { kind: 'invoice', invoice: invoice('B', 'void') },
  ],
  [creditNote('cn_2', invoice('B', 'open'), 700n, 'issued'), creditNote('cn_2', invoice('B', 'open'), 700n, 'void'), creditNote('cn_2', invoice('B', 'void'), 700n, 'void')], // prettier-ignore
  [
    payment(topUp('T'), 'requires_action', 0n),
    payment(topUp('T'), 'succeeded', 5_000n),
    payment(topUp('T'), 'succeeded', 5_000n, [refund('re_2', 'R', 1_000n, 'succeeded')]),
  ],
  [payment(topUp('U'), 'pending', 0n), payment(topUp('U'), 'failed', 0n)],
  [payment(topUp('V'), 'succeeded', 2_500n)],
  [dispute('dp_2', topUp('V'), 2_500n, 'open'), dispute('dp_2', topUp('V'), 2_500n, 'lost')],
];

/** Each message one to five times, in any order; whoever acts upon one sees the object as it was then, or at any later time. */
const deliveries = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 5 })), { minLength: 40, maxLength: 40 }).chain((chance) => {
  let n = 0;
  const all = MONTH.flatMap((versions) =>
    versions.flatMap((_, version) => {
      const [seed = 0, times = 1] = chance[n++ % chance.length] ?? [];
      const seen = (copy: number) => version + ((seed >> (copy * 3)) % (versions.length - version));
      return Array.from({ length: times }, (_, copy) => versions[seen(copy)] as ProviderNews);
    }),
  );
  return fc.shuffledSubarray(all, { minLength: all.length });
});

describe('a month of news', () => {
  const told = (all: readonly ProviderNews[]) => {
    const books = new Books();
    for (const news of all) books.apply(news);
    return books.end();
  };
  const inOrder = told(MONTH.flat());

  it('ends with every cent in its place', () => {
    expect(inOrder.invoices).toEqual([
      { id: 'A', state: 'paid', due: 0n, credited: 500n },
      { id: 'B', state: 'void', due: 0n, credited: 2_000n },
    ]);
    expect(Object.fromEntries(inOrder.accounts)).toMatchObject({
      customer: fromMinor(-4_000n, 'USD'), // T less its refund; V is owed again
      stripe_clearing: fromMinor(1_500n - 300n + 5_000n - 1_000n, 'USD'),
      refunds_given: fromMinor(300n, 'USD'),
      disputes: 0n,
    });
    expect([inOrder.fraudHolds, inOrder.hold]).toEqual([2, undefined]);
  });

  it('ends alike in 1,000 orders, each message told one to five times', () => {
    fc.assert(
      fc.property(deliveries, (order) => expect(told(order)).toEqual(inOrder)),
      { numRuns: 1_000, seed: 20_261_101 },
    );
  });
});

describe('the states of what is paid', () => {
  it.each([
    ['top-ups', unsoundness(TOP_UP_TRANSITIONS, 'pending')],
    ['refunds', unsoundness(REFUND_TRANSITIONS, 'pending')],
    ['disputes', unsoundness(DISPUTE_TRANSITIONS, 'inquiry')],
    ['credit notes', unsoundness(CREDIT_NOTE_TRANSITIONS, 'issued')],
  ])('are sound: %s', (_, faults) => expect(faults).toEqual([]));
});
