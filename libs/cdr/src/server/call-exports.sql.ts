import type { Position } from '@trunkline/kernel';
import { sql, takeTurn } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import type { FileFormat } from './call-file.ts';

export const EXPORT_STATES = ['pending', 'running', 'completed', 'failed', 'expired'] as const;
export type ExportState = (typeof EXPORT_STATES)[number];

/** A search as it is kept: dates as text. */
export type KeptSearch = Readonly<Record<string, string | number>>;

export type CallExport = {
  readonly id: string;
  readonly format: FileFormat;
  readonly filter: KeptSearch;
  readonly state: ExportState;
  readonly run: number;
  readonly rowCount: number | null;
  readonly byteCount: bigint | null;
  readonly sha256: Buffer | null;
  readonly error: string | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
  readonly expiresAt: Date;
};

const COLUMNS = `id, format, filter, state, run, row_count AS "rowCount", byte_count AS "byteCount", sha256, error, created_at AS "createdAt",
  finished_at AS "finishedAt", expires_at AS "expiresAt"`;

const insert = sql(
  'call-export-insert',
  `INSERT INTO call_export (tenant_id, id, format, filter, state, created_at, expires_at) VALUES ($1, $2, $3, $4::jsonb, 'pending', $5, $6)`,
);
const one = sql<CallExport>('call-export-one', `SELECT ${COLUMNS} FROM call_export WHERE tenant_id = $1 AND id = $2`);
const list = sql<CallExport>(
  'call-export-list',
  `SELECT ${COLUMNS} FROM call_export WHERE tenant_id = $1 AND (created_at, id) < ($2::timestamptz, $3::uuid) ORDER BY created_at DESC, id DESC LIMIT $4`,
);
const countOpen = sql<{ open: number }>(
  'call-export-open',
  `SELECT count(*)::int AS open FROM call_export WHERE tenant_id = $1 AND state IN ('pending', 'running')`,
);
const begin = sql<CallExport>(
  'call-export-begin',
  `UPDATE call_export SET state = 'running', run = run + 1 WHERE tenant_id = $1 AND id = $2 AND state IN ('pending', 'running') RETURNING ${COLUMNS}`,
);
const clear = sql('call-export-clear', `DELETE FROM call_export_chunk WHERE tenant_id = $1 AND export_id = $2 AND run < $3`);
const append = sql(
  'call-export-append',
  `INSERT INTO call_export_chunk (tenant_id, export_id, run, position, data) VALUES ($1, $2, $3, $4, $5)`,
);
const finish = sql<{ id: string }>(
  'call-export-finish',
  `UPDATE call_export SET state = $4, row_count = $5, byte_count = $6, sha256 = $7, error = $8, finished_at = $9
   WHERE tenant_id = $1 AND id = $2 AND run = $3 AND state = 'running' RETURNING id`,
);
const chunk = sql<{ data: Buffer }>(
  'call-export-chunk',
  `SELECT data FROM call_export_chunk WHERE tenant_id = $1 AND export_id = $2 AND run = $3 AND position = $4`,
);

export const insertExport = (tx: Tx, tenantId: string, e: Pick<CallExport, 'id' | 'format' | 'filter' | 'createdAt' | 'expiresAt'>) =>
  tx.query(insert, tenantId, e.id, e.format, JSON.stringify(e.filter), e.createdAt, e.expiresAt);

export const readExport = async (tx: Tx, tenantId: string, id: string): Promise<CallExport | undefined> =>
  (await tx.query(one, tenantId, id))[0];

export const listExports = (tx: Tx, tenantId: string, after: Position, limit: number) =>
  tx.query(list, tenantId, after.createdAt, after.id, limit);

/** How many wait or run, counted by one request of the tenant at a time. */
export const openExports = async (tx: Tx, tenantId: string): Promise<number> => {
  await takeTurn(tx, `call_export:${tenantId}`);
  return (await tx.query(countOpen, tenantId))[0]?.open ?? 0;
};

/** Begins a run. A run that was cut off is begun anew: what it wrote, or still writes, belongs to its own number. */
export const beginExport = async (tx: Tx, tenantId: string, id: string): Promise<CallExport | undefined> => {
  const [begun] = await tx.query(begin, tenantId, id);
  if (begun) await tx.query(clear, tenantId, id, begun.run);
  return begun;
};

export const appendChunk = (tx: Tx, tenantId: string, { id, run }: CallExport, position: number, data: Buffer) =>
  tx.query(append, tenantId, id, run, position, data);

export type ExportResult = {
  readonly state: 'completed' | 'failed';
  readonly rowCount: number | null;
  readonly byteCount: number | null;
  readonly sha256: Buffer | null;
  readonly error: string | null;
};
/** @returns false when a later run took over */
export const finishExport = async (tx: Tx, tenantId: string, { id, run }: CallExport, r: ExportResult, at: Date): Promise<boolean> =>
  (await tx.query(finish, tenantId, id, run, r.state, r.rowCount, r.byteCount, r.sha256, r.error, at)).length > 0;

export const readChunk = async (tx: Tx, tenantId: string, { id, run }: CallExport, position: number): Promise<Buffer | undefined> =>
  (await tx.query(chunk, tenantId, id, run, position))[0]?.data;
