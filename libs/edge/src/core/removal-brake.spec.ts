import { removalBrake } from './removal-brake.ts';

const removals = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ kind: 'number', key: String(i), value: null, before: 'x' }) as const);

describe('removalBrake', () => {
  it.each([
    [30, 20, false],
    [30, 21, true],
    [1000, 50, false],
    [1000, 51, true],
  ])('of %i entries, removing %i: stops %s', (present, count, stops) => {
    expect(removalBrake(new Map([['number', present]]), removals(count)) !== undefined).toBe(stops);
  });

  it('does not mind additions', () => {
    const added = removals(100).map((c) => ({ ...c, value: 'x', before: null }));
    expect(removalBrake(new Map(), added)).toBeUndefined();
  });
});
