/** One thing that was asked for, again and again with one Idempotency-Key, until it was acknowledged. */
type Write = { readonly name: string; readonly id: string; readonly attempts: number };

/** What must not happen, in the words of a test's output: an answer that is neither 201 nor a proper 503, or none at all. */
type Fault = string;

export type WritesOptions = {
  /** Where the next request goes; asked before each. */
  readonly target: () => string;
  readonly key: string;
  /** How many write at once. */
  readonly writers: number;
};

const RETRY_MS = 20;
const STACK = /\n\s+at /;

/**
 * Orders trunks by the API, several at once without a pause, and keeps a history of what was acknowledged, to be compared with what is stored
 * after faults. A write that is refused with 503 is repeated with its key until it is acknowledged.
 */
export class AcknowledgedWrites {
  readonly acknowledged: Write[] = [];
  readonly faults: Fault[] = [];
  /** How many answers there were of each status. */
  readonly statuses: Record<number, number> = {};
  private stopping = false;
  private readonly running: Promise<void>[];

  constructor(private readonly options: WritesOptions) {
    this.running = Array.from({ length: options.writers }, (_, i) => this.write(i));
  }

  /** Begins nothing new, and waits until all that was begun is acknowledged. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running);
  }

  /** Waits for that many more acknowledgements. */
  async more(count: number): Promise<void> {
    const wanted = this.acknowledged.length + count;
    while (this.acknowledged.length < wanted) await new Promise((resolve) => setTimeout(resolve, 5));
  }

  private async write(writer: number): Promise<void> {
    for (let n = 0; !this.stopping; n++) {
      const name = `trunk ${writer}-${n}`;
      for (let attempts = 1, id: string | undefined; id === undefined; attempts++) {
        id = await this.attempt(name);
        if (id === undefined) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
        else this.acknowledged.push({ name, id, attempts });
      }
    }
  }

  /** @returns the id when it was acknowledged */
  private async attempt(name: string): Promise<string | undefined> {
    const headers = {
      authorization: `Bearer ${this.options.key}`,
      'content-type': 'application/json',
      'idempotency-key': name.replaceAll(' ', '-'),
    };
    const body = JSON.stringify({ name, country: 'US', channels_max: 1 });
    try {
      const answer = await fetch(`${this.options.target()}/v1/trunks`, { method: 'POST', headers, body });
      const text = await answer.text();
      this.statuses[answer.status] = (this.statuses[answer.status] ?? 0) + 1;
      if (answer.status === 201) return (JSON.parse(text) as { id: string }).id;
      const isBusy = answer.status === 409 && text.includes('idempotency.in_flight'); // the attempt before has not ended yet
      const isProper = isBusy || (answer.status === 503 && answer.headers.has('retry-after') && !STACK.test(text));
      if (!isProper) this.faults.push(`${answer.status} ${text.slice(0, 300)}`);
    } catch (error) {
      this.faults.push(`no answer: ${String((error as Error).cause ?? error)}`);
    }
    return undefined;
  }
}
