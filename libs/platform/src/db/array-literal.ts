type Element = string | number | bigint | Date | null;

const PLAIN = /^[A-Za-z0-9+@:._-]+$/;

const quoted = (text: string): string => (PLAIN.test(text) && text.toUpperCase() !== 'NULL' ? text : `"${text.replace(/["\\]/g, '\\$&')}"`);

const element = (value: Element): string => {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return quoted(value);
  return value instanceof Date ? quoted(value.toISOString()) : String(value);
};

/**
 * An array as PostgreSQL reads it (`{a,"b c",NULL}`), for statements that take a whole batch, one array a column. The driver escapes every
 * element, needed or not: in a batch of thousands of rows that costs more than what the rows are for.
 */
export const arrayLiteral = (values: readonly Element[]): string => `{${values.map(element).join(',')}}`;
