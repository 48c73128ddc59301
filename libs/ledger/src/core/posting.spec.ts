import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { CHARGE_KINDS, CHART_OF_ACCOUNTS } from './chart-of-accounts.ts';
import type { Account } from './chart-of-accounts.ts';
import {
  amountOn,
  charge,
  creditNote,
  creditNoteVoided,
  disputeLost,
  disputeOpened,
  disputeWon,
  paymentReceived,
  paymentRefunded,
  roundingResidue,
  topUpReceived,
} from './posting.ts';
import type { Posting, PostingHead } from './posting.ts';

const month = new Date('2026-11-01T00:00:00Z');
const head: PostingHead = { tenantId: 't1', currency: 'USD', month, postedAt: month, reference: 'r1' };
const one = { count: 1, seconds: 0 };
const ACCOUNTS = Object.keys(CHART_OF_ACCOUNTS) as Account[];

/** Event → posting of amount A. The table in README.md is this list. */
const TABLE: ReadonlyArray<readonly [event: string, post: (nanos: bigint) => Posting]> = [
  ['outbound calls are rated', (nanos) => charge('usage_outbound', head, nanos, { count: 3, seconds: 180 })],
  ['metered channels of a month are charged', (nanos) => charge('usage_metered', head, nanos, { count: 3, seconds: 180 })],
  ['inbound calls are rated', (nanos) => charge('usage_inbound', head, nanos, { count: 3, seconds: 180 })],
  ['a month of channels is charged', (nanos) => charge('recurring_channel', head, nanos, one)],
  ['a month of a number is charged', (nanos) => charge('recurring_number', head, nanos, one)],
  ['channels are ordered', (nanos) => charge('setup_channel', head, nanos, one)],
  ['a number is ordered', (nanos) => charge('setup_number', head, nanos, one)],
  ['an invoice is rounded to minor units', (nanos) => roundingResidue(head, nanos)],
  ['an invoice is paid', (nanos) => paymentReceived(head, nanos)],
  ['a balance is topped up', (nanos) => topUpReceived(head, nanos)],
  ['credit is paid out', (nanos) => paymentRefunded('credit', head, nanos)],
  ['a payment is given back as a gift', (nanos) => paymentRefunded('gift', head, nanos)],
  ['a payment is disputed', (nanos) => disputeOpened(head, nanos)],
  ['a dispute is won', (nanos) => disputeWon(head, nanos)],
  ['a dispute is lost', (nanos) => disputeLost(head, nanos)],
  ['usage is credited', (nanos) => creditNote('usage_outbound', head, nanos)],
  ['a recurring fee is credited', (nanos) => creditNote('recurring_number', head, nanos)],
  ['a setup fee is credited', (nanos) => creditNote('setup_channel', head, nanos)],
  ['a credit of usage is taken back', (nanos) => creditNoteVoided('usage_outbound', head, nanos)],
  ['a credit of a recurring fee is taken back', (nanos) => creditNoteVoided('recurring_number', head, nanos)],
  ['a credit of a setup fee is taken back', (nanos) => creditNoteVoided('setup_channel', head, nanos)],
];
const row = ([event, post]: (typeof TABLE)[number]): string => {
  const posting = post(1n);
  return `| ${event} | \`${posting.kind}\` | \`${posting.debit}\` | \`${posting.credit}\` |`;
};

describe('postings', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  it.each(TABLE.map((entry) => [row(entry)]))('README has %s', (text) => expect(readme).toContain(text));
  it.each(Object.entries(CHART_OF_ACCOUNTS))('README has the account %s', (account, { class: kind, holds }) =>
    expect(readme).toContain(`| \`${account}\` | ${kind} | ${holds} |`),
  );

  it('has every kind of charge in the table', () =>
    expect(TABLE.map(([, post]) => post(1n).kind)).toEqual(expect.arrayContaining([...CHARGE_KINDS])));

  it.each(TABLE)('%s: balances, and debits what it credits', (_, post) => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 18n), (nanos) => {
        const posting = post(nanos);
        expect(
          ACCOUNTS.map((account) => amountOn(posting, account))
            .filter((n) => n !== 0n)
            .sort(),
        ).toEqual([nanos, -nanos].sort());
      }),
    );
  });

  it('leaves nothing behind of a dispute that was won, and a debt of one that was lost', () => {
    const left = (...postings: Posting[]) =>
      ACCOUNTS.flatMap((account) => {
        const sum = postings.reduce((n, p) => n + amountOn(p, account), 0n);
        return sum === 0n ? [] : [[account, sum]];
      });
    expect(left(disputeOpened(head, 5n), disputeWon(head, 5n))).toEqual([]);
    expect(left(disputeOpened(head, 5n), disputeLost(head, 5n))).toEqual([
      ['customer', 5n],
      ['stripe_clearing', -5n],
    ]);
  });

  it('keeps calls and billed seconds of usage', () =>
    expect(charge('usage_outbound', head, 5n, { count: 3, seconds: 180 })).toMatchObject({ count: 3, seconds: 180 }));

  it('lowers the debt by a negative residue', () => expect(amountOn(roundingResidue(head, -7n), 'customer')).toBe(-7n));

  it.each([
    ['zero', () => charge('setup_number', head, 0n, one)],
    ['a negative charge', () => charge('usage_inbound', head, -1n, one)],
    ['a negative payment', () => paymentReceived(head, -1n)],
    ['a negative credit', () => creditNote('usage_outbound', head, -1n)],
    ['no residue', () => roundingResidue(head, 0n)],
  ])('refuses %s', (_, post) => expect(post).toThrow(expect.objectContaining({ code: 'ledger.amount_not_positive' })));

  it('leaves a tenant at zero after a month that is charged, rounded and paid', () => {
    const postings = [
      charge('usage_outbound', head, 1_234_567n, { count: 1, seconds: 60 }),
      charge('recurring_channel', head, 5_000_000_000n, one),
      roundingResidue(head, -1_234_567n),
      paymentReceived(head, 5_000_000_000n),
    ];
    expect(postings.reduce((sum, p) => sum + amountOn(p, 'customer'), 0n)).toBe(0n);
  });
});
