import { Injectable } from '@nestjs/common';
import { Processor } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';
import { SweepEdges } from './sweep-edges.ts';

@Injectable()
@Processor({ queue: 'edge-sweep', concurrency: 1, everyMs: 60_000 })
export class EdgeSweepProcessor implements ProcessesJobs {
  constructor(private readonly sweep: SweepEdges) {}

  async process(): Promise<void> {
    await this.sweep.execute();
  }
}
