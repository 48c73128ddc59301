import type { Field } from '@trunkline/client/operations';
import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Pair } from 'yaml';
import { UsageError } from '../failure.ts';
import { SECTIONS } from './sections.ts';
import type { Section } from './sections.ts';
import { completed } from './values.ts';

/** What one name in the file shall be. Fields that it does not mention stay as they are. `lines` says where each stands. */
export type Entry = {
  readonly line: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly lines: Readonly<Record<string, number>>;
};
/** A section that the file does not have is not looked after at all. */
export type Desired = Readonly<Partial<Record<Section, ReadonlyMap<string, Entry>>>>;

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  integer: Number.isInteger,
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries())
    row = row.reduce<number[]>((next, above, j) => [...next, j === 0 ? i + 1 : Math.min(above + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1))], []); // prettier-ignore
  return row.at(-1) ?? 0;
};
const suggestion = (key: string, known: readonly string[]): string => {
  const near = known.find((name) => distance(key, name) <= 2);
  return near === undefined ? `; known are ${known.join(', ')}` : `; did you mean ${near}?`;
};

/** Reads one file, gathering every fault with its line. */
class Reader {
  readonly faults: string[] = [];
  readonly #lines = new LineCounter();
  readonly #document: Document;

  constructor(
    readonly file: string,
    text: string,
  ) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    for (const error of this.#document.errors) this.fault(this.#lines.linePos(error.pos[0]).line, error.message);
  }

  get root(): unknown {
    return this.#document.contents;
  }

  fault(line: number, words: string): void {
    this.faults.push(`${this.file}:${line}: ${words}`);
  }

  lineOf(node: unknown): number {
    const start = (node as { range?: [number, number, number] } | null)?.range?.[0];
    return start === undefined ? 1 : this.#lines.linePos(start).line;
  }

  /** The pairs of a map. A key is what is written there: +12025550142 stays a text. */
  pairs(node: unknown, what: string, line = this.lineOf(node)): readonly { key: string; line: number; value: unknown }[] {
    if (node === null || (isScalar(node) && node.value === null)) return [];
    if (!isMap(node)) {
      this.fault(line, `${what} must be a map`);
      return [];
    }
    return (node.items as Pair[]).map(({ key, value }) => ({
      key: isScalar(key) ? (typeof key.value === 'string' ? key.value : (key.source ?? String(key.value))) : String(key),
      line: this.lineOf(key),
      value,
    }));
  }

  value(node: unknown): unknown {
    if (node === null || node === undefined) return null;
    return isScalar(node) || isSeq(node) || isMap(node) || isAlias(node) ? node.toJS(this.#document) : null;
  }

  entry(name: string, line: number, node: unknown, fields: readonly Field[]): Entry {
    const known = fields.map((field) => field.name);
    const values: Record<string, unknown> = {};
    const lines: Record<string, number> = {};
    for (const pair of this.pairs(node, `"${name}"`, line)) {
      const field = fields.find((one) => one.name === pair.key);
      if (!field) this.fault(pair.line, `unknown key "${pair.key}"${suggestion(pair.key, known)}`);
      else values[pair.key] = completed(field, this.checked(field, pair.value, pair.line));
      lines[pair.key] = pair.line;
    }
    return { line, fields: values, lines };
  }

  private checked(field: Field, node: unknown, line: number): unknown {
    const value = this.value(node);
    const fits = value === null ? field.nullable === true : (TYPES[field.type]?.(value) ?? true);
    if (!fits) this.fault(line, `${field.name} must be ${field.type === 'array' ? 'a list' : `of type ${field.type}`}${field.nullable ? ' or null' : ''}`); // prettier-ignore
    if (field.items && isSeq(node)) for (const item of node.items) this.item(field, item);
    return value;
  }

  private item(field: Field, node: unknown): void {
    const known = (field.items ?? []).map(({ name }) => name);
    const pairs = this.pairs(node, `an item of ${field.name}`);
    for (const { key, line } of pairs) if (!known.includes(key)) this.fault(line, `unknown key "${key}"${suggestion(key, known)}`);
    for (const { name, required } of field.items ?? [])
      if (required && !pairs.some(({ key }) => key === name)) this.fault(this.lineOf(node), `an item of ${field.name} lacks ${name}`);
  }
}

/** @throws UsageError with every fault of the file, each with its line */
export const readDesired = (file: string, text: string): Desired => {
  const reader = new Reader(file, text);
  const desired: Partial<Record<Section, Map<string, Entry>>> = {};
  for (const { key, line, value } of reader.pairs(reader.root, 'the file')) {
    if (!Object.hasOwn(SECTIONS, key)) {
      reader.fault(line, `unknown key "${key}"${suggestion(key, Object.keys(SECTIONS))}`);
      continue;
    }
    const section = key as Section;
    const entries = reader
      .pairs(value, key, line)
      .map((one) => [one.key, reader.entry(one.key, one.line, one.value, SECTIONS[section])] as const);
    desired[section] = new Map(entries);
  }
  if (reader.faults.length > 0) throw new UsageError(reader.faults.join('\n'));
  return desired;
};
