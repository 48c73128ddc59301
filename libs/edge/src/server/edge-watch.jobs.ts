import { Injectable } from '@nestjs/common';
import { Processor } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';
import { AnnounceProvisioned } from './announce-provisioned.ts';
import { WatchEdges } from './watch-edges.ts';

@Injectable()
@Processor({ queue: 'edge-watch', concurrency: 1, everyMs: 5_000 })
export class EdgeWatchProcessor implements ProcessesJobs {
  constructor(
    private readonly watch: WatchEdges,
    private readonly announce: AnnounceProvisioned,
  ) {}

  async process(): Promise<void> {
    await this.watch.execute();
    await this.announce.execute(); // an edge that is lost keeps nobody waiting any more
  }
}
