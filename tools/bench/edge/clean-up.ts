/** What a benchmark started, to be stopped the last first: at its end, or when it is interrupted. */
export class CleanUp {
  private readonly stops: (() => unknown)[] = [];

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => void this.run().finally(() => process.exit(1)));
  }

  add(stop: () => unknown): void {
    this.stops.push(stop);
  }

  async run(): Promise<void> {
    for (const stop of this.stops.splice(0).reverse()) await stop();
  }
}
