import fc from 'fast-check';
import { canonicalNetwork, networksOverlap } from '@trunkline/kernel';
import { addressClaims, areToldApart } from './address-claims.ts';

const network = fc
  .tuple(fc.nat({ max: 1 }), fc.nat({ max: 255 }), fc.integer({ min: 24, max: 32 }))
  .map(([c, d, bits]) => canonicalNetwork(`192.0.${c}.${d}/${bits}`)!);
const networks = fc.uniqueArray(network, { maxLength: 12 });

describe('addressClaims', () => {
  it('names every network once, its own as its own', () => {
    fc.assert(
      fc.property(networks, networks, (own, listed) => {
        const claims = addressClaims(own, listed, 'either');
        expect(claims.map((c) => c.network).sort()).toEqual([...new Set([...own, ...listed])].sort());
        expect(claims.filter((c) => !c.listed).map((c) => c.network)).toEqual(own);
      }),
      { numRuns: 500 },
    );
  });

  it('identifies by networks that do not overlap, and by all that there are', () => {
    fc.assert(
      fc.property(networks, networks, (own, listed) => {
        const claims = addressClaims(own, listed, 'ip');
        const identifying = claims.filter((c) => c.identifies).map((c) => c.network);
        for (const a of identifying) for (const b of identifying) expect(a === b || !networksOverlap(a, b)).toBe(true);
        for (const { network: n } of claims) expect(identifying.some((a) => networksOverlap(a, n))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each(['digest', 'both'] as const)('identifies nobody by address alone where a password is needed: %s', (mode) => {
    expect(addressClaims(['192.0.2.1'], ['192.0.2.0/24'], mode).some((c) => c.identifies)).toBe(false);
  });
});

it.each([
  ['91', '92', true],
  ['91', '912', false],
  ['912', '91', false],
  ['91', '91', false],
  ['91', null, false],
  [null, null, false],
])('prefixes %s and %s tell trunks apart: %s', (a, b, apart) => expect(areToldApart(a, b)).toBe(apart));
