import type { Cursor, IdKind, Page, PageQuery } from '@trunkline/kernel';
import { z } from 'zod';
import { pageQuery } from '../http/schemas.ts';
import { described } from './access-of.ts';
import type { FieldAccess } from './access-of.ts';
import { connectionOf, pageCost, queryArgs, queryOfArgs } from './connection.ts';
import { uuidOf } from './global-ids.ts';
import type { Graph, GraphObject } from './graph.ts';
import { madeOnce } from './schema-shape.ts';

const plainQuery = z.strictObject(pageQuery);

type List<Ctx, Q, T, N> = {
  readonly type: GraphObject<N>;
  readonly description: string;
  /** What the list of REST takes; its filters are the arguments. */
  readonly query: z.ZodType<Q>;
  readonly list: (ctx: Ctx, query: Q) => Promise<Page<T & Cursor>>;
  readonly toNode: (item: T) => N;
};

/** A list of REST as a connection, by the same query. */
export const addFilteredList = <Ctx, Q, T, N>(
  graph: Graph,
  name: string,
  access: FieldAccess<Ctx>,
  { type, description, query, list, toNode }: List<Ctx, Q, T, N>,
): void => {
  const pageName = `${type.name}Connection`;
  const page = madeOnce(graph, pageName, () => graph.connectionObject({ type: type as never, name: pageName }));
  graph.queryField(name, (t) =>
    t.field({
      type: page,
      nullable: true,
      description: described(description, access),
      extensions: { access: access.name },
      args: queryArgs(graph, t.arg, type.name, query),
      complexity: pageCost,
      resolve: async (_, args, { reach }) => connectionOf(await list(access.contextOf(reach), queryOfArgs(query, args)), toNode) as never,
    }),
  );
};

/** The same for a list without filters. */
export const addList = <Ctx, T, N>(
  graph: Graph,
  name: string,
  access: FieldAccess<Ctx>,
  list: Omit<List<Ctx, PageQuery, T, N>, 'query'>,
): void => addFilteredList(graph, name, access, { ...list, query: plainQuery });

/** One resource by its id. */
export const addItem = <Ctx, N>(
  graph: Graph,
  name: string,
  access: FieldAccess<Ctx>,
  item: {
    readonly type: GraphObject<N>;
    readonly description: string;
    readonly kind: IdKind;
    readonly find: (ctx: Ctx, id: string) => Promise<N>;
  },
): void => {
  graph.queryField(name, (t) =>
    t.field({
      type: item.type as never,
      nullable: true,
      description: described(item.description, access),
      extensions: { access: access.name },
      args: { id: t.arg.id({ required: true }) },
      resolve: async (_, { id }, { reach }) => (await item.find(access.contextOf(reach), uuidOf(item.kind, id))) as never,
    }),
  );
};

/** What there is one of. */
export const addValue = <Ctx, N>(
  graph: Graph,
  name: string,
  access: FieldAccess<Ctx>,
  value: { readonly type: GraphObject<N>; readonly description: string; readonly find: (ctx: Ctx) => Promise<N> },
): void => {
  graph.queryField(name, (t) =>
    t.field({
      type: value.type as never,
      nullable: true,
      description: described(value.description, access),
      extensions: { access: access.name },
      resolve: async (_, __, { reach }) => (await value.find(access.contextOf(reach))) as never,
    }),
  );
};
