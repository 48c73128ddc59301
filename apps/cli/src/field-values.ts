import { readFileSync } from 'node:fs';
import type { Field } from '@trunkline/client/operations';
import { UsageError } from './failure.ts';

const json = (text: string, flag: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${flag} must be JSON`);
  }
};

const listOf = (text: string, flag: string, field: Field): unknown => {
  if (text.startsWith('[') || field.items !== undefined) return json(text, flag);
  return text === '' ? [] : text.split(',').map((item) => (/^-?\d+$/.test(item) ? Number(item) : item));
};

/** What was typed for a field, as the API takes it: `null` empties one that may be empty, lists have commas, the rest is JSON. */
export const valueOf = (field: Field, text: string): unknown => {
  const flag = `--${field.name.replaceAll('_', '-')}`;
  if (text === 'null' && field.nullable) return null;
  if (field.type === 'array') return listOf(text, flag, field);
  if (field.type === 'object') return json(text, flag);
  if (field.type === 'boolean') {
    if (text !== 'true' && text !== 'false') throw new UsageError(`${flag} must be true or false`);
    return text === 'true';
  }
  if (field.type !== 'integer' && field.type !== 'number') return text;
  if (!/^-?\d+(\.\d+)?$/.test(text)) throw new UsageError(`${flag} must be a number`);
  return Number(text);
};

/** `@file`, `-` for standard input, or the text itself. */
export const textFrom = (given: string): string => {
  if (given !== '-' && !given.startsWith('@')) return given;
  const file = given === '-' ? 0 : given.slice(1);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`cannot read ${file === 0 ? 'standard input' : file}: ${(error as { code?: string }).code ?? 'unreadable'}`);
  }
};
