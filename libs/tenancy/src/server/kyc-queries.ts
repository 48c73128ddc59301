import { Injectable } from '@nestjs/common';
import { Clock, notFound, pageOf, positionOf } from '@trunkline/kernel';
import type { Context, Page, PageQuery, SystemContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { listDocuments, listFiles, readFile } from './kyc.sql.ts';
import type { KycDocument, TenantsFile } from './kyc.sql.ts';

export type WholeFile = TenantsFile & { readonly documents: readonly KycDocument[] };

const tenantFound = sql<{ id: string }>('kyc-tenant', `SELECT id FROM tenant WHERE id = $1`);

@Injectable()
export class KycQueries {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** A tenant's file with its documents; an empty one when it never said anything. @throws AppError resource.not_found */
  file(ctx: Context, tenantId: string): Promise<WholeFile> {
    return this.db.read(ctx, async (tx) => {
      if ((await tx.query(tenantFound, tenantId)).length === 0) throw notFound();
      return { ...(await readFile(tx, tenantId, this.clock.now())), documents: await listDocuments(tx, tenantId) };
    });
  }

  /** Files of all tenants, without their documents. @throws AppError request.bad_cursor */
  list(ctx: SystemContext, { limit, cursor, state }: PageQuery & { readonly state?: string | undefined }): Promise<Page<TenantsFile>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => {
      const files = await listFiles(tx, state ?? null, after, limit + 1);
      return pageOf(
        files.map((file) => ({ ...file, id: file.tenantId })),
        limit,
      );
    });
  }
}
