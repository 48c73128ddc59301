import { invalid } from './stripe-fault.ts';

export type Params = { [key: string]: unknown };

const DEPTH_MAX = 10;

/** `invoice_settings[default_payment_method]` → `['invoice_settings', 'default_payment_method']`. */
const pathOf = (name: string): string[] => {
  const path = name.split('[').map((part, i) => (i === 0 ? part : part.replace(/\]$/, '')));
  if (path.length > DEPTH_MAX || path.includes('__proto__')) throw invalid('The parameter name is not valid', name);
  return path;
};

/** Objects whose keys are 0, 1, 2 … are the arrays that the SDK sent. */
const asArrays = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([key], i) => key === String(i))
    ? entries.map(([, item]) => asArrays(item))
    : Object.fromEntries(entries.map(([key, item]) => [key, asArrays(item)]));
};

/** Reads a form body or query string in the bracket notation of Stripe's API. All values stay strings. */
export const parseForm = (text: string): Params => {
  const root: Params = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const path = pathOf(name);
    const last = path.pop() as string;
    let node = root;
    for (const part of path) {
      const next = (node[part] ??= {});
      if (typeof next !== 'object') throw invalid('A parameter is both a value and a hash', name);
      node = next as Params;
    }
    node[last] = value;
  }
  return asArrays(root) as Params;
};
