import { Injectable } from '@nestjs/common';
import { carrierIds } from '@trunkline/carriers/server';
import { Clock, newId } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, audit, sql } from '@trunkline/platform';
import type { Tx } from '@trunkline/platform';
import { NumberSheetReader, parseNumberSheet } from '../core/number-sheet.ts';
import type { LineError, NumberSheet } from '../core/number-sheet.ts';
import { insertNumbers } from './inventory.sql.ts';

/** `unchanged`: good lines whose number was there already. `refused`: bad lines, of which `errors` explains the first ones. */
export type NumberImport = {
  readonly id: string; // uuid, found again in the audit trail
  readonly imported: number;
  readonly unchanged: number;
  readonly refused: number;
  readonly errors: readonly LineError[];
};

const CHUNK = 2_000;
const ERRORS_MAX = 1_000;
// two imports of the same numbers in another order would wait for each other in a circle
const oneAtATime = sql('inventory-import-lock', `SELECT pg_advisory_xact_lock(hashtextextended('number_inventory.import', 0))`);

/** Adds a sheet of numbers to the inventory, line by line: what is good goes in, what is bad is reported. */
@Injectable()
export class ImportNumbers {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError number_import.sheet_invalid */
  execute(ctx: SystemContext, csv: string): Promise<NumberImport> {
    const sheet = parseNumberSheet(csv);
    return this.db.tx(ctx, async (tx) => {
      const result = { id: newId(), ...(await this.store(tx, sheet)) };
      const { imported, unchanged, refused } = result;
      audit(tx, ctx, 'number_import.done', result.id, { imported, unchanged, refused });
      return result;
    });
  }

  private async store(tx: Tx, { columns, lines }: NumberSheet): Promise<Omit<NumberImport, 'id'>> {
    await tx.query(oneAtATime);
    const reader = new NumberSheetReader(columns, await carrierIds(tx));
    const now = this.clock.now();
    const errors: LineError[] = [];
    let [imported, good] = [0, 0];
    for (let i = 0; i < lines.length; i += CHUNK) {
      const piece = reader.read(lines.slice(i, i + CHUNK));
      errors.push(...piece.errors.slice(0, ERRORS_MAX - errors.length));
      good += piece.numbers.length;
      imported += await insertNumbers(tx, piece.numbers, now); // awaited: other requests get their turn between the pieces
    }
    return { imported, unchanged: good - imported, refused: lines.length - good, errors };
  }
}
