import { Injectable } from '@nestjs/common';
import { decodeCursor, pageOf } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { InboundGroup } from '../core/inbound-group.ts';
import { listGroups, readGroup } from './inbound-groups.sql.ts';

const NEWEST = { createdAt: 'infinity', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

@Injectable()
export class InboundGroupQueries {
  constructor(private readonly db: Database) {}

  list(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<InboundGroup>> {
    const after = cursor === undefined ? NEWEST : decodeCursor(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await listGroups(tx, ctx.tenantId, after, limit + 1), limit));
  }

  /** @throws AppError resource.not_found */
  byId(ctx: TenantContext, id: string): Promise<InboundGroup> {
    return this.db.read(ctx, (tx) => readGroup(tx, ctx.tenantId, id));
  }
}
