type SnakeToCamel<S extends string> = S extends `${infer A}_${infer B}` ? `${A}${Capitalize<SnakeToCamel<B>>}` : S;
type CamelToSnake<S extends string> = S extends `${infer C}${infer R}`
  ? C extends Lowercase<C>
    ? `${C}${CamelToSnake<R>}`
    : `_${Lowercase<C>}${CamelToSnake<R>}`
  : S;

export type CamelKeys<T> = { [K in keyof T as K extends string ? SnakeToCamel<K> : K]: T[K] };
export type SnakeKeys<T> = { [K in keyof T as K extends string ? CamelToSnake<K> : K]: T[K] };

const rename = (value: object, name: (key: string) => string): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).map(([key, v]) => [name(key), v]));

/** `channels_max` → `channelsMax`, one level deep: nested objects are mapped where they are understood. */
export const camelKeys = <T extends object>(value: T): CamelKeys<T> =>
  rename(value, (k) => k.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase())) as CamelKeys<T>;

/** `channelsMax` → `channels_max`, one level deep. */
export const snakeKeys = <T extends object>(value: T): SnakeKeys<T> =>
  rename(value, (k) => k.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)) as SnakeKeys<T>;
