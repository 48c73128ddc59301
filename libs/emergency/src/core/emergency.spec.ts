import { unsoundness } from '@trunkline/kernel';
import { judged, openAddress } from './emergency-address.ts';
import type { CivicAddress } from './emergency-address.ts';
import { REGISTRATION_TRANSITIONS, isRegistered, leaving, registeredAt, settled } from './emergency-registration.ts';

const now = new Date('2026-11-26T10:00:00Z');
const civic: CivicAddress = {
  name: 'Acme',
  houseNumber: '350',
  street: 'Fifth Avenue',
  location: 'Floor 21',
  city: 'New York',
  region: 'NY',
  postalCode: '10118',
  country: 'US',
};
const valid = (id: string) => judged(openAddress(id, civic, now), { isValid: true, reference: `ref-${id}` }, now);

describe('an address', () => {
  it('waits for the provider, who says whether it is one', () => {
    const address = openAddress('a', civic, now);
    expect(address.state).toBe('validating');
    expect(judged(address, { isValid: true, reference: 'r' }, now)).toMatchObject({ state: 'valid', providerReference: 'r' });
    const candidates = [{ ...civic, houseNumber: '352' }];
    expect(judged(address, { isValid: false, reason: 'no such house', candidates }, now)).toMatchObject({ state: 'invalid', candidates });
  });

  it.each([
    [{ postalCode: '1011' }, 'postal'],
    [{ country: 'CA', region: 'ON', postalCode: 'K1A0B1' }, 'postal'],
    [{ country: 'GB', postalCode: '10118' }, 'postal'],
    [{ region: 'New York' }, 'two letters'],
  ])('%j is refused', (over, said) => expect(() => openAddress('a', { ...civic, ...over }, now)).toThrow(said));

  it('is taken as it is where we know no form', () =>
    expect(openAddress('a', { ...civic, country: 'NL', region: 'Noord-Holland', postalCode: '1012 JS' }, now).state).toBe('validating'));
});

describe('a registration', () => {
  it('is a sound machine', () => expect(unsoundness(REGISTRATION_TRANSITIONS, 'none')).toEqual([]));

  it('counts once the provider has it', () => {
    const begun = registeredAt(undefined, 'n', valid('a'), now);
    expect([begun.state, isRegistered(begun)]).toEqual(['provisioning', false]);
    expect(isRegistered(settled(begun, null, now))).toBe(true);
  });

  it('keeps the old address until the provider has the new one, and when it does not take it', () => {
    const active = settled(registeredAt(undefined, 'n', valid('a'), now), null, now);
    const moving = registeredAt(active, 'n', valid('b'), now);
    expect([moving.addressId, moving.nextAddressId, isRegistered(moving)]).toEqual(['a', 'b', true]);
    expect(settled(moving, null, now)).toMatchObject({ state: 'active', addressId: 'b', nextAddressId: null });
    expect(settled(moving, 'refused', now)).toMatchObject({ state: 'active', addressId: 'a', reason: 'refused' });
  });

  it('may be tried again after it failed, and not while something is on its way', () => {
    const begun = registeredAt(undefined, 'n', valid('a'), now);
    const failed = settled(begun, 'refused', now);
    expect([failed.state, isRegistered(failed)]).toEqual(['failed', false]);
    expect(registeredAt(failed, 'n', valid('a'), now).state).toBe('provisioning');
    expect(() => registeredAt(begun, 'n', valid('b'), now)).toThrow('on its way');
    expect(() => registeredAt(leaving(begun, now), 'n', valid('b'), now)).toThrow('on its way');
  });

  it('needs a valid address, and is not changed by the one it has', () => {
    expect(() => registeredAt(undefined, 'n', openAddress('a', civic, now), now)).toThrow('validating');
    const active = settled(registeredAt(undefined, 'n', valid('a'), now), null, now);
    expect(registeredAt(active, 'n', valid('a'), now)).toBe(active);
  });
});
