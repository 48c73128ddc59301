import { differences, healed } from './reconciliation.ts';

const facts = { state: 'open', paid: '0' };

describe('a comparison', () => {
  it.each([
    ['alike', facts, facts, []],
    ['unknown to both', undefined, undefined, []],
    ['unknown here', undefined, facts, ['missing_here']],
    ['unknown there', facts, undefined, ['missing_there']],
    ['different', facts, { state: 'paid', paid: '5' }, ['state', 'paid']],
  ])('%s', (_, ours, theirs, kinds) => expect(differences(ours, theirs).map((d) => d.kind)).toEqual(kinds));

  it('is healed in what differs no more', () => {
    const before = differences(facts, { state: 'paid', paid: '5' });
    expect(healed(before, differences({ state: 'paid', paid: '0' }, { state: 'paid', paid: '5' })).map((d) => d.kind)).toEqual(['state']);
  });
});
