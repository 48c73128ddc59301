import { systemContext } from '@trunkline/kernel';
import { sql } from '../db/database.ts';
import type { Database, Tx } from '../db/database.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { QueueMark } from '../jobs/queue-backend.ts';

const context = systemContext('outbox.repair');
const remembered = sql<QueueMark>('queue-mark', `SELECT epoch, batches FROM queue_mark`);
const lock = sql<QueueMark>('queue-mark-lock', `SELECT epoch, batches FROM queue_mark FOR UPDATE`);
const begin = sql('queue-mark-begin', `UPDATE queue_mark SET epoch = $1, batches = $2`);
const advance = sql('queue-mark-advance', `UPDATE queue_mark SET batches = greatest(batches, $2) WHERE epoch = $1`);
const takeBack = sql<{ id: string }>(
  'outbox-take-back',
  `UPDATE outbox o SET dispatched_at = NULL FROM unnest($1::text[], $2::text[]) AS s (type, consumer)
   WHERE o.dispatched_at IS NOT NULL AND o.type = s.type
     AND NOT EXISTS (SELECT FROM event_delivery d WHERE d.tenant_id = o.tenant_id AND d.event_id = o.id AND d.consumer = s.consumer)
   RETURNING o.id`,
);

const isWhole = (queue: QueueMark, known: QueueMark | undefined): boolean =>
  known !== undefined && queue.epoch === known.epoch && queue.batches >= known.batches;

/**
 * Looks whether the queue still is the one that events were handed to. When it was emptied, exchanged or set back, all events it was given and
 * nobody is known to have done wait to be handed over again, and the schedules are written anew.
 * @returns the queue's epoch, and how many events were taken back (undefined: nothing was lost)
 */
export const ensureQueue = async (db: Database, jobs: Jobs): Promise<{ readonly epoch: string; readonly takenBack?: number }> => {
  const queue = await jobs.backend.mark();
  const [known] = await db.ask(context, remembered);
  if (queue.epoch !== null && isWhole(queue, known)) return { epoch: queue.epoch };
  return db.tx(context, async (tx) => {
    const [locked] = await tx.query(lock);
    const now = await jobs.backend.mark(); // another process may have repaired it meanwhile
    if (now.epoch !== null && isWhole(now, locked)) return { epoch: now.epoch };
    const subscriptions = jobs.subscriptions();
    const lost = await tx.query(
      takeBack,
      subscriptions.map((s) => s.type),
      subscriptions.map((s) => s.queue),
    );
    const started = await jobs.backend.begin();
    await jobs.schedule(); // what is lost after `begin` is noticed again, so the schedules come after it
    await tx.query(begin, started.epoch, started.batches);
    return { epoch: started.epoch ?? '', takenBack: lost.length };
  });
};

/** Counts a batch in the queue and here. @throws when the queue is no longer the one of that epoch: the batch may be lost and must be handed over again */
export const countBatch = async (tx: Tx, jobs: Jobs, epoch: string): Promise<void> => {
  const mark = await jobs.backend.countBatch();
  if (mark.epoch !== epoch) throw new Error('the queue was emptied while events were handed to it');
  await tx.query(advance, epoch, mark.batches);
};
