import type { Log } from '@trunkline/platform';
import { unpackCdrs } from './cdr-batch.ts';
import type { CdrSink } from './cdr-sink.ts';
import type { KnownEdge } from './edge-reports.ts';

const MAX_WAITING = 8;

/** Stores one edge's batches one after the other. One that cannot be stored, or comes too soon, is not acknowledged: the edge sends it again. */
export class CdrIntake {
  private waiting = 0;
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly edge: KnownEdge,
    private readonly sink: CdrSink,
    private readonly log: Log,
    private readonly onStored: (batch: number, lines: number) => Promise<void>,
  ) {}

  /** Takes a `cdrs` message; returns before it is stored. @throws when it cannot be unpacked */
  async take(batch: number, packed: string): Promise<void> {
    if (this.waiting >= MAX_WAITING) return;
    const lines = await unpackCdrs(packed);
    this.waiting++;
    this.turn = this.turn
      .then(() => this.sink.store(this.edge.id, lines))
      .then(() => this.onStored(batch, lines.length))
      .catch((err: unknown) => this.log.error({ edge: this.edge.name, lines: lines.length, err }, 'CDR batch not stored'))
      .finally(() => this.waiting--);
  }

  /** Waits for what was taken. */
  idle(): Promise<void> {
    return this.turn;
  }
}
