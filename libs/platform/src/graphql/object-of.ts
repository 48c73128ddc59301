import type { z } from 'zod';
import type { Graph, GraphEnum, GraphObject } from './graph.ts';
import type { Reach } from '../http/reach.ts';
import { enumOf, madeOnce, nameOf, shapesOf } from './schema-shape.ts';
import type { Shape } from './schema-shape.ts';

type Options<T> = {
  /** Of the type, where it is not to be called as in the OpenAPI document. */
  readonly name?: string;
  /** Types that the graph has already, by the property that is of one. */
  readonly types?: Readonly<Record<string, GraphEnum<string> | GraphObject<never>>>;
  /** Properties whose whole numbers outgrow the 32 bits of Int in the end. */
  readonly large?: readonly string[];
  /** Properties that are told otherwise, e.g. by a loader. */
  readonly without?: readonly string[];
  /** Finds one by its uuid, for `node(id:)`; the type then has a global id. */
  readonly loadOne?: (uuid: string, reach: Reach) => Promise<T>;
};

/**
 * The type of what REST answers with: a field for each property, and as values what REST would send. A property that is added there is a field
 * here.
 */
export const objectOf = <S extends z.ZodType<object>>(graph: Graph, schema: S, options: Options<z.infer<S>> = {}) => {
  const name = options.name ?? nameOf(schema);
  const { loadOne, without = [] } = options;
  const shapes = shapesOf(schema, 'output', name).filter(({ key }) => !without.includes(key));
  const ref = graph.objectRef<z.infer<S>>(name);
  if (!loadOne) return ref.implement({ fields: fieldsOf(graph, shapes, options) as never });
  graph.node(ref, {
    id: { resolve: (value) => (value as { id: string }).id },
    loadOne: (id, { reach }) => loadOne(id, reach),
    fields: fieldsOf(
      graph,
      shapes.filter(({ key }) => key !== 'id'),
      options,
    ) as never,
  });
  return ref;
};

type FieldBuilder = Parameters<Parameters<Graph['queryFields']>[0]>[0];

const fieldsOf = (graph: Graph, shapes: readonly Shape[], options: Pick<Options<never>, 'types' | 'large'>) => (t: FieldBuilder) =>
  Object.fromEntries(
    shapes.map((shape) => {
      const type = typeOf(graph, shape, options);
      return [
        shape.field,
        t.field({
          type: (shape.isList ? [type] : type) as 'JSON',
          nullable: shape.isNullable || !shape.isRequired,
          ...(shape.description === undefined ? {} : { description: shape.description }),
          resolve: (value) => (value as Record<string, unknown>)[shape.key] ?? null,
        }),
      ];
    }),
  );

const typeOf = (graph: Graph, shape: Shape, { types = {}, large = [] }: Pick<Options<never>, 'types' | 'large'>): unknown => {
  const given = types[shape.key];
  if (given) return given;
  if ('values' in shape) return enumOf(graph, shape.name, shape.values);
  if ('leaf' in shape) return large.includes(shape.key) ? 'Float' : shape.leaf;
  if (shape.name === 'Money') return 'Money';
  return madeOnce(graph, shape.name, () =>
    graph.objectRef<object>(shape.name).implement({ fields: fieldsOf(graph, shape.shapes, { large }) as never }),
  );
};
