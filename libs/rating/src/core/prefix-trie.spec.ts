import fc from 'fast-check';
import { buildPrefixTrie, longestMatch } from './prefix-trie.ts';

const digits = (min: number, max: number) => fc.string({ unit: fc.constantFrom('0', '1', '2', '9'), minLength: min, maxLength: max });

/** The definition itself: of all prefixes that the number begins with, the longest. */
const naive = (prefixes: readonly string[], number: string): number => {
  let best = -1;
  prefixes.forEach((prefix, i) => {
    if (number.startsWith(prefix) && prefix.length >= (prefixes[best]?.length ?? 0)) best = i;
  });
  return best;
};

describe('longest-prefix match', () => {
  it.each([
    ['+4930123', 1],
    ['4930123', 1],
    ['4940', 0],
    ['49', 0],
    ['4', -1],
    ['', -1],
    ['anonymous', -1],
    ['493x0', 0],
    ['1', 2],
  ])('%j → %d', (number, index) => expect(longestMatch(buildPrefixTrie(['49', '4930', '1']), number)).toBe(index));

  it('agrees with comparing every prefix', () => {
    const decks = fc.uniqueArray(digits(1, 8), { maxLength: 60 });
    fc.assert(
      fc.property(decks, digits(0, 15), (prefixes, number) => longestMatch(buildPrefixTrie(prefixes), number) === naive(prefixes, number)),
      { numRuns: 1000 },
    );
  });

  it('grows past its first allocation', () => {
    const prefixes = Array.from({ length: 20_000 }, (_, i) => String(1_000_000 + i * 37));
    const trie = buildPrefixTrie(prefixes);
    expect(prefixes.map((prefix) => longestMatch(trie, `${prefix}99`))).toEqual(prefixes.map((_, i) => i));
  });
});
