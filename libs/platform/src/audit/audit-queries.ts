import { Injectable } from '@nestjs/common';
import { decodeCursor, pageOf } from '@trunkline/kernel';
import type { Context, Page, PageQuery } from '@trunkline/kernel';
import { Database, sql } from '../db/database.ts';
import type { Tx } from '../db/database.ts';
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
export type AuditFilter = {
  readonly action?: string | undefined;
  readonly resourceId?: string | undefined;
  readonly actorId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
};
/** `tenantId`: whose chain; by itself that of the context. Only a system context reaches another one. */
export type AuditSearch = AuditFilter & { readonly tenantId?: string | undefined };

const CONDITIONS: Record<keyof AuditFilter, (value: string) => string> = {
  action: (v) => `action = ${v}::text`,
  resourceId: (v) => `resource_id = ${v}::uuid`,
  actorId: (v) => `actor_id = ${v}::text`,
  requestId: (v) => `request_id = ${v}::text`,
  from: (v) => `at >= ${v}::timestamptz`,
  to: (v) => `at < ${v}::timestamptz`,
};
const FILTERS = Object.keys(CONDITIONS) as (keyof AuditFilter)[];

// in the order of the chain, which is that of the commits: `at` is taken a moment before
const list = (used: readonly (keyof AuditFilter)[]) =>
  sql<AuditEntry>(
    ['audit-list', ...used].join('-'),
    `SELECT id, sequence, at, actor_type AS "actorType", actor_id AS "actorId", request_id AS "requestId", source_address AS "sourceAddress", action,
       resource_id AS "resourceId", data, hash
     FROM audit_entry
     WHERE ${[
       'tenant_id = $1',
       'sequence < CASE WHEN $2::uuid IS NULL THEN 9223372036854775807 ELSE (SELECT sequence FROM audit_entry WHERE tenant_id = $1 AND id = $2) END',
       ...used.map((key, i) => CONDITIONS[key](`$${i + 4}`)),
     ].join(' AND ')}
     ORDER BY sequence DESC LIMIT $3`,
  );

@Injectable()
export class AuditQueries {
  constructor(private readonly db: Database) {}

  /** The tenant's chain, or the platform's own for a system context; newest first. @throws AppError request.bad_cursor */
  list(ctx: Context, { limit, cursor, ...search }: PageQuery & AuditSearch): Promise<Page<AuditEntry & { readonly createdAt: Date }>> {
    const after = cursor === undefined ? null : decodeCursor(cursor).id;
    return this.db.read(ctx, async (tx) => {
      const rows = await entriesAfter(tx, ctx, search, after, limit + 1);
      return pageOf(
        rows.map((row) => ({ ...row, createdAt: row.at })),
        limit,
      );
    });
  }

  /** All entries of a search, newest first, piece by piece, each read in a transaction of its own: a slow reader holds no connection. */
  async *pieces(ctx: Context, search: AuditSearch, size: number): AsyncGenerator<readonly AuditEntry[]> {
    for (let after: string | null | undefined = null; after !== undefined;) {
      const from: string | null = after;
      const entries: AuditEntry[] = await this.db.read(ctx, (tx) => entriesAfter(tx, ctx, search, from, size));
      if (entries.length > 0) yield entries;
      after = entries.length === size ? entries.at(-1)?.id : undefined;
    }
  }
}

const entriesAfter = (tx: Tx, ctx: Context, { tenantId, ...filter }: AuditSearch, after: string | null, limit: number) => {
  const used = FILTERS.filter((key) => filter[key] !== undefined);
  return tx.query(list(used), tenantId ?? chainOf(ctx), after, limit, ...used.map((key) => filter[key]));
};
