import { AppError, kernelErrors } from '@trunkline/kernel';
import type { z } from 'zod';
import type { Graph, GraphEnum } from './graph.ts';
import { camelKey, enumOf, madeOnce, nameOf, shapesOf, snakeKey } from './schema-shape.ts';
import type { Shape } from './schema-shape.ts';

/** A type of input, and the schema that REST checks the same with. */
export type GraphInput<T> = { readonly type: unknown; readonly schema: z.ZodType<T>; readonly isOptional: boolean };

/**
 * The input that has a field for each property of a request's body. GraphQL knows names and types; what is checked beyond that, and what is left
 * out is set to, is said by REST's schema.
 * @param enums that the graph has already, by property
 */
export const inputOf = <T>(graph: Graph, schema: z.ZodType<T>, enums: Readonly<Record<string, GraphEnum<string>>> = {}): GraphInput<T> => {
  const name = nameOf(schema);
  const type = inputType(graph, name, shapesOf(schema, 'input', name), enums);
  return { type, schema, isOptional: saysEnough(schema) };
};

// a body of nothing but defaults may be left out; one that would change nothing may not
const saysEnough = (schema: z.ZodType): boolean => {
  const { success, data } = schema.safeParse({});
  return success && Object.keys(data as object).length > 0;
};

const inputType = (graph: Graph, name: string, shapes: readonly Shape[], enums: Readonly<Record<string, GraphEnum<string>>>): unknown =>
  madeOnce(graph, name, () =>
    graph.inputType(name, {
      fields: (t) => Object.fromEntries(shapes.map((shape) => [shape.field, inputField(graph, t, shape, enums)])) as never,
    }),
  );

type InputBuilder = Parameters<Parameters<Graph['inputType']>[1]['fields']>[0];

const inputField = (graph: Graph, t: InputBuilder, shape: Shape, enums: Readonly<Record<string, GraphEnum<string>>>) => {
  const type = typeOf(graph, shape, enums) as 'JSON';
  return t.field({
    type: (shape.isList ? [type] : type) as 'JSON',
    required: shape.isRequired && !shape.isNullable,
    ...(shape.description === undefined ? {} : { description: shape.description }),
    ...(shape.defaultValue === undefined ? {} : { defaultValue: shape.defaultValue }),
  } as never);
};

const typeOf = (graph: Graph, shape: Shape, enums: Readonly<Record<string, GraphEnum<string>>>): unknown => {
  if ('values' in shape) return enums[shape.key] ?? enumOf(graph, shape.name, shape.values);
  return 'leaf' in shape ? shape.leaf : inputType(graph, shape.name, shape.shapes, enums);
};

/** What an input says, checked by REST's schema. @throws AppError request.invalid whose pointers lead into the arguments, e.g. /input/channelsMax */
export const parsedInput = <T>(schema: z.ZodType<T>, given: unknown, at: string): T => {
  const result = schema.safeParse(onWire(given ?? {}));
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, code, message }) => ({ pointer: pointerIn(at, path), code, detail: message }));
  throw new AppError(kernelErrors.invalid, errors.map((e) => `${e.pointer}: ${e.detail}`).join('; '), { errors });
};

const pointerIn = (at: string, path: readonly PropertyKey[]): string => [at, ...path.map((key) => camelKey(String(key)))].join('/');

/** An error of a use case, whose pointers lead into a request's body, as one of the arguments of a field. */
export const inArguments = (error: unknown, at: string): unknown => {
  if (!(error instanceof AppError) || error.errors.length === 0) return error;
  const { code, kind, title, message, cause } = error;
  const errors = error.errors.map((e) => ({ ...e, pointer: e.pointer.startsWith(at) ? e.pointer : `${at}${camelKey(e.pointer)}` }));
  return new AppError({ code, kind, title }, message, { errors, cause });
};

/** As REST would be sent it: times as text, names with underscores. */
const onWire = (value: unknown): unknown => {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(onWire);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [snakeKey(key), onWire(v)]));
};
