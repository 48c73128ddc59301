import { Injectable } from '@nestjs/common';
import { pageOf, positionOf } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { InboundGroup } from '../core/inbound-group.ts';
import { listGroups, readGroup } from './inbound-groups.sql.ts';

@Injectable()
export class InboundGroupQueries {
  constructor(private readonly db: Database) {}

  list(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<InboundGroup>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await listGroups(tx, ctx.tenantId, after, limit + 1), limit));
  }

  /** @throws AppError resource.not_found */
  byId(ctx: TenantContext, id: string): Promise<InboundGroup> {
    return this.db.read(ctx, (tx) => readGroup(tx, ctx.tenantId, id));
  }
}
