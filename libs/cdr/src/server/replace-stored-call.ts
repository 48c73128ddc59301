import { Injectable } from '@nestjs/common';
import { AppError, Clock, monthOf } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { charge, creditNote } from '@trunkline/ledger';
import { post } from '@trunkline/ledger/server';
import { Database, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { cdrErrors } from '../core/errors.ts';
import { sortLines } from '../core/sort-lines.ts';
import { sumUsage } from '../core/sum-usage.ts';
import { announceCalls } from './announce-calls.ts';
import type { CdrIssue } from './cdr-issues.sql.ts';
import { insertCdrs } from './cdrs.sql.ts';
import { DeckCache } from './deck-cache.ts';
import { rateCalls } from './rate-calls.ts';
import { resolveOnce } from './resolve-cdr-issue.ts';
import type { Outcome } from './resolve-cdr-issue.ts';
import { charged, identified } from './store-calls.ts';
import type { Call } from './store-calls.ts';

type Replaced = {
  readonly direction: 'outbound' | 'inbound' | 'emergency';
  readonly outcome: string;
  readonly answeredAt: Date | null;
  readonly endedAt: Date;
  readonly sipCode: number;
  readonly contentHash: string;
  readonly currency: string | null;
  readonly amountNanos: bigint | null;
  readonly billedSeconds: number;
};
const remove = sql<Replaced>(
  'cdr-remove',
  `DELETE FROM cdr WHERE tenant_id = $1 AND started_at = $2 AND id = $3
   RETURNING direction, outcome, answered_at AS "answeredAt", ended_at AS "endedAt", sip_code AS "sipCode", content_hash AS "contentHash", currency,
     amount_nanos AS "amountNanos", billed_seconds AS "billedSeconds"`,
);

/**
 * Believes the line that contradicts a stored call: the call's charge is credited whole, the line takes its place and is rated and charged
 * anew, all in one transaction. What was charged first stays in the books, beside its credit.
 */
@Injectable()
export class ReplaceStoredCall {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly decks: DeckCache,
  ) {}

  /** @throws AppError resource.not_found, cdr_issue.already_resolved, cdr_issue.wrong_kind, cdr_issue.still_faulty, cdr_issue.call_gone */
  execute(ctx: SystemContext, id: string, reason: string): Promise<CdrIssue> {
    return this.db.tx(ctx, (tx) =>
      resolveOnce(tx, ctx, id, 'replaced', ['conflict'], this.clock.now(), (issue) => this.replace(tx, issue, reason)),
    );
  }

  private async replace(tx: Tx, issue: CdrIssue, note: string): Promise<Outcome> {
    const now = this.clock.now();
    const [sent] = sortLines([issue.line], now).calls;
    const [rating] = sent ? await rateCalls(tx, this.decks, [sent.record]) : [];
    const call = sent && identified(issue.edgeId, sent, rating);
    if (!call) throw new AppError(cdrErrors.stillFaulty);
    const { tenantId, startedAtMs } = call.record;
    const [before] = await tx.query(remove, tenantId, new Date(startedAtMs), call.id);
    if (!before) throw new AppError(cdrErrors.callGone);
    await insertCdrs(tx, [call], now);
    await post(tx, [...credited(before, tenantId, issue.id, now), ...chargedAnew(call, issue.id, now)]);
    await announceCalls(tx, [call], 'call.corrected');
    const { amountNanos, ...facts } = before;
    return {
      note,
      cdrId: call.id,
      data: { tenantId, before: { ...facts, amountNanos: amountNanos === null ? null : String(amountNanos) } },
    };
  }
}

/** The reference of both postings: one conflict is settled once. */
const referenceOf = (issueId: string): string => `conflict:${issueId}`;

const credited = ({ direction, answeredAt, currency, amountNanos }: Replaced, tenantId: string, issueId: string, at: Date) => {
  if (direction === 'emergency' || answeredAt === null || currency === null || amountNanos === null || amountNanos === 0n) return [];
  const head = { tenantId, currency, month: monthOf(answeredAt).from, postedAt: at, reference: referenceOf(issueId) };
  return [creditNote(`usage_${direction}`, head, amountNanos)];
};

const chargedAnew = (call: Call, issueId: string, at: Date) => {
  const cost = charged(call);
  return sumUsage(cost ? [cost] : []).map(({ kind, tenantId, currency, month, amountNanos, count, seconds }) =>
    charge(kind, { tenantId, currency, month, postedAt: at, reference: referenceOf(issueId) }, amountNanos, { count, seconds }),
  );
};
