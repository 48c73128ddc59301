/** An event as it was published, and when. */
export type LiveEvent = {
  readonly id: string;
  readonly tenantId: string;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Date;
};

export const WAITING_MAX = 100; // events of one subscription; a client that is further behind had better read anew

type Waiter = (result: IteratorResult<LiveEvent, undefined>) => void;

/** The events of one tenant and some types, for one reader. What waits is bounded: a reader that falls behind is told, and gets no more. */
export class EventStream implements AsyncIterableIterator<LiveEvent, undefined> {
  private readonly waiting: LiveEvent[] = [];
  private waiter: Waiter | undefined;
  private ended = false;
  /** Called once when the reader is too slow. */
  onOverflow: () => void = () => {};

  constructor(
    readonly tenantId: string,
    readonly types: ReadonlySet<string>,
    /** Whether its events are published only for those who listen. */
    readonly isAsked: boolean,
    private readonly since: Date,
    private readonly accepts: (event: LiveEvent) => boolean,
    private readonly onEnd: (stream: EventStream) => void,
  ) {}

  push(event: LiveEvent): void {
    if (this.ended || event.tenantId !== this.tenantId || !this.types.has(event.type)) return;
    if (event.at <= this.since || !this.accepts(event)) return;
    if (this.waiter) {
      this.waiter({ value: event, done: false });
      this.waiter = undefined;
    } else if (this.waiting.push(event) > WAITING_MAX) this.overflow();
  }

  /** Ends it as if the reader were too slow: something was missed. */
  overflow(): void {
    if (this.ended) return;
    void this.return();
    this.onOverflow();
  }

  next(): Promise<IteratorResult<LiveEvent, undefined>> {
    const value = this.waiting.shift();
    if (value) return Promise.resolve({ value, done: false });
    if (this.ended) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => (this.waiter = resolve));
  }

  return(): Promise<IteratorResult<LiveEvent, undefined>> {
    if (!this.ended) this.onEnd(this);
    this.ended = true;
    this.waiting.length = 0;
    this.waiter?.({ value: undefined, done: true });
    this.waiter = undefined;
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
