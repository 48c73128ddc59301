import { Injectable } from '@nestjs/common';
import { Processor } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';
import { SweepEdges } from './sweep-edges.ts';

/** A sweep of a million numbers reads for seconds: it begins again after so many times as long. */
const RESTS = 20;

@Injectable()
@Processor({ queue: 'edge-sweep', concurrency: 1, everyMs: 60_000 })
export class EdgeSweepProcessor implements ProcessesJobs {
  private restUntil = 0;

  constructor(private readonly sweep: SweepEdges) {}

  async process(): Promise<void> {
    const began = performance.now();
    if (began < this.restUntil) return;
    await this.sweep.execute();
    this.restUntil = began + RESTS * (performance.now() - began);
  }
}
