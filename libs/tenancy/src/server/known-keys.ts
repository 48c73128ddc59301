import type { Tx } from '@trunkline/platform';

/** For so long a process believes what it read of a key; see docs/decisions/0023-a-key-is-known-for-half-a-second.md. */
const KNOWN_MS = 500;

/**
 * Keys that were found a moment ago, so that a client's next request need not ask for its key again. Only keys that exist are kept, and none for
 * longer than twice that time. Measured on the monotonic clock, from before the question was sent.
 */
export class KnownKeys<Key> {
  private young = new Map<string, { readonly key: Key; readonly askedAt: number }>();
  private old = this.young;
  private turning: NodeJS.Timeout | undefined;

  /**
   * @param secret as the client sent it: its hash would take most of the time that looking it up here saves
   * @param ask reads the key; what it finds is believed, that it finds none is not
   */
  async find(secret: string, ask: () => Promise<Key | undefined>): Promise<Key | undefined> {
    const now = performance.now();
    const known = this.young.get(secret) ?? this.old.get(secret);
    if (known && now - known.askedAt < KNOWN_MS) return known.key;
    const key = await ask();
    if (!key) return undefined;
    this.young.set(secret, { key, askedAt: now });
    this.turning ??= setTimeout(() => this.turn(), KNOWN_MS).unref();
    return key;
  }

  /** Forgets the old ones, again and again until there are none. */
  private turn(): void {
    [this.old, this.young] = [this.young, new Map()];
    this.turning = this.old.size > 0 ? setTimeout(() => this.turn(), KNOWN_MS).unref() : undefined;
  }
}

/** Has the change answered when every process has forgotten what the key was before it. */
export const forgetKeys = (tx: Tx): void => tx.records.answerAfter(KNOWN_MS);
