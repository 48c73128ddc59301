import { Injectable } from '@nestjs/common';
import { StoreCdrs } from '@trunkline/cdr/server';
import { CdrSink } from '@trunkline/edge/server';

/** Hands the gateway's lines to the call records. */
@Injectable()
export class CdrStoreSink extends CdrSink {
  constructor(private readonly cdrs: StoreCdrs) {
    super();
  }

  async store(edgeId: string, lines: readonly string[]): Promise<void> {
    await this.cdrs.execute({ id: edgeId }, lines);
  }
}
