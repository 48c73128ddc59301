import { Injectable } from '@nestjs/common';
import { pageOf, positionOf } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { credentialListRows, ipListRows } from './lists.sql.ts';
import type { CredentialList, IpList } from './lists.sql.ts';

/** Lists that trunks use, the newest first. */
@Injectable()
export class ListQueries {
  constructor(private readonly db: Database) {}

  ipLists(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<IpList>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await ipListRows.page(tx, ctx.tenantId, after, limit + 1), limit));
  }

  credentialLists(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<CredentialList>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await credentialListRows.page(tx, ctx.tenantId, after, limit + 1), limit));
  }

  /** @throws AppError resource.not_found */
  ipList(ctx: TenantContext, id: string): Promise<IpList> {
    return this.db.read(ctx, (tx) => ipListRows.read(tx, ctx.tenantId, id));
  }

  /** @throws AppError resource.not_found */
  credentialList(ctx: TenantContext, id: string): Promise<CredentialList> {
    return this.db.read(ctx, (tx) => credentialListRows.read(tx, ctx.tenantId, id));
  }
}
