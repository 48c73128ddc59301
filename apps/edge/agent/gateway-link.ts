import { WebSocket } from 'ws';
import { CONTRACT, type AgentMessage, type GatewayMessage } from '@trunkline/edge-core';
import type { Identity } from './identity.ts';
import { log, reasonOf } from './log.ts';

const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 2000;
const REFUSED_RETRY_MS = 5000;
const PING_MS = 10_000;
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

export type LinkEvents = {
  readonly cursor: () => number;
  readonly version: string; // the agent's own
  readonly onWelcome: (message: Extract<GatewayMessage, { type: 'welcome' }>) => void;
  readonly onEntries: (message: Extract<GatewayMessage, { type: 'entries' }>) => void;
  readonly onCdrsStored: (batch: number) => void;
  readonly onTestCall: (message: Extract<GatewayMessage, { type: 'test_call' }>) => void;
  readonly onDown: () => void;
};

/** The one connection to the edge gateway: opened by us, proved by our key, opened again for as long as it takes when it breaks. */
export class GatewayLink {
  private socket: WebSocket | undefined;
  private retryMs = FIRST_RETRY_MS;
  private timer: NodeJS.Timeout | undefined;
  private ended = false;
  private welcome = false;

  constructor(
    private readonly url: string,
    private readonly identity: Identity,
    private readonly events: LinkEvents,
    private readonly pingMs = PING_MS,
  ) {}

  open(): void {
    const socket = new WebSocket(this.url, { maxPayload: MAX_MESSAGE_BYTES, handshakeTimeout: 5000 });
    this.socket = socket;
    const stopPings = keepAlive(socket, this.pingMs);
    socket.on('open', () => this.greet());
    socket.on('message', (data) => this.hear(String(data)));
    socket.on('error', (error) => log('warn', 'gateway link', { reason: reasonOf(error) }));
    socket.on('close', () => {
      stopPings();
      this.closed();
    });
  }

  /** Whether the gateway knows us. */
  get isUp(): boolean {
    return this.welcome;
  }

  /** Sends when the gateway knows us; otherwise the message is dropped, and its sender hears `onDown` or sends again. */
  send(message: AgentMessage): void {
    if (this.welcome) this.say(message);
  }

  close(): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }

  /** Breaks the connection, to start over with a fresh hello. */
  restart(): void {
    this.retryMs = Math.max(this.retryMs, LAST_RETRY_MS);
    this.socket?.terminate();
  }

  private greet(): void {
    const { cursor, version } = this.events;
    this.say({ type: 'hello', contract: CONTRACT, edge_id: this.identity.edgeId, cursor: cursor(), agent_version: version });
  }

  private say(message: AgentMessage): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  private hear(text: string): void {
    const message = parse(text);
    if (message === undefined) return log('warn', 'the gateway sent something unreadable');
    switch (message.type) {
      case 'challenge':
        return this.say({ type: 'proof', signature: this.identity.sign(`trunkline-edge:${this.identity.edgeId}:${message.nonce}`) });
      case 'welcome':
        this.welcome = true;
        this.retryMs = FIRST_RETRY_MS;
        return this.events.onWelcome(message);
      case 'entries':
        return this.events.onEntries(message);
      case 'cdrs_stored':
        return this.events.onCdrsStored(message.batch);
      case 'test_call':
        return this.events.onTestCall(message);
      case 'refused':
        this.retryMs = REFUSED_RETRY_MS;
        log('error', 'the gateway refuses this edge', { code: message.code, detail: message.detail });
        return this.restart();
    }
  }

  private closed(): void {
    if (this.welcome) log('warn', 'gateway link lost');
    this.welcome = false;
    this.events.onDown();
    if (this.ended) return;
    this.timer = setTimeout(() => this.open(), this.retryMs * (0.5 + Math.random() / 2));
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
  }
}

/**
 * Cuts a connection on which not a byte came from one ping to the next: half-open, its other end gone without a word. Bytes rather than pongs,
 * since over a slow line a pong waits behind a full set of entries.
 */
const keepAlive = (socket: WebSocket, pingMs: number): (() => void) => {
  let alive = true;
  socket.on('upgrade', (response) => response.socket.on('data', () => (alive = true)));
  const timer = setInterval(() => {
    if (!alive) return socket.terminate();
    alive = false;
    if (socket.readyState === WebSocket.OPEN) socket.ping();
  }, pingMs);
  return () => clearInterval(timer);
};

const parse = (text: string): GatewayMessage | undefined => {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === 'object' && message !== null ? (message as GatewayMessage) : undefined;
  } catch {
    return undefined;
  }
};
