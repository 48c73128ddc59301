import fc from 'fast-check';
import { EMPTY_CHECKSUM, addToChecksum, checksum, formatChecksum, removeFromChecksum } from './checksum.ts';

const pairs = fc.uniqueArray(fc.tuple(fc.string(), fc.string()), { selector: ([key]) => key });

describe('checksum', () => {
  it('does not depend on the order', () => fc.assert(fc.property(pairs, (p) => expect(checksum([...p].reverse())).toBe(checksum(p)))));

  it('forgets what is removed', () => {
    fc.assert(
      fc.property(pairs, fc.string(), fc.string(), (p, key, value) => {
        const sum = p.reduce((s, [k, v]) => addToChecksum(s, k, v), EMPTY_CHECKSUM);
        expect(formatChecksum(removeFromChecksum(addToChecksum(sum, key, value), key, value))).toBe(checksum(p));
      }),
    );
  });

  it('sees a changed value, a moved boundary and a missing row', () => {
    const base = checksum([['a', 'bc']]);
    for (const other of [[['a', 'bd']], [['ab', 'c']], []] as [string, string][][]) expect(checksum(other)).not.toBe(base);
  });
});
