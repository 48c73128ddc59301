import pg from 'pg';

/**
 * One connection that waits for NOTIFY. A notification only wakes: what is missed while the connection is down is found by the sweep,
 * so `onWake` is also called after each (re)connection.
 */
export class Listener {
  private client: pg.Client | undefined;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly url: string;
  private readonly channels: readonly string[];
  private readonly onWake: (channel: string) => void;

  constructor(url: string, channels: readonly string[], onWake: (channel: string) => void) {
    this.url = url;
    this.channels = channels;
    this.onWake = onWake;
  }

  async start(): Promise<void> {
    const client = new pg.Client({ connectionString: this.url });
    const lost = () => {
      if (this.stopped || this.client !== client) return;
      this.client = undefined;
      void client.end().catch(() => {});
      this.timer = setTimeout(() => void this.start(), 500);
    };
    this.client = client;
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ channel }) => this.onWake(channel));
    try {
      await client.connect();
      for (const channel of this.channels) await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
      for (const channel of this.channels) this.onWake(channel);
    } catch {
      lost();
    }
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.client?.end().catch(() => {});
  }
}
