import type { Bucket, BucketStore } from './bucket-store.ts';
import { BURST_SECS } from './bucket-store.ts';

/** A process leases what runs into a bucket in this time, so it asks the store at most so often, however many requests come. */
const LEASE_SECS = 0.2;
/** A token that nobody took in this time is forgotten: it has run into the bucket anew. Small, since until then others lack it. */
const HELD_MS = 1_000;
const LEASES_MAX = 10_000;

/** What is told of a bucket: tokens left, here and in the store as far as is known. */
export type Standing = { readonly bucket: Bucket; readonly remaining: number };
/** `waitMs` is 0 when the request may go on. */
export type Verdict = { readonly waitMs: number; readonly standings: readonly Standing[] };

class Lease {
  tokens = 0;
  heldUntil = 0;
  emptyUntil = 0;
  left = 0;
  waiting = 0;
  filling: Promise<void> | undefined;
}

/**
 * Tokens of shared buckets, taken from small leases in memory: most requests ask nobody, and all processes together never take more than
 * a bucket has. While a bucket is known to be empty, refusing costs nothing.
 */
export class TokenLeases {
  private readonly leases = new Map<string, Lease>();

  /** @param nowMs a clock that only runs forward */
  constructor(
    private readonly store: BucketStore,
    private readonly nowMs: () => number,
  ) {}

  /** Takes one token of every bucket, or none of any. */
  async take(buckets: readonly Bucket[]): Promise<Verdict> {
    for (;;) {
      const now = this.nowMs();
      const held = buckets.map((bucket) => ({ bucket, lease: this.leaseOf(bucket.id, now) }));
      const lacking = held.filter(({ lease }) => lease.tokens < 1);
      if (lacking.length === 0) for (const { lease } of held) lease.tokens -= 1;
      const standings = held.map(({ bucket, lease }) => ({ bucket, remaining: lease.tokens + lease.left }));
      const waitMs = Math.max(0, ...lacking.map(({ lease }) => lease.emptyUntil - now));
      if (lacking.length === 0 || waitMs > 0) return { waitMs, standings };
      await this.fill(lacking);
    }
  }

  private leaseOf(id: string, now: number): Lease {
    const found = this.leases.get(id);
    if (found) {
      if (found.heldUntil < now) found.tokens = 0;
      return found;
    }
    if (this.leases.size >= LEASES_MAX) this.forgetIdle(now);
    const lease = new Lease();
    this.leases.set(id, lease);
    return lease;
  }

  private forgetIdle(now: number): void {
    for (const [id, lease] of this.leases) if (!lease.filling && lease.heldUntil < now && lease.emptyUntil < now) this.leases.delete(id);
  }

  /** Those who wait for one bucket share a lease, which is then as large as they are many. */
  private async fill(lacking: readonly { bucket: Bucket; lease: Lease }[]): Promise<void> {
    for (const { lease } of lacking) lease.waiting += 1;
    const idle = lacking.filter(({ lease }) => !lease.filling);
    const filling = idle.length > 0 ? this.ask(idle) : undefined;
    for (const { lease } of idle) lease.filling = filling;
    try {
      await Promise.all(lacking.map(({ lease }) => lease.filling));
    } finally {
      for (const { lease } of lacking) lease.waiting -= 1;
    }
  }

  private async ask(idle: readonly { bucket: Bucket; lease: Lease }[]): Promise<void> {
    try {
      const chunk = ({ perSec }: Bucket) => Math.max(1, Math.round(perSec * LEASE_SECS));
      const wanted = idle.map(({ bucket, lease }) => ({
        ...bucket,
        tokens: Math.min(Math.max(chunk(bucket), lease.waiting), bucket.perSec * BURST_SECS),
      }));
      const grants = new Map((await this.store.lease(wanted)).map((grant) => [grant.id, grant]));
      const now = this.nowMs();
      for (const [i, { bucket, lease }] of idle.entries()) {
        const { granted, left } = grants.get(bucket.id) ?? { granted: 0, left: 0 };
        Object.assign(lease, { tokens: granted, left, heldUntil: now + HELD_MS });
        // the store has no more: until as much as a lease has run in, it need not be asked
        if (granted < (wanted[i]?.tokens ?? 0)) lease.emptyUntil = now + (1_000 * chunk(bucket)) / bucket.perSec;
      }
    } finally {
      for (const { lease } of idle) lease.filling = undefined;
    }
  }
}
