import { Injectable } from '@nestjs/common';
import { Processor } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';
import { WatchEdges } from './watch-edges.ts';

@Injectable()
@Processor({ queue: 'edge-watch', concurrency: 1, everyMs: 5_000 })
export class EdgeWatchProcessor implements ProcessesJobs {
  constructor(private readonly watch: WatchEdges) {}

  async process(): Promise<void> {
    await this.watch.execute();
  }
}
