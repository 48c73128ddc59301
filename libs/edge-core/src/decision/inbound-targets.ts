import type { RankedTarget, TrunkValue } from '../entries/entry-values.ts';
import { withUser } from '../entries/sip-uri.ts';
import type { Lookup, Route } from './call.ts';
import { inOrder } from './target-order.ts';

const LAST = 65536; // behind every priority that a route can have

/**
 * Where a call for `number` is tried: the trunk's routes, then its place for disasters. Without routes the registered contact comes first, which
 * only the edge can look up.
 */
export const inboundTargets = (
  trunk: TrunkValue,
  number: string,
  carrierId: string,
  draw: number,
  lookup: Lookup,
): Pick<Route, 'targets' | 'fallback'> => {
  const targetOf = (uri: string, priority: number, weight: number): RankedTarget => ({
    uri: withUser(uri, number),
    carrierId,
    priority,
    weight,
  });
  const routes = trunk.inboundRoutes.map((uri, at) => {
    const rank = trunk.inboundRanks[at];
    return rank === undefined ? targetOf(uri, at, 1) : targetOf(uri, rank.priority, rank.weight);
  });
  const recovery = trunk.disasterRecoveryUri === null ? null : targetOf(trunk.disasterRecoveryUri, LAST, 1);
  if (routes.length === 0) return { targets: [], fallback: recovery };
  return { targets: inOrder(recovery === null ? routes : routes.concat(recovery), draw, lookup), fallback: null };
};
