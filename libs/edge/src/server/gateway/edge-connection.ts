import { randomBytes, verify } from 'node:crypto';
import { CONTRACT } from '@trunkline/edge-core';
import type { AgentMessage, EdgeStatus, GatewayMessage } from '@trunkline/edge-core';
import { Wakeable } from '@trunkline/platform';
import type { Log } from '@trunkline/platform';
import { WebSocket } from 'ws';
import type { RawData } from 'ws';
import { readAgentMessage } from './agent-message.ts';
import { unpackCdrs } from './cdr-batch.ts';
import type { CdrSink } from './cdr-sink.ts';
import type { EdgeReports, KnownEdge } from './edge-reports.ts';
import type { EntryFeed, FeedPart } from './entry-feed.ts';
import type { GatewayMetrics } from './gateway-metrics.ts';

export type GatewayServices = {
  readonly realm: string;
  readonly feed: EntryFeed;
  readonly reports: EdgeReports;
  readonly sink: CdrSink;
  readonly metrics: GatewayMetrics;
  readonly log: Log;
  /** Called once the edge has proved who it is. */
  readonly onProved: (edge: KnownEdge, connection: EdgeConnection) => void;
};

const MAX_WAITING_MESSAGES = 256;
const MAX_WAITING_BATCHES = 8;
const RESYNC_EVERY_MS = 60_000;

/** One agent's connection: who it is, what it was sent, what it reports. Messages are taken one after the other, CDR batches in a line of their own. */
export class EdgeConnection {
  private readonly nonce = randomBytes(32).toString('base64');
  private readonly pump: Wakeable;
  private claimed: KnownEdge | undefined; // the edge it says it is
  private edge: KnownEdge | undefined; //    the edge it has proved to be
  private greeted = false;
  private cursor = 0; //                     what it has, once it has read all that was sent
  private sent = 0; //                       the highest version it may acknowledge
  private acknowledged = -1;
  private unacknowledged: { version: number; oldest: Date }[] = [];
  private resync = false;
  private resyncedAtMs = -RESYNC_EVERY_MS;
  private doubtfulVersion = -1;
  private waiting = 0;
  private turn: Promise<void> = Promise.resolve();
  private batches = 0;
  private intake: Promise<void> = Promise.resolve();

  constructor(
    private readonly socket: WebSocket,
    private readonly services: GatewayServices,
  ) {
    this.pump = new Wakeable(() => this.feed(), (err) => this.services.log.error({ edge: this.edge?.name, err }, 'edge feed failed'));
    socket.on('message', (data) => this.enqueue(data));
    socket.on('error', (err) => services.log.warn({ edge: this.edge?.name, err }, 'edge connection'));
  }

  get proved(): boolean {
    return this.edge !== undefined;
  }

  /** Entries were written: sends what it lacks. */
  wake(): void {
    if (this.edge) this.pump.wake();
  }

  /** Says why, and hangs up. */
  refuse(code: string, detail: string): void {
    this.services.log.warn({ edge: (this.edge ?? this.claimed)?.name, code, detail }, 'edge refused');
    this.say({ type: 'refused', code, detail }).catch(() => {});
    this.socket.close(1008, code);
  }

  /** Hangs up after what is under way: a batch being stored is stored, and acknowledged. */
  async end(): Promise<void> {
    await this.pump.stop();
    await this.intake;
    this.socket.close(1001);
  }

