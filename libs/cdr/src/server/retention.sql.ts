import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { CallNumbers } from '../core/mask-number.ts';
import { MASKED_AFTER_DAYS } from '../core/retention.ts';

/** Rows of one transaction: few, so that nobody waits long for them. */
export const BATCH = 1_000;

export type DueTenant = { readonly tenantId: string; readonly before: Date };
type WholeCall = CallNumbers & { readonly startedAt: Date; readonly id: string };

const MASK_LIMIT = `$1::timestamptz - make_interval(hours => 24 * coalesce(s.masked_after_days, ${MASKED_AFTER_DAYS}))`;
// a call without a rate needs its number to get one: it is masked when it has been rated or waived
const DUE = `c.masked_at IS NULL AND c.rating_state <> 'unrated'`;

const toMask = sql<DueTenant>(
  'calls-tenants-to-mask',
  `SELECT t.id AS "tenantId", ${MASK_LIMIT} AS before FROM tenant t LEFT JOIN call_settings s ON s.tenant_id = t.id
   WHERE EXISTS (SELECT FROM cdr c WHERE c.tenant_id = t.id AND ${DUE} AND c.started_at < ${MASK_LIMIT}) ORDER BY t.id`,
);
const lockWhole = sql<WholeCall>(
  'calls-lock-whole',
  `SELECT started_at AS "startedAt", id, direction, "from", "to", caller_id AS "callerId", destination FROM cdr c
   WHERE tenant_id = $1 AND ${DUE} AND started_at < $2 ORDER BY started_at LIMIT ${BATCH} FOR UPDATE`,
);
const setMasked = sql(
  'calls-set-masked',
  `UPDATE cdr SET "from" = u.from_user, "to" = u.to_user, caller_id = u.caller_id, destination = u.destination, masked_at = $2
   FROM unnest($3::timestamptz[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[]) AS u (started_at, id, from_user, to_user, caller_id, destination)
   WHERE cdr.tenant_id = $1 AND cdr.started_at = u.started_at AND cdr.id = u.id`,
);
const toDelete = sql<DueTenant>(
  'calls-tenants-to-delete',
  `SELECT t.id AS "tenantId", l.before FROM tenant t LEFT JOIN call_settings s ON s.tenant_id = t.id
   CROSS JOIN LATERAL (SELECT coalesce($1::timestamptz - make_interval(hours => 24 * s.retention_days), $2::timestamptz) AS before) l
   WHERE EXISTS (SELECT FROM cdr c WHERE c.tenant_id = t.id AND c.rating_state <> 'unrated' AND c.started_at < l.before) ORDER BY t.id`,
);
const deleteOld = sql<{ id: string }>(
  'calls-delete',
  `DELETE FROM cdr WHERE tenant_id = $1 AND (started_at, id) IN
     (SELECT started_at, id FROM cdr WHERE tenant_id = $1 AND rating_state <> 'unrated' AND started_at < $2 ORDER BY started_at LIMIT ${BATCH}) RETURNING id`,
);
// the longest that any tenant keeps its calls keeps the months of all
const dropMonths = sql<{ name: string }>(
  'calls-drop-months',
  `SELECT drop_cdr_partitions(least($2::timestamptz, (SELECT min($1::timestamptz - make_interval(hours => 24 * retention_days)) FROM call_settings))) AS name`,
);
const clearLines = sql(
  'cdr-issue-clear',
  `UPDATE cdr_issue SET line = '' WHERE resolved_at IS NOT NULL AND line <> '' AND resolved_at < $1::timestamptz - make_interval(days => ${MASKED_AFTER_DAYS})`,
);
const expireExports = sql<{ tenantId: string; id: string }>(
  'call-exports-expire',
  `UPDATE call_export SET state = 'expired' WHERE expires_at <= $1 AND state <> 'expired' RETURNING tenant_id AS "tenantId", id`,
);
const abandonExports = sql(
  'call-exports-abandon',
  `UPDATE call_export SET state = 'failed', error = 'its job was lost', finished_at = $1
   WHERE state IN ('pending', 'running') AND created_at < $1::timestamptz - interval '1 day'`,
);
const deleteChunks = sql(
  'call-exports-delete-chunks',
  `DELETE FROM call_export_chunk c USING call_export e WHERE e.tenant_id = c.tenant_id AND e.id = c.export_id AND e.state = 'expired'`,
);
const report = sql<RetentionReport>(
  'calls-retention-report',
  `SELECT
     (SELECT count(*)::int FROM tenant t LEFT JOIN call_settings s ON s.tenant_id = t.id JOIN cdr c ON c.tenant_id = t.id AND ${DUE} AND c.started_at < ${MASK_LIMIT}) AS "unmaskedOverdue",
     (SELECT count(*)::int FROM tenant t LEFT JOIN call_settings s ON s.tenant_id = t.id JOIN cdr c ON c.tenant_id = t.id AND c.masked_at IS NULL AND c.rating_state = 'unrated' AND c.started_at < ${MASK_LIMIT}) AS "unratedOverdue",
     (SELECT min(relname) FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhrelid WHERE i.inhparent = 'cdr'::regclass AND p.relname <> 'cdr_default') AS "oldestPartition"`,
);

/** `unmaskedOverdue` is the proof: calls whose numbers are whole though their time is over. `unratedOverdue` keep theirs until they have a rate. */
export type RetentionReport = {
  readonly unmaskedOverdue: number;
  readonly unratedOverdue: number;
  readonly oldestPartition: string | null;
};

export const tenantsToMask = (tx: Tx, now: Date): Promise<DueTenant[]> => tx.query(toMask, now);
export const lockWholeCalls = (tx: Tx, { tenantId, before }: DueTenant): Promise<WholeCall[]> => tx.query(lockWhole, tenantId, before);
export const setMaskedCalls = (tx: Tx, tenantId: string, calls: readonly WholeCall[], at: Date) =>
  tx.query(
    setMasked,
    tenantId,
    at,
    calls.map((c) => c.startedAt),
    calls.map((c) => c.id),
    calls.map((c) => c.from),
    calls.map((c) => c.to),
    calls.map((c) => c.callerId),
    calls.map((c) => c.destination),
  );
export const tenantsToDelete = (tx: Tx, now: Date, keptSince: Date): Promise<DueTenant[]> => tx.query(toDelete, now, keptSince);
export const deleteOldCalls = async (tx: Tx, { tenantId, before }: DueTenant): Promise<number> =>
  (await tx.query(deleteOld, tenantId, before)).length;
export const dropOldMonths = async (tx: Tx, now: Date, keptSince: Date): Promise<string[]> =>
  (await tx.query(dropMonths, now, keptSince)).map((row) => row.name);
export const clearResolvedLines = (tx: Tx, now: Date) => tx.query(clearLines, now);
export const expireOldExports = async (tx: Tx, now: Date): Promise<void> => {
  await tx.query(abandonExports, now);
  await tx.query(expireExports, now);
  await tx.query(deleteChunks);
};
export const retentionReport = async (tx: Tx, now: Date): Promise<RetentionReport> => {
  const [row] = await tx.query(report, now);
  if (!row) throw new Error('a count answers one row');
  return row;
};
