const RETRY_MS = 1_000;

/**
 * Work that is woken rather than called: one run at a time, and once more when it was woken meanwhile, so that any number of wake-ups
 * costs at most two runs. A run that fails is reported and tried again after a second.
 */
export class Wakeable {
  private wanted = false;
  private stopped = false;
  private running: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly work: () => Promise<unknown>,
    private readonly onError: (error: unknown) => void,
  ) {}

  wake(): void {
    if (this.stopped) return;
    this.wanted = true;
    this.running ??= this.run();
  }

  /** Starts nothing more, and waits for the run under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.wanted && !this.stopped) {
      this.wanted = false;
      try {
        await this.work();
      } catch (error) {
        this.onError(error);
        clearTimeout(this.timer);
        if (!this.stopped) this.timer = setTimeout(() => this.wake(), RETRY_MS);
      }
    }
    this.running = undefined;
  }
}
