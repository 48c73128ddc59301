import { createComplexityRule } from '@pothos/plugin-complexity';
import { AppError } from '@trunkline/kernel';
import { GraphQLError, NoSchemaIntrospectionCustomRule, parse, specifiedRules, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema, ValidationRule } from 'graphql';
import { platformErrors } from '../http/errors.ts';

export const BODY_MAX = 64 * 1024; // bytes, of query and variables
const TOKENS_MAX = 2_000;
const ALIASES_MAX = 30; //           each may be a database query of its own
const DEPTH_MAX = 12; //             trunks → edges → node → numbers → edges → node → provisioning → edges → edge has 9
const FIELDS_MAX = 300; //           selected, with those of fragments wherever they are spread
const COST_MAX = 20_000; //          values in the answer, about; see pageCost
const FAULTS_MAX = 20;

export const tooComplex = (message: string): GraphQLError =>
  new GraphQLError(message, { originalError: new AppError(platformErrors.queryTooComplex, message) });

const aliasLimit: ValidationRule = (context) => {
  let aliases = 0;
  return {
    Field: (node) => {
      if (node.alias && ++aliases === ALIASES_MAX + 1) context.reportError(tooComplex(`The query has more than ${ALIASES_MAX} aliases`));
    },
  };
};

export type GraphqlRequest = {
  readonly query: string;
  readonly variables?: Record<string, unknown> | null | undefined;
  readonly operationName?: string | null | undefined;
};

const complexityLimit = (context: object, { variables, operationName }: GraphqlRequest, costMax: number): ValidationRule =>
  createComplexityRule({
    context,
    variableValues: variables ?? {},
    ...(operationName == null ? {} : { operationName }),
    validate: ({ complexity, depth, breadth }, report) => {
      if (depth > DEPTH_MAX) report(tooComplex(`The query is ${depth} levels deep; ${DEPTH_MAX} are answered`));
      if (breadth > FIELDS_MAX) report(tooComplex(`The query selects ${breadth} fields; ${FIELDS_MAX} are answered`));
      if (complexity > costMax) report(tooComplex(`The query costs ${complexity}; at most ${costMax} is answered: ask for fewer nodes`));
    },
  });

export type Refusal = readonly GraphQLError[];

const parsed = (schema: GraphQLSchema, query: string, introspection: boolean): DocumentNode | Refusal => {
  const document = parse(query, { maxTokens: TOKENS_MAX });
  const rules = [...specifiedRules, aliasLimit, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])];
  const faults = validate(schema, document, rules, { maxErrors: FAULTS_MAX });
  return faults.length > 0 ? faults : document;
};

/**
 * The parsed query, or why it is refused: before anything of it runs, and before the next check would be dear.
 * @param known the same query when it was found valid before: what it costs depends on its variables
 */
export const admit = (
  schema: GraphQLSchema,
  request: GraphqlRequest,
  context: object,
  known: DocumentNode | undefined,
  { introspection, costMax = COST_MAX }: { readonly introspection: boolean; readonly costMax?: number | undefined },
): DocumentNode | Refusal => {
  try {
    const document = known ?? parsed(schema, request.query, introspection);
    if (!('kind' in document)) return document;
    const excess = validate(schema, document, [complexityLimit(context, request, costMax)]);
    return excess.length > 0 ? excess : document;
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
};
