import { unsoundness } from '@trunkline/kernel';
import { INVENTORY_TRANSITIONS, stateAt } from './lifecycle.ts';

const end = new Date('2027-01-07T10:00:00Z');

describe('the lifecycle of a number', () => {
  it('is sound: every state is reached, and leads back to the inventory', () =>
    expect(unsoundness(INVENTORY_TRANSITIONS, 'available')).toEqual([]));
  it('never leads from one tenant to another without quarantine', () => expect(INVENTORY_TRANSITIONS.assigned).toEqual(['quarantined']));
});

describe('stateAt', () => {
  it.each([
    ['assigned', null, end, 'assigned'],
    ['available', null, end, 'available'],
    ['quarantined', end, new Date(end.getTime() - 1), 'quarantined'],
    ['quarantined', end, end, 'available'],
  ] as const)('%s until %s is, at %s, %s', (state, quarantinedUntil, now, expected) =>
    expect(stateAt({ state, quarantinedUntil }, now)).toBe(expected),
  );
});
