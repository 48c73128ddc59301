import { createHash } from 'node:crypto';
import { newId } from '@trunkline/kernel';
import type { Position } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

export const ISSUE_KINDS = ['unparseable', 'conflict', 'unattributed'] as const;
export type IssueKind = (typeof ISSUE_KINDS)[number];
/** What was done: it became a call, what was stored first was kept or replaced by it, or it was thrown away. */
export const RESOLUTIONS = ['stored', 'kept', 'replaced', 'discarded'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];
/** A line that did not become a call, and why. */
export type NewIssue = { readonly kind: IssueKind; readonly line: string; readonly reason: string };

/** A quarantined line. */
export type CdrIssue = NewIssue & {
  readonly id: string;
  readonly edgeId: string;
  readonly receivedAt: Date;
  readonly resolution: Resolution | null; // null while it is open
  readonly resolvedAt: Date | null;
  readonly note: string | null;
  readonly cdrId: string | null;
};
export type IssueFilter = {
  readonly kind?: IssueKind | undefined;
  readonly state?: 'open' | 'resolved' | undefined;
  readonly edgeId?: string | undefined;
  readonly from?: Date | undefined; // received at or after
  readonly to?: Date | undefined; //   received before
};

const COLUMNS = `id, edge_id AS "edgeId", kind, line, reason, received_at AS "receivedAt", resolution, resolved_at AS "resolvedAt", note, cdr_id AS "cdrId"`;

const insert = sql<{ kind: IssueKind }>(
  'cdr-issue-insert',
  `INSERT INTO cdr_issue (edge_id, received_at, id, kind, line_hash, line, reason)
   SELECT $1, $2, u.* FROM unnest($3::uuid[], $4::text[], $5::bytea[], $6::text[], $7::text[]) AS u
   ON CONFLICT (edge_id, line_hash) DO NOTHING RETURNING kind`,
);
const list = sql<CdrIssue>(
  'cdr-issue-list',
  `SELECT ${COLUMNS} FROM cdr_issue
   WHERE (received_at, id) < ($1::timestamptz, $2::uuid) AND ($3::text IS NULL OR kind = $3) AND ($4::text IS NULL OR (resolution IS NULL) = ($4 = 'open'))
     AND ($5::uuid IS NULL OR edge_id = $5) AND ($6::timestamptz IS NULL OR received_at >= $6) AND ($7::timestamptz IS NULL OR received_at < $7)
   ORDER BY received_at DESC, id DESC LIMIT $8`,
);
const one = sql<CdrIssue>('cdr-issue-one', `SELECT ${COLUMNS} FROM cdr_issue WHERE id = $1`);
const lock = sql<CdrIssue>('cdr-issue-lock', `SELECT ${COLUMNS} FROM cdr_issue WHERE id = $1 FOR UPDATE`);
const resolve = sql<CdrIssue>(
  'cdr-issue-resolve',
  `UPDATE cdr_issue SET resolution = $2, resolved_at = $3, note = $4, cdr_id = $5 WHERE id = $1 RETURNING ${COLUMNS}`,
);

// Postgres cannot store NUL in a text. A good line never holds one, so nothing that is percent-encoded changes.
const storable = (text: string): string => text.replaceAll('\0', '%00');

/** Puts lines into quarantine, each once however often it is sent. Returns the kinds of those that are new. */
export const insertIssues = async (tx: Tx, edgeId: string, issues: readonly NewIssue[], at: Date): Promise<IssueKind[]> => {
  if (issues.length === 0) return [];
  const rows = issues.map((issue) => ({ ...issue, hash: createHash('sha256').update(issue.line).digest() }));
  rows.sort((a, b) => a.hash.compare(b.hash)); // the same order of locks in every batch
  const inserted = await tx.query(
    insert,
    edgeId,
    at,
    rows.map(() => newId()),
    rows.map((r) => r.kind),
    rows.map((r) => r.hash),
    rows.map((r) => storable(r.line)),
    rows.map((r) => storable(r.reason)),
  );
  return inserted.map((row) => row.kind);
};

/** Newest first, behind `after`. */
export const listIssues = (tx: Tx, { kind, state, edgeId, from, to }: IssueFilter, after: Position, limit: number): Promise<CdrIssue[]> =>
  tx.query(list, after.createdAt, after.id, kind ?? null, state ?? null, edgeId ?? null, from ?? null, to ?? null, limit);

export const readIssue = async (tx: Tx, id: string): Promise<CdrIssue | undefined> => (await tx.query(one, id))[0];
/** The same, locked until the transaction ends: two people do not resolve it at once. */
export const lockIssue = async (tx: Tx, id: string): Promise<CdrIssue | undefined> => (await tx.query(lock, id))[0];

export const resolveIssue = async (
  tx: Tx,
  id: string,
  resolution: Resolution,
  at: Date,
  note: string | null,
  cdrId: string | null,
): Promise<CdrIssue> => {
  const [resolved] = await tx.query(resolve, id, resolution, at, note, cdrId);
  if (!resolved) throw new Error(`cdr issue ${id} vanished while it was locked`);
  return resolved;
};
