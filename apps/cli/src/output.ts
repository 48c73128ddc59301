const COLUMNS_MAX = 7;
const CELL_MAX = 40;
/** Fields worth a column, the most telling first; others follow as far as there is room. */
const FIRST = ['id', 'name', 'number', 'code', 'state', 'status'];
const NOT_SHOWN = new Set(['object', 'revision', 'updated_at']);

type Row = Readonly<Record<string, unknown>>;

/** What a terminal may be sent: a name with an escape sequence in it stays a name. */
const clean = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, '?');

const isMoney = (value: unknown): value is { amount: string; currency: string } =>
  typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value;

const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value) && !isMoney(value);
const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value) && !value.some((item) => typeof item === 'object');

const cell = (value: unknown): string => {
  if (value === null || value === undefined) return '-';
  if (isList(value)) return value.length === 0 ? '-' : value.map(cell).join(', ');
  if (isMoney(value)) return clean(`${value.amount} ${value.currency}`);
  return clean(typeof value === 'string' ? value : JSON.stringify(value));
};
const short = (text: string): string => (text.length > CELL_MAX ? `${text.slice(0, CELL_MAX - 1)}…` : text);

const columnsOf = (rows: readonly Row[]): readonly string[] => {
  const isPlain = (name: string) => rows.every((row) => typeof row[name] !== 'object' || row[name] === null || isMoney(row[name]));
  const all = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((name) => isPlain(name) && !NOT_SHOWN.has(name));
  return [...FIRST.filter((name) => all.includes(name)), ...all.filter((name) => !FIRST.includes(name))].slice(0, COLUMNS_MAX);
};

export const table = (rows: readonly Row[]): string => {
  const columns = columnsOf(rows);
  const cells = [
    columns.map((name) => name.toUpperCase()),
    ...rows.map((row) => columns.map((name) => (name === 'id' ? cell(row[name]) : short(cell(row[name]))))),
  ];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => (line[i] ?? '').length)));
  return cells.map((line) => line.map((text, i) => text.padEnd(widths[i] ?? 0)).join('  ').trimEnd()).join('\n'); // prettier-ignore
};

const isEmpty = (value: Row): boolean => Object.keys(value).length === 0;
const indented = (lines: string, mark: string): string => `${mark}${lines.replaceAll('\n', '\n    ')}`;

/** What a resource holds of others stands below its name, further in; each of a list begins with a dash. */
const record = (row: Row): string => {
  const width = Math.max(0, ...Object.keys(row).map((name) => name.length));
  const lines = Object.entries(row).flatMap(([name, value]) => {
    const held = (isRow(value) ? [value] : Array.isArray(value) ? value : []).filter(isRow).filter((one) => !isEmpty(one));
    if (held.length === 0) return [`${clean(name).padEnd(width)}  ${isRow(value) ? '-' : cell(value)}`];
    return [clean(name), ...held.map((one) => indented(record(one), isRow(value) ? '    ' : '  - '))];
  });
  return lines.join('\n');
};

const isPage = (answer: unknown): answer is { data: readonly Row[]; next_cursor?: string | null } =>
  typeof answer === 'object' && answer !== null && Array.isArray((answer as { data?: unknown }).data);

/** An answer for a person: a list as a table, a resource as lines; a file as it is. */
export const readable = (answer: unknown): string => {
  if (typeof answer === 'string') return answer.trimEnd();
  if (typeof answer !== 'object' || answer === null || Object.keys(answer).length === 0) return 'done';
  if (!isPage(answer)) return record(answer as Row);
  const rows = answer.data.length === 0 ? 'none' : table(answer.data);
  return answer.next_cursor ? `${rows}\nmore: --cursor ${answer.next_cursor}, or --all` : rows;
};
