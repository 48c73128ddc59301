import fc from 'fast-check';
import { parse } from 'csv-parse/sync';
import { csvCell, plainCell } from './csv-cell.ts';

it.each([
  ['=1+1', `"'=1+1"`],
  ['+12025550123', `"'+12025550123"`],
  ['-2', `"'-2"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['\tx', `"'\tx"`],
  ['\rx', `"'\rx"`],
  [`'=1`, `"''=1"`],
  ['12025550123', '12025550123'],
  ['a "b", c', `"a ""b"", c"`],
  ['', ''],
])('%j becomes %s', (text, cell) => expect(csvCell(text)).toBe(cell));

it('comes back as it was written, whatever it was', () => {
  const row = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^'{0,3}[=+@\t\r\n-].*$/)), {
    minLength: 2,
    maxLength: 6,
  });
  fc.assert(
    fc.property(row, (texts) => {
      const [cells] = parse(`${texts.map(csvCell).join(',')}\r\n`, { record_delimiter: '\r\n' }) as string[][];
      expect((cells ?? []).map(plainCell)).toEqual(texts);
      expect((cells ?? []).filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    }),
  );
});
