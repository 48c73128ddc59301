const POLL_MS = 50;

/** What a load balancer does: sends to whoever was ready when it last looked, and to all when nobody was. */
export class LoadBalancer {
  private ready: string[] = [];
  private next = 0;
  private readonly members = new Set<string>();
  private readonly timer = setInterval(() => void this.look(), POLL_MS);

  /** Where the next request goes. */
  target = (): string => this.ready[this.next++ % this.ready.length]!;

  /** Takes one in, by its base URL, and sends to it as soon as it is ready. */
  async add(url: string): Promise<void> {
    this.members.add(url);
    await this.look();
  }

  /** Sends nothing more to it. */
  remove(url: string): void {
    this.members.delete(url);
    this.ready = this.ready.filter((member) => member !== url);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private async look(): Promise<void> {
    const asked = await Promise.all([...this.members].map(async (url) => ((await isReady(url)) ? [url] : [])));
    const members = [...this.members];
    const ready = members.filter((url) => asked.flat().includes(url));
    this.ready = ready.length > 0 ? ready : members;
  }
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/health/ready`).then(
    (answer) => answer.ok,
    () => false,
  );
