import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { AppError, kernelErrors } from '@trunkline/kernel';
import { GraphQLError, getOperationAST } from 'graphql';
import type { DocumentNode, ExecutionResult, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { Idempotency } from '../http/idempotency.ts';
import type { KeyedRequest } from '../http/idempotency.ts';
import { STATUS_BY_KIND, toProblem } from '../http/problem.ts';
import type { Problem } from '../http/problem.ts';
import type { Reach } from '../http/reach.ts';
import { Log } from '../telemetry/log.ts';
import { GRAPH, schemaOf } from './graph.ts';
import type { Graph } from './graph.ts';
import { KnownQueries } from './known-queries.ts';
import { admit } from './limits.ts';
import type { GraphqlRequest, Refusal } from './limits.ts';
import { actorOf, runMutation } from './run-mutation.ts';

/** `trustedProxies`: whose word about where a socket comes from counts, as for requests; nobody's when absent. */
export type GraphqlConfig = { readonly introspection: boolean; readonly trustedProxies?: string | undefined };
export const GRAPHQL_CONFIG = Symbol('GraphqlConfig');

/** `status`: 400 when nothing of the query ran, else 200 however many fields failed. */
export type GraphqlAnswer = {
  readonly status: number;
  readonly replayed?: boolean;
  readonly body: { readonly data?: Record<string, unknown> | null; readonly errors?: readonly object[] };
};

/** So many faults are told at most: an answer must not outgrow its data. */
const FAULTS_MAX = 100;

/** Answers GraphQL queries and mutations out of all types that the domains of this process have added to the graph. */
@Injectable()
export class AnswerQuery implements OnModuleInit {
  schema!: GraphQLSchema;
  private queries!: KnownQueries;

  constructor(
    @Inject(GRAPH) private readonly graph: Graph,
    @Inject(GRAPHQL_CONFIG) private readonly config: GraphqlConfig,
    private readonly idempotency: Idempotency,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.schema = schemaOf(this.graph);
    this.queries = new KnownQueries(this.schema);
  }

  /** @param keyed when it came with an Idempotency-Key */
  async execute(reach: Reach, request: GraphqlRequest, keyed?: KeyedRequest): Promise<GraphqlAnswer> {
    const document = this.admit(reach, request);
    if (!('kind' in document)) return refusal(document, reach.request.requestId);
    const operation = getOperationAST(document, request.operationName);
    try {
      if (operation?.operation === 'subscription') throw new GraphQLError('A subscription needs a WebSocket');
      if (operation?.operation === 'mutation') return await this.mutate(reach, request, document, operation, keyed);
      const contextValue = { reach }; // its identity is what loaders are kept by: one for each request
      return this.answer(reach, await this.queries.run(request, document, contextValue));
    } catch (error) {
      if (error instanceof GraphQLError) return refusal([error], reach.request.requestId);
      throw error;
    }
  }

  /** The parsed operation, or why it is refused. */
  admit(reach: Reach, request: GraphqlRequest, costMax?: number): DocumentNode | Refusal {
    return admit(this.schema, request, { reach }, this.queries.find(request), { introspection: this.config.introspection, costMax });
  }

  private async mutate(
    reach: Reach,
    request: GraphqlRequest,
    document: DocumentNode,
    operation: OperationDefinitionNode,
    keyed: KeyedRequest | undefined,
  ): Promise<GraphqlAnswer> {
    const run = async () => this.answer(reach, await runMutation(this.schema, document, operation, request, reach));
    const actor = keyed && actorOf(this.schema, operation, reach);
    if (!keyed || !actor) return run();
    try {
      return (await this.idempotency.once(actor, keyed, async () => {
        const answer = await run();
        if (Object.values(answer.body.data ?? {}).every((value) => value === null)) throw new NothingDone(answer);
        return answer;
      })) as GraphqlAnswer;
    } catch (error) {
      if (error instanceof NothingDone) return error.answer;
      throw error;
    }
  }

  private answer(reach: Reach, { data, errors }: ExecutionResult): GraphqlAnswer {
    const { requestId } = reach.request;
    if (data === undefined) return refusal(errors ?? [], requestId);
    return { status: 200, body: errors ? { data, errors: this.failures(errors, requestId) } : { data } };
  }

  /** As clients are told, and for 5xx the log. */
  failures(errors: readonly GraphQLError[], requestId: string): object[] {
    return errors.slice(0, FAULTS_MAX).map((error) => {
      const problem = toProblem(error.originalError ?? error, requestId);
      if (problem.status >= 500)
        this.log.error({ requestId, path: error.path?.join('.'), err: error.originalError ?? error }, 'field failed');
      return fault(error, problem);
    });
  }
}

/** Rolls back a mutation that failed: its answer is not kept, and the key may be used again. */
class NothingDone extends Error {
  constructor(readonly answer: GraphqlAnswer) {
    super('the field failed');
  }
}

const refusal = (errors: readonly GraphQLError[], requestId: string): GraphqlAnswer => ({
  status: STATUS_BY_KIND.invalid,
  body: { errors: refusals(errors, requestId) },
});

/** What was refused before it ran, as clients are told. */
export const refusals = (errors: readonly GraphQLError[], requestId: string): object[] =>
  errors.slice(0, FAULTS_MAX).map((error) => {
    const known = error.originalError instanceof AppError ? error.originalError : new AppError(kernelErrors.invalid, error.message);
    return fault(error, toProblem(known, requestId));
  });

/** An error of GraphQL whose extensions are the problem that REST would answer with. */
const fault = ({ locations, path }: GraphQLError, { detail: message, ...extensions }: Problem): object => ({
  message,
  locations,
  path,
  extensions,
});
