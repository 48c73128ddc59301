import type { Tx } from '@trunkline/platform';

/** For so long a process believes what it read of a key; see docs/decisions/0023-a-key-is-known-for-half-a-second.md. */
const KNOWN_MS = 500;

/**
 * Keys that were found a moment ago, so that a client's next request need not ask for its key again. Only keys that exist are kept, by the hash of
 * their secret: at most as many as were used in twice that time. Measured on the monotonic clock, from before the question was sent.
 */
export class KnownKeys<Key> {
  private young = new Map<string, { readonly key: Key; readonly askedAt: number }>();
  private old = this.young;
  private turnedAt = -Infinity;

  /** @param ask reads the key; what it finds is believed, that it finds none is not */
  async find(hash: Buffer, ask: () => Promise<Key | undefined>): Promise<Key | undefined> {
    const name = hash.toString('latin1');
    const now = performance.now();
    const known = this.young.get(name) ?? this.old.get(name);
    if (known && now - known.askedAt < KNOWN_MS) return known.key;
    const key = await ask();
    if (key) this.keep(name, { key, askedAt: now });
    return key;
  }

  private keep(name: string, known: { readonly key: Key; readonly askedAt: number }): void {
    if (known.askedAt - this.turnedAt >= KNOWN_MS) {
      [this.old, this.young] = [this.young, new Map()];
      this.turnedAt = known.askedAt;
    }
    this.young.set(name, known);
  }
}

/** Has the change answered when every process has forgotten what the key was before it. */
export const forgetKeys = (tx: Tx): void => tx.records.answerAfter(KNOWN_MS);
