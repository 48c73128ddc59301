import { beyond, mayComeFrom } from './key-limits.ts';
import type { KeyLimits } from './key-limits.ts';

const DAY = new Date('2026-12-01T00:00:00Z');
const NEXT_DAY = new Date('2026-12-02T00:00:00Z');
const wide: KeyLimits = { scopes: ['trunks:read', 'calls:read'], expiresAt: null, allowedNetworks: [] };
const narrow: KeyLimits = { scopes: ['trunks:read'], expiresAt: DAY, allowedNetworks: ['192.0.2.0/24'] };
const pointers = (own: KeyLimits, wanted: KeyLimits) => beyond(own, wanted).map((e) => e.pointer);

describe('beyond', () => {
  it('lets a key give what it has', () => {
    expect(beyond(wide, narrow)).toEqual([]);
    expect(beyond(narrow, narrow)).toEqual([]);
    expect(beyond(narrow, { ...narrow, allowedNetworks: ['192.0.2.128/25', '192.0.2.1'] })).toEqual([]);
  });
  it('names everything that is more', () =>
    expect(
      pointers(narrow, { scopes: ['trunks:read', 'calls:read'], expiresAt: null, allowedNetworks: ['192.0.2.1', '0.0.0.0/0'] }),
    ).toEqual(['/scopes/1', '/expires_at', '/allowed_networks/1']));
  it('lets nothing outlive it', () => expect(pointers(narrow, { ...narrow, expiresAt: NEXT_DAY })).toEqual(['/expires_at']));
  it('lets a bound key make bound keys alone', () =>
    expect(pointers(narrow, { ...narrow, allowedNetworks: [] })).toEqual(['/allowed_networks']));
});

describe('mayComeFrom', () => {
  it('is anywhere for a key without networks', () => expect(mayComeFrom([], '203.0.113.9')).toBe(true));
  it.each([
    ['192.0.2.9', true],
    ['::ffff:192.0.2.9', true],
    ['198.51.100.1', false],
    ['2001:db8::7', true],
    ['2001:db9::7', false],
    ['', false],
  ])('from %p: %p', (address, allowed) => expect(mayComeFrom(['192.0.2.0/24', '2001:db8::/32'], address)).toBe(allowed));
});
