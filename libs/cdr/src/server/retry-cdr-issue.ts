import { Injectable } from '@nestjs/common';
import { encodeCdrLine } from '@trunkline/edge-core';
import { AppError, Clock, toPublicId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { cdrErrors } from '../core/errors.ts';
import { sortLines } from '../core/sort-lines.ts';
import type { SentCall } from '../core/sort-lines.ts';
import { announceCalls } from './announce-calls.ts';
import type { CdrIssue } from './cdr-issues.sql.ts';
import { DeckCache } from './deck-cache.ts';
import { rateCalls } from './rate-calls.ts';
import { resolveOnce } from './resolve-cdr-issue.ts';
import type { Outcome } from './resolve-cdr-issue.ts';
import { chargeCalls, identified, storeCalls } from './store-calls.ts';

/** How a line is mended: written anew, or given to a tenant. With neither it is read again, by a parser that may be newer. */
export type Correction = { readonly line?: string | undefined; readonly tenantId?: string | undefined };

/** Makes a call of a quarantined line: stored, rated and charged as if it had been right at once. */
@Injectable()
export class RetryCdrIssue {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly decks: DeckCache,
  ) {}

  /** @throws AppError resource.not_found, cdr_issue.already_resolved, cdr_issue.wrong_kind, cdr_issue.still_faulty */
  execute(ctx: SystemContext, id: string, correction: Correction): Promise<CdrIssue> {
    return this.db.tx(ctx, (tx) =>
      resolveOnce(tx, ctx, id, 'stored', ['unparseable', 'unattributed'], this.clock.now(), (issue) => this.store(tx, issue, correction)),
    );
  }

  private async store(tx: Tx, issue: CdrIssue, correction: Correction): Promise<Outcome> {
    const now = this.clock.now();
    const sent = mended(correction.line ?? issue.line, correction.tenantId, now);
    const [rating] = await rateCalls(tx, this.decks, [sent.record]);
    const call = identified(issue.edgeId, sent, rating);
    if (!call) throw stillFaulty('there is no such tenant');
    const { fresh, contradicting } = await storeCalls(tx, [call], now);
    if (contradicting.length > 0) throw stillFaulty(`another content is stored as ${toPublicId('cdr', call.id)}`);
    await chargeCalls(tx, fresh, now);
    await announceCalls(tx, fresh);
    return { cdrId: call.id, data: { tenantId: call.record.tenantId, corrected: correction.line !== undefined } };
  }
}

const mended = (line: string, tenantId: string | undefined, now: Date): SentCall => {
  const { calls, rejects, bad } = sortLines([line], now);
  const record = calls[0]?.record ?? rejects[0];
  if (!record) throw stillFaulty(bad[0]?.reason ?? 'it does not tell of the end of a call');
  const [attributed] = tenantId === undefined ? calls : sortLines([encodeCdrLine({ ...record, tenantId })], now).calls;
  if (!attributed) throw stillFaulty('it names no tenant');
  return attributed;
};

const stillFaulty = (reason: string): AppError => new AppError(cdrErrors.stillFaulty, `The line cannot become a call: ${reason}`);
