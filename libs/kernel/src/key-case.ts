type SnakeToCamel<S extends string> = S extends `${infer A}_${infer B}` ? `${A}${Capitalize<SnakeToCamel<B>>}` : S;

export type CamelKeys<T> = { [K in keyof T as K extends string ? SnakeToCamel<K> : K]: T[K] };

/** `channels_max` → `channelsMax`, one level deep: nested objects are mapped where they are understood. */
export const camelKeys = <T extends object>(value: T): CamelKeys<T> =>
  Object.fromEntries(Object.entries(value).map(([key, v]) => [camelKey(key), v])) as CamelKeys<T>;

const KNOWN_MAX = 4096;
const known = new Map<string, string>(); // the names of fields, the same with each request
const camelKey = (key: string): string => {
  const camel = known.get(key) ?? key.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());
  if (known.size < KNOWN_MAX) known.set(key, camel);
  return camel;
};

/** `channelsMax` → `channels_max`, at every depth of what JSON can say. */
export const snakeKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [snakeKey(key), snakeKeys(v)]));
};
export const snakeKey = (key: string): string => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);
