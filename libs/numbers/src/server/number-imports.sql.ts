import type { Position } from '@trunkline/kernel';
import { sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { LineError } from '../core/number-sheet.ts';

export const IMPORT_STATES = ['pending', 'running', 'completed', 'failed'] as const;

/** What became of a sheet so far. `imported` and `unchanged` count numbers, `refused` lines, of which `errors` explains the first ones. */
export type ImportCounts = {
  readonly linesDone: number; // without the header
  readonly imported: number;
  readonly unchanged: number; // in good lines, but there already
  readonly refused: number;
  readonly errors: readonly LineError[];
};
export type NumberImport = ImportCounts & {
  readonly id: string; // uuid, found again in the audit trail
  readonly state: (typeof IMPORT_STATES)[number];
  readonly dryRun: boolean;
  readonly run: number;
  readonly byteCount: number;
  readonly error: string | null; // why it failed
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
};

/** So many errors are kept; the rest is counted. */
export const ERRORS_MAX = 1_000;

const COLUMNS = `id, state, dry_run AS "dryRun", run, byte_count AS "byteCount", lines_done AS "linesDone", imported, unchanged, refused, errors, error,
  created_at AS "createdAt", finished_at AS "finishedAt"`;

const insert = sql(
  'number-import-insert',
  `INSERT INTO number_import (id, state, dry_run, run, byte_count, lines_done, imported, unchanged, refused, errors, error, created_at, finished_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11, $12, $13)`,
);
const insertChunk = sql('number-import-chunk-insert', `INSERT INTO number_import_chunk (import_id, position, data) VALUES ($1, $2, $3)`);
const one = sql<NumberImport>('number-import-one', `SELECT ${COLUMNS} FROM number_import WHERE id = $1`);
const list = sql<NumberImport>(
  'number-import-list',
  `SELECT ${COLUMNS} FROM number_import WHERE (created_at, id) < ($1::timestamptz, $2::uuid) ORDER BY created_at DESC, id DESC LIMIT $3`,
);
const begin = sql<NumberImport>(
  'number-import-begin',
  `UPDATE number_import SET state = 'running', run = run + 1 WHERE id = $1 AND state IN ('pending', 'running') RETURNING ${COLUMNS}`,
);
const advance = sql<{ id: string }>(
  'number-import-advance',
  `UPDATE number_import SET lines_done = $4, imported = imported + $5, unchanged = unchanged + $6, refused = refused + $7,
     errors = CASE WHEN jsonb_array_length(errors) < ${ERRORS_MAX} THEN errors || $8::jsonb ELSE errors END
   WHERE id = $1 AND run = $2 AND lines_done = $3 AND state = 'running' RETURNING id`,
);
const finish = sql<NumberImport>(
  'number-import-finish',
  `UPDATE number_import SET state = $3, error = $4, finished_at = $5 WHERE id = $1 AND run = $2 AND state = 'running' RETURNING ${COLUMNS}`,
);
const chunk = sql<{ data: Buffer }>('number-import-chunk', `SELECT data FROM number_import_chunk WHERE import_id = $1 AND position = $2`);
const clear = sql('number-import-clear', `DELETE FROM number_import_chunk WHERE import_id = $1`);

export const insertImport = (tx: Tx, i: NumberImport): Promise<unknown> => {
  const head = [i.id, i.state, i.dryRun, i.run, i.byteCount, i.linesDone, i.imported, i.unchanged, i.refused];
  return tx.query(insert, ...head, JSON.stringify(i.errors), i.error, i.createdAt, i.finishedAt);
};

export const insertImportChunk = (tx: Tx, id: string, position: number, data: Buffer): Promise<unknown> =>
  tx.query(insertChunk, id, position, data);

export const readImport = async (tx: Tx, id: string): Promise<NumberImport | undefined> => (await tx.query(one, id))[0];

export const listImports = (tx: Tx, after: Position, limit: number): Promise<NumberImport[]> =>
  tx.query(list, after.createdAt, after.id, limit);

/** Begins a run, or takes an import over whose run was cut off: from then on the run before can write nothing more. */
export const beginImport = async (tx: Tx, id: string): Promise<NumberImport | undefined> => (await tx.query(begin, id))[0];

/** Adds what a piece came to. @returns false when another run took over */
export const advanceImport = async (tx: Tx, { id, run }: NumberImport, doneBefore: number, piece: ImportCounts): Promise<boolean> => {
  const { linesDone, imported, unchanged, refused, errors } = piece;
  return (await tx.query(advance, id, run, doneBefore, linesDone, imported, unchanged, refused, JSON.stringify(errors))).length > 0;
};

/** Ends the import and drops its sheet. @returns undefined when another run took over */
export const finishImport = async (
  tx: Tx,
  { id, run }: NumberImport,
  state: 'completed' | 'failed',
  error: string | null,
  at: Date,
): Promise<NumberImport | undefined> => {
  const [finished] = await tx.query(finish, id, run, state, error, at);
  if (finished) await tx.query(clear, id);
  return finished;
};

export const readImportChunk = async (tx: Tx, id: string, position: number): Promise<Buffer | undefined> =>
  (await tx.query(chunk, id, position))[0]?.data;
