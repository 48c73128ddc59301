import { hash } from 'node:crypto';
import type { Tx } from '@trunkline/platform';
import { attemptKey, cdrId } from '../core/cdr-id.ts';
import type { CdrRating } from '../core/rate-cdr.ts';
import type { SentCall } from '../core/sort-lines.ts';
import type { ChargedCall } from '../core/sum-usage.ts';
import { insertCdrs, keyOf, storedHashes } from './cdrs.sql.ts';
import type { NewCdr } from './cdrs.sql.ts';
import { postUsage } from './post-usage.ts';

/** A call with the line that told of it. */
export type Call = NewCdr & { readonly line: string };

// a spool row never changes, so the same record sent twice is the same bytes: what differs by a byte contradicts
const lineHash = (line: string): string => hash('sha256', line, 'hex').slice(0, 32);

/** A rated line as the row it becomes; undefined when there is no such tenant. */
export const identified = (edgeId: string, { line, record }: SentCall, rating: CdrRating | undefined): Call | undefined => {
  if (!rating) return undefined;
  const id = cdrId(record.startedAtMs, hash('sha256', attemptKey(edgeId, record.uid), 'hex'));
  return { line, record, edgeId, id, key: keyOf(record.tenantId, id), contentHash: lineHash(line), rating };
};

/** Inserts what is new, without charging it. What is not is compared with what is stored, or with what this very batch said before of the same call. */
export const storeCalls = async (
  tx: Tx,
  calls: readonly Call[],
  now: Date,
): Promise<{ fresh: readonly Call[]; contradicting: readonly Call[] }> => {
  const first = new Map<string, Call>();
  for (const call of calls) if (!first.has(call.key)) first.set(call.key, call);
  const inserted = await insertCdrs(tx, [...first.values()], now);
  const fresh: Call[] = [];
  const known: Call[] = [];
  for (const call of first.values()) (inserted.has(call.key) ? fresh : known).push(call);
  const stored = new Map([...fresh.map((call) => [call.key, call.contentHash] as const), ...(await storedHashes(tx, known))]);
  return { fresh, contradicting: calls.filter((call) => stored.get(call.key) !== call.contentHash) };
};

/** Charges rows that this very transaction stored as rated. */
export const chargeCalls = (tx: Tx, calls: readonly NewCdr[], at: Date): Promise<void> =>
  postUsage(
    tx,
    calls.flatMap((call) => charged(call) ?? []),
    at,
  );

/** What a rated call costs; undefined when nothing can be charged for it. */
export const charged = ({ id, record, rating }: NewCdr): ChargedCall | undefined => {
  const { tenantId, direction, answeredAtMs } = record;
  if (rating.state !== 'rated' || direction === 'emergency' || answeredAtMs === null) return undefined;
  return {
    tenantId,
    id,
    direction,
    answeredAtMs,
    currency: rating.currency,
    amountNanos: rating.amountNanos,
    billedSeconds: rating.billedSeconds,
  };
};
