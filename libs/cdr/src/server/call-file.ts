import { csvCell } from '@trunkline/kernel';
import type { StoredCall } from './call-queries.ts';
import { callToWire } from './calls.schema.ts';

export type FileFormat = 'csv' | 'ndjson';
type Wire = ReturnType<typeof callToWire>;

/** The columns of a CSV file of calls, in their order. Later versions add columns at the end. */
const COLUMNS: Record<string, (call: Wire) => string | number | boolean | null> = {
  id: (c) => c.id,
  direction: (c) => c.direction,
  outcome: (c) => c.outcome,
  from: (c) => c.from,
  to: (c) => c.to,
  caller_id: (c) => c.caller_id,
  destination: (c) => c.destination,
  trunk_id: (c) => c.trunk_id,
  started_at: (c) => c.started_at,
  answered_at: (c) => c.answered_at,
  ended_at: (c) => c.ended_at,
  duration_secs: (c) => c.duration_secs,
  billed_secs: (c) => c.billed_secs,
  sip_code: (c) => c.sip_code,
  reason: (c) => c.reason,
  hangup_by: (c) => c.hangup_by,
  attempts: (c) => c.attempts.join(' '),
  masked: (c) => c.masked,
  rating: (c) => c.rating.state,
  amount: (c) => c.rating.amount?.amount ?? null,
  currency: (c) => c.rating.amount?.currency ?? null,
  estimated: (c) => c.estimated,
  channel_kind: (c) => c.channel_kind,
  channel_pool_id: (c) => c.channel_pool_id,
};
const CRLF = '\r\n'; // RFC 4180 §2

const csvLine = (call: StoredCall): string => {
  const wire = callToWire(call);
  const cells = Object.values(COLUMNS).map((value) => csvCell(String(value(wire) ?? '')));
  return cells.join(',') + CRLF;
};

export const FILES: Record<FileFormat, { readonly type: string; readonly head: string; readonly line: (call: StoredCall) => string }> = {
  csv: { type: 'text/csv; charset=utf-8; header=present', head: Object.keys(COLUMNS).join(',') + CRLF, line: csvLine },
  ndjson: { type: 'application/x-ndjson', head: '', line: (call) => `${JSON.stringify(callToWire(call))}\n` },
};

/** The bytes of a file of calls, a piece at a time, as fast as they are taken. */
export async function* callFile(format: FileFormat, pieces: AsyncIterable<readonly StoredCall[]>): AsyncGenerator<Buffer> {
  const { head, line } = FILES[format];
  if (head !== '') yield Buffer.from(head);
  for await (const calls of pieces) yield Buffer.from(calls.map(line).join(''));
}
