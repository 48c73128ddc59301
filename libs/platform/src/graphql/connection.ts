import type { ArgBuilder } from '@pothos/core';
import { AppError, encodeCursor, kernelErrors } from '@trunkline/kernel';
import type { Cursor, Page } from '@trunkline/kernel';
import { z } from 'zod';
import { pageQuery } from '../http/schemas.ts';
import type { Graph } from './graph.ts';

type Types = Graph extends PothosSchemaTypes.SchemaBuilder<infer T> ? T : never;

const PAGE_MAX = 200; // of pageQuery
const PAGE_DEFAULT = 50;

/** The arguments every connection takes, beside its own filters. Lists go forward only, as in REST. */
export const pageArgs = (arg: ArgBuilder<Types>) => ({
  first: arg.int({ required: true, defaultValue: PAGE_DEFAULT, description: `1 to ${PAGE_MAX}` }),
  after: arg.string({ description: 'The cursor of the last node before the page' }),
});
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

const faultyArguments = ({ issues }: z.ZodError): AppError => {
  const errors = issues.map(({ path, code, message }) => ({ pointer: `/${path.join('/')}`, code, detail: message }));
  return new AppError(kernelErrors.invalid, errors.map((e) => `${e.pointer}: ${e.detail}`).join('; '), { errors });
};

/** A page of REST as a connection. Cursors are made when they are asked for. Where it began is not looked up: lists go forward only. */
export const connectionOf = <T extends Cursor>({ data, nextCursor }: Page<T>) => {
  const edges = data.map((node) => ({
    node,
    get cursor() {
      return encodeCursor(node);
    },
  }));
  const cursorOf = (node: T | undefined) => (node ? encodeCursor(node) : null);
  const pageInfo = {
    hasNextPage: nextCursor !== null,
    hasPreviousPage: false,
    startCursor: cursorOf(data[0]),
    endCursor: cursorOf(data.at(-1)),
  };
  return { edges, pageInfo };
};
