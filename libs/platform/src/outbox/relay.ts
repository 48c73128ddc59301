import { systemContext } from '@trunkline/kernel';
import { Database, sql } from '../db/database.ts';
import { Jobs } from '../jobs/jobs.ts';
import type { OutboxJob } from '../jobs/subscriber.ts';
import { Log } from '../telemetry/log.ts';
import { countBatch, ensureQueue } from './queue-repair.ts';

type Row = { tenantId: string; id: string; type: string; payload: object };

const BATCH = 200;
const claim = sql<Row>(
  'outbox-claim',
  `SELECT tenant_id AS "tenantId", id, type, payload FROM outbox WHERE dispatched_at IS NULL ORDER BY created_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`,
);
const dispatched = sql(
  'outbox-dispatched',
  `UPDATE outbox o SET dispatched_at = clock_timestamp() FROM unnest($1::uuid[], $2::uuid[]) AS d (tenant_id, id) WHERE o.tenant_id = d.tenant_id AND o.id = d.id`,
);
const prune = sql('outbox-prune', `DELETE FROM outbox WHERE dispatched_at < clock_timestamp() - interval '7 days'`);

/**
 * Hands committed events to the queue of each subscriber, at least once: the job id is (subscriber, event), so the queue drops the
 * repeat that follows a crash between enqueueing and marking. While the queue is away, events wait here.
 */
export class OutboxRelay {
  private readonly db: Database;
  private readonly jobs: Jobs;
  private readonly log: Log;

  constructor(db: Database, jobs: Jobs, log: Log) {
    this.db = db;
    this.jobs = jobs;
    this.log = log;
  }

  /** Relays until nothing is left. Returns how many events were handed over. */
  async run(): Promise<number> {
    for (let total = 0; ;) {
      const { epoch, takenBack } = await ensureQueue(this.db, this.jobs);
      if (takenBack) this.log.warn({ takenBack }, 'the queue is not the one of before: what it had not done is handed over again');
      const n = await this.relayBatch(epoch);
      total += n;
      if (n < BATCH) return total;
    }
  }

  async prune(): Promise<void> {
    await this.db.tx(systemContext('outbox.prune'), (tx) => tx.query(prune));
  }

  private relayBatch(epoch: string): Promise<number> {
    return this.db.tx(systemContext('outbox.relay'), async (tx) => {
      const subscriptions = this.jobs.subscriptions();
      const rows = await tx.query(claim);
      for (const row of rows) {
        const job: OutboxJob = { eventId: row.id, tenantId: row.tenantId, type: row.type, data: row.payload };
        for (const { queue } of subscriptions.filter((s) => s.type === row.type))
          await this.jobs.enqueue(queue, row.type, job, `${queue}-${row.id}`);
      }
      if (rows.length === 0) return 0;
      await countBatch(tx, this.jobs, epoch);
      await tx.query(
        dispatched,
        rows.map((r) => r.tenantId),
        rows.map((r) => r.id),
      );
      return rows.length;
    });
  }
}
