import { Injectable } from '@nestjs/common';
import { notFound, pageOf, positionOf } from '@trunkline/kernel';
import type { Page, PageQuery, SystemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { listImports, readImport } from './number-imports.sql.ts';
import type { NumberImport } from './number-imports.sql.ts';

@Injectable()
export class NumberImportQueries {
  constructor(private readonly db: Database) {}

  /** Newest first. @throws AppError request.bad_cursor */
  list(ctx: SystemContext, { limit, cursor }: PageQuery): Promise<Page<NumberImport>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await listImports(tx, after, limit + 1), limit));
  }

  /** @throws AppError resource.not_found */
  async byId(ctx: SystemContext, id: string): Promise<NumberImport> {
    const found = await this.db.read(ctx, (tx) => readImport(tx, id));
    if (!found) throw notFound();
    return found;
  }
}
