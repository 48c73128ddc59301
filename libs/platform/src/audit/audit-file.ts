import { csvCell } from '@trunkline/kernel';
import type { AuditEntry } from './audit-queries.ts';
import { auditEntryToWire } from './audit.schema.ts';
import type { AuditEntryOut } from './audit.schema.ts';

export type AuditFormat = 'csv' | 'ndjson';

const json = (value: object | null): string => (value ? JSON.stringify(value) : '');
/** The columns of a CSV file of entries, in their order. Later versions add columns at the end. */
const COLUMNS: Record<string, (entry: AuditEntryOut) => string> = {
  id: (e) => e.id,
  sequence: (e) => String(e.sequence),
  at: (e) => e.at,
  action: (e) => e.action,
  resource_id: (e) => e.resource_id,
  actor_type: (e) => e.actor.type,
  actor_id: (e) => e.actor.id,
  request_id: (e) => e.request_id,
  source_address: (e) => e.source_address ?? '',
  before: (e) => json(e.before),
  after: (e) => json(e.after),
  data: (e) => json(e.data),
  hash: (e) => e.hash,
};
const CRLF = '\r\n'; // RFC 4180 §2

export const AUDIT_FILES: Record<
  AuditFormat,
  { readonly type: string; readonly head: string; readonly line: (entry: AuditEntryOut) => string }
> = {
  csv: {
    type: 'text/csv; charset=utf-8; header=present',
    head: Object.keys(COLUMNS).join(',') + CRLF,
    line: (entry) =>
      Object.values(COLUMNS)
        .map((value) => csvCell(value(entry)))
        .join(',') + CRLF,
  },
  ndjson: { type: 'application/x-ndjson', head: '', line: (entry) => `${JSON.stringify(entry)}\n` },
};

/** The bytes of a file of entries, a piece at a time, as fast as they are taken. */
export async function* auditFile(format: AuditFormat, pieces: AsyncIterable<readonly AuditEntry[]>): AsyncGenerator<Buffer> {
  const { head, line } = AUDIT_FILES[format];
  if (head !== '') yield Buffer.from(head);
  for await (const entries of pieces) yield Buffer.from(entries.map((entry) => line(auditEntryToWire(entry))).join(''));
}
