import { Injectable } from '@nestjs/common';
import { decodeCursor, pageOf } from '@trunkline/kernel';
import type { Page, PageQuery, SystemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { NEWEST, listUnrated } from './unrated.sql.ts';
import type { Position, UnratedFilter, WaitingCall } from './unrated.sql.ts';

@Injectable()
export class UnratedCallQueries {
  constructor(private readonly db: Database) {}

  /** Newest first. @throws AppError request.bad_cursor */
  list(
    ctx: SystemContext,
    { limit, cursor, ...filter }: PageQuery & UnratedFilter,
  ): Promise<Page<WaitingCall & { readonly createdAt: Date }>> {
    const after: Position = cursor === undefined ? NEWEST : positionOf(cursor);
    return this.db.read(ctx, async (tx) => {
      const rows = await listUnrated(tx, filter, after, limit + 1);
      return pageOf(
        rows.map((row) => ({ ...row, createdAt: row.startedAt })),
        limit,
      );
    });
  }
}

const positionOf = (cursor: string): Position => {
  const { createdAt, id } = decodeCursor(cursor);
  return { startedAt: createdAt, id };
};
