import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import DataloaderPlugin from '@pothos/plugin-dataloader';
import RelayPlugin from '@pothos/plugin-relay';
import { formatDecimal } from '@trunkline/kernel';
import type { Money } from '@trunkline/kernel';
import { GraphQLError, isInterfaceType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import type { Reach } from '../http/reach.ts';
import { decodeGlobalID, encodeGlobalID } from './global-ids.ts';

/** Money as REST sends it. */
type WireMoney = { readonly amount: string; readonly currency: string };
type GraphTypes = {
  Context: { readonly reach: Reach };
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  Scalars: {
    DateTime: { Input: Date; Output: Date | string };
    ID: { Input: string; Output: string };
    JSON: { Input: unknown; Output: unknown };
  };
  Objects: { Money: Money | WireMoney };
};

/** Injects the one graph of a process: domains add their types to it when they are constructed. */
export const GRAPH = Symbol('Graph');

// so many items a list without `first` is taken to have
const LIST_COST = 10;
const noCost = { field: 0, multiplier: 1 };

const RFC_3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
const parseTime = (value: unknown): Date => {
  const at = new Date(typeof value === 'string' && RFC_3339.test(value) ? value : Number.NaN);
  if (Number.isNaN(at.getTime())) throw new GraphQLError('must be a time of RFC 3339, e.g. 2026-11-23T10:15:00Z');
  return at;
};

export const createGraph = () => {
  const graph = new SchemaBuilder<GraphTypes>({
    plugins: [ComplexityPlugin, RelayPlugin, DataloaderPlugin],
    defaultFieldNullability: false,
    complexity: { disabled: true, defaultListMultiplier: LIST_COST }, // costs are declared here and checked before a query runs: limits.ts
    relay: {
      encodeGlobalID: (typename, id) => encodeGlobalID(typename, String(id)),
      decodeGlobalID,
      nodesQueryOptions: false,
      nodeTypeOptions: { description: 'Whatever has an id of its own' },
      nodeQueryOptions: { nullable: true, description: 'Anything by its id' },
      edgesFieldOptions: { nullable: false, complexity: noCost },
      nodeFieldOptions: { nullable: false },
      nodesOnConnection: { complexity: noCost, description: 'The nodes of `edges`' },
    },
  });
  graph.scalarType('DateTime', {
    description: 'A time of RFC 3339, answered in UTC',
    serialize: (at) => (typeof at === 'string' ? at : at.toISOString()),
    parseValue: parseTime,
  });
  graph.scalarType('JSON', { description: 'Whatever JSON can hold', serialize: (value) => value, parseValue: (value) => value });
  graph.objectType('Money', {
    fields: (t) => ({
      amount: t.string({
        description: 'A decimal, e.g. "0.0085"',
        resolve: (money) => ('amount' in money ? money.amount : formatDecimal(money.nanos)),
      }),
      currency: t.exposeString('currency'),
    }),
  });
  graph.queryType();
  graph.mutationType({ description: 'What REST does by the operation of the same name, by the same rules' });
  graph.subscriptionType({ description: 'What happens in the tenant, from now on. Nothing is promised: read anew after each connection' });
  return graph;
};
export type Graph = ReturnType<typeof createGraph>;

/**
 * The schema of all types the graph has by now. The relay plugin resolves `id` with a promise, which makes a promise of
 * every object in a list; here it is resolved at once.
 */
export const schemaOf = (graph: Graph): GraphQLSchema => {
  const schema = graph.toSchema();
  for (const type of nodeTypes(schema)) {
    const { id } = type.getFields();
    if (id) id.resolve = (node: { id: string }) => (isUuid(node.id) ? encodeGlobalID(type.name, node.id) : node.id);
  }
  return schema;
};

// what REST would send has its public id already
const isUuid = (id: string): boolean => id.length === 36;

const nodeTypes = (schema: GraphQLSchema) => {
  const node = schema.getType('Node');
  return isInterfaceType(node) ? schema.getPossibleTypes(node) : [];
};

type TypesOf = Graph extends PothosSchemaTypes.SchemaBuilder<infer Types> ? Types : never;

/** A type of the graph, for domains above to point at or to add to. */
export type GraphObject<T> = PothosSchemaTypes.ObjectRef<TypesOf, T>;
export type GraphEnum<T> = PothosSchemaTypes.EnumRef<TypesOf, T>;