  private enqueue(data: RawData): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    if (++this.waiting > MAX_WAITING_MESSAGES) return this.refuse('edge.too_fast', `More than ${MAX_WAITING_MESSAGES} messages wait`);
    this.turn = this.turn
      .then(() => this.hear(String(data)))
      .catch((err: unknown) => {
        this.services.log.error({ edge: this.edge?.name, err }, 'edge message failed');
        this.socket.close(1011); // the database is away, most likely: the agent comes back
      })
      .finally(() => this.waiting--);
  }

  private async hear(text: string): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    const message = readAgentMessage(text);
    if (!message) return this.refuse('edge.malformed_message', 'This is no message of the protocol');
    if (message.type === 'hello' && !this.greeted) return this.hello(message);
    if (message.type === 'proof' && this.greeted && !this.edge) return this.prove(message.signature);
    if (this.edge && message.type === 'applied') return this.applied(this.edge, message.version);
    if (this.edge && message.type === 'status') return this.status(this.edge, message.status);
    if (this.edge && message.type === 'cdrs') return this.cdrs(this.edge, message.batch, message.lines);
    this.refuse('edge.unexpected_message', `A ${message.type} message does not belong here`);
  }

  private async hello({ contract, edge_id, cursor }: Extract<AgentMessage, { type: 'hello' }>): Promise<void> {
    this.greeted = true;
    if (contract !== CONTRACT) return this.refuse('edge.contract_unknown', `This gateway speaks contract ${CONTRACT}, not ${contract}`);
    this.claimed = await this.services.reports.find(edge_id);
    this.cursor = cursor;
    this.challenge = `trunkline-edge:${edge_id}:${this.nonce}`;
    await this.say({ type: 'challenge', nonce: this.nonce });
  }
  private challenge = '';

  private async prove(signature: string): Promise<void> {
    const edge = this.claimed; // an unknown edge fails here too, so that nobody learns which ids exist
    const genuine = edge !== undefined && verify(null, Buffer.from(this.challenge), edge.publicKey, Buffer.from(signature, 'base64'));
    if (!genuine) return this.refuse('edge.not_proved', 'The signature is not that of an enrolled edge');
    this.edge = edge;
    this.services.onProved(edge, this);
    await this.say({ type: 'welcome', edge_name: edge.name, realm: this.services.realm });
    this.pump.wake();
  }

  private async feed(): Promise<void> {
    const full = this.resync;
    this.resync = false;
    this.cursor = await this.services.feed.stream(this.cursor, full, (part) => this.sendPart(part)).catch((error: unknown) => {
      this.resync ||= full;
      throw error;
    });
    this.sent = Math.max(this.sent, this.cursor);
  }

  private async sendPart({ oldest, ...part }: FeedPart): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) throw new Error('the edge hung up');
    if (part.last) this.sent = part.version; // before the answer can come
    if (oldest && !part.reset) this.unacknowledged.push({ version: part.version, oldest });
    await this.say({ type: 'entries', ...part });
    this.services.metrics.entriesSent.inc({ edge: this.edge?.name ?? '' }, part.entries.length);
  }

  private async applied(edge: KnownEdge, version: number): Promise<void> {
    if (version > this.sent || version === this.acknowledged) return; // of another history, or known
    this.acknowledged = version;
    await this.services.reports.applied(edge.id, version);
    const now = performance.timeOrigin + performance.now();
    const done = this.unacknowledged.filter((u) => u.version <= version);
    this.unacknowledged = this.unacknowledged.filter((u) => u.version > version);
    for (const { oldest } of done) this.services.metrics.propagation.observe({ edge: edge.name }, Math.max(0, now - oldest.getTime()) / 1000);
  }

  private async status(edge: KnownEdge, status: EdgeStatus): Promise<void> {
    await this.applied(edge, status.applied_version);
    const doubtful = await this.services.reports.status(edge.id, status);
    const confirmed = doubtful && this.doubtfulVersion === status.applied_version; // one report may mix two versions
    this.doubtfulVersion = doubtful ? status.applied_version : -1;
    if (!confirmed || performance.now() - this.resyncedAtMs < RESYNC_EVERY_MS) return;
    this.services.log.error({ edge: edge.name, version: status.applied_version }, 'edge has drifted: it is sent everything');
    this.resyncedAtMs = performance.now();
    await this.services.reports.drifted(edge.id);
    this.resync = true;
    this.pump.wake();
  }

  /** Stored one batch after the other; a batch that cannot be stored, or comes too soon, is not acknowledged and comes again. */
  private async cdrs(edge: KnownEdge, batch: number, packed: string): Promise<void> {
    if (this.batches >= MAX_WAITING_BATCHES) return;
    const lines = await unpackCdrs(packed).catch(() => undefined);
    if (!lines) return this.refuse('edge.malformed_message', 'The CDR lines are not gzip');
    this.batches++;
    this.intake = this.intake
      .then(() => this.store(edge, batch, lines))
      .catch((err: unknown) => this.services.log.error({ edge: edge.name, lines: lines.length, err }, 'CDR batch not stored'))
      .finally(() => this.batches--);
  }

  private async store(edge: KnownEdge, batch: number, lines: readonly string[]): Promise<void> {
    await this.services.sink.store(edge.id, lines);
    this.services.metrics.cdrLines.inc({ edge: edge.name }, lines.length);
    await this.say({ type: 'cdrs_stored', batch }).catch(() => {}); // gone: it comes again, and is recognised
  }

  private say(message: GatewayMessage): Promise<void> {
    return new Promise((resolve, reject) => this.socket.send(JSON.stringify(message), (error) => (error ? reject(error) : resolve())));
  }
}
