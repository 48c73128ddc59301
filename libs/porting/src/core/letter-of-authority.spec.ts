import fc from 'fast-check';
import { canonicalNumbers, letterFault } from './letter-of-authority.ts';
import type { LetterSignature } from './letter-of-authority.ts';

const DAY = 86_400_000;
const signedAt = new Date('2026-11-01T12:00:00Z');
const signature: LetterSignature = {
  signerName: 'Łukasz Żółć',
  signerTitle: null,
  signedAt,
  address: '192.0.2.7',
  userAgent: 'test',
  numbersHash: 'a1',
};

it.each([
  ['is good for the list it was signed for', 'a1', 0, null],
  ['is good on its thirtieth day', 'a1', 30 * DAY, null],
  ['is too old after it', 'a1', 30 * DAY + 1, 'too_old'],
  ['is void when the list changed, however fresh', 'a2', 0, 'list_changed'],
  ['is not signed tomorrow', 'a1', -1, 'signed_in_the_future'],
] as const)('a letter %s', (_, hash, ms, fault) => expect(letterFault(signature, hash, new Date(signedAt.getTime() + ms))).toBe(fault));

it('a letter without a signature is none', () => expect(letterFault(null, 'a1', signedAt)).toBe('unsigned'));

it('two lists have one text exactly when they hold the same numbers', () => {
  const numbers = fc.array(fc.integer({ min: 12_125_550_100, max: 12_125_550_110 }).map((n) => `+${n}`));
  fc.assert(
    fc.property(numbers, numbers, (a, b) => {
      const same = a.every((n) => b.includes(n)) && b.every((n) => a.includes(n));
      expect(canonicalNumbers(a) === canonicalNumbers(b)).toBe(same);
    }),
  );
});
