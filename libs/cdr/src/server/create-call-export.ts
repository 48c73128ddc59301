import { Injectable } from '@nestjs/common';
import { AppError, Clock, newId } from '@trunkline/kernel';
import type { TenantContext } from '@trunkline/kernel';
import { Database, audit, publish } from '@trunkline/platform';
import { cdrErrors } from '../core/errors.ts';
import { insertExport, openExports } from './call-exports.sql.ts';
import type { CallExport } from './call-exports.sql.ts';
import type { FileFormat } from './call-file.ts';
import type { CallSearch } from './call-queries.ts';

export const EXPORT_REQUESTED = 'call_export.requested';

/** Exports of one tenant that may wait or run at a time. */
const OPEN_MAX = 5;
const KEPT_MS = 7 * 86_400_000;

/** Asks for a file of calls. A job makes it; the tenant hears of it by event, or asks. */
@Injectable()
export class CreateCallExport {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError call_export.too_many */
  execute(ctx: TenantContext, format: FileFormat, search: CallSearch): Promise<CallExport> {
    return this.db.tx(ctx, async (tx) => {
      if ((await openExports(tx, ctx.tenantId)) >= OPEN_MAX) throw new AppError(cdrErrors.tooManyExports);
      const createdAt = this.clock.now();
      const fresh = { id: newId(), format, filter: kept(search), createdAt, expiresAt: new Date(createdAt.getTime() + KEPT_MS) };
      await insertExport(tx, ctx.tenantId, fresh);
      audit(tx, ctx, 'call_export.created', fresh.id, { format, filter: fresh.filter });
      publish(tx, { type: EXPORT_REQUESTED, tenantId: ctx.tenantId, data: { callExportId: fresh.id } });
      return { ...fresh, state: 'pending', run: 0, rowCount: null, byteCount: null, sha256: null, error: null, finishedAt: null };
    });
  }
}

const kept = (search: CallSearch): Record<string, string | number> =>
  Object.fromEntries(
    Object.entries(search).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value instanceof Date ? value.toISOString() : value]],
    ),
  );
