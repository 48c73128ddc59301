import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { carrierIds } from '@trunkline/carriers/server';
import { AppError, Clock, systemContext } from '@trunkline/kernel';
import type { SystemContext } from '@trunkline/kernel';
import { Database, Log, audit } from '@trunkline/platform';
import { NumberSheetReader, readHeader } from '../core/number-sheet.ts';
import type { SheetLine, SheetPiece } from '../core/number-sheet.ts';
import { blockOf, recountBlocks } from './inventory.sql.ts';
import { ERRORS_MAX, advanceImport, beginImport, finishImport, readImportChunk } from './number-imports.sql.ts';
import type { NumberImport } from './number-imports.sql.ts';
import { sheetLines } from './read-sheet.ts';
import { storeNumbers } from './store-numbers.ts';

/** Lines of one transaction. Cut off, an import goes on behind the last one that was committed. */
const LINES = 20_000;
/** Lines that are read before others get their turn: the database's answers to what is being stored meanwhile, and other work of the process. */
const LINES_IN_A_TURN = 1_000;
/** Numbers of one import: they are kept in memory, some 100 bytes each, to tell one that is there twice. */
const NUMBERS_MAX = 3_000_000;
const BLOCKS_AT_A_TIME = 5_000;

/** Thrown inside this file only: another run has the import now. */
class TakenOver extends Error {}
/** Thrown inside this file only. */
class TooMany extends Error {}

/** Reads a large sheet into the inventory, piece by piece in transactions of its own. */
@Injectable()
export class RunNumberImport {
  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** @throws what stopped it, so that its job tries again; with `last`, the import has failed instead */
  async execute(id: string, last = true): Promise<void> {
    const ctx = systemContext('number import', `job:number_import:${id}`);
    const begun = await this.db.tx(ctx, (tx) => beginImport(tx, id));
    if (!begun) return;
    try {
      const blocks = await this.read(ctx, begun);
      if (!begun.dryRun) await this.recount(ctx, [...blocks]);
      await this.finish(ctx, begun, 'completed', null);
    } catch (error) {
      if (error instanceof TakenOver) return;
      const reason = reasonOf(error);
      if (reason === undefined && !last) throw error;
      this.log.error({ numberImportId: id, err: error }, 'number import failed');
      await this.finish(ctx, begun, 'failed', reason ?? 'something went wrong on our side');
    }
  }

  /** Each piece is read while the one before it is stored. @returns the blocks that have numbers of the sheet */
  private async read(ctx: SystemContext, begun: NumberImport): Promise<Set<string>> {
    const blocks = new Set<string>();
    let reader: NumberSheetReader | undefined;
    let done = 0;
    let stored: Promise<unknown> = Promise.resolve();
    try {
      for await (const lines of sheetLines(this.bytes(ctx, begun.id), LINES)) {
        if (!reader) {
          const header = lines.shift() as SheetLine;
          reader = new NumberSheetReader(readHeader(header.cells, header.line), await this.db.read(ctx, carrierIds));
        }
        const piece = await readInTurns(reader, lines);
        for (const { e164 } of piece.numbers) blocks.add(blockOf(e164));
        await stored;
        // what the run before has done is read once more, for the numbers that are there twice, and not stored
        if (done + lines.length > begun.linesDone) {
          stored = this.store(ctx, begun, done, lines.length, piece);
          stored.catch(() => {}); // awaited before the next one, or at the end
        }
        done += lines.length;
      }
    } finally {
      await stored;
    }
    return blocks;
  }

  private async store(ctx: SystemContext, begun: NumberImport, done: number, count: number, piece: SheetPiece): Promise<void> {
    await this.db.tx(ctx, async (tx) => {
      const { imported, unchanged } = await storeNumbers(tx, piece.numbers, this.clock.now(), begun.dryRun);
      const counts = { linesDone: done + count, imported, unchanged, refused: piece.refused, errors: piece.errors.slice(0, ERRORS_MAX) };
      if (!(await advanceImport(tx, begun, done, counts))) throw new TakenOver();
    });
  }

  private async recount(ctx: SystemContext, blocks: readonly string[]): Promise<void> {
    const inOrder = blocks.toSorted();
    for (let i = 0; i < inOrder.length; i += BLOCKS_AT_A_TIME)
      await this.db.tx(ctx, (tx) => recountBlocks(tx, inOrder.slice(i, i + BLOCKS_AT_A_TIME)));
  }

  private finish(ctx: SystemContext, begun: NumberImport, state: 'completed' | 'failed', error: string | null): Promise<void> {
    return this.db.tx(ctx, async (tx) => {
      const finished = await finishImport(tx, begun, state, error, this.clock.now());
      if (!finished) return;
      const { imported, unchanged, refused, dryRun } = finished;
      audit(tx, ctx, `number_import.${state}`, begun.id, { imported, unchanged, refused, dryRun });
    });
  }

  private async *bytes(ctx: SystemContext, id: string): AsyncGenerator<Buffer> {
    for (let position = 0; ; position += 1) {
      const data = await this.db.read(ctx, (tx) => readImportChunk(tx, id, position));
      if (!data) return;
      yield data;
    }
  }
}

const readInTurns = async (reader: NumberSheetReader, lines: readonly SheetLine[]): Promise<SheetPiece> => {
  const pieces: SheetPiece[] = [];
  for (let i = 0; i < lines.length; i += LINES_IN_A_TURN) {
    pieces.push(reader.read(lines.slice(i, i + LINES_IN_A_TURN)));
    if (reader.count > NUMBERS_MAX) throw new TooMany();
    await setImmediate();
  }
  return {
    numbers: pieces.flatMap(({ numbers }) => numbers),
    refused: pieces.reduce((sum, { refused }) => sum + refused, 0),
    errors: pieces.flatMap(({ errors }) => errors),
  };
};

/** What is wrong with the sheet, when that is what stopped it. */
const reasonOf = (error: unknown): string | undefined => {
  if (error instanceof TooMany) return `more than ${NUMBERS_MAX} numbers: divide the sheet`;
  return error instanceof AppError ? error.message : undefined;
};
