import { Injectable } from '@nestjs/common';
import { AppError, notFound, pageOf, positionOf } from '@trunkline/kernel';
import type { Page, PageQuery, TenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { cdrErrors } from '../core/errors.ts';
import { listExports, readChunk, readExport } from './call-exports.sql.ts';
import type { CallExport } from './call-exports.sql.ts';

@Injectable()
export class CallExportQueries {
  constructor(private readonly db: Database) {}

  /** Newest first. @throws AppError request.bad_cursor */
  list(ctx: TenantContext, { limit, cursor }: PageQuery): Promise<Page<CallExport>> {
    const after = positionOf(cursor);
    return this.db.read(ctx, async (tx) => pageOf(await listExports(tx, ctx.tenantId, after, limit + 1), limit));
  }

  /** @throws AppError resource.not_found */
  async byId(ctx: TenantContext, id: string): Promise<CallExport> {
    const found = await this.db.read(ctx, (tx) => readExport(tx, ctx.tenantId, id));
    if (!found) throw notFound();
    return found;
  }

  /** A completed export with its bytes, a piece at a time. @throws AppError resource.not_found, call_export.not_ready */
  async file(ctx: TenantContext, id: string): Promise<{ readonly made: CallExport; readonly bytes: AsyncGenerator<Buffer> }> {
    const made = await this.byId(ctx, id);
    if (made.state !== 'completed') throw new AppError(cdrErrors.exportNotReady, `The export is ${made.state}`);
    return { made, bytes: this.bytes(ctx, made) };
  }

  private async *bytes(ctx: TenantContext, made: CallExport): AsyncGenerator<Buffer> {
    let left = Number(made.byteCount);
    for (let position = 0; left > 0; position += 1) {
      const data = await this.db.read(ctx, (tx) => readChunk(tx, ctx.tenantId, made, position));
      if (!data) throw new Error(`export ${made.id} lost its piece ${position}`); // it expired meanwhile: break off, so that nobody takes a part for the whole
      left -= data.length;
      yield data;
    }
  }
}
