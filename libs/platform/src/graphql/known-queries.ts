import { execute } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLSchema } from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { CompiledQuery } from 'graphql-jit';
import type { GraphqlRequest } from './limits.ts';

type Known = { readonly document: DocumentNode; runs: number; compiled?: CompiledQuery };

const KNOWN_MAX = 100; //       a query has at most 2,000 tokens, so its tree at most about a megabyte
const RUNS_TO_COMPILE = 3; // compiling takes as long as several runs

/** Queries that were parsed and found valid before: a dashboard sends few, again and again. The longest unused makes room. */
export class KnownQueries {
  private readonly known = new Map<string, Known>();

  constructor(private readonly schema: GraphQLSchema) {}

  find(request: GraphqlRequest): DocumentNode | undefined {
    return this.known.get(keyOf(request))?.document;
  }

  /** Runs a valid query, and knows it from then on. */
  async run(request: GraphqlRequest, document: DocumentNode, contextValue: object): Promise<ExecutionResult> {
    const { variables: variableValues, operationName } = request;
    const known = this.use(keyOf(request), document);
    if (++known.runs === RUNS_TO_COMPILE) {
      const compiled = compileQuery(this.schema, document, operationName ?? undefined);
      if (isCompiledQuery(compiled)) known.compiled = compiled;
    }
    if (known.compiled) return await known.compiled.query({}, contextValue, variableValues);
    return await execute({ schema: this.schema, document, contextValue, variableValues, operationName });
  }

  private use(key: string, document: DocumentNode): Known {
    const known = this.known.get(key) ?? { document, runs: 0 };
    this.known.delete(key);
    this.known.set(key, known);
    const [longestUnused] = this.known.keys();
    if (this.known.size > KNOWN_MAX && longestUnused !== undefined) this.known.delete(longestUnused);
    return known;
  }
}

// no operation's name holds a line break
const keyOf = ({ query, operationName }: GraphqlRequest): string => `${operationName ?? ''}\n${query}`;
