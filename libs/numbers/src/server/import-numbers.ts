import { Injectable } from '@nestjs/common';
import { carrierIds } from '@trunkline/carriers/server';
import { Clock, newId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, PLATFORM_TENANT_ID, audit, publish } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { NumberSheetReader, parseNumberSheet } from '../core/number-sheet.ts';
import { blockOf, recountBlocks } from './inventory.sql.ts';
import { ERRORS_MAX, insertImport, insertImportChunk } from './number-imports.sql.ts';
import type { ImportCounts, NumberImport } from './number-imports.sql.ts';
import { storeNumbers } from './store-numbers.ts';

export const IMPORT_REQUESTED = 'number_import.requested';

/** Sheets up to this size are imported while their sender waits, whole or not at all; larger ones by a job. */
export const AT_ONCE_BYTES = 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;
const HEADER_CHARS = 10_000;

/** Adds a sheet of numbers to the inventory, line by line: what is good goes in, what is bad is reported. */
@Injectable()
export class ImportNumbers {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** With `dryRun` a large sheet is read by its job, and nothing of it stored; a small one is tried by whoever undoes the transaction. @throws AppError number_import.sheet_invalid */
  execute(ctx: SystemContext, csv: string, dryRun = false): Promise<NumberImport> {
    const bytes = Buffer.from(csv);
    const fresh: NumberImport = {
      ...{ id: newId(), state: 'pending', dryRun, run: 0, byteCount: bytes.length, createdAt: this.clock.now(), finishedAt: null },
      ...{ linesDone: 0, imported: 0, unchanged: 0, refused: 0, errors: [], error: null },
    };
    if (bytes.length <= AT_ONCE_BYTES) return this.db.tx(ctx, (tx) => this.atOnce(tx, ctx, fresh, csv));
    parseNumberSheet(firstLines(csv)); // a strange header is refused at once
    // a job that tries must outlive the transaction that is undone
    return dryRun ? this.db.alone(ctx, (tx) => this.later(tx, ctx, fresh, bytes)) : this.db.tx(ctx, (tx) => this.later(tx, ctx, fresh, bytes));
  }

  private async atOnce(tx: Tx, ctx: SystemContext, fresh: NumberImport, csv: string): Promise<NumberImport> {
    const { columns, lines } = parseNumberSheet(csv);
    const piece = new NumberSheetReader(columns, await carrierIds(tx)).read(lines);
    const { imported, unchanged } = await storeNumbers(tx, piece.numbers, fresh.createdAt);
    await recountBlocks(tx, [...new Set(piece.numbers.map((n) => blockOf(n.e164)))]);
    const counts: ImportCounts = { linesDone: lines.length, imported, unchanged, refused: piece.refused, errors: piece.errors.slice(0, ERRORS_MAX) };
    const done: NumberImport = { ...fresh, ...counts, state: 'completed', finishedAt: fresh.createdAt };
    await insertImport(tx, done);
    audit(tx, ctx, 'number_import.done', fresh.id, { imported, unchanged, refused: piece.refused });
    return done;
  }

  private async later(tx: Tx, ctx: SystemContext, fresh: NumberImport, bytes: Buffer): Promise<NumberImport> {
    await insertImport(tx, fresh);
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES)
      await insertImportChunk(tx, fresh.id, at / CHUNK_BYTES, bytes.subarray(at, at + CHUNK_BYTES));
    audit(tx, ctx, 'number_import.created', fresh.id, { byteCount: bytes.length, dryRun: fresh.dryRun });
    publish(tx, { type: IMPORT_REQUESTED, tenantId: PLATFORM_TENANT_ID, data: { numberImportId: fresh.id } });
    return fresh;
  }
}

/** The header and a line of it: enough to see that it is a sheet of numbers. */
const firstLines = (csv: string): string => `${csv.slice(0, HEADER_CHARS).split(/\r?\n|\r/).find(Boolean) ?? ''}\n+12025550123\n`;
