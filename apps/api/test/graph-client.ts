import { setTimeout as sleep } from 'node:timers/promises';
import WebSocket from 'ws';
import type { ApiHarness } from './harness.ts';

type Message = { readonly type: string; readonly id?: string; readonly payload?: any }; // eslint-disable-line @typescript-eslint/no-explicit-any -- answers are checked field by field

/** Speaks graphql-transport-ws word by word, so that tests may also say what no library would. */
export class GraphClient {
  readonly received: Message[] = [];
  closed: { code: number; reason: string } | undefined;
  private readonly socket: WebSocket;

  private constructor(url: string, protocol: string, headers: Record<string, string>) {
    this.socket = new WebSocket(url, protocol, { headers });
    this.socket.on('message', (data) => this.received.push(JSON.parse(String(data)) as Message));
    this.socket.on('close', (code, reason) => (this.closed = { code, reason: String(reason) }));
    this.socket.on('error', () => {});
  }

  /** A socket that has said nothing yet. */
  static async open(api: ApiHarness, protocol = 'graphql-transport-ws', path = '/graphql', headers = {}): Promise<GraphClient> {
    const server = api.app.getHttpServer();
    if (!server.listening) await api.app.listen(0, '127.0.0.1');
    const { port } = server.address() as { port: number };
    const client = new GraphClient(`ws://127.0.0.1:${port}${path}`, protocol, headers);
    await new Promise((resolve) => client.socket.once('open', resolve).once('close', resolve));
    return client;
  }

  /** A socket that was let in. */
  static async as(api: ApiHarness, key: string, params: object = {}): Promise<GraphClient> {
    return (await GraphClient.open(api)).init({ authorization: `Bearer ${key}`, ...params });
  }

  /** Says who it is; returns when it was let in, or not. */
  async init(payload: object): Promise<this> {
    this.say({ type: 'connection_init', payload });
    await this.until(() => this.closed !== undefined || this.received.some(({ type }) => type === 'connection_ack'));
    return this;
  }

  say(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** Subscribes, and returns once what was said before has been heard. */
  async subscribe(id: string, query: string, variables?: object): Promise<void> {
    this.say({ id, type: 'subscribe', payload: { query, variables } });
    await this.ping();
  }

  async ping(): Promise<void> {
    const before = this.of('pong').length;
    this.say({ type: 'ping' });
    await this.until(() => this.closed !== undefined || this.of('pong').length > before);
  }

  of(type: string, id?: string): Message[] {
    return this.received.filter((m) => m.type === type && (id === undefined || m.id === id));
  }

  /** Reads nothing more of what is sent to it. */
  stall(): void {
    (this.socket as unknown as { _socket: { pause(): void } })._socket.pause();
  }

  /** Waits until it holds; the test's own time limit ends it. */
  async until(holds: () => boolean, meanwhile: () => Promise<unknown> = () => Promise.resolve()): Promise<void> {
    while (!holds()) {
      await meanwhile();
      await sleep(20);
    }
  }

  close(): void {
    this.socket.terminate();
  }
}
