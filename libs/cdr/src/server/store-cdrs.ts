import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, systemContext, toPublicId } from '@trunkline/kernel';
import { Database, Log, Metrics } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { attemptKey, cdrId } from '../core/cdr-id.ts';
import type { CdrRating } from '../core/rate-cdr.ts';
import { sortLines } from '../core/sort-lines.ts';
import type { SentCall, SortedLines } from '../core/sort-lines.ts';
import type { ChargedCall } from '../core/sum-usage.ts';
import { insertIssues } from './cdr-issues.sql.ts';
import type { IssueKind, NewIssue } from './cdr-issues.sql.ts';
import { insertCdrs, keyOf, storedHashes } from './cdrs.sql.ts';
import type { NewCdr } from './cdrs.sql.ts';
import { countRejects } from './count-rejects.ts';
import { DeckCache } from './deck-cache.ts';
import { postUsage } from './post-usage.ts';
import { rateCalls } from './rate-calls.ts';

/**
 * What became of a batch, line by line; the numbers add up to its lines.
 * `stored` new calls, `unrated` those of them that wait for a rate; `repeated` lines that were here before, calls and quarantined ones;
 * `conflicts` calls that contradict what is stored; `quarantined` other lines that could not become a call; `starts` and `rejects` are not kept.
 */
export type CdrBatchResult = {
  readonly stored: number;
  readonly repeated: number;
  readonly unrated: number;
  readonly conflicts: number;
  readonly quarantined: number;
  readonly starts: number;
  readonly rejects: number;
};

type Call = NewCdr & { readonly line: string };

/** Stores, rates and charges what an edge sent, in one transaction: whatever was stored is charged, and a replay changes nothing. */
@Injectable()
export class StoreCdrs {
  private readonly lines;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly decks: DeckCache,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.lines = metrics.counter('cdr_lines_total', 'CDR lines by what became of them', ['result']);
  }

  /**
   * @param edge the edge that sent the lines, by uuid
   * @throws only when the batch as a whole could not be stored: send it again
   */
  async execute(edge: { readonly id: string }, lines: readonly string[]): Promise<CdrBatchResult> {
    const sorted = sortLines(lines, this.clock.now()); // before a connection is taken
    const result = await this.db.tx(systemContext('cdr.store'), (tx) => this.store(tx, edge.id, sorted));
    this.report(edge.id, result);
    return result;
  }

  private async store(tx: Tx, edgeId: string, sorted: SortedLines): Promise<CdrBatchResult> {
    const now = this.clock.now();
    const ratings = await rateCalls(
      tx,
      this.decks,
      sorted.calls.map((c) => c.record),
    );
    const calls = sorted.calls.flatMap((sent, i) => identified(edgeId, sent, ratings[i]) ?? []);
    const { fresh, contradicting } = await storeOnce(tx, calls, now);
    const issues: NewIssue[] = [
      ...sorted.bad.map((bad) => ({ kind: 'unparseable', ...bad }) as const),
      ...sorted.calls.flatMap(({ line }, i) =>
        ratings[i] ? [] : [{ kind: 'unattributed', line, reason: 'there is no such tenant' } as const],
      ),
      ...contradicting.map(
        ({ line, id }) => ({ kind: 'conflict', line, reason: `another content is stored as ${toPublicId('cdr', id)}` }) as const,
      ),
    ];
    const quarantined = await insertIssues(tx, edgeId, issues, now);
    await countRejects(tx, edgeId, sorted.rejects);
    await postUsage(
      tx,
      fresh.flatMap((cdr) => charged(cdr) ?? []),
      now,
    );
    return tally(sorted, fresh, quarantined);
  }

  private report(edgeId: string, result: CdrBatchResult): void {
    for (const [name, count] of Object.entries(result)) this.lines.inc({ result: name }, count);
    const { unrated, conflicts, quarantined } = result;
    if (unrated + conflicts + quarantined > 0) this.log.warn({ edgeId, unrated, conflicts, quarantined }, 'call records need attention');
  }
}

// a spool row never changes, so the same record sent twice is the same bytes: what differs by a byte contradicts
const lineHash = (line: string): string => hash('sha256', line, 'hex').slice(0, 32);

const identified = (edgeId: string, { line, record }: SentCall, rating: CdrRating | undefined): Call | undefined => {
  if (!rating) return undefined;
  const id = cdrId(record.startedAtMs, hash('sha256', attemptKey(edgeId, record.uid), 'hex'));
  return { line, record, edgeId, id, key: keyOf(record.tenantId, id), contentHash: lineHash(line), rating };
};

/** Inserts what is new. What is not is compared with what is stored, or with what this very batch said before of the same call. */
const storeOnce = async (
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

const charged = ({ id, record, rating }: Call): ChargedCall | undefined => {
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

const tally = ({ calls, bad, rejects, starts }: SortedLines, fresh: readonly Call[], issues: readonly IssueKind[]): CdrBatchResult => {
  const conflicts = issues.filter((kind) => kind === 'conflict').length;
  return {
    stored: fresh.length,
    repeated: calls.length + bad.length - fresh.length - issues.length,
    unrated: fresh.filter((c) => c.rating.state === 'unrated').length,
    conflicts,
    quarantined: issues.length - conflicts,
    starts,
    rejects: rejects.length,
  };
};
