import { AppError, plainCell } from '@trunkline/kernel';
import { CsvError, parse } from 'csv-parse/sync';
import { numberErrors } from './errors.ts';
import { NUMBER_COLUMNS, readNumberRow } from './number-row.ts';
import type { InventoryNumber, NumberCells, NumberColumn } from './number-row.ts';

/** One fault of one line; lines count from 1 as an editor does, the header is one of them. `column` is '' when the whole line is at fault. */
export type LineError = { readonly line: number; readonly column: string; readonly code: string; readonly detail: string };

export type SheetLine = { readonly line: number; readonly cells: readonly string[] };
export type NumberSheet = { readonly columns: readonly NumberColumn[]; readonly lines: readonly SheetLine[] };

const RECORD_MAX = 10_000; // characters of one row, over all its lines

const broken = (line: number, column: string, code: string, detail: string): AppError =>
  new AppError(numberErrors.sheetInvalid, `Line ${line}: ${detail}`, {
    errors: [{ pointer: `/csv/${line}${column && `/${column}`}`, code, detail }],
  });

// a quote that never closes is noticed at the end of the text: what helps is the line behind the last good one, where it opens
const brokenCsv = (error: CsvError, lastGood: number): AppError =>
  error.code === 'CSV_QUOTE_NOT_CLOSED'
    ? broken(lastGood + 1, '', 'csv', 'A quote opens here and never closes')
    : broken(Number(error['lines'] ?? 1), '', 'csv', error.message);

const readHeader = (cells: readonly string[], line: number): NumberColumn[] => {
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
 * Splits a sheet into lines: comma, semicolon or tab separated, with a header row in any order, with or without a byte order mark.
 * @throws AppError number_import.sheet_invalid with the line, when it is no such sheet as a whole: a quote that never closes, a strange header
 */
export const parseNumberSheet = (text: string): NumberSheet => {
  const lines: SheetLine[] = [];
  try {
    parse(text, {
      bom: true,
      delimiter: [',', ';', '\t'],
      relax_column_count: true, // a line with too few cells is that line's fault alone
      skip_empty_lines: true,
      max_record_size: RECORD_MAX,
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
  private readonly lineOf = new Map<string, number>();
  private readonly columns: readonly NumberColumn[];
  private readonly carriers: ReadonlySet<string>;

  constructor(columns: readonly NumberColumn[], carriers: ReadonlySet<string>) {
    this.columns = columns;
    this.carriers = carriers;
  }

  read(lines: readonly SheetLine[]): { readonly numbers: InventoryNumber[]; readonly errors: LineError[] } {
    const numbers: InventoryNumber[] = [];
    const errors: LineError[] = [];
    for (const line of lines) {
      const result = this.readLine(line);
      if (Array.isArray(result)) errors.push(...result);
      else numbers.push(result);
    }
    return { numbers, errors };
  }

  private readLine({ line, cells }: SheetLine): InventoryNumber | LineError[] {
    if (cells.length !== this.columns.length)
      return [{ line, column: '', code: 'column_count', detail: `${cells.length} cells, but ${this.columns.length} columns` }];
    const { number, faults } = readNumberRow(this.named(cells), this.carriers);
    if (!number) return faults.map((fault) => ({ line, ...fault }));
    const first = this.lineOf.get(number.e164);
    if (first !== undefined) return [{ line, column: 'number', code: 'duplicate', detail: `${number.e164} is already on line ${first}` }];
    this.lineOf.set(number.e164, line);
    return number;
  }

  private named(cells: readonly string[]): NumberCells {
    return Object.fromEntries(
      NUMBER_COLUMNS.map((column) => [column, plainCell(cells[this.columns.indexOf(column)]?.trim() ?? '')]),
    ) as NumberCells;
  }
}
