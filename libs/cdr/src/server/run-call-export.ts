import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, tenantContext } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, Log, publish } from '@trunkline/platform';
import { appendChunk, beginExport, finishExport } from './call-exports.sql.ts';
import type { CallExport, ExportResult } from './call-exports.sql.ts';
import { callFile } from './call-file.ts';
import { CallQueries } from './call-queries.ts';
import type { CallSearch, StoredCall } from './call-queries.ts';

/** Rows of one piece of the file: about 400 kB. */
const PIECE = 2_000;
const ROWS_MAX = 5_000_000;

/** Thrown inside this file only. */
class TooMany extends Error {}

/** Makes the file of an export, piece by piece in transactions of its own. Run again after it was cut off, it begins anew. */
@Injectable()
export class RunCallExport {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly calls: CallQueries,
  ) {}

  /** @throws what stopped it, so that its job tries again; with `last`, the export has failed instead */
  async execute(tenantId: string, id: string, last = true): Promise<void> {
    const ctx = tenantContext(tenantId, { type: 'system', id: 'call export' }, `job:call_export:${id}`);
    const begun = await this.db.tx(ctx, (tx) => beginExport(tx, tenantId, id));
    if (!begun) return;
    try {
      await this.finish(ctx, begun, await this.write(ctx, begun));
    } catch (error) {
      if (!(error instanceof TooMany) && !last) throw error;
      this.log.error({ tenantId, callExportId: id, err: error }, 'call export failed');
      const reason = error instanceof TooMany ? `more than ${ROWS_MAX} calls: narrow the search` : 'something went wrong on our side';
      await this.finish(ctx, begun, { state: 'failed', rowCount: null, byteCount: null, sha256: null, error: reason });
    }
  }

  private async write(ctx: TenantContext, begun: CallExport): Promise<ExportResult> {
    const hash = createHash('sha256');
    let rowCount = 0;
    let byteCount = 0;
    let position = 0;
    const counted = async function* (pieces: AsyncIterable<readonly StoredCall[]>) {
      for await (const piece of pieces) {
        rowCount += piece.length;
        if (rowCount > ROWS_MAX) throw new TooMany();
        yield piece;
      }
    };
    for await (const data of callFile(begun.format, counted(this.calls.pieces(ctx, searchOf(begun), PIECE)))) {
      hash.update(data);
      byteCount += data.length;
      await this.db.tx(ctx, (tx) => appendChunk(tx, ctx.tenantId, begun, position, data));
      position += 1;
    }
    return { state: 'completed', rowCount, byteCount, sha256: hash.digest(), error: null };
  }

  private finish(ctx: TenantContext, begun: CallExport, result: ExportResult): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const ours = await finishExport(tx, ctx.tenantId, begun, result, this.clock.now());
      if (!ours) return;
      const data = { callExportId: begun.id, rowCount: result.rowCount };
      publish(tx, { type: `call_export.${result.state}`, tenantId: ctx.tenantId, data });
    });
  }
}

/** The search as it was asked, with the default window of that time. */
const searchOf = ({ filter, createdAt }: CallExport): CallSearch => {
  const date = (value: unknown) => (typeof value === 'string' ? new Date(value) : undefined);
  return { ...filter, from: date(filter['from']), to: date(filter['to']) ?? new Date(createdAt) };
};
