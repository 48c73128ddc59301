import { judge } from './watch-edges.ts';
import type { WatchedEdge } from './watch-edges.ts';

const rules = { lostAfterSecs: 30, failoverAfterSecs: 120 };
const edge = (over: Partial<WatchedEdge> = {}): WatchedEdge => ({
  ...{ id: 'a', state: 'active', lost: false, silentSecs: 1, empty: false, tenants: 3 },
  ...over,
});
const nothing = { lost: false, drained: false, leave: false };

describe('an edge', () => {
  it.each([
    ['that reports is at work', edge(), 9999, nothing],
    ['is not missed at once', edge({ silentSecs: 29 }), 9999, nothing],
    ['is lost after a while', edge({ silentSecs: 30 }), 9999, { ...nothing, lost: true }],
    ['is left after a longer while', edge({ silentSecs: 120, lost: true }), 9999, { ...nothing, lost: true, leave: true }],
    ['without tenants is not left', edge({ silentSecs: 120, tenants: 0 }), 9999, { ...nothing, lost: true }],
    ['is not lost while nobody listened', edge({ silentSecs: 3600 }), 5, nothing],
    ['is lost, not left, while somebody has listened for a while', edge({ silentSecs: 3600 }), 60, { ...nothing, lost: true }],
    ['that was lost stays it when the control plane itself comes back', edge({ silentSecs: 3600, lost: true }), 5, { ...nothing, lost: true }],
    ['that reports again is back', edge({ silentSecs: 2, lost: true }), 9999, nothing],
    ['is drained when it is empty', edge({ state: 'draining', empty: true }), 9999, { ...nothing, drained: true }],
    ['with calls is still draining', edge({ state: 'draining' }), 9999, nothing],
    ['that nobody drains is not drained, however empty', edge({ empty: true }), 9999, nothing],
  ])('%s', (_, watched, listenedSecs, verdict) => expect(judge(watched, rules, listenedSecs)).toEqual(verdict)); // prettier-ignore
});
