import { z } from 'zod';
import type { Graph, GraphEnum } from './graph.ts';

/** What is used of JSON Schema (2020-12), as zod writes it. */
type Json = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly anyOf?: readonly Json[];
  readonly items?: Json;
  readonly properties?: Readonly<Record<string, Json>>;
  readonly required?: readonly string[];
};

type Leaf = 'String' | 'ID' | 'Int' | 'Float' | 'Boolean' | 'DateTime' | 'JSON';
/** A property of a REST schema as a field of the graph. `name`: what its type is called where it needs one of its own. */
export type Shape = {
  readonly key: string;
  readonly field: string;
  readonly description?: string;
  readonly isList: boolean;
  readonly isNullable: boolean;
  readonly isRequired: boolean;
  readonly defaultValue?: string | number | boolean;
} & (
  | { readonly leaf: Leaf }
  | { readonly values: readonly string[]; readonly name: string }
  | { readonly shapes: readonly Shape[]; readonly name: string }
);

export const camelKey = (key: string): string => key.replace(/_([a-z0-9])/g, (_, c: string) => c.toUpperCase());
export const snakeKey = (key: string): string => key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

/** The name a schema has in the OpenAPI document. */
export const nameOf = (schema: z.ZodType): string => {
  const name = schema.meta()?.id;
  if (name === undefined) throw new Error('a type of the graph is made of a schema that has an id');
  return name;
};

/** The fields that a REST schema has, of what it takes (`input`) or answers with (`output`). */
export const shapesOf = (schema: z.ZodType, io: 'input' | 'output', name: string): readonly Shape[] => {
  const { $defs = {}, ...root } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json & { $defs?: Record<string, Json> };
  return shapesIn(resolved(root, $defs), $defs, name);
};

const resolved = (json: Json, defs: Record<string, Json>): Json => (json.$ref ? (defs[json.$ref.slice('#/$defs/'.length)] ?? {}) : json);

const shapesIn = ({ properties = {}, required = [] }: Json, defs: Record<string, Json>, parent: string): Shape[] =>
  Object.entries(properties)
    .filter(([key]) => key !== 'object') // REST’s word for __typename
    .map(([key, json]) => shapeOf(key, json, required.includes(key), defs, parent));

const shapeOf = (key: string, json: Json, isRequired: boolean, defs: Record<string, Json>, parent: string): Shape => {
  const { isNullable, bare } = withoutNull(json);
  const isList = bare.type === 'array';
  const item = isList ? (bare.items ?? {}) : bare;
  const description = json.description ?? bare.description;
  const fallback = json.default ?? bare.default;
  const own = `${parent}${pascal(isList ? key.replace(/s$/, '') : key)}`;
  return {
    key,
    field: camelKey(key),
    ...(description === undefined ? {} : { description }),
    ...(isPrimitive(fallback) ? { defaultValue: fallback } : {}),
    isList,
    isNullable,
    isRequired,
    ...kindOf(key, item, defs, item.$ref?.slice('#/$defs/'.length) ?? own),
  };
};

// zod writes a nullable type as a list of types, or as one of several schemas
const withoutNull = (json: Json): { readonly isNullable: boolean; readonly bare: Json } => {
  const types = typeof json.type === 'string' ? [json.type] : (json.type ?? []);
  const type = types.find((name) => name !== 'null');
  const bare = json.anyOf?.find((one) => one.type !== 'null') ?? { ...json, ...(type === undefined ? {} : { type }) };
  return { isNullable: types.includes('null') || (json.anyOf?.some((one) => one.type === 'null') ?? false), bare };
};

const kindOf = (key: string, json: Json, defs: Record<string, Json>, name: string) => {
  const item = resolved(json, defs);
  if (item.properties) return { shapes: shapesIn(item, defs, name), name };
  if (item.enum?.every((value) => /^[A-Za-z_]\w*$/.test(value))) return { values: item.enum, name };
  return { leaf: leafOf(key, item) };
};

const leafOf = (key: string, { type, format }: Json): Leaf => {
  if (type === 'integer') return 'Int';
  if (type === 'number') return 'Float';
  if (type === 'boolean') return 'Boolean';
  if (type !== 'string') return 'JSON';
  if (format === 'date-time') return 'DateTime';
  return /(^|_)ids?$/.test(key) && !key.endsWith('caller_id') ? 'ID' : 'String'; // a caller ID is a telephone number
};

const pascal = (key: string): string => camelKey(`_${key}`);
const isPrimitive = (value: unknown): value is string | number | boolean => ['string', 'number', 'boolean'].includes(typeof value);

const made = new WeakMap<Graph, Map<string, unknown>>();

/** What a graph has by a name, made when it is asked for first. */
export const madeOnce = <T>(graph: Graph, name: string, make: () => T): T => {
  const types = made.get(graph) ?? new Map<string, unknown>();
  made.set(graph, types);
  if (!types.has(name)) types.set(name, make());
  return types.get(name) as T;
};

export const enumOf = (graph: Graph, name: string, values: readonly string[]): GraphEnum<string> =>
  madeOnce(graph, name, () => graph.enumType(name, { values }));
