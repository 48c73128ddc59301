import { Injectable } from '@nestjs/common';
import { Metrics } from '@trunkline/platform';
import { EdgeQueries } from './edge-queries.ts';
import type { Edge } from './edge-queries.ts';
import { edgeContext } from './scope.ts';

type Figure = readonly [name: string, help: string, of: (edge: Edge) => number];

const FIGURES: readonly Figure[] = [
  ['edge_lag_versions', 'Changed entries the edge has not applied yet', (e) => Math.max(0, Number(e.desiredVersion - e.appliedVersion))],
  ['edge_lag_seconds', 'Age of the oldest entry it has not applied yet', (e) => e.lagSecs],
  ['edge_spool_records', 'Call records on the edge that are not stored yet', (e) => e.status?.spool_depth ?? 0],
  ['edge_active_calls', 'Calls on the edge', (e) => e.status?.active_calls ?? 0],
  ['edge_up', '1 while it is heard of and its Kamailio runs', (e) => Number(e.connected && e.status?.kamailio === 'up')],
  ['edge_lost', '1 while it is lost', (e) => Number(e.lostAt !== null)],
  ['edge_tenants', 'Tenants at home on the edge', (e) => e.tenants],
  ['edge_sweep_blocked', '1 while the sweep of its scope repairs nothing', (e) => Number(e.sweepBlocked !== null)],
];

/** The figures of all edges as the database has them, read once for each time that somebody asks. Every process that shows them shows the same. */
@Injectable()
export class EdgeMetrics {
  private reading: Promise<void> | undefined;

  constructor(metrics: Metrics, queries: EdgeQueries) {
    const gauges = FIGURES.map(([name, help, of]) => ({
      of,
      gauge: metrics.gauge(name, help, ['edge'], () => (this.reading ??= read().finally(() => (this.reading = undefined)))),
    }));
    const read = async (): Promise<void> => {
      const edges = await queries.list(edgeContext).catch(() => []); // better no figure than an old one
      for (const { gauge, of } of gauges) {
        gauge.reset();
        for (const edge of edges) gauge.set({ edge: edge.name }, of(edge));
      }
    };
  }
}
