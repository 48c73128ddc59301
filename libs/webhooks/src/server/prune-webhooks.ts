import { Injectable } from '@nestjs/common';
import { Clock, systemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';

const KEPT_MS = 30 * 86_400_000;
const BATCH = 1_000;
const prune = sql<{ pruned: number }>(
  'webhook-prune',
  `WITH old AS (
     SELECT tenant_id, id FROM webhook_message m WHERE created_at < $1
       AND NOT EXISTS (SELECT FROM webhook_delivery d WHERE d.tenant_id = m.tenant_id AND d.message_id = m.id AND d.state = 'pending')
     ORDER BY created_at LIMIT ${BATCH}
   ), attempts AS (
     DELETE FROM webhook_attempt a USING webhook_delivery d, old
     WHERE (d.tenant_id, d.message_id) = (old.tenant_id, old.id) AND (a.tenant_id, a.delivery_id) = (d.tenant_id, d.id)
   ), deliveries AS (
     DELETE FROM webhook_delivery d USING old WHERE (d.tenant_id, d.message_id) = (old.tenant_id, old.id)
   ), messages AS (
     DELETE FROM webhook_message m USING old WHERE (m.tenant_id, m.id) = (old.tenant_id, old.id)
   ) SELECT count(*)::int AS pruned FROM old`,
);

/** Forgets messages of more than 30 days ago, with what became of them. */
@Injectable()
export class PruneWebhooks {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  async execute(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - KEPT_MS);
    for (let pruned = BATCH; pruned === BATCH;) {
      const [row] = await this.db.tx(systemContext('webhooks.prune'), (tx) => tx.query(prune, before));
      pruned = row?.pruned ?? 0;
    }
  }
}
