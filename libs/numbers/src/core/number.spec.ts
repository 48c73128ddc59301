import type { E164 } from '@trunkline/kernel';
import fc from 'fast-check';
import { changeNumber, orderedNumber, releaseNumber } from './number.ts';
import { quarantineEnd } from './quarantine.ts';

const now = new Date('2026-11-23T10:00:00Z');
const later = new Date('2026-11-24T10:00:00Z');
const DAY_MS = 86_400_000;
const number = orderedNumber('id', { e164: '+12025550123', country: 'US' }, { trunkId: null, externalReference: null, tags: [] }, now);

describe('changeNumber', () => {
  it('gives a new revision', () =>
    expect(changeNumber(number, { trunkId: 't' }, later)).toMatchObject({ trunkId: 't', revision: 2, updatedAt: later }));
  it('changes nothing when nothing differs', () => expect(changeNumber(number, { trunkId: null }, later)).toBe(number));
});

describe('releaseNumber', () => {
  const released = releaseNumber({ ...number, trunkId: 't' }, later);
  it('points the number nowhere and says until when it rests', () =>
    expect(released).toMatchObject({ trunkId: null, revision: 2, releasedAt: later, quarantinedUntil: new Date('2027-01-08T10:00:00Z') }));
  it('is final', () => {
    expect(() => releaseNumber(released, later)).toThrow('released');
    expect(() => changeNumber(released, {}, later)).toThrow('released');
  });
});

describe('quarantineEnd', () => {
  const e164 = fc.stringMatching(/^\+[1-9]\d{5,14}$/) as fc.Arbitrary<E164>;
  const instant = fc.date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
  const restedDays = (n: E164, at: Date) => (quarantineEnd(n, at).getTime() - at.getTime()) / DAY_MS;

  it('is never under 45 days in North America, never under 31 anywhere', () =>
    fc.assert(fc.property(e164, instant, (n, at) => restedDays(n, at) >= (n.startsWith('+1') ? 45 : 31))));
});
