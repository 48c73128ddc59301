import { attest } from './attestation.ts';
import type { Attestation, AttestationFacts } from './attestation.ts';

const RIGHTS = ['own', 'verified', 'documented', 'claimed'] as const;
const BOTH = [true, false];

/** The whole truth table: every origin, authentication, customer and right, each with its answer. */
const TABLE: readonly (readonly [AttestationFacts['origin'], boolean, boolean, string])[] = [
  // origin, authenticated, customer verified → one answer for each of RIGHTS
  ['customer', true, true, 'A number_own, A number_verified, B number_documented, B number_claimed'],
  ['customer', true, false, 'C customer_unverified, C customer_unverified, C customer_unverified, C customer_unverified'],
  ['customer', false, true, 'C unauthenticated, C unauthenticated, C unauthenticated, C unauthenticated'],
  ['customer', false, false, 'C unauthenticated, C unauthenticated, C unauthenticated, C unauthenticated'],
  ['carrier', true, true, 'C foreign_network, C foreign_network, C foreign_network, C foreign_network'],
  ['carrier', true, false, 'C foreign_network, C foreign_network, C foreign_network, C foreign_network'],
  ['carrier', false, true, 'C foreign_network, C foreign_network, C foreign_network, C foreign_network'],
  ['carrier', false, false, 'C foreign_network, C foreign_network, C foreign_network, C foreign_network'],
];
const rows = TABLE.flatMap(([origin, authenticated, customerVerified, answers]) =>
  answers.split(', ').map((answer, i) => ({ origin, authenticated, customerVerified, right: RIGHTS[i]!, answer })),
);
const text = ({ level, reason }: Attestation): string => `${level} ${reason}`;

describe('attest', () => {
  it.each(rows)('$origin, authenticated $authenticated, verified $customerVerified, $right: $answer', ({ answer, ...facts }) =>
    expect(text(attest(facts))).toBe(answer),
  );

  it('is asked everything there is to ask, once', () => {
    const everything = (['customer', 'carrier'] as const).flatMap((origin) =>
      BOTH.flatMap((authenticated) =>
        BOTH.flatMap((customerVerified) => RIGHTS.map((right) => `${origin} ${authenticated} ${customerVerified} ${right}`)),
      ),
    );
    expect(rows.map((r) => `${r.origin} ${r.authenticated} ${r.customerVerified} ${r.right}`)).toEqual(everything);
  });

  it('never says A of a number that is neither held nor proven, or of a customer nobody knows', () => {
    const full = rows.filter((r) => r.answer.startsWith('A'));
    expect(full.every((r) => r.customerVerified && r.authenticated && r.origin === 'customer')).toBe(true);
    expect(full.map((r) => r.right)).toEqual(['own', 'verified']);
  });
});
