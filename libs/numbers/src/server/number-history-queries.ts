import { Injectable } from '@nestjs/common';
import { notFound, pageOf, positionOf } from '@trunkline/kernel';
import type { Context, E164, Page, PageQuery, SystemContext, TenantContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';

export type NumberHistoryEntry = {
  readonly id: string;
  readonly tenantId: string;
  readonly e164: E164;
  readonly numberId: string;
  readonly action: string;
  readonly trunkId: string | null;
  readonly createdAt: Date;
};

const COLUMNS = `id, tenant_id AS "tenantId", e164, number_id AS "numberId", action, trunk_id AS "trunkId", at AS "createdAt"`;
const AFTER = `(at, id) < ($2::timestamptz, $3::uuid) ORDER BY at DESC, id DESC LIMIT $4`;
const ofNumber = sql<NumberHistoryEntry>('number-history-of', `SELECT ${COLUMNS} FROM number_history WHERE number_id = $1 AND ${AFTER}`);
const ofE164 = sql<NumberHistoryEntry>('number-history-of-e164', `SELECT ${COLUMNS} FROM number_history WHERE e164 = $1 AND ${AFTER}`);
/** Who had a number when, the newest first. */
@Injectable()
export class NumberHistoryQueries {
  constructor(private readonly db: Database) {}

  /** What happened to a number while it was the tenant's, also when it is no more. @throws AppError resource.not_found */
  async ofNumber(ctx: TenantContext, numberId: string, page: PageQuery): Promise<Page<NumberHistoryEntry>> {
    const found = await this.read(ctx, ofNumber, numberId, page);
    if (found.data.length === 0 && page.cursor === undefined) throw notFound(); // every number has a first entry
    return found;
  }

  /** Everybody who ever had a number. */
  ofE164(ctx: SystemContext, e164: E164, page: PageQuery): Promise<Page<NumberHistoryEntry>> {
    return this.read(ctx, ofE164, e164, page);
  }

  private read(ctx: Context, statement: typeof ofNumber, of: string, { limit, cursor }: PageQuery): Promise<Page<NumberHistoryEntry>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await tx.query(statement, of, after.createdAt, after.id, limit + 1), limit));
  }
}
