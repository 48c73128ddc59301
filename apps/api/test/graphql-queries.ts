import { AnswerQuery } from '@trunkline/platform';
import { getNamedType, isInterfaceType, isLeafType, isNonNullType, isObjectType } from 'graphql';
import type { GraphQLArgument, GraphQLField, GraphQLNamedType, GraphQLSchema } from 'graphql';
import type { ApiHarness, Call } from './harness.ts';

export const schemaOf = (api: ApiHarness): GraphQLSchema => api.app.get(AnswerQuery).schema;

/** Asks over HTTP. `codes`: of the errors, in their order. */
export const ask = async (call: Call, query: string, variables?: object, headers?: Record<string, string>) => {
  const { status, body } = await call('POST', '/graphql', { query, variables }, headers);
  const errors: { message: string; path?: (string | number)[]; extensions: { code: string } }[] =
    status === 200 || status === 400 ? (body.errors ?? []) : [];
  return { status, body, data: body.data, errors, codes: errors.map((e) => e.extensions?.code) };
};

const isRequired = (arg: GraphQLArgument): boolean => isNonNullType(arg.type) && arg.defaultValue === undefined;
export const needsNothing = (field: GraphQLField<unknown, unknown>): boolean => !field.args.some(isRequired);

/** A field as it is written in a query, with two nodes of each page: fifty of fifty would be too many. */
export const written = ({ name, args }: GraphQLField<unknown, unknown>): string =>
  args.some((arg) => arg.name === 'first') ? `${name}(first: 2)` : name;

/** A selection of all fields below a type that need no arguments, so many levels deep; empty when there are none. */
export const selectionOf = (type: GraphQLNamedType, levels: number): string => {
  if (!isObjectType(type) && !isInterfaceType(type)) throw new Error(`no selection for ${type.name}`);
  const fields = Object.values(type.getFields())
    .filter(needsNothing)
    .map((field) => {
      const below = getNamedType(field.type);
      if (isLeafType(below)) return field.name;
      const selection = levels > 1 ? selectionOf(below, levels - 1) : '';
      return selection && `${written(field)} ${selection}`;
    });
  return fields.some(Boolean) ? `{ ${fields.join(' ')} }` : '';
};

/** The fields of Query. */
export const rootFields = (schema: GraphQLSchema): GraphQLField<unknown, unknown>[] =>
  Object.values(schema.getQueryType()?.getFields() ?? {});
