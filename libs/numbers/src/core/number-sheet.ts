import { AppError, plainCell } from '@trunkline/kernel';
import type { E164 } from '@trunkline/kernel';
import { CsvError, parse } from 'csv-parse/sync';
import { numberErrors } from './errors.ts';
import { NUMBER_COLUMNS, readNumberRow } from './number-row.ts';
import type { InventoryNumber, NumberCells, NumberColumn } from './number-row.ts';

/** One fault of one line; lines count from 1 as an editor does, the header is one of them. `column` is '' when the whole line is at fault. */
export type LineError = { readonly line: number; readonly column: string; readonly code: string; readonly detail: string };

export type SheetLine = { readonly line: number; readonly cells: readonly string[] };
/** What some lines of a sheet came to. */
export type SheetPiece = { readonly numbers: InventoryNumber[]; readonly refused: number; readonly errors: LineError[] };
export type NumberSheet = { readonly columns: readonly NumberColumn[]; readonly lines: readonly SheetLine[] };

/** How a sheet is read, wherever it is: comma, semicolon or tab separated, with or without a byte order mark. */
export const SHEET_OPTIONS = {
  bom: true,
  delimiter: [',', ';', '\t'],
  relax_column_count: true, // a line with too few cells is that line's fault alone
  skip_empty_lines: true,
  max_record_size: 10_000, // characters of one row, over all its lines
};

const broken = (line: number, column: string, code: string, detail: string): AppError =>
  new AppError(numberErrors.sheetInvalid, `Line ${line}: ${detail}`, {
    errors: [{ pointer: `/csv/${line}${column && `/${column}`}`, code, detail }],
  });

// a quote that never closes is noticed at the end of the text: what helps is the line behind the last good one, where it opens
export const brokenCsv = (error: CsvError, lastGood: number, linesBefore = 0): AppError =>
  error.code === 'CSV_QUOTE_NOT_CLOSED'
    ? broken(lastGood + 1, '', 'csv', 'A quote opens here and never closes')
    : broken(linesBefore + Number(error['lines'] ?? 1), '', 'csv', error.message);

export const readHeader = (cells: readonly string[], line: number): NumberColumn[] => {
  const columns = cells.map((cell) => cell.trim().toLowerCase());
  for (const [i, column] of columns.entries()) {
    if (!NUMBER_COLUMNS.includes(column as NumberColumn))
      throw broken(line, column, 'unknown_column', `There is no column ${JSON.stringify(column)}; there are ${NUMBER_COLUMNS.join(', ')}`);
    if (columns.indexOf(column) < i) throw broken(line, column, 'duplicate_column', `The column ${column} is there twice`);
  }
  if (!columns.includes('number'))
    throw broken(line, 'number', 'missing_column', 'The first line must name the columns, among them number');
  return columns as NumberColumn[];
};

/**
 * Splits a sheet into lines, with a header row in any order.
 * @throws AppError number_import.sheet_invalid with the line, when it is no such sheet as a whole: a quote that never closes, a strange header
 */
export const parseNumberSheet = (text: string): NumberSheet => {
  const lines: SheetLine[] = [];
  try {
    parse(text, {
      ...SHEET_OPTIONS,
      on_record: (cells: string[], info) => {
        lines.push({ line: info.lines, cells });
        return null; // kept already
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw brokenCsv(error, lines.at(-1)?.line ?? 0);
  }
  const [header, ...rest] = lines;
  if (!header || rest.length === 0) throw broken(1, '', 'empty', 'The sheet has no numbers');
  return { columns: readHeader(header.cells, header.line), lines: rest };
};

/** Reads a sheet's lines piece by piece, so that a long one can be stored as it is read. Bad lines never stop good ones. */
export class NumberSheetReader {
  private readonly lineOf = new Map<string, number>(); // numbers as keys beyond 32 bits would all have one hash
  private readonly places: readonly (readonly [NumberColumn, number])[]; // each column, and where a line has it
  private readonly width: number;
  private readonly carriers: ReadonlySet<string>;

  constructor(columns: readonly NumberColumn[], carriers: ReadonlySet<string>) {
    this.places = NUMBER_COLUMNS.map((column) => [column, columns.indexOf(column)]);
    this.width = columns.length;
    this.carriers = carriers;
  }

  /** How many good numbers were read so far. */
  get count(): number {
    return this.lineOf.size;
  }

  read(lines: readonly SheetLine[]): SheetPiece {
    const numbers: InventoryNumber[] = [];
    const errors: LineError[] = [];
    let refused = 0;
    for (const line of lines) {
      const result = this.readLine(line);
      if ('faults' in result) {
        errors.push(...result.faults);
        refused += 1;
      } else
        for (let i = 0; i < result.count; i += 1)
          numbers.push(i === 0 ? result.number : { ...result.number, e164: e164After(result.number.e164, i) });
    }
    return { numbers, refused, errors };
  }

  private readLine({ line, cells }: SheetLine): { number: InventoryNumber; count: number } | { faults: LineError[] } {
    if (cells.length !== this.width)
      return { faults: [{ line, column: '', code: 'column_count', detail: `${cells.length} cells, but ${this.width} columns` }] };
    const { number, count, faults } = readNumberRow(this.named(cells), this.carriers);
    if (!number) return { faults: faults.map((fault) => ({ line, ...fault })) };
    for (let i = 0; i < count; i += 1) {
      const e164 = e164After(number.e164, i);
      const before = this.lineOf.get(e164);
      if (before !== undefined)
        return { faults: [{ line, column: 'number', code: 'duplicate', detail: `${e164} is already on line ${before}` }] };
    }
    for (let i = 0; i < count; i += 1) this.lineOf.set(e164After(number.e164, i), line);
    return { number, count };
  }

  private named(cells: readonly string[]): NumberCells {
    return Object.fromEntries(this.places.map(([column, place]) => [column, plainCell(cells[place]?.trim() ?? '')])) as NumberCells;
  }
}

const e164After = (e164: E164, steps: number): E164 => (steps === 0 ? e164 : `+${Number(e164) + steps}`);
