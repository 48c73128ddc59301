import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import { DATABASE_CONFIG, Listener, Log, Wakeable } from '@trunkline/platform';
import type { DatabaseConfig } from '@trunkline/platform';
import { SIP_REALM, TEST_CALL } from '@trunkline/trunks/server';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { EDGE_ENTRY } from '../scope.ts';
import { MAX_MESSAGE_BYTES } from './agent-message.ts';
import { CdrSink } from './cdr-sink.ts';
import { EdgeConnection } from './edge-connection.ts';
import type { GatewayServices } from './edge-connection.ts';
import { AnnounceProvisioned } from '../announce-provisioned.ts';
import { EdgeReports } from './edge-reports.ts';
import type { KnownEdge } from './edge-reports.ts';
import { EnrolRoute } from './enrol-route.ts';
import { EntryFeed } from './entry-feed.ts';
import { GatewayMetrics } from './gateway-metrics.ts';
import { TestCalls } from './test-calls.ts';

export type GatewayConfig = { readonly host: string; readonly port: number };
export const GATEWAY_CONFIG = Symbol('GatewayConfig');

const PROVE_WITHIN_MS = 10_000;
const PING_EVERY_MS = 10_000;
const MAX_STRANGERS = 256;

/** The way in for edges: one WebSocket each, by which configuration goes out and CDRs come in. Bind it to loopback or put TLS before it. */
@Injectable()
export class EdgeGateway implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly connections = new Set<EdgeConnection>();
  private readonly byEdge = new Map<string, EdgeConnection>();
  private readonly http = createServer(
    (request, response) => void this.enrolRoute.handle(request, response, (id) => this.drop(id, 'edge.enrolled_again')),
  );
  private readonly sockets = new WebSocketServer({ server: this.http, maxPayload: MAX_MESSAGE_BYTES });
  private readonly listener: Listener;
  private readonly orders: Wakeable;
  private readonly services: GatewayServices;

  constructor(
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
    @Inject(DATABASE_CONFIG) database: DatabaseConfig,
    @Inject(SIP_REALM) realm: string,
    feed: EntryFeed,
    reports: EdgeReports,
    announce: AnnounceProvisioned,
    sink: CdrSink,
    private readonly enrolRoute: EnrolRoute,
    private readonly testCalls: TestCalls,
    private readonly metrics: GatewayMetrics,
    private readonly log: Log,
  ) {
    this.services = {
      realm,
      feed,
      reports,
      announce,
      sink,
      testCalls,
      metrics,
      log,
      onProved: (edge, connection) => this.onProved(edge, connection),
    };
    this.listener = new Listener(database.systemUrl, [EDGE_ENTRY, TEST_CALL], (channel) =>
      channel === TEST_CALL ? this.orders.wake() : this.connections.forEach((c) => c.wake()),
    );
    this.orders = new Wakeable(() => this.orderTestCalls(), (err) => log.error({ err }, 'test calls not ordered')); // prettier-ignore
    this.sockets.on('connection', (socket) => this.accept(socket));
    this.sockets.on('error', () => {}); // the HTTP server's own errors reach us below
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.listener.start();
    await new Promise<void>((resolve, reject) => this.http.once('error', reject).listen(this.config.port, this.config.host, resolve));
    this.log.info({ ...this.config, port: this.port }, 'edge gateway is listening');
  }

  /** Where it listens: the port given, or the one found for port 0. */
  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  async onModuleDestroy(): Promise<void> {
    await this.listener.stop();
    await this.orders.stop();
    const closed = new Promise((resolve) => this.http.close(resolve));
    await Promise.all([...this.connections].map((c) => c.end()));
    for (const socket of this.sockets.clients) socket.terminate();
    this.http.closeAllConnections();
    await closed;
  }

  private accept(socket: WebSocket): void {
    const connection = new EdgeConnection(socket, this.services);
    const strangers = [...this.connections].filter((c) => !c.proved).length;
    if (strangers >= MAX_STRANGERS) return connection.refuse('edge.busy', 'Too many connections wait to prove who they are');
    this.connections.add(connection);
    const deadline = setTimeout(() => connection.proved || connection.refuse('edge.not_proved', 'No proof in time'), PROVE_WITHIN_MS);
    const stopPings = keepAlive(socket);
    socket.on('close', () => {
      clearTimeout(deadline);
      stopPings();
      this.connections.delete(connection);
      for (const [id, c] of this.byEdge) if (c === connection) this.byEdge.delete(id);
      this.metrics.connected.set(this.byEdge.size);
      void connection.end();
    });
  }

  /** An agent that comes again has lost its connection, whatever we still believe. */
  private onProved(edge: KnownEdge, connection: EdgeConnection): void {
    this.drop(edge.id, 'edge.replaced');
    this.byEdge.set(edge.id, connection);
    this.metrics.connected.set(this.byEdge.size);
    this.log.info({ edge: edge.name }, 'edge connected');
    this.orders.wake();
  }

  private async orderTestCalls(): Promise<void> {
    for (const { edgeId, order } of await this.testCalls.claim([...this.byEdge.keys()])) this.byEdge.get(edgeId)?.order(order);
  }

  private drop(edgeId: string, code: string): void {
    this.byEdge.get(edgeId)?.refuse(code, 'Another connection took the place of this one');
    this.byEdge.delete(edgeId);
  }
}

/** Cuts a connection whose other end has said nothing from one ping to the next. Its own messages count: over a slow line a ping waits behind entries. */
const keepAlive = (socket: WebSocket): (() => void) => {
  let alive = true;
  for (const sign of ['pong', 'message'] as const) socket.on(sign, () => (alive = true));
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    socket.ping();
  }, PING_EVERY_MS);
  return () => clearInterval(timer);
};
