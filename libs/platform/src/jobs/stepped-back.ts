import { SystemClock } from '@trunkline/kernel';

const STEP_MS = 1_000;
const wallTime = () => new SystemClock().now().getTime();

/** Returns what tells whether the machine's clock was put back since it was asked last. */
export const steppedBack = (wall: () => number = wallTime, passed: () => number = () => performance.now()): (() => boolean) => {
  let offset = wall() - passed();
  return () => {
    const before = offset;
    offset = wall() - passed();
    return before - offset > STEP_MS;
  };
};
