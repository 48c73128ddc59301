import { sql } from '@trunkline/platform';
import type { Sealer, Tx } from '@trunkline/platform';
import type { EntryChange } from '../core/diff-entries.ts';
import { sumsAfter } from '../core/entry-sums.ts';
import { sealValue } from './entry-seal.ts';
import type { Revision } from './read-intent.ts';
import { EDGE_ENTRY, MAIN_SCOPE } from './scope.ts';
import type { Scope } from './scope.ts';

const put = sql(
  'edge-entries-put',
  `INSERT INTO edge_entry (scope, kind, key, value, version, updated_at)
   SELECT '${MAIN_SCOPE}', c.kind, c.key, c.value, $1::bigint + c.n, clock_timestamp()
   FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS c (kind, key, value, n)
   ON CONFLICT (scope, kind, key) DO UPDATE SET value = excluded.value, version = excluded.version, updated_at = excluded.updated_at`,
);
const advance = sql('edge-scope-advance', `UPDATE edge_scope SET version = $1, checksums = $2 WHERE scope = '${MAIN_SCOPE}'`);
const notify = sql('edge-entry-notify', `SELECT pg_notify('${EDGE_ENTRY}', '')`);
const reached = sql(
  'edge-resources-put',
  `INSERT INTO edge_resource (scope, resource_type, resource_id, revision, version)
   SELECT '${MAIN_SCOPE}', r.type, r.id, r.revision, $1 FROM unnest($2::text[], $3::text[], $4::int[]) AS r (type, id, revision)
   ON CONFLICT (scope, resource_type, resource_id) DO UPDATE SET revision = excluded.revision, version = excluded.version`,
);

/** Writes the changes, each under the next version and its secrets sealed, and wakes the gateways. The scope must be locked. */
export const writeEntries = async (tx: Tx, sealer: Sealer, scope: Scope, changes: readonly EntryChange[]): Promise<Scope> => {
  if (changes.length === 0) return scope;
  const next = { ...scope, version: scope.version + changes.length, sums: sumsAfter(scope.sums, changes) };
  await tx.query(put, scope.version, changes.map((c) => c.kind), changes.map((c) => c.key), changes.map((c) => sealValue(sealer, c))); // prettier-ignore
  await tx.query(advance, next.version, JSON.stringify(next.sums));
  await tx.query(notify);
  return next;
};

/** Says that an edge which has applied `version` runs these revisions. */
export const writeRevisions = async (tx: Tx, version: number, revisions: readonly Revision[]): Promise<void> => {
  if (revisions.length === 0) return;
  await tx.query(reached, version, revisions.map((r) => r.type), revisions.map((r) => r.id), revisions.map((r) => r.revision)); // prettier-ignore
};
