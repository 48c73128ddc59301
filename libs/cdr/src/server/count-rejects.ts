import type { CdrRecord } from '@trunkline/edge-core';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

const add = sql(
  'cdr-reject-add',
  `INSERT INTO cdr_reject_count (edge_id, day, reason, count)
   SELECT $1, day, left(reason, 120), count(*) FROM unnest($2::date[], $3::text[]) AS u (day, reason) GROUP BY day, left(reason, 120) ORDER BY 2, 3
   ON CONFLICT (edge_id, day, reason) DO UPDATE SET count = cdr_reject_count.count + excluded.count`,
);

/**
 * Counts attempts that belong to no tenant, by edge, UTC day and reason. At least once: a batch that is replayed because its
 * acknowledgement was lost counts again. To count once would take a row for each scanner's probe, which is what counting avoids; no money
 * and no call hangs on the number, and the excess is bounded by the batches in flight when an edge or a worker goes down.
 */
export const countRejects = async (tx: Tx, edgeId: string, rejects: readonly CdrRecord[]): Promise<void> => {
  if (rejects.length === 0) return;
  const days = rejects.map((r) => new Date(r.startedAtMs).toISOString().slice(0, 10));
  await tx.query(
    add,
    edgeId,
    days,
    rejects.map((r) => r.reason ?? `sip.${r.sipCode}`),
  );
};
