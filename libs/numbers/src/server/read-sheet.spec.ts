import { sheetLines } from './read-sheet.ts';

const MIB = 1024 * 1024;
/** The sheet in pieces of a mebibyte, as they are kept. */
async function* chunks(text: string) {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += MIB) yield bytes.subarray(at, at + MIB);
}
const read = async (text: string) => {
  const lines = [];
  for await (const piece of sheetLines(chunks(text), 20_000)) lines.push(...piece);
  return lines;
};
const numbers = Array.from({ length: 250_000 }, (_, i) => `+1202${5_000_000 + i}`);

describe('a sheet of several mebibytes', () => {
  it.each([
    ['line feeds', '\n'],
    ['carriage returns and line feeds', '\r\n'],
    ['carriage returns alone', '\r'],
  ])('is read to its end, with %s', async (_, end) => {
    const lines = await read(['number', ...numbers, ''].join(end));
    expect(lines).toHaveLength(numbers.length + 1);
    expect(lines.at(-1)).toEqual({ line: numbers.length + 1, cells: [numbers.at(-1)] });
  });

  it('whose quote never closes is refused, however many lines follow', async () => {
    await expect(read(`number\n${numbers[0]}\n"${'\n'.repeat(2 * MIB)}`)).rejects.toMatchObject({ code: 'number_import.sheet_invalid' });
  });
});
