import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, Processor, publish, sql } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';

const context = systemContext('test call expiry');
/** How long one waits for its edge, and how long an edge has to tell: ringing, talking and their ends take less. */
const QUEUED_MAX_MS = 30_000;
const DIALLING_MAX_MS = 120_000;
const expire = sql<{ tenantId: string; id: string; trunkId: string }>(
  'test-call-expire',
  `UPDATE test_call SET state = 'failed', ended_at = $1, reason = CASE state WHEN 'queued' THEN 'edge.not_connected' ELSE 'edge.no_report' END
   WHERE ended_at IS NULL AND (state = 'queued' AND created_at < $2 OR state = 'dialling' AND dialled_at < $3)
   RETURNING tenant_id AS "tenantId", id, trunk_id AS "trunkId"`,
);

/** Ends test calls that no edge placed, or whose edge went silent. */
@Injectable()
@Processor({ queue: 'test-call-expiry', concurrency: 1, everyMs: 10_000 })
export class TestCallExpiry implements ProcessesJobs {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async process(): Promise<void> {
    await this.db.tx(context, async (tx) => {
      const now = this.clock.now();
      const before = (ms: number): Date => new Date(now.getTime() - ms);
      for (const { tenantId, id, trunkId } of await tx.query(expire, now, before(QUEUED_MAX_MS), before(DIALLING_MAX_MS)))
        publish(tx, { type: 'test_call.failed', tenantId, data: { testCallId: id, trunkId } });
    });
  }
}
