import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { DATABASE_CONFIG, EDGE_DIRTY, Listener, Log, Wakeable } from '@trunkline/platform';
import type { DatabaseConfig } from '@trunkline/platform';
import { CompileEdges } from './compile-edges.ts';
import { EDGE_SWEEP } from './scope.ts';
import { SweepEdges } from './sweep-edges.ts';

/**
 * Compiles whenever something was marked dirty. Begins with a sweep, since this program may compile the same intent to other entries than the
 * last one did; an operator may want another.
 */
@Injectable()
export class EdgeCompiler implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly compiling: Wakeable;
  private readonly listener: Listener;
  private sweepWanted = true;

  constructor(
    private readonly compileEdges: CompileEdges,
    private readonly sweepEdges: SweepEdges,
    log: Log,
    @Inject(DATABASE_CONFIG) database: DatabaseConfig,
  ) {
    this.compiling = new Wakeable(
      () => this.run(),
      (err) => log.error({ err }, 'edge compile failed'),
    );
    this.listener = new Listener(database.systemUrl, [EDGE_DIRTY, EDGE_SWEEP], (channel) => {
      if (channel === EDGE_SWEEP) this.sweepWanted = true;
      this.compiling.wake();
    });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.listener.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.listener.stop();
    await this.compiling.stop();
  }

  private async run(): Promise<void> {
    if (!this.sweepWanted) return void (await this.compileEdges.execute());
    this.sweepWanted = false;
    await this.sweepEdges.execute().catch((error: unknown) => {
      this.sweepWanted = true;
      throw error;
    });
  }
}
