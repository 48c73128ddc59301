import type { TargetHealth } from '@trunkline/carriers';
import { probeTargetOf } from '@trunkline/edge-core';
import type { EdgeStatus } from '@trunkline/edge-core';

export type TargetReport = NonNullable<EdgeStatus['targets']>;

/** What several edges say of one URI: what any of them cannot reach is down, what none has an opinion of is unknown. */
export const healthOf = (uri: string, reports: readonly TargetReport[]): TargetHealth => {
  const target = probeTargetOf(uri);
  if (target === null) return 'unknown';
  if (reports.some((r) => r.down.includes(target))) return 'down';
  return reports.some((r) => r.complete && !r.unknown.includes(target)) ? 'up' : 'unknown';
};
