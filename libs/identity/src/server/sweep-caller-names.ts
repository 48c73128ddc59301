import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import { Database, Log, Processor, sql, sweepEach } from '@trunkline/platform';
import type { ProcessesJobs } from '@trunkline/platform';
import { MoveCallerName } from './move-caller-name.ts';

/** What is younger is its job's, which tries for a minute. */
const PATIENCE_MS = 5 * 60_000;
const BATCH = 100;
// in any order: those that fail again and again hold up none
const moving = sql<{ tenantId: string; numberId: string }>(
  'caller-names-moving',
  `SELECT tenant_id AS "tenantId", number_id AS "numberId" FROM caller_name WHERE state IN ('requested', 'submitted', 'removing') AND updated_at <= $1
   ORDER BY random() LIMIT ${BATCH}`,
);

/** Every minute: asks the provider again for what it gave no answer to as long as there was a job. It may be away for hours, and take days to decide. */
@Injectable()
@Processor({ queue: 'caller-name-sweep', concurrency: 1, everyMs: 60_000 })
export class SweepCallerNames implements ProcessesJobs {
  constructor(
    readonly db: Database,
    private readonly clock: Clock,
    readonly log: Log,
    private readonly move: MoveCallerName,
  ) {}

  async process(): Promise<void> {
    const old = new Date(this.clock.now().getTime() - PATIENCE_MS);
    await sweepEach(this, 'sweep caller names', moving, old, ({ tenantId, numberId }) => this.move.execute(tenantId, numberId));
  }
}
