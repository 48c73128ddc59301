import { CsvError, parse } from 'csv-parse/sync';
import type { FieldError } from '@trunkline/kernel';
import type { Rate } from './deck.ts';
import { readHeader } from './deck-columns.ts';
import type { DeckColumn, DeckHeader } from './deck-columns.ts';
import { readRow } from './deck-row.ts';
import type { Cells } from './deck-row.ts';

/** A fault of the sheet: `line` counts from 1 as an editor does, `pointer` is `/csv/<line>/<column>`. */
export type DeckCsvError = FieldError & { readonly line: number; readonly column: string };

/** Either rates without a fault, or faults (the first 1,000) and no rates: a sheet is taken whole or not at all. */
export type ParsedDeck = { readonly rates: readonly Rate[]; readonly errors: readonly DeckCsvError[] };

const ERRORS_MAX = 1000;
const RECORD_MAX = 10_000; // characters of one row, over all its lines
const COLUMNS: readonly DeckColumn[] = ['prefix', 'destination', 'rate', 'connect_fee', 'initial', 'increment'];

/** The sign between the headings: a comma, unless the first line has semicolons or tabs instead. */
const delimiterOf = (text: string): string => {
  const header = text.slice(0, text.search(/[\r\n]|$/));
  return [';', '\t'].find((sign) => header.includes(sign)) ?? ',';
};

class DeckReader {
  readonly rates: Rate[] = [];
  readonly errors: DeckCsvError[] = [];
  private readonly lineOf = new Map<string, number>();
  private header: DeckHeader | undefined;

  row(cells: readonly string[], line: number): void {
    if (!this.header) return this.readHeader(cells, line);
    if (this.header.faults.length > 0 || this.errors.length >= ERRORS_MAX) return;
    const { width } = this.header;
    if (cells.length !== width) {
      return this.fail(
        line,
        '',
        'column_count',
        `${cells.length} cells, but ${width} headings; is there a comma inside a price or a name?`,
      );
    }
    const { rate, faults } = readRow(this.pick(cells, this.header));
    for (const { column, code, detail } of faults) this.fail(line, column, code, detail);
    if (!faults.some(({ column }) => column === 'prefix')) this.refuseTwin(rate.prefix, line);
    this.rates.push(rate);
  }

  fail(line: number, column: string, code: string, detail: string): void {
    this.errors.push({ line, column, pointer: `/csv/${line}${column && `/${column}`}`, code, detail });
  }

  private readHeader(cells: readonly string[], line: number): void {
    this.header = readHeader(cells);
    for (const { column, code, detail } of this.header.faults) this.fail(line, column, code, detail);
  }

  private pick(cells: readonly string[], { positions }: DeckHeader): Cells {
    return Object.fromEntries(COLUMNS.map((column) => [column, cells[positions[column] ?? -1]?.trim() ?? ''])) as Cells;
  }

  private refuseTwin(prefix: string, line: number): void {
    const first = this.lineOf.get(prefix);
    if (first === undefined) this.lineOf.set(prefix, line);
    else this.fail(line, 'prefix', 'duplicate', `Prefix ${prefix} is already on line ${first}`);
  }
}

/**
 * Reads a rate sheet: comma, semicolon or tab separated, with a header row (aliases in `deck-columns.ts`), with or without a byte order mark.
 * Needed are `prefix` and `rate` (per minute); `connect_fee` defaults to 0, `initial` and `increment` to 60. Never throws for what is in the text.
 */
export const parseDeckCsv = (text: string): ParsedDeck => {
  const reader = new DeckReader();
  const sheet = text.replace(/^\ufeff/, '');
  try {
    parse(sheet, {
      delimiter: delimiterOf(sheet),
      relax_column_count: true, // counted here, with a sentence that helps
      skip_empty_lines: true,
      max_record_size: RECORD_MAX,
      on_record: (cells: string[], { lines }) => {
        reader.row(cells, lines);
        return null; // kept as a Rate already
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    reader.fail(Number(error.lines ?? 1), '', 'csv', error.message);
  }
  if (reader.rates.length === 0 && reader.errors.length === 0) reader.fail(1, '', 'empty', 'The sheet has no rates');
  return reader.errors.length > 0 ? { rates: [], errors: reader.errors.slice(0, ERRORS_MAX) } : { rates: reader.rates, errors: [] };
};
