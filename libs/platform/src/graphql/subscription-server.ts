import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import proxyAddr from '@fastify/proxy-addr';
import { Inject, Injectable, Optional } from '@nestjs/common';
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AppError, newId, toPublicId } from '@trunkline/kernel';
import { GraphQLError, createSourceEventStream, execute, getOperationAST } from 'graphql';
import type { ExecutionArgs, ExecutionResult, FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { handleProtocols, makeServer } from 'graphql-ws';
import type { Context, Server, SubscribePayload } from 'graphql-ws';
import type { Gauge } from 'prom-client';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { platformErrors } from '../http/errors.ts';
import { Authenticator, SessionDoor } from '../http/principal.ts';
import { Log } from '../telemetry/log.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { Shutdown } from '../telemetry/shutdown.ts';
import { AnswerQuery, GRAPHQL_CONFIG, refusals } from './answer-query.ts';
import type { GraphqlConfig } from './answer-query.ts';
import { EventStream } from './event-stream.ts';
import { CLOSE, GraphSocket } from './graph-socket.ts';
import { BODY_MAX } from './limits.ts';
import { LiveEvents } from './live-events.ts';

export const SOCKETS_MAX = 2_000; //        of a process
export const SOCKETS_OF_KEY_MAX = 20;
export const SUBSCRIPTIONS_MAX = 20; //     of a socket
const COST_MAX = 1_000; //                  of what one event is told with
const MESSAGES_MAX = 300; //                from a socket, between two looks
const LOOK_EVERY_MS = 15_000; //            whether sockets live, and their keys
const INIT_WITHIN_MS = 5_000;

type Extra = { readonly client: GraphSocket };
type Init = Record<string, unknown>;
type Subscribing = ExecutionArgs & { readonly contextValue: { readonly client: GraphSocket } };

/** Subscriptions at `/graphql` by graphql-transport-ws. Queries and mutations go by POST, where they are logged, limited and repeated safely. */
@Injectable()
export class SubscriptionServer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: BODY_MAX, handleProtocols });
  private readonly clients = new Map<WebSocket, GraphSocket>();
  private readonly protocol: Server<Extra>;
  private readonly isTrusted: (address: string, hop: number) => boolean;
  private looking: NodeJS.Timeout | undefined;

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly authenticator: Authenticator,
    private readonly answer: AnswerQuery,
    private readonly live: LiveEvents,
    private readonly shutdown: Shutdown,
    private readonly log: Log,
    @Inject(GRAPHQL_CONFIG) config: GraphqlConfig,
    metrics: Metrics,
    @Optional() private readonly sessions?: SessionDoor,
  ) {
    this.isTrusted = proxyAddr.compile(config.trustedProxies?.split(',').map((one) => one.trim()) ?? []);
    const open: Gauge = metrics.gauge('graphql_sockets', 'Open WebSockets of subscriptions', [], async () => {
      await Promise.resolve(open.set(this.clients.size));
    });
    const followed: Gauge = metrics.gauge('graphql_subscriptions', 'Subscriptions of all sockets', [], async () => {
      await Promise.resolve(followed.set(this.live.followed));
    });
    this.protocol = makeServer<Init, Extra>({
      connectionInitWaitTimeout: INIT_WITHIN_MS,
      onConnect: (ctx) => this.connect(ctx),
      onSubscribe: (ctx, _, payload) => this.admit(ctx, payload),
      subscribe: (args) => this.subscribe(args as Subscribing),
      onNext: ({ extra }, _, __, ___, { data, errors }) =>
        errors && ({ data, errors: this.answer.failures(errors, idOf(extra)) } as FormattedExecutionResult),
      onError: ({ extra }, _, __, errors) => refusals(errors as GraphQLError[], idOf(extra)) as GraphQLFormattedError[],
    });
  }

  onApplicationBootstrap(): void {
    this.host.httpAdapter
      .getHttpServer()
      .on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => this.upgrade(request, socket, head));
    this.looking = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.looking);
    const closed = [...this.clients.keys()].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const client of this.clients.values()) client.end(...CLOSE.goingAway);
    await Promise.all(closed);
  }

  /** Ends the sockets whose keys are no longer good, whose clients are gone, or that talk too much. */
  async look(): Promise<void> {
    for (const client of [...this.clients.values()]) {
      if (client.messages > MESSAGES_MAX) client.end(...CLOSE.tooMany);
      client.messages = 0;
      if (client.reach) await client.current().catch((error: unknown) => this.log.warn({ err: error }, 'a key could not be looked up'));
      if (!client.alive) client.socket.terminate();
      client.alive = false;
      client.socket.ping();
    }
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refuse = (status: string) => socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
    if (request.url?.split('?')[0] !== '/graphql') return void refuse('404 Not Found');
    if (this.shutdown.stopping || this.clients.size >= SOCKETS_MAX) return void refuse('503 Service Unavailable');
    this.sockets.handleUpgrade(request, socket, head, (ws) => this.accept(ws, request));
  }

  private accept(socket: WebSocket, request: IncomingMessage): void {
    const origin = { requestId: toPublicId('request', newId()), sourceAddress: proxyAddr(request, this.isTrusted) };
    const client = new GraphSocket(socket, request.headers, origin, this.authenticator, this.sessions);
    this.clients.set(socket, client);
    const closed = this.protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => client.send(data),
        close: (code, reason) => client.end(code ?? 1000, reason ?? ''),
        onMessage: (take) => socket.on('message', (data) => void this.take(client, take, String(data))),
      },
      { client },
    );
    socket.on('pong', () => (client.alive = true));
    socket.on('error', () => {}); // it is closed with the code that says why
    socket.once('close', (code, reason) => {
      this.clients.delete(socket);
      if (client.isFollowing) this.live.close();
      void closed(code, String(reason));
      this.log.info(
        { requestId: client.origin.requestId, tenantId: client.reach?.tenantId, actor: client.reach?.principal.actor.id, code },
        'socket closed',
      );
    });
  }

  private async take(client: GraphSocket, take: (data: string) => Promise<void>, data: string): Promise<void> {
    client.messages += 1;
    if (client.messages > 2 * MESSAGES_MAX) return client.end(...CLOSE.tooMany);
    try {
      await take(data);
    } catch (error) {
      this.log.warn({ requestId: client.origin.requestId, err: error }, 'a message could not be answered');
      client.end(4500, 'Internal server error');
    }
  }

  private async connect({ connectionParams, extra: { client } }: Context<Init, Extra>): Promise<boolean> {
    if (!(await client.admit(connectionParams))) return false;
    const ofKey = [...this.clients.values()].filter(({ reach }) => reach?.principal.actor.id === client.reach?.principal.actor.id);
    if (ofKey.length > SOCKETS_OF_KEY_MAX) {
      client.end(...CLOSE.tooMany);
      return false;
    }
    await this.live.open();
    if (client.socket.readyState === client.socket.OPEN) client.isFollowing = true;
    else this.live.close();
    return true;
  }

  private admit(
    { extra: { client }, subscriptions }: Context<Init, Extra>,
    request: SubscribePayload,
  ): Subscribing | readonly GraphQLError[] {
    const { reach } = client;
    if (!reach) return [refused('unauthenticated')];
    if (Object.keys(subscriptions).length > SUBSCRIPTIONS_MAX) return [refused('tooManySubscriptions')];
    const { query, variables, operationName } = request;
    const document = this.answer.admit(reach, { query, variables, operationName }, COST_MAX);
    if (!('kind' in document)) return document;
    const operation = getOperationAST(document, operationName);
    if (operation?.operation !== 'subscription')
      return [new GraphQLError('Only subscriptions go by WebSocket: send the rest to POST /graphql')];
    return {
      schema: this.answer.schema,
      document,
      variableValues: variables,
      operationName,
      contextValue: { client, reach },
    } as Subscribing;
  }

  private async subscribe(args: Subscribing): Promise<AsyncIterableIterator<ExecutionResult, undefined> | ExecutionResult> {
    const source = await createSourceEventStream(args);
    if (!(source instanceof EventStream)) return source as ExecutionResult;
    const { client } = args.contextValue;
    source.onOverflow = () => client.end(...CLOSE.tooSlow);
    const results: AsyncIterableIterator<ExecutionResult, undefined> = {
      next: async () => {
        const { value: rootValue, done } = await source.next();
        const reach = done ? undefined : await client.current();
        if (!reach) return { value: undefined, done: true };
        // its own context for each event: loaders keep what they once read
        return { value: await execute({ ...args, rootValue, contextValue: { reach } }), done: false };
      },
      return: async () => {
        await source.return();
        return { value: undefined, done: true };
      },
      [Symbol.asyncIterator]: () => results,
    };
    return results;
  }
}

const idOf = ({ client }: Extra): string => client.origin.requestId;
const refused = (error: 'unauthenticated' | 'tooManySubscriptions'): GraphQLError => {
  const originalError = new AppError(platformErrors[error]);
  return new GraphQLError(originalError.message, { originalError });
};
