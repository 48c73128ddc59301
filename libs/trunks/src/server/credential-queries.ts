import { Injectable } from '@nestjs/common';
import { notFound, pageOf, positionOf } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import type { CredentialOwner } from './credential-owner.ts';
import { listOfLists, listOfTrunks, readCredential } from './credentials.sql.ts';
import type { Credential } from './credentials.sql.ts';
import { credentialListRows } from './lists.sql.ts';
import { readTrunk } from './trunks.sql.ts';

/** Pages by the id of their trunk or list; one without credentials is not among them. */
export type CredentialPages = ReadonlyMap<string, Page<Credential>>;
export const NO_CREDENTIALS: Page<Credential> = { data: [], nextCursor: null };

/** Digest users of trunks and of lists, revoked ones too, the newest first. */
@Injectable()
export class CredentialQueries {
  constructor(private readonly db: Database) {}

  /** @throws AppError resource.not_found */
  ofTrunk(ctx: TenantContext, trunkId: string, query: PageQuery): Promise<Page<Credential>> {
    return this.db.read(ctx, async (tx) => {
      await readTrunk(tx, ctx.tenantId, trunkId);
      return (await this.ofTrunks(ctx, [trunkId], query)).get(trunkId) ?? NO_CREDENTIALS;
    });
  }

  /** @throws AppError resource.not_found */
  ofList(ctx: TenantContext, listId: string, query: PageQuery): Promise<Page<Credential>> {
    return this.db.read(ctx, async (tx) => {
      await credentialListRows.read(tx, ctx.tenantId, listId);
      return (await this.ofLists(ctx, [listId], query)).get(listId) ?? NO_CREDENTIALS;
    });
  }

  /** The first of each of these trunks after the same position. */
  async ofTrunks(ctx: TenantContext, trunkIds: readonly string[], { limit, cursor }: PageQuery): Promise<CredentialPages> {
    const after = positionOf(cursor);
    const rows = await this.db.read(ctx, (tx) => listOfTrunks(tx, ctx.tenantId, trunkIds, after, limit + 1));
    return paged(rows, limit, ({ trunkId }) => trunkId);
  }

  /** The first of each of these lists after the same position. */
  async ofLists(ctx: TenantContext, listIds: readonly string[], { limit, cursor }: PageQuery): Promise<CredentialPages> {
    const after = positionOf(cursor);
    const rows = await this.db.read(ctx, (tx) => listOfLists(tx, ctx.tenantId, listIds, after, limit + 1));
    return paged(rows, limit, ({ credentialListId }) => credentialListId);
  }

  /** @throws AppError resource.not_found */
  byId(ctx: TenantContext, owner: CredentialOwner, id: string): Promise<Credential> {
    return this.db.read(ctx, async (tx) => {
      const credential = await readCredential(tx, ctx.tenantId, owner, id);
      if (!credential) throw notFound();
      return credential;
    });
  }
}

const paged = (rows: readonly Credential[], limit: number, ownerOf: (credential: Credential) => string | null): CredentialPages =>
  new Map([...Map.groupBy(rows, (one) => ownerOf(one) ?? '')].map(([owner, own]) => [owner, pageOf(own, limit)]));
