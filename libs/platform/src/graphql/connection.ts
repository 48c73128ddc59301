import type { ArgBuilder } from '@pothos/core';
import { AppError, encodeCursor, kernelErrors } from '@trunkline/kernel';
import type { Cursor, Page } from '@trunkline/kernel';
import { z } from 'zod';
import { pageQuery } from '../http/schemas.ts';
import type { Graph } from './graph.ts';
import { camelKey, enumOf, shapesOf, snakeKey } from './schema-shape.ts';

type Types = Graph extends PothosSchemaTypes.SchemaBuilder<infer T> ? T : never;

const PAGE_MAX = 200; // of pageQuery
const PAGE_DEFAULT = 50;

/** The arguments every connection takes, beside its own filters. Lists go forward only, as in REST. */
export const pageArgs = (arg: ArgBuilder<Types>) => ({
  first: arg.int({ required: true, defaultValue: PAGE_DEFAULT, description: `1 to ${PAGE_MAX}` }),
  after: arg.string({ description: 'The cursor of the last node before the page' }),
});
type Connection<N> = ReturnType<typeof connected<unknown, N>>;
type PageArgs = { readonly first: number; readonly after?: string | null | undefined };

/** What a connection costs: itself once, and `first` times what one node costs. */
export const pageCost = ({ first }: PageArgs) => ({ field: 1, multiplier: Math.min(Math.max(first, 1), PAGE_MAX) });

/**
 * What a connection's arguments ask for, checked by the rules that REST has for them.
 * @param filters the shapes of its own arguments
 * @throws AppError request.invalid that names each faulty argument
 */
export const pageOfArgs = <T extends z.ZodRawShape>(args: PageArgs & { readonly [K in keyof T]?: unknown }, filters = {} as T) => {
  const shape = z.strictObject({ ...filters, first: pageQuery.limit, after: pageQuery.cursor });
  const given = Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
  const result = shape.safeParse(given);
  if (!result.success) throw faultyArguments(result.error);
  const { first: limit, after: cursor, ...rest } = result.data as z.infer<z.ZodObject<T>> & { first: number; after: string | undefined };
  return { ...rest, limit, cursor };
};

/** What the query of a REST list takes beside its page, as arguments. `limit` and `cursor` are `first` and `after`. */
export const queryArgs = (graph: Graph, arg: ArgBuilder<Types>, name: string, query: z.ZodType) =>
  ({
    ...pageArgs(arg),
    ...filterArgs(graph, arg, name, query),
  }) as ReturnType<typeof pageArgs>;

const filterArgs = (graph: Graph, arg: ArgBuilder<Types>, name: string, query: z.ZodType) =>
  Object.fromEntries(
    shapesOf(query, 'input', name)
      .filter(({ key }) => key !== 'limit' && key !== 'cursor')
      .map((shape) => {
        const type = 'values' in shape ? enumOf(graph, shape.name, shape.values) : 'leaf' in shape ? shape.leaf : 'JSON';
        const description = shape.description === undefined ? {} : { description: shape.description };
        return [shape.field, arg({ type: type as 'JSON', required: shape.isRequired, ...description })];
      }),
  );

/** The query of a REST list that a connection's arguments stand for, checked by REST's schema. @throws AppError request.invalid */
export const queryOfArgs = <T>(query: z.ZodType<T>, { first: limit, after: cursor, ...filters }: PageArgs): T => {
  const given = Object.entries<unknown>({ ...filters, limit, cursor }).filter(([, value]) => value !== null && value !== undefined);
  const named: Record<string, string> = { limit: 'first', cursor: 'after' };
  const result = query.safeParse(
    Object.fromEntries(given.map(([key, value]) => [snakeKey(key), value instanceof Date ? value.toISOString() : value])),
  );
  if (result.success) return result.data;
  throw faultyArguments(result.error, (key) => named[key] ?? camelKey(key));
};

const faultyArguments = ({ issues }: z.ZodError, argument = (key: string) => key): AppError => {
  const errors = issues.map(({ path, code, message }) => ({
    pointer: `/${path.map((key) => argument(String(key))).join('/')}`,
    code,
    detail: message,
  }));
  return new AppError(kernelErrors.invalid, errors.map((e) => `${e.pointer}: ${e.detail}`).join('; '), { errors });
};

/**
 * A page of REST as a connection. Cursors are made when they are asked for. Where it began is not looked up: lists go forward only.
 * @param toNode where nodes are told as REST tells them
 */
export function connectionOf<T extends Cursor>(page: Page<T>): Connection<T>;
export function connectionOf<T extends Cursor, N>(page: Page<T>, toNode: (item: T) => N): Connection<N>;
export function connectionOf<T extends Cursor>({ data, nextCursor }: Page<T>, toNode: (item: T) => unknown = (item) => item) {
  return connected(data, nextCursor, encodeCursor, toNode);
}

/** The same of a list that has an order, and so a cursor, of its own. */
export const connected = <T, N>(data: readonly T[], nextCursor: string | null, encode: (item: T) => string, toNode: (item: T) => N) => {
  const edges = data.map((item) => ({
    node: toNode(item),
    get cursor() {
      return encode(item);
    },
  }));
  const cursorOf = (item: T | undefined) => (item === undefined ? null : encode(item));
  const pageInfo = {
    hasNextPage: nextCursor !== null,
    hasPreviousPage: false,
    startCursor: cursorOf(data[0]),
    endCursor: cursorOf(data.at(-1)),
  };
  return { edges, pageInfo };
};
