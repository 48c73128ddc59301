import { Module } from '@nestjs/common';
import type { DynamicModule, ModuleMetadata, Provider } from '@nestjs/common';
import { AnnounceProvisioned } from './announce-provisioned.ts';
import { CompareEntries } from './compare-entries.ts';
import { CompileEdges } from './compile-edges.ts';
import { EdgeCompiler } from './edge-compiler.ts';
import { EdgeMetrics } from './edge-metrics.ts';
import { EdgeQueries } from './edge-queries.ts';
import { EdgeSweepProcessor } from './edge-sweep.jobs.ts';
import { EdgeWatchProcessor } from './edge-watch.jobs.ts';
import { EnrolEdge } from './enrol-edge.ts';
import type { CdrSink } from './gateway/cdr-sink.ts';
import { EdgeGateway, GATEWAY_CONFIG } from './gateway/edge-gateway.ts';
import type { GatewayConfig } from './gateway/edge-gateway.ts';
import { EdgeReports } from './gateway/edge-reports.ts';
import { EnrolRoute } from './gateway/enrol-route.ts';
import { EntryFeed } from './gateway/entry-feed.ts';
import { GatewayMetrics } from './gateway/gateway-metrics.ts';
import { GatewayPresence } from './gateway/gateway-presence.ts';
import { TestCalls } from './gateway/test-calls.ts';
import { ReadIntent } from './read-intent.ts';
import { Recompute } from './recompute.ts';
import { SweepEdges } from './sweep-edges.ts';
import { WATCH_RULES, WatchEdges } from './watch-edges.ts';
import type { WatchRules } from '../core/watch-edges.ts';

/** `gateway`: where to listen; undefined for a process that is no gateway. `cdrSink` provides CdrSink, out of what `imports` bring. */
export type EdgeWorkerOptions = {
  readonly gateway: GatewayConfig | undefined;
  readonly compiler: boolean;
  readonly watch: WatchRules;
  readonly cdrSink: Provider<CdrSink>;
  readonly imports: NonNullable<ModuleMetadata['imports']>;
};

/** What works for the edges: compiler, sweep, watch and gateway. Needs SIP_REALM from the application. */
@Module({})
export class EdgeWorkerModule {
  static of({ gateway, compiler, watch, cdrSink, imports }: EdgeWorkerOptions): DynamicModule {
    const compiling = [
      CompareEntries,
      CompileEdges,
      EdgeSweepProcessor,
      ReadIntent,
      Recompute,
      SweepEdges,
      ...(compiler ? [EdgeCompiler] : []),
    ];
    const serving = [
      { provide: GATEWAY_CONFIG, useValue: gateway },
      cdrSink,
      EdgeGateway,
      EdgeReports,
      EnrolEdge,
      EnrolRoute,
      EntryFeed,
      GatewayMetrics,
      GatewayPresence,
      TestCalls,
    ];
    const watching = [
      { provide: WATCH_RULES, useValue: watch },
      AnnounceProvisioned,
      EdgeMetrics,
      EdgeQueries,
      EdgeWatchProcessor,
      WatchEdges,
    ];
    return { module: EdgeWorkerModule, imports, providers: [...compiling, ...watching, ...(gateway ? serving : [])] };
  }
}
