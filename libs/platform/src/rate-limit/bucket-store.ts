import { Injectable } from '@nestjs/common';
import { systemContext } from '@trunkline/kernel';
import { Database, sql } from '../db/database.ts';

/** A token bucket: so many tokens a second run into it, and it holds those of `BURST_SECS`. */
export type Bucket = { readonly id: string; readonly perSec: number };
export const BURST_SECS = 2;

export type Wanted = Bucket & { readonly tokens: number };
/** How many tokens a lease got, and how many are left for others. */
export type Grant = { readonly id: string; readonly granted: number; readonly left: number };

/** Where the buckets are that all API processes share. */
export abstract class BucketStore {
  /** As many of the wanted tokens as there are, from each bucket. */
  abstract lease(wanted: readonly Wanted[]): Promise<Grant[]>;
}

// What is proposed is a full bucket after the lease, so in a conflict `full` is what was proposed and what was leased of it. A token is 10⁶ micro-tokens:
// microseconds times tokens a second are those.
const FULL = `(excluded.micro_tokens + excluded.granted::bigint * 1000000)`;
const BURST_US = BURST_SECS * 1_000_000;
const ELAPSED_US = `least(${BURST_US}, greatest(0, extract(epoch FROM excluded.filled_at - b.filled_at) * 1000000))::bigint`;
const FILLED = `least(${FULL}, b.micro_tokens + ${ELAPSED_US} * ${FULL} / ${BURST_US})`;
const GRANTED = `least(excluded.granted, ${FILLED} / 1000000)`;

// The clock is the database's: there is one of it. Ordered, so that two leases of the same buckets do not wait for each other.
const lease = sql<Grant>(
  'rate-bucket-lease',
  `INSERT INTO rate_bucket AS b (id, micro_tokens, granted, filled_at)
   SELECT id, per_sec * ${BURST_US} - least(tokens, per_sec * ${BURST_SECS}) * 1000000, least(tokens, per_sec * ${BURST_SECS}), clock_timestamp()
   FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS w (id, per_sec, tokens) ORDER BY id
   ON CONFLICT (id) DO UPDATE SET micro_tokens = ${FILLED} - ${GRANTED} * 1000000, granted = ${GRANTED}, filled_at = greatest(b.filled_at, excluded.filled_at)
   RETURNING id, granted, (micro_tokens / 1000000)::int AS left`,
);

const context = systemContext('rate limit');

/** Buckets in an unlogged table: a lease is one statement, and its commit waits for no disk. */
@Injectable()
export class PostgresBuckets extends BucketStore {
  constructor(private readonly db: Database) {
    super();
  }

  lease(wanted: readonly Wanted[]): Promise<Grant[]> {
    const columns = [wanted.map((w) => w.id), wanted.map((w) => w.perSec), wanted.map((w) => w.tokens)];
    return this.db.ask(context, lease, ...columns);
  }
}
