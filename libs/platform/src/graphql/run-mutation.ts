import type { Context } from '@trunkline/kernel';
import { GraphQLError, Kind, execute } from 'graphql';
import type { DocumentNode, ExecutionResult, FieldNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import type { Reach } from '../http/reach.ts';
import { tooComplex } from './limits.ts';
import type { GraphqlRequest } from './limits.ts';

export const MUTATIONS_MAX = 10; // each is a transaction, and they run one after another

type Fields = ReadonlyMap<string, readonly FieldNode[]>;

/** The fields of a mutation by the name they are answered under. @throws GraphQLError when they are too many, or named by a fragment */
export const mutationFields = ({ selectionSet }: OperationDefinitionNode): Fields => {
  const fields = selectionSet.selections.map((node) => {
    if (node.kind !== Kind.FIELD) throw new GraphQLError('A mutation names its fields itself, not by a fragment', { nodes: node });
    return node;
  });
  const byName = Map.groupBy(fields, ({ alias, name }) => alias?.value ?? name.value);
  if (byName.size > MUTATIONS_MAX) throw tooComplex(`The mutation has ${byName.size} fields; ${MUTATIONS_MAX} are run`);
  return byName;
};

/**
 * Runs the fields of a mutation in their order, each by itself: what one changed, the next one reads anew, and one that fails leaves the others as
 * they are.
 */
export const runMutation = async (
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  { variables: variableValues, operationName }: GraphqlRequest,
  reach: Reach,
): Promise<ExecutionResult> => {
  const data: Record<string, unknown> = {};
  const errors: GraphQLError[] = [];
  for (const selections of mutationFields(operation).values()) {
    const alone = { ...operation, selectionSet: { ...operation.selectionSet, selections } };
    const definitions = document.definitions.map((one) => (one === operation ? alone : one));
    const contextValue = { reach }; // its identity is what loaders are kept by
    const result = await execute({ schema, document: { ...document, definitions }, contextValue, variableValues, operationName });
    errors.push(...(result.errors ?? []));
    if (!result.data) return { errors }; // variables that do not fit, before anything ran
    Object.assign(data, result.data);
  }
  return errors.length > 0 ? { data, errors } : { data };
};

/**
 * Who acts in a mutation of one field, for its answer to be kept under an Idempotency-Key; undefined when the field will refuse the caller anyway.
 * @throws GraphQLError when it has several: a repeat could not tell which of them happened
 */
export const actorOf = (schema: GraphQLSchema, operation: OperationDefinitionNode, reach: Reach): Context | undefined => {
  const fields = [...mutationFields(operation).values()];
  const [name] = fields.map(([field]) => field?.name.value);
  if (fields.length !== 1 || name === undefined) throw new GraphQLError('With an Idempotency-Key a mutation has one field');
  const { access, contextOf } = schema.getMutationType()?.getFields()[name]?.extensions ?? {};
  if (access === 'person') return undefined; // whoever changes their own account acts for nobody: by REST, too, no answer of it is kept
  try {
    return (contextOf as ((reach: Reach) => Context) | undefined)?.(reach);
  } catch {
    return undefined;
  }
};
