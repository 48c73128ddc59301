import { homesToGive, spread } from './choose-homes.ts';
import type { KnownHome } from './choose-homes.ts';

const edge = (id: string, over: Partial<KnownHome> = {}): KnownHome => ({ id, tenants: 0, active: true, lost: false, ...over });
const names = (edges: readonly KnownHome[]) => homesToGive(edges).map((e) => e.id);

describe('homesToGive', () => {
  it.each([
    ['those at work', [edge('a'), edge('b', { lost: true }), edge('c', { active: false })], ['a']],
    ['one that may come back, when none is at work', [edge('b', { lost: true }), edge('c', { active: false })], ['b']],
    ['one that is drained rather than none', [edge('c', { active: false })], ['c']],
    ['none of none', [], []],
  ])('are %s', (_, edges, expected) => expect(names(edges)).toEqual(expected));
});

describe('spread', () => {
  it('evens out what the edges have', () =>
    expect(spread(5, [{ id: 'a', tenants: 3 }, { id: 'b', tenants: 0 }])).toEqual(['b', 'b', 'b', 'a', 'b'])); // prettier-ignore
  it('has nothing to give without edges', () => expect(spread(1, [])).toBeUndefined());
});
