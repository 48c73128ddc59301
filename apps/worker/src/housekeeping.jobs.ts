import { Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { SweepQuarantine } from '@trunkline/numbers/server';
import { Database, OutboxRelay, Processor, sql } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';

const context = systemContext('housekeeping');
// last month, in which late records fall, this one, and four to come
const ensurePartitions = sql('cdr-partitions-ensure', `SELECT ensure_cdr_partitions(($1::timestamptz - interval '1 month')::date, 6)`);
const pruneQuotes = sql('quote-prune', `DELETE FROM quote WHERE expires_at < $1::timestamptz - interval '1 day'`);
const pruneBuckets = sql('rate-bucket-prune', `DELETE FROM rate_bucket WHERE filled_at < now() - interval '1 hour'`); // full again, as one that is not there
const pruneKeys = sql('idempotency-prune', `DELETE FROM idempotency_key WHERE expires_at < $1`);

/** What nobody asks for: room for the months to come, and an end to what has outlived its use. */
@Injectable()
@Processor({ queue: 'housekeeping', concurrency: 1, everyMs: 3_600_000 })
export class Housekeeping implements ProcessesJobs, OnApplicationBootstrap {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly relay: OutboxRelay,
    private readonly quarantine: SweepQuarantine,
  ) {}

  onApplicationBootstrap(): Promise<void> {
    return this.makeRoom();
  }

  async process(): Promise<void> {
    await this.makeRoom();
    await this.db.tx(context, (tx) => tx.query(pruneKeys, this.clock.now()));
    await this.db.tx(context, (tx) => tx.query(pruneQuotes, this.clock.now()));
    await this.db.tx(context, (tx) => tx.query(pruneBuckets));
    await this.relay.prune();
    await this.quarantine.execute(context);
  }

  private async makeRoom(): Promise<void> {
    await this.db.tx(context, (tx) => tx.query(ensurePartitions, this.clock.now()));
  }
}
