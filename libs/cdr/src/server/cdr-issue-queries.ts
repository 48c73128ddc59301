import { Injectable } from '@nestjs/common';
import { decodeCursor, pageOf } from '@trunkline/kernel';
import type { Page, PageQuery, SystemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { IssueKind } from './cdr-issues.sql.ts';

/** A quarantined line. */
export type CdrIssue = {
  readonly id: string;
  readonly edgeId: string;
  readonly kind: IssueKind;
  readonly line: string;
  readonly reason: string;
  readonly receivedAt: Date;
};

@Injectable()
export class CdrIssueQueries {
  constructor(private readonly db: Database) {}

  /** Newest first. @throws AppError request.bad_cursor */
  list(ctx: SystemContext, { limit, cursor, kind }: PageQuery & { readonly kind?: IssueKind | undefined }): Promise<Page<CdrIssue>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const older = after ? { OR: [{ receivedAt: { lt: after.createdAt } }, { receivedAt: after.createdAt, id: { lt: after.id } }] } : {};
    return this.db.read(ctx, async ({ prisma }) => {
      const where = { ...older, ...(kind && { kind }) };
      const rows = await prisma.cdrIssue.findMany({ where, orderBy: [{ receivedAt: 'desc' }, { id: 'desc' }], take: limit + 1 });
      return pageOf(
        rows.map((row) => ({ ...row, kind: row.kind as IssueKind, createdAt: row.receivedAt })),
        limit,
      );
    });
  }
}
