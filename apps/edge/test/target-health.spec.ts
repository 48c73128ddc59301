import { TargetHealth } from '../agent/target-health.ts';

const watching = (...targets: string[]): TargetHealth => {
  const health = new TargetHealth();
  health.watch(new Set(targets));
  return health;
};

describe('TargetHealth', () => {
  it('lets a target fall with the second miss in a row, and rise with the first answer', () => {
    const health = watching('a');
    const outcomes = [false, true, false, false, false, true, true].map((answered) => health.record('a', answered));
    expect(outcomes).toEqual(['stays up', 'stays up', 'stays up', 'fell', 'stays down', 'rose', 'stays up']);
  });

  it('says what it does not know yet, and forgets what is watched no more', () => {
    const health = watching('a', 'b', 'c');
    for (const answered of [false, false]) health.record('a', answered);
    health.record('b', true);
    expect(health.report()).toEqual({ complete: true, down: ['a'], unknown: ['c'] });
    health.watch(new Set(['b', 'd']));
    expect(health.report()).toEqual({ complete: true, down: [], unknown: ['d'] });
    expect(health.record('a', false)).toBeUndefined();
  });

  it('reports no more than fits, and says so', () => {
    const health = watching(...[...Array(101).keys()].map(String));
    const { complete, unknown } = health.report();
    expect([complete, unknown.length]).toEqual([false, 100]);
  });
});
