import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { CONTRACT, ENTRY_KINDS, checksum } from '@trunkline/edge-core';
import type { AgentMessage, EdgeStatus, EnrolResponse, Entry, EntryKind, GatewayMessage } from '@trunkline/edge-core';
import { WebSocket } from 'ws';

type MessageOf<T extends GatewayMessage['type']> = Extract<GatewayMessage, { type: T }>;
type Waiting = { readonly type: string; readonly resolve: (message: GatewayMessage) => void };

/** An edge agent without an edge: enrols, proves itself, keeps the entries it is sent in memory, and acknowledges them unless told not to. */
export class FakeAgent {
  readonly entries = new Map<string, string>();
  /** The version it has. */
  cursor = 0;
  acknowledges = true;
  /** What it speaks, which kinds of entry its checksums tell of, and what it says in its hello beside what it must. */
  contract = CONTRACT;
  kinds: readonly EntryKind[] = ENTRY_KINDS;
  hello: Readonly<Record<string, unknown>> | undefined;
  private readonly inbox: GatewayMessage[] = [];
  private waiting: Waiting[] = [];
  private socket: WebSocket | undefined;

  private constructor(
    readonly edgeId: string,
    private readonly url: string,
    private readonly key: KeyObject,
  ) {}

  /** The raw answer of the gateway to an enrolment with a fresh key. @param origin `http://host:port` */
  static async requestEnrolment(origin: string, token: string): Promise<{ response: Response; key: KeyObject }> {
    const { privateKey } = generateKeyPairSync('ed25519');
    const public_key = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
    const response = await fetch(`${origin}/enrol`, { method: 'POST', body: JSON.stringify({ token, public_key }) });
    return { response, key: privateKey };
  }

  /** @throws when the gateway refuses the token */
  static async enrol(origin: string, token: string): Promise<FakeAgent> {
    const { response, key } = await FakeAgent.requestEnrolment(origin, token);
    if (!response.ok) throw new Error(`enrolment refused: ${response.status} ${await response.text()}`);
    return new FakeAgent(((await response.json()) as EnrolResponse).edge_id, origin.replace('http', 'ws'), key);
  }

  /** The same edge as another process would be it, with nothing applied. @param key another one, to be refused */
  twin(key = this.key): FakeAgent {
    return new FakeAgent(this.edgeId, this.url, key);
  }

  /** Connects and says hello; the proof follows the challenge by itself. */
  async open(): Promise<void> {
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.on('message', (data) => this.hear(JSON.parse(String(data)) as GatewayMessage));
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    const more = this.hello ?? (this.contract < 2 ? {} : { agent_version: 'fake' });
    this.send({ type: 'hello', contract: this.contract, edge_id: this.edgeId, cursor: this.cursor, ...more });
  }

  /** Connects and waits for the welcome. */
  async connect(): Promise<MessageOf<'welcome'>> {
    await this.open();
    return this.next('welcome');
  }

  /** The next message of a type that was not taken yet. */
  next<T extends GatewayMessage['type']>(type: T): Promise<MessageOf<T>> {
    const at = this.inbox.findIndex((m) => m.type === type);
    if (at >= 0) return Promise.resolve(this.inbox.splice(at, 1)[0] as MessageOf<T>);
    return new Promise((resolve) => this.waiting.push({ type, resolve: resolve as Waiting['resolve'] }));
  }

  /** Waits until it holds an entry that satisfies the test (undefined: no such entry). */
  async until(kind: string, key: string, test: (value: string | undefined) => boolean): Promise<void> {
    while (!test(this.entries.get(`${kind} ${key}`))) await this.next('entries');
  }

  closed(): Promise<void> {
    return new Promise((resolve) =>
      this.socket?.readyState === WebSocket.CLOSED ? resolve() : this.socket?.once('close', () => resolve()),
    );
  }

  async close(): Promise<void> {
    this.socket?.close();
    await this.closed();
  }

  send(message: AgentMessage): void {
    this.sendText(JSON.stringify(message));
  }

  sendText(text: string): void {
    this.socket?.send(text);
  }

  sendCdrs(batch: number, lines: readonly string[]): void {
    this.send({ type: 'cdrs', batch, lines: gzipSync(lines.map((l) => `${l}\n`).join('')).toString('base64') });
  }

  /** Reports what it holds. */
  report(change: Partial<EdgeStatus> = {}): void {
    const of = (kind: string) =>
      [...this.entries].flatMap(([id, value]): [string, string][] =>
        id.startsWith(`${kind} `) ? [[id.slice(kind.length + 1), value]] : [],
      );
    const checksums = Object.fromEntries(this.kinds.map((kind) => [kind, checksum(of(kind))]));
    this.send({
      type: 'status',
      status: { kamailio: 'up', applied_version: this.cursor, spool_depth: 0, active_calls: 0, bundle: 'fake', checksums, ...change },
    });
  }

  private hear(message: GatewayMessage): void {
    if (message.type === 'challenge') this.prove(message.nonce);
    if (message.type === 'entries') this.apply(message);
    const at = this.waiting.findIndex((w) => w.type === message.type);
    if (at < 0) this.inbox.push(message);
    else this.waiting.splice(at, 1)[0]?.resolve(message);
  }

  private prove(nonce: string): void {
    const signature = sign(null, Buffer.from(`trunkline-edge:${this.edgeId}:${nonce}`), this.key).toString('base64');
    this.send({ type: 'proof', signature });
  }

  private staged: Entry[] = [];
  private apply({ reset, last, version, entries }: MessageOf<'entries'>): void {
    this.staged.push(...entries);
    if (!last) return;
    if (reset) this.entries.clear();
    for (const { kind, key, value } of this.staged)
      if (value === null) this.entries.delete(`${kind} ${key}`);
      else this.entries.set(`${kind} ${key}`, value);
    this.staged = [];
    this.cursor = version;
    if (this.acknowledges) this.send({ type: 'applied', version });
  }
}
