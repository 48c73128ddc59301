import { systemContext } from '@trunkline/kernel';
import type { Job } from 'bullmq';
import { sql } from '../db/database.ts';
import type { Database } from '../db/database.ts';
import type { OutboxJob } from './subscriber.ts';

const context = systemContext('job delivery');
const find = sql<{ done: boolean }>(
  'delivery-find',
  `SELECT EXISTS (SELECT FROM event_delivery WHERE tenant_id = $1 AND event_id = $2 AND consumer = $3)
     OR NOT EXISTS (SELECT FROM outbox WHERE tenant_id = $1 AND id = $2) AS done`,
);
const save = sql(
  'delivery-save',
  `INSERT INTO event_delivery (tenant_id, event_id, consumer, delivered_at)
   SELECT tenant_id, id, $3, clock_timestamp() FROM outbox WHERE tenant_id = $1 AND id = $2 ON CONFLICT DO NOTHING`,
);

/**
 * Runs the job of an event, unless the consumer is known to have done it. The queue forgets jobs that are done, so this is what tells a repeat
 * after a loss from a first delivery. Written after the work: a crash in between repeats it, so consumers stay idempotent.
 * With its event, which the outbox keeps for a week, a job that fails again and again is over.
 */
export const deliverOnce = async (db: Database, consumer: string, job: Job, work: () => Promise<unknown>): Promise<unknown> => {
  const { eventId, tenantId } = job.data as Partial<OutboxJob>;
  if (eventId === undefined) return work();
  const [row] = await db.ask(context, find, tenantId, eventId, consumer);
  if (row?.done) return undefined;
  const result = await work();
  await db.tx(context, (tx) => tx.query(save, tenantId, eventId, consumer));
  return result;
};
