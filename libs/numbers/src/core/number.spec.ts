import {
  changeNumber,
  orderedNumber,
  paidAgainFrom,
  reinstateNumber,
  releaseNumber,
  restorableUntil,
  restoreNumber,
  suspendNumber,
  transferNumber,
} from './number.ts';

const now = new Date('2026-11-23T10:00:00Z');
const later = new Date('2026-11-24T10:00:00Z');
const number = orderedNumber('id', { e164: '+12025550123', country: 'US', type: 'local' }, { trunkId: null, externalReference: null, tags: [] }, now);

describe('changeNumber', () => {
  it('gives a new revision', () =>
    expect(changeNumber(number, { trunkId: 't' }, later)).toMatchObject({ trunkId: 't', revision: 2, updatedAt: later }));
  it('changes nothing when nothing differs', () => expect(changeNumber(number, { trunkId: null }, later)).toBe(number));
});

describe('releaseNumber', () => {
  const released = releaseNumber({ ...number, trunkId: 't' }, [], later);
  it('points the number nowhere and says until when it rests and can be had back', () => {
    expect(released).toMatchObject({ trunkId: null, revision: 2, releasedAt: later, quarantinedUntil: new Date('2027-01-08T10:00:00Z') });
    expect(restorableUntil(released)).toEqual(new Date('2026-12-24T10:00:00Z'));
  });
  it('is final for whoever does not restore it', () => {
    expect(() => releaseNumber(released, [], later)).toThrow('released');
    expect(() => changeNumber(released, {}, later)).toThrow('released');
    expect(() => transferNumber(released, 'other', later)).toThrow('released');
  });
  it('is refused of a locked number, as a transfer is, and of one that is suspended', () => {
    const locked = changeNumber(number, { deletionLock: true }, later);
    expect(locked).toMatchObject({ deletionLock: true, revision: 2 });
    for (const away of [() => releaseNumber(locked, [], later), () => transferNumber(locked, 'other', later)]) expect(away).toThrow('lock');
    expect(() => releaseNumber(suspendNumber(number, later), [], later)).toThrow('suspended');
  });
});

describe('restoreNumber', () => {
  const released = releaseNumber({ ...number, trunkId: 't' }, [], later);
  const end = restorableUntil(released) as Date;
  it('gives it back until its window ends, pointing nowhere', () => {
    const back = restoreNumber(released, new Date(end.getTime() - 1));
    expect(back).toMatchObject({ state: 'assigned', trunkId: null, releasedAt: null, quarantinedUntil: null, revision: 3 });
    expect(() => restoreNumber(released, end)).toThrow('window');
    expect(() => restoreNumber(back, later)).toThrow('not released');
  });
  it('has no day paid twice', () => {
    expect(paidAgainFrom(released, later)).toEqual(new Date('2026-11-25T10:00:00Z'));
    expect(paidAgainFrom(released, new Date('2026-11-25T00:00:00Z'))).toEqual(new Date('2026-11-25T00:00:00Z'));
  });
});

it('a suspended number can be pointed, reinstated, and nothing else', () => {
  const suspended = suspendNumber(number, later);
  expect(suspended).toMatchObject({ state: 'suspended', suspendedAt: later, revision: 2 });
  expect(changeNumber(suspended, { trunkId: 't' }, later)).toMatchObject({ trunkId: 't', state: 'suspended' });
  expect(reinstateNumber(suspended, later)).toMatchObject({ state: 'assigned', suspendedAt: null });
  expect(() => suspendNumber(suspended, later)).toThrow('suspended');
  expect(() => reinstateNumber(number, later)).toThrow('assigned');
});

it('a transferred number ends here without a rest and begins there with nothing of its former tenant', () => {
  const { from, to } = transferNumber({ ...number, trunkId: 't', tags: ['mine'], externalReference: 'mine' }, 'other', later);
  expect(from).toMatchObject({ id: 'id', trunkId: null, releasedAt: later, quarantinedUntil: later });
  expect(to).toMatchObject({ id: 'other', e164: number.e164, trunkId: null, tags: [], externalReference: null, revision: 1, createdAt: later });
});
