export const EDGE_STATES = ['active', 'draining', 'drained'] as const;
export type EdgeState = (typeof EDGE_STATES)[number];

/** `lostAfterSecs`: an edge that has not carried calls for so long is lost; `failoverAfterSecs`: its tenants move to others. */
export type WatchRules = { readonly lostAfterSecs: number; readonly failoverAfterSecs: number };

/** An enrolled edge as the watch finds it. */
export type WatchedEdge = {
  readonly id: string;
  readonly state: EdgeState;
  readonly lost: boolean; //        so far
  readonly silentSecs: number; //   since it last said that its Kamailio runs
  readonly empty: boolean; //       it said so itself after its tenants had left: no call, no unsent record
  readonly tenants: number; //      at home there and free to move
};

/** What follows from one look. `leave`: its tenants move away. */
export type Verdict = { readonly lost: boolean; readonly drained: boolean; readonly leave: boolean };

/**
 * Judges by silence, but only as much of it as somebody listened to: after the control plane was away every edge was silent, and none is lost.
 * @param listenedSecs how long some gateway has been listening without a gap
 */
export const judge = (edge: WatchedEdge, rules: WatchRules, listenedSecs: number): Verdict => {
  const missedSecs = Math.min(edge.silentSecs, listenedSecs);
  const back = edge.silentSecs < rules.lostAfterSecs;
  const lost = missedSecs >= rules.lostAfterSecs || (edge.lost && !back);
  return {
    lost,
    drained: edge.state === 'draining' && edge.empty,
    leave: lost && missedSecs >= rules.failoverAfterSecs && edge.tenants > 0,
  };
};
