// @ts-expect-error: plain JavaScript without declarations
import { quickCrashes, restartDelayMs } from './supervisor.mjs';

describe('the supervisor', () => {
  it('waits longer before each restart, up to ten seconds', () => {
    expect([1, 2, 3, 5, 9].map(restartDelayMs)).toEqual([500, 1000, 2000, 8000, 10_000]);
  });

  it('counts crashes soon after a start, and begins anew after a long life', () => {
    expect([quickCrashes(0, 100), quickCrashes(2, 9_999), quickCrashes(2, 10_000)]).toEqual([1, 3, 1]);
  });
});
