import { Injectable } from '@nestjs/common';
import { Clock, systemContext, toPublicId } from '@trunkline/kernel';
import { Database, Log, Metrics } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { sortLines } from '../core/sort-lines.ts';
import type { SortedLines } from '../core/sort-lines.ts';
import { announceCalls } from './announce-calls.ts';
import { announceEmergencies } from './announce-emergencies.ts';
import { insertIssues } from './cdr-issues.sql.ts';
import type { IssueKind, NewIssue } from './cdr-issues.sql.ts';
import { countRejects } from './count-rejects.ts';
import { DeckCache } from './deck-cache.ts';
import { rateCalls } from './rate-calls.ts';
import { chargeCalls, identified, storeCalls } from './store-calls.ts';
import type { Call } from './store-calls.ts';

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
    const { fresh, contradicting } = await storeCalls(tx, calls, now);
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
    await chargeCalls(tx, fresh, now);
    await announceCalls(tx, fresh);
    await announceEmergencies(tx, edgeId, sorted.emergencies, now);
    return tally(sorted, fresh, quarantined);
  }

  private report(edgeId: string, result: CdrBatchResult): void {
    for (const [name, count] of Object.entries(result)) this.lines.inc({ result: name }, count);
    const { unrated, conflicts, quarantined } = result;
    if (unrated + conflicts + quarantined > 0) this.log.warn({ edgeId, unrated, conflicts, quarantined }, 'call records need attention');
  }
}

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
