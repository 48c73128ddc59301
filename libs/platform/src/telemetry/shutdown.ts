import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnModuleDestroy } from '@nestjs/common';

/** How long a process that was told to end still serves, so that whoever sends requests sees that it is not ready and goes elsewhere. */
export const DRAIN_MS = Symbol('DrainMs');

/** Knows that the process is about to end. While it drains, it is not ready, answers all the same, and asks each connection to close. */
@Injectable()
export class Shutdown implements OnModuleDestroy, BeforeApplicationShutdown {
  private begun = false;

  constructor(@Inject(DRAIN_MS) private readonly drainMs: number) {}

  get stopping(): boolean {
    return this.begun;
  }

  onModuleDestroy(): void {
    this.begun = true;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await sleep(this.drainMs);
  }
}

/** Ends the process that long after it was told to, whatever it still waits for: sooner than whoever runs it loses patience. */
export const endWithin = (maxMs: number): void => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => setTimeout(() => process.exit(1), maxMs).unref());
};
