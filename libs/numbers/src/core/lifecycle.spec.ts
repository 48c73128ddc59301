import { unsoundness } from '@trunkline/kernel';
import { INVENTORY_TRANSITIONS } from './lifecycle.ts';

describe('the lifecycle of a number', () => {
  it('is sound: every state is reached, and leads back to the inventory', () =>
    expect(unsoundness(INVENTORY_TRANSITIONS, 'available')).toEqual([]));
  it('never leads from one tenant to another without quarantine', () => expect(INVENTORY_TRANSITIONS.assigned).toEqual(['quarantined']));
});
