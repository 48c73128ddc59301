import fc from 'fast-check';
import { canonicalNetwork, compareNetworks, networkBits, networksOverlap } from './ipv4-network.ts';

describe('canonicalNetwork', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7'],
    ['198.51.100.7/32', '198.51.100.7'],
    ['198.51.100.7/24', '198.51.100.0/24'],
    ['255.255.255.255/31', '255.255.255.254/31'],
    ['10.1.2.3/8', '10.0.0.0/8'],
    ['1.2.3.4/0', '0.0.0.0/0'],
  ])('%s is written %s', (text, canonical) => {
    expect(canonicalNetwork(text)).toBe(canonical);
    expect(canonicalNetwork(canonical)).toBe(canonical);
  });

  it.each(['', '1.2.3', '1.2.3.4.', '1.2.3.4.5', '1.2.3.256', '01.2.3.4', '1.2.3.4/33', '1.2.3.4/', '1.2.3.4/024', ' 1.2.3.4', '::1'])(
    '%j is none',
    (text) => expect(canonicalNetwork(text)).toBeUndefined(),
  );
});

const networks = fc
  .tuple(fc.nat({ max: 3 }), fc.nat({ max: 255 }), fc.integer({ min: 22, max: 32 }))
  .map(([c, d, bits]) => canonicalNetwork(`10.0.${c}.${d}/${bits}`)!);
const members = (network: string): Set<number> => {
  const [, , c = '', d = ''] = network.split('/')[0]!.split('.');
  const first = Number(c) * 256 + Number(d);
  return new Set(Array.from({ length: 2 ** (32 - networkBits(network)) }, (_, i) => first + i));
};

it('two networks overlap exactly when they share an address', () => {
  fc.assert(
    fc.property(networks, networks, (a, b) => {
      const shared = [...members(a)].some((m) => members(b).has(m));
      expect(networksOverlap(a, b)).toBe(shared);
      expect(networksOverlap(b, a)).toBe(shared);
    }),
  );
});

it('orders by address, the wider first', () => {
  const sorted = ['9.0.0.0', '10.0.0.0/24', '10.0.0.0/25', '10.0.0.0', '10.0.0.200', '100.0.0.1'];
  expect([...sorted].reverse().sort(compareNetworks)).toEqual(sorted);
});
