import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { CHART_OF_ACCOUNTS } from './chart-of-accounts.ts';
import {
  amountOn,
  assertBalanced,
  creditNote,
  paymentReceived,
  recurringCharge,
  roundingResidue,
  setupCharge,
  usageCharge,
} from './posting.ts';
import type { Posting, PostingHead } from './posting.ts';

const month = new Date('2026-11-01T00:00:00Z');
const head: PostingHead = { id: 'p1', tenantId: 't1', currency: 'USD', month, postedAt: month, reference: 'r1' };

/** Event → posting of amount A. The table in README.md is this list. */
const TABLE: ReadonlyArray<readonly [event: string, post: (nanos: bigint) => Posting]> = [
  ['calls are rated', (nanos) => usageCharge(head, nanos, { count: 3, seconds: 180n })],
  ['a month of a channel or number is charged', (nanos) => recurringCharge(head, nanos)],
  ['a channel or number is ordered', (nanos) => setupCharge(head, nanos)],
  ['an invoice is rounded to minor units', (nanos) => roundingResidue(head, nanos)],
  ['an invoice is paid', (nanos) => paymentReceived(head, nanos)],
  ['usage is credited', (nanos) => creditNote(head, 'usage', nanos)],
  ['a recurring fee is credited', (nanos) => creditNote(head, 'recurring', nanos)],
  ['a setup fee is credited', (nanos) => creditNote(head, 'setup', nanos)],
];
const side = (posting: Posting, sign: (nanos: bigint) => boolean) => posting.lines.find((line) => sign(line.amountNanos))?.account;
const row = ([event, post]: (typeof TABLE)[number]): string => {
  const posting = post(1n);
  return `| ${event} | \`${posting.kind}\` | \`${side(posting, (n) => n > 0n)}\` | \`${side(posting, (n) => n < 0n)}\` |`;
};

describe('postings', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  it.each(TABLE.map((entry) => [row(entry)]))('README has %s', (text) => expect(readme).toContain(text));
  it.each(Object.entries(CHART_OF_ACCOUNTS))('README has the account %s', (account, { class: kind, holds }) =>
    expect(readme).toContain(`| \`${account}\` | ${kind} | ${holds} |`),
  );

  it.each(TABLE)('%s: balances, and debits what it credits', (_, post) => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 18n), (nanos) => {
        const posting = post(nanos);
        expect(posting.lines.map((line) => line.amountNanos)).toEqual([nanos, -nanos]);
        expect(assertBalanced(posting)).toBe(posting);
      }),
    );
  });

  it('keeps calls and billed seconds of usage', () =>
    expect(usageCharge(head, 5n, { count: 3, seconds: 180n })).toMatchObject({ count: 3, seconds: 180n }));

  it('lowers the debt by a negative residue', () => expect(amountOn(roundingResidue(head, -7n), 'customer')).toBe(-7n));

  it.each([
    ['zero', () => setupCharge(head, 0n)],
    ['a negative charge', () => usageCharge(head, -1n, { count: 1, seconds: 1n })],
    ['a negative payment', () => paymentReceived(head, -1n)],
    ['a negative credit', () => creditNote(head, 'usage', -1n)],
    ['no residue', () => roundingResidue(head, 0n)],
  ])('refuses %s', (_, post) => expect(post).toThrow(expect.objectContaining({ code: 'ledger.amount_not_positive' })));

  it('refuses lines that do not balance', () => {
    const lines = [{ account: 'customer', amountNanos: 1n }] as const;
    expect(() => assertBalanced({ ...setupCharge(head, 1n), lines })).toThrow(expect.objectContaining({ code: 'ledger.unbalanced' }));
  });

  it('leaves a tenant at zero after a month that is charged, rounded and paid', () => {
    const postings = [
      usageCharge(head, 1_234_567n, { count: 1, seconds: 60n }),
      recurringCharge(head, 5_000_000_000n),
      roundingResidue(head, -1_234_567n),
      paymentReceived(head, 5_000_000_000n),
    ];
    expect(postings.reduce((sum, p) => sum + amountOn(p, 'customer'), 0n)).toBe(0n);
  });
});
