import { parseCdrLine } from '@trunkline/edge-core';
import type { CdrRecord } from '@trunkline/edge-core';

/** The final record of an attempt of some tenant. */
export type EndRecord = CdrRecord & { readonly kind: 'end'; readonly tenantId: string; readonly endedAtMs: number };

export type EmergencyRecord = CdrRecord & { readonly direction: 'emergency'; readonly tenantId: string };

export type SentCall = { readonly line: string; readonly record: EndRecord };
export type BadLine = { readonly line: string; readonly reason: string };
export type SortedLines = {
  readonly calls: readonly SentCall[];
  readonly bad: readonly BadLine[];
  /** Attempts without a tenant: nobody can be charged. */
  readonly rejects: readonly CdrRecord[];
  /** Of calls that still run; they feed the live view only. */
  readonly starts: number;
  /** Calls for help, as soon as either record tells of them. */
  readonly emergencies: readonly EmergencyRecord[];
};

const DAY_MS = 86_400_000;
/** Months ahead have no partition yet: a row of next year in the default partition would block the partition of its month. */
const AHEAD_MAX_MS = 2 * DAY_MS;
/** No call lasts a year; billed seconds must fit into 32 bits. */
const LENGTH_MAX_MS = 366 * DAY_MS;

/** Why a well-formed end record cannot be stored or charged; undefined when it can. */
const fault = (record: CdrRecord, nowMs: number): string | undefined => {
  const { startedAtMs, answeredAtMs, endedAtMs } = record;
  if (Object.values(record).some((value) => typeof value === 'string' && value.includes('\0'))) return 'a NUL character cannot be stored';
  if (startedAtMs > nowMs + AHEAD_MAX_MS) return 'starts more than two days ahead of our clock';
  if (answeredAtMs !== null && answeredAtMs < startedAtMs) return 'answered before it started';
  if (endedAtMs !== null && endedAtMs < (answeredAtMs ?? startedAtMs)) return 'ended before it began';
  if (endedAtMs !== null && endedAtMs - startedAtMs > LENGTH_MAX_MS) return 'longer than a year';
  return undefined;
};

const isEmergency = (record: CdrRecord): record is EmergencyRecord => record.direction === 'emergency' && record.tenantId !== null;
const isEnd = (record: CdrRecord): record is EndRecord => record.kind === 'end' && record.tenantId !== null;

/** Reads the lines of a batch and sorts them by what becomes of them. Never throws for what is in a line. */
export const sortLines = (lines: readonly string[], now: Date): SortedLines => {
  const calls: SentCall[] = [];
  const bad: BadLine[] = [];
  const rejects: CdrRecord[] = [];
  const emergencies: EmergencyRecord[] = [];
  let starts = 0;
  for (const line of lines) {
    const parsed = parseCdrLine(line);
    const reason = parsed.ok ? fault(parsed.record, now.getTime()) : parsed.reason;
    if (parsed.ok && reason === undefined && isEmergency(parsed.record)) emergencies.push(parsed.record);
    if (!parsed.ok || reason !== undefined) bad.push({ line, reason: reason ?? 'malformed' });
    else if (isEnd(parsed.record)) calls.push({ line, record: parsed.record });
    else if (parsed.record.kind === 'start') starts += 1;
    else rejects.push(parsed.record);
  }
  return { calls, bad, rejects, starts, emergencies };
};
