import { removalBrake, sameRemovals } from './removal-brake.ts';

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

  it.each([
    [{ number: 30 }, false],
    [{ number: 29 }, true],
    [{ trunk: 30 }, true],
  ])('lets go what an operator named, and no more: %j', (released, stops) => {
    expect(removalBrake(new Map([['number', 30]]), removals(30), released) !== undefined).toBe(stops);
  });

  it('names each kind and count', () => {
    expect(removalBrake(new Map([['number', 30]]), removals(30))).toEqual({
      reason: 'would remove 30 of 30 entries of kind number',
      removals: { number: 30 },
    });
  });
});

it.each([
  [{}, {}, true],
  [{ a: 1 }, { a: 1 }, true],
  [{ a: 1 }, { a: 2 }, false],
  [{ a: 1 }, {}, false],
  [{}, { a: 1 }, false],
])('compares counts: %j and %j', (a, b, same) => expect(sameRemovals(a, b)).toBe(same));
