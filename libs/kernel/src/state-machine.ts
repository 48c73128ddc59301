/** A transitions literal: each state and where it may go. A state that goes nowhere is terminal. */
export type Transitions<S extends string> = { readonly [K in S]: readonly S[] };

export const canTransition = <S extends string>(transitions: Transitions<S>, from: S, to: S): boolean => transitions[from].includes(to);

/**
 * What is wrong with a machine, as sentences; empty when it is sound: every state can be reached from `initial`, and every state can
 * still reach a terminal one (or return to `initial`, for machines that recycle).
 */
export const unsoundness = <S extends string>(transitions: Transitions<S>, initial: S): string[] => {
  const states = Object.keys(transitions) as S[];
  const reach = (from: S): Set<S> => {
    const seen = new Set<S>([from]);
    for (const state of seen) for (const next of transitions[state]) seen.add(next);
    return seen;
  };
  const reachable = reach(initial);
  const ends = (s: S) => transitions[s].length === 0 || s === initial;
  return states.flatMap((s) => [
    ...(reachable.has(s) ? [] : [`${s} cannot be reached from ${initial}`]),
    ...([...reach(s)].some(ends) ? [] : [`${s} never ends`]),
  ]);
};
