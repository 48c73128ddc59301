/** So many refusals a second are answered at once; a client that asks faster waits for them, and so asks no faster (200 a second). */
const EVERY_MS = 5;
/** A pause leaves so many answers free of waiting. */
const FREE = 20;
/** Nobody waits longer for a refusal. */
const HELD_MAX_MS = 2_000;

/**
 * How long each refusal of one credential is held back. A flood costs what its refusals cost, and a client has one request on each connection:
 * whoever holds its answer back holds its next request back, whatever it would send.
 */
export class RefusalPace {
  private nextAt = -Infinity;

  /** @returns for how many ms to hold back the refusal of a request that came at `nowMs` */
  take(nowMs: number): number {
    const at = Math.max(this.nextAt, nowMs - FREE * EVERY_MS);
    this.nextAt = Math.min(at + EVERY_MS, nowMs + HELD_MAX_MS);
    return Math.max(0, Math.ceil(at - nowMs));
  }
}
