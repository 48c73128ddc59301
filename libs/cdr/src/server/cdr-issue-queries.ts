import { Injectable } from '@nestjs/common';
import { notFound, pageOf, positionOf } from '@trunkline/kernel';
import type { Page, PageQuery, SystemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { listIssues, readIssue } from './cdr-issues.sql.ts';
import type { CdrIssue, IssueFilter } from './cdr-issues.sql.ts';

@Injectable()
export class CdrIssueQueries {
  constructor(private readonly db: Database) {}

  /** Newest first. @throws AppError request.bad_cursor */
  list(ctx: SystemContext, { limit, cursor, ...filter }: PageQuery & IssueFilter): Promise<Page<CdrIssue & { readonly createdAt: Date }>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => {
      const rows = await listIssues(tx, filter, after, limit + 1);
      return pageOf(
        rows.map((row) => ({ ...row, createdAt: row.receivedAt })),
        limit,
      );
    });
  }

  /** @throws AppError resource.not_found */
  async byId(ctx: SystemContext, id: string): Promise<CdrIssue> {
    const issue = await this.db.read(ctx, (tx) => readIssue(tx, id));
    if (!issue) throw notFound();
    return issue;
  }
}
