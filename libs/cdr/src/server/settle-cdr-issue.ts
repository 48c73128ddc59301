import { Injectable } from '@nestjs/common';
import { Clock } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { ISSUE_KINDS } from './cdr-issues.sql.ts';
import type { CdrIssue } from './cdr-issues.sql.ts';
import { resolveOnce } from './resolve-cdr-issue.ts';

/** Ends an issue without making a call of its line. */
@Injectable()
export class SettleCdrIssue {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** What was stored first is right. @throws AppError resource.not_found, cdr_issue.already_resolved, cdr_issue.wrong_kind */
  keep(ctx: SystemContext, id: string, reason: string): Promise<CdrIssue> {
    return this.db.tx(ctx, (tx) =>
      resolveOnce(tx, ctx, id, 'kept', ['conflict'], this.clock.now(), () => Promise.resolve({ note: reason })),
    );
  }

  /** Nothing will become of the line. @throws AppError resource.not_found, cdr_issue.already_resolved */
  discard(ctx: SystemContext, id: string, reason: string): Promise<CdrIssue> {
    return this.db.tx(ctx, (tx) =>
      resolveOnce(tx, ctx, id, 'discarded', ISSUE_KINDS, this.clock.now(), () => Promise.resolve({ note: reason })),
    );
  }
}
