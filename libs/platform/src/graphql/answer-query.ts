import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { AppError, kernelErrors } from '@trunkline/kernel';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import { STATUS_BY_KIND, toProblem } from '../http/problem.ts';
import type { Problem } from '../http/problem.ts';
import type { Reach } from '../http/reach.ts';
import { Log } from '../telemetry/log.ts';
import { GRAPH, schemaOf } from './graph.ts';
import type { Graph } from './graph.ts';
import { KnownQueries } from './known-queries.ts';
import { admit } from './limits.ts';
import type { GraphqlRequest } from './limits.ts';

export type GraphqlConfig = { readonly introspection: boolean };
export const GRAPHQL_CONFIG = Symbol('GraphqlConfig');

/** `status`: 400 when nothing of the query ran, else 200 however many fields failed. */
export type GraphqlAnswer = {
  readonly status: number;
  readonly body: { readonly data?: Record<string, unknown> | null; readonly errors?: readonly object[] };
};

/** So many faults are told at most: an answer must not outgrow its data. */
const FAULTS_MAX = 100;

/** Answers GraphQL queries out of all types that the domains of this process have added to the graph. */
@Injectable()
export class AnswerQuery implements OnModuleInit {
  schema!: GraphQLSchema;
  private queries!: KnownQueries;

  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    @Inject(GRAPHQL_CONFIG) private readonly config: GraphqlConfig,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.schema = schemaOf(this.graph);
    this.queries = new KnownQueries(this.schema);
  }

  async execute(reach: Reach, request: GraphqlRequest): Promise<GraphqlAnswer> {
    const contextValue = { reach }; // its identity is what loaders are kept by: one for each request
    const document = admit(this.schema, request, contextValue, this.queries.find(request), this.config.introspection);
    if (!('kind' in document)) return refusal(document, reach.request.requestId);
    const { data, errors } = await this.queries.run(request, document, contextValue);
    if (data === undefined) return refusal(errors ?? [], reach.request.requestId);
    return { status: 200, body: errors ? { data, errors: this.failures(errors, reach.request.requestId) } : { data } };
  }

  private failures(errors: readonly GraphQLError[], requestId: string): object[] {
    return errors.slice(0, FAULTS_MAX).map((error) => {
      const problem = toProblem(error.originalError ?? error, requestId);
      if (problem.status >= 500)
        this.log.error({ requestId, path: error.path?.join('.'), err: error.originalError ?? error }, 'field failed');
      return fault(error, problem);
    });
  }
}

const refusal = (errors: readonly GraphQLError[], requestId: string): GraphqlAnswer => {
  const faults = errors.slice(0, FAULTS_MAX).map((error) => {
    const known = error.originalError instanceof AppError ? error.originalError : new AppError(kernelErrors.invalid, error.message);
    return fault(error, toProblem(known, requestId));
  });
  return { status: STATUS_BY_KIND.invalid, body: { errors: faults } };
};

/** An error of GraphQL whose extensions are the problem that REST would answer with. */
const fault = ({ locations, path }: GraphQLError, { detail: message, ...extensions }: Problem): object => ({
  message,
  locations,
  path,
  extensions,
});
