import { createHash } from 'node:crypto';
import { newId } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';

export const ISSUE_KINDS = ['unparseable', 'conflict', 'unattributed'] as const;
export type IssueKind = (typeof ISSUE_KINDS)[number];
/** A line that did not become a call, and why. */
export type NewIssue = { readonly kind: IssueKind; readonly line: string; readonly reason: string };

const insert = sql<{ kind: IssueKind }>(
  'cdr-issue-insert',
  `INSERT INTO cdr_issue (edge_id, received_at, id, kind, line_hash, line, reason)
   SELECT $1, $2, u.* FROM unnest($3::uuid[], $4::text[], $5::bytea[], $6::text[], $7::text[]) AS u
   ON CONFLICT (edge_id, line_hash) DO NOTHING RETURNING kind`,
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
