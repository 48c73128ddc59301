import { Injectable } from '@nestjs/common';
import { pageOf, positionOf } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { listTestCalls, readTestCall } from './test-calls.sql.ts';
import type { TestCall } from './test-calls.sql.ts';

@Injectable()
export class TestCallQueries {
  constructor(private readonly db: Database) {}

  list(ctx: TenantContext, { limit, cursor, trunkId }: PageQuery & { readonly trunkId?: string | undefined }): Promise<Page<TestCall>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await listTestCalls(tx, ctx.tenantId, after, limit + 1, trunkId), limit));
  }

  /** @throws AppError resource.not_found */
  byId(ctx: TenantContext, id: string): Promise<TestCall> {
    return this.db.read(ctx, (tx) => readTestCall(tx, ctx.tenantId, id));
  }
}
