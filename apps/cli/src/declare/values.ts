import type { Field } from '@trunkline/client/operations';

/** `JSON.stringify` with keys in order, so that equal values have equal texts. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** Lists of the API are sets: countries, addresses and codes have no order, routes have theirs in `priority`. */
export const same = (a: unknown, b: unknown): boolean => {
  if (!Array.isArray(a) || !Array.isArray(b)) return canonical(a) === canonical(b);
  return canonical(a.map(canonical).sort()) === canonical(b.map(canonical).sort());
};

/** A value as the API will keep it: an item's fields that are left out take their defaults. */
export const completed = ({ items }: Field, value: unknown): unknown => {
  if (!items || !Array.isArray(value)) return value;
  const defaults = Object.fromEntries(items.filter((item) => item.default !== undefined).map((item) => [item.name, item.default]));
  return value.map((item: unknown) => (typeof item === 'object' && item !== null ? { ...defaults, ...item } : item));
};

/** A value of an answer without what the API alone writes, such as the health of a route. */
export const settable = ({ items }: Field, value: unknown): unknown => {
  if (!items || !Array.isArray(value)) return value;
  const names = items.map(({ name }) => name);
  return value.map((item: object) => Object.fromEntries(Object.entries(item).filter(([name]) => names.includes(name))));
};
