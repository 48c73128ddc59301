import { Module } from '@nestjs/common';
import type { DynamicModule, ModuleMetadata, Provider } from '@nestjs/common';
import { CompileEdges } from './compile-edges.ts';
import { EdgeCompiler } from './edge-compiler.ts';
import { EdgeSweepProcessor } from './edge-sweep.jobs.ts';
import { EnrolEdge } from './enrol-edge.ts';
import type { CdrSink } from './gateway/cdr-sink.ts';
import { EdgeGateway, GATEWAY_CONFIG } from './gateway/edge-gateway.ts';
import type { GatewayConfig } from './gateway/edge-gateway.ts';
import { EdgeReports } from './gateway/edge-reports.ts';
import { EnrolRoute } from './gateway/enrol-route.ts';
import { EntryFeed } from './gateway/entry-feed.ts';
import { GatewayMetrics } from './gateway/gateway-metrics.ts';
import { ReadIntent } from './read-intent.ts';
import { Recompute } from './recompute.ts';
import { SweepEdges } from './sweep-edges.ts';

/** `gateway`: where to listen; undefined for a process that is no gateway. `cdrSink` provides CdrSink, out of what `imports` bring. */
export type EdgeWorkerOptions = {
  readonly gateway: GatewayConfig | undefined;
  readonly compiler: boolean;
  readonly cdrSink: Provider<CdrSink>;
  readonly imports: NonNullable<ModuleMetadata['imports']>;
};

/** What works for the edges: compiler, sweep and gateway. Needs SIP_REALM from the application. */
@Module({})
export class EdgeWorkerModule {
  static of({ gateway, compiler, cdrSink, imports }: EdgeWorkerOptions): DynamicModule {
    const compiling = [CompileEdges, EdgeSweepProcessor, ReadIntent, Recompute, SweepEdges, ...(compiler ? [EdgeCompiler] : [])];
    const serving = [
      { provide: GATEWAY_CONFIG, useValue: gateway },
      cdrSink,
      EdgeGateway,
      EdgeReports,
      EnrolEdge,
      EnrolRoute,
      EntryFeed,
      GatewayMetrics,
    ];
    return { module: EdgeWorkerModule, imports, providers: [...compiling, ...(gateway ? serving : [])] };
  }
}
