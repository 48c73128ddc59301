import type { Actor, Position } from '@trunkline/kernel';
import { sql, takeTurn } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

export const JOB_ACTIONS = ['update', 'release', 'restore'] as const;
export const JOB_STATES = ['pending', 'running', 'completed'] as const;
export const ITEM_STATES = ['pending', 'succeeded', 'failed'] as const;

export type NumberJob = {
  readonly id: string; // uuid
  readonly action: (typeof JOB_ACTIONS)[number];
  readonly change: object; // settings as they are in the code; empty unless it is an update
  readonly state: (typeof JOB_STATES)[number];
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly actor: Actor;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
};
export type NumberJobItem = {
  readonly position: number; // from 0, as they were asked for
  readonly numberId: string; // uuid
  readonly state: (typeof ITEM_STATES)[number];
  readonly code: string | null; // of the error that refused it
  readonly detail: string | null;
};
export type ItemOutcome = Pick<NumberJobItem, 'position' | 'code' | 'detail'>;

const COLUMNS = `id, action, change, state, total, succeeded, failed, jsonb_build_object('type', actor_type, 'id', actor_id) AS actor,
  created_at AS "createdAt", finished_at AS "finishedAt"`;
const ITEM_COLUMNS = `position, number_id AS "numberId", state, code, detail`;

const insert = sql(
  'number-job-insert',
  `INSERT INTO number_job (tenant_id, id, action, change, state, total, actor_type, actor_id, created_at) VALUES ($1, $2, $3, $4::jsonb, 'pending', $5, $6, $7, $8)`,
);
const insertItems = sql(
  'number-job-items-insert',
  `INSERT INTO number_job_item (tenant_id, job_id, position, number_id, state)
   SELECT $1, $2, place - 1, number_id, 'pending' FROM unnest($3::uuid[]) WITH ORDINALITY AS u (number_id, place)`,
);
const one = sql<NumberJob>('number-job-one', `SELECT ${COLUMNS} FROM number_job WHERE tenant_id = $1 AND id = $2`);
const lock = sql<NumberJob>(
  'number-job-lock',
  `SELECT ${COLUMNS} FROM number_job WHERE tenant_id = $1 AND id = $2 AND state <> 'completed' FOR UPDATE`,
);
const list = sql<NumberJob>(
  'number-job-list',
  `SELECT ${COLUMNS} FROM number_job WHERE tenant_id = $1 AND (created_at, id) < ($2::timestamptz, $3::uuid) ORDER BY created_at DESC, id DESC LIMIT $4`,
);
const countOpen = sql<{ open: number }>(
  'number-job-open',
  `SELECT count(*)::int AS open FROM number_job WHERE tenant_id = $1 AND state <> 'completed'`,
);
const items = sql<NumberJobItem>(
  'number-job-items',
  `SELECT ${ITEM_COLUMNS} FROM number_job_item WHERE tenant_id = $1 AND job_id = $2 AND position > $3 ORDER BY position LIMIT $4`,
);
const settle = sql(
  'number-job-items-settle',
  `UPDATE number_job_item i SET state = CASE WHEN u.code IS NULL THEN 'succeeded' ELSE 'failed' END, code = u.code, detail = u.detail
   FROM unnest($3::int[], $4::text[], $5::text[]) AS u (position, code, detail) WHERE i.tenant_id = $1 AND i.job_id = $2 AND i.position = u.position`,
);
const advance = sql<NumberJob>(
  'number-job-advance',
  `UPDATE number_job SET succeeded = succeeded + $3, failed = failed + $4,
     state = CASE WHEN succeeded + failed + $3 + $4 = total THEN 'completed' ELSE 'running' END,
     finished_at = CASE WHEN succeeded + failed + $3 + $4 = total THEN $5::timestamptz END
   WHERE tenant_id = $1 AND id = $2 RETURNING ${COLUMNS}`,
);

export const insertJob = async (tx: Tx, tenantId: string, job: NumberJob, numberIds: readonly string[]): Promise<void> => {
  const { id, action, change, total, actor, createdAt } = job;
  await tx.query(insert, tenantId, id, action, JSON.stringify(change), total, actor.type, actor.id, createdAt);
  await tx.query(insertItems, tenantId, id, numberIds);
};

export const readJob = async (tx: Tx, tenantId: string, id: string): Promise<NumberJob | undefined> =>
  (await tx.query(one, tenantId, id))[0];

/** A job that is not done, for one that works on it: whoever else comes waits, and then sees what is done. */
export const lockJob = async (tx: Tx, tenantId: string, id: string): Promise<NumberJob | undefined> =>
  (await tx.query(lock, tenantId, id))[0];

export const listJobs = (tx: Tx, tenantId: string, after: Position, limit: number): Promise<NumberJob[]> =>
  tx.query(list, tenantId, after.createdAt, after.id, limit);

/** How many are not done, counted by one request of the tenant at a time. */
export const openJobs = async (tx: Tx, tenantId: string): Promise<number> => {
  await takeTurn(tx, `number_job:${tenantId}`);
  return (await tx.query(countOpen, tenantId))[0]?.open ?? 0;
};

/** Items behind a position, in the order of the request. */
export const listItems = (tx: Tx, tenantId: string, jobId: string, after: number, limit: number): Promise<NumberJobItem[]> =>
  tx.query(items, tenantId, jobId, after, limit);

/** Writes down what became of items; the job is completed with its last. */
export const settleItems = async (
  tx: Tx,
  tenantId: string,
  jobId: string,
  outcomes: readonly ItemOutcome[],
  now: Date,
): Promise<NumberJob> => {
  const column = <K extends keyof ItemOutcome>(key: K) => outcomes.map((o) => o[key]);
  await tx.query(settle, tenantId, jobId, column('position'), column('code'), column('detail'));
  const failed = outcomes.filter((o) => o.code !== null).length;
  const [job] = await tx.query(advance, tenantId, jobId, outcomes.length - failed, failed, now);
  if (!job) throw new Error(`job ${jobId} is gone`);
  return job;
};
