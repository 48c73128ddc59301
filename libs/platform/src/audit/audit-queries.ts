import { Injectable } from '@nestjs/common';
import { decodeCursor, pageOf } from '@trunkline/kernel';
import type { Context, Page, PageQuery } from '@trunkline/kernel';
import { Database, sql } from '../db/database.ts';
import { chainOf } from './audit.ts';

export type AuditEntry = {
  readonly id: string;
  readonly sequence: bigint;
  readonly at: Date;
  readonly actorType: string;
  readonly actorId: string;
  readonly requestId: string;
  readonly sourceAddress: string;
  readonly action: string;
  readonly resourceId: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly hash: Buffer;
};
export type AuditFilter = PageQuery & {
  readonly action?: string | undefined;
  readonly resourceId?: string | undefined;
  readonly actorId?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
};

// in the order of the chain, which is that of the commits: `at` is taken a moment before
const list = sql<AuditEntry>(
  'audit-list',
  `SELECT id, sequence, at, actor_type AS "actorType", actor_id AS "actorId", request_id AS "requestId", source_address AS "sourceAddress", action,
     resource_id AS "resourceId", data, hash
   FROM audit_entry
   WHERE tenant_id = $1 AND sequence < CASE WHEN $2::uuid IS NULL THEN 9223372036854775807 ELSE (SELECT sequence FROM audit_entry WHERE tenant_id = $1 AND id = $2) END
     AND ($3::text IS NULL OR action = $3) AND ($4::uuid IS NULL OR resource_id = $4) AND ($5::text IS NULL OR actor_id = $5)
     AND ($6::timestamptz IS NULL OR at >= $6) AND ($7::timestamptz IS NULL OR at < $7)
   ORDER BY sequence DESC LIMIT $8`,
);

@Injectable()
export class AuditQueries {
  constructor(private readonly db: Database) {}

  /** The tenant's chain, or the platform's own for a system context; newest first. @throws AppError request.bad_cursor */
  list(ctx: Context, { limit, cursor, ...filter }: AuditFilter): Promise<Page<AuditEntry & { readonly createdAt: Date }>> {
    const tenantId = chainOf(ctx);
    const after = cursor === undefined ? null : decodeCursor(cursor).id;
    const optional = [filter.action, filter.resourceId, filter.actorId, filter.from, filter.to].map((value) => value ?? null);
    return this.db.read(ctx, async (tx) => {
      const rows = await tx.query(list, tenantId, after, ...optional, limit + 1);
      return pageOf(
        rows.map((row) => ({ ...row, createdAt: row.at })),
        limit,
      );
    });
  }
}
