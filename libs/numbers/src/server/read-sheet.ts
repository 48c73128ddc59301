import { CsvError, parse } from 'csv-parse/sync';
import { SHEET_OPTIONS, brokenCsv } from '../core/number-sheet.ts';
import type { SheetLine } from '../core/number-sheet.ts';

/** Text that waits for its quote to close: beyond it, it never will. */
const OPEN_MAX = 1024 * 1024;

/**
 * A sheet's lines as its bytes come, so many at a time: what is in memory does not grow with the sheet. Whole pieces are parsed at once, since
 * a parser that is a stream of lines takes five times as long.
 * @throws AppError number_import.sheet_invalid with the line from which it is no sheet any more
 */
export async function* sheetLines(bytes: AsyncIterable<Buffer>, atATime: number): AsyncGenerator<SheetLine[]> {
  let lines: SheetLine[] = [];
  let linesBefore = 0;
  for await (const { text, lineEnd } of wholeRecords(bytes)) {
    const parsed = parsePiece(text, linesBefore);
    linesBefore += countOf(lineEnd, text);
    lines = lines.concat(parsed);
    for (; lines.length >= atATime; lines = lines.slice(atATime)) yield lines.slice(0, atATime);
  }
  if (lines.length > 0) yield lines;
}

/** The text in pieces that end where a record ends: behind the end of a line with an even number of quotes before it. */
async function* wholeRecords(bytes: AsyncIterable<Buffer>): AsyncGenerator<{ text: string; lineEnd: string }> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let lineEnd: string | undefined;
  let open = '';
  for await (const chunk of bytes) {
    open += decoder.decode(chunk, { stream: true });
    lineEnd ??= lineEndOf(open);
    const end = endOfRecords(open, lineEnd);
    if (end > 0) yield { text: open.slice(0, end), lineEnd };
    open = open.slice(end);
    if (open.length > OPEN_MAX) break; // the parser will say where the quote opens
  }
  if (open !== '') yield { text: open, lineEnd: lineEnd ?? '\n' };
}

/** As the first line ends: some programs write carriage returns alone. */
const lineEndOf = (text: string): string => (/\r?\n|\r/.exec(text)?.[0] === '\r' ? '\r' : '\n');

/** Each line is looked at once: behind a quote that never closes there may be a million. */
const endOfRecords = (text: string, lineEnd: string): number => {
  let end = text.lastIndexOf(lineEnd) + 1;
  let quotes = countOf('"', text.slice(0, end));
  while (end > 0 && quotes % 2 === 1) {
    const before = text.lastIndexOf(lineEnd, end - 2) + 1;
    quotes -= countOf('"', text.slice(before, end));
    end = before;
  }
  return end;
};

const countOf = (character: string, text: string): number => {
  let count = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) count += 1;
  return count;
};

const parsePiece = (piece: string, linesBefore: number): SheetLine[] => {
  const lines: SheetLine[] = [];
  try {
    parse(piece, {
      ...SHEET_OPTIONS,
      on_record: (cells: string[], info) => {
        lines.push({ line: linesBefore + info.lines, cells });
        return null; // kept already
      },
    });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw brokenCsv(error, lines.at(-1)?.line ?? linesBefore, linesBefore);
  }
  return lines;
};
