import type { Rank } from '../intent.ts';

/**
 * Entry values read back from their JSON text, every field type-checked: a cap of `"abc"` must not compare as "no limit". A faulty value
 * throws, and the edge then refuses the call. Written for ES5, as it runs inside Kamailio.
 */
export type Fields = Readonly<Record<string, unknown>>;

export const fault = (what: string): never => {
  throw new Error('faulty entry: ' + what);
};

export const fieldsOf = (value: unknown, what: string): Fields =>
  typeof value === 'object' && value !== null && !(value instanceof Array) ? (value as Fields) : fault(what);

export const parse = (text: string, what: string): Fields => fieldsOf(JSON.parse(text), what);

export const string = (fields: Fields, name: string): string => {
  const value = fields[name];
  return typeof value === 'string' ? value : fault(name);
};

export const stringOrNull = (fields: Fields, name: string): string | null => (fields[name] === null ? null : string(fields, name));

export const count = (fields: Fields, name: string): number => {
  const value = fields[name];
  return typeof value === 'number' && value >= 0 && value === Math.floor(value) ? value : fault(name);
};

export const flag = (fields: Fields, name: string): boolean => {
  const value = fields[name];
  return typeof value === 'boolean' ? value : fault(name);
};

export const list = <T>(fields: Fields, name: string, read: (item: unknown, at: number) => T): readonly T[] => {
  const value = fields[name];
  return value instanceof Array ? value.map(read) : fault(name);
};

/** Also of an entry that was compiled before the field was known. */
export const isAbsent = (fields: Fields, name: string): boolean => fields[name] === undefined || fields[name] === null;

export const countOrNull = (fields: Fields, name: string): number | null => (isAbsent(fields, name) ? null : count(fields, name));
export const stringOrAbsent = (fields: Fields, name: string): string | null => (isAbsent(fields, name) ? null : string(fields, name));

/** Also of an entry that was compiled before the flag was known. */
export const flagIfAny = (fields: Fields, name: string): boolean => (isAbsent(fields, name) ? false : flag(fields, name));

export const text = (value: unknown): string => (typeof value === 'string' ? value : fault('list item'));

/** Without one: in the place it is listed at. */
export const rankOf = (f: Fields, at: number): Rank => ({
  priority: isAbsent(f, 'priority') ? at : count(f, 'priority'),
  weight: isAbsent(f, 'weight') ? 1 : count(f, 'weight'),
});

export const number = (fields: Fields, name: string): number => {
  const value = fields[name];
  return typeof value === 'number' && value === Math.floor(value) ? value : fault(name);
};
