import type { RankedTarget } from '../entries/entry-values.ts';
import { probeTargetOf } from '../entries/sip-uri.ts';
import type { Lookup } from './call.ts';

/** Park and Miller's generator: exact in a double, so every engine draws the same. */
const MODULUS = 2147483647;
const MULTIPLIER = 16807;

/**
 * The order in which targets are tried. Lowest priority first; among equals each place is drawn from those that are left, in proportion to their
 * weights (RFC 2782). One known to be down goes behind all others, but is never left out: whoever probes may be wrong.
 */
export const inOrder = <T extends RankedTarget>(targets: readonly T[], draw: number, lookup: Lookup): readonly T[] => {
  const left = targets.slice();
  const up: T[] = [];
  const down: T[] = [];
  let chance = draw;
  for (let i = 0; i < targets.length; i++) {
    const target = left.splice(drawn(left, chance), 1)[0];
    if (target !== undefined) (isDown(target.uri, lookup) ? down : up).push(target);
    chance = ((chance + 1) * MULTIPLIER) % MODULUS;
  }
  return up.concat(down);
};

const isDown = (uri: string, lookup: Lookup): boolean => {
  const target = probeTargetOf(uri);
  return target !== null && lookup('health', target) !== null;
};

/** The place of the one whose turn it is. */
const drawn = (targets: readonly RankedTarget[], chance: number): number => {
  const lowest = Math.min.apply(null, targets.map((t) => t.priority)); // prettier-ignore
  const total = targets.reduce((sum, t) => (t.priority === lowest ? sum + t.weight : sum), 0);
  let rest = chance % total;
  let last = 0;
  for (let i = 0; i < targets.length; i++) {
    const target = targets[i];
    if (target === undefined || target.priority !== lowest) continue;
    last = i;
    rest -= target.weight;
    if (rest < 0) return i;
  }
  return last;
};
