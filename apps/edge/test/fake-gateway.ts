import { createPublicKey, randomUUID, verify } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { gunzipSync } from 'node:zlib';
import { WebSocketServer, type WebSocket } from 'ws';
import { ENTRY_KINDS, checksum, parseCdrLine, type AgentMessage, type CdrRecord, type CompiledEntry, type EdgeStatus, type EnrolRequest, type Entry, type GatewayMessage } from '@trunkline/edge-core'; // prettier-ignore

/** Speaks the gateway's side of the protocol to one edge, from memory: entries out, CDRs in, everything remembered. */
export class FakeGateway {
  readonly records: CdrRecord[] = [];
  readonly unreadable: string[] = [];
  /** What came of test calls. */
  readonly tested: Extract<AgentMessage, { type: 'test_call_result' }>[] = [];
  applied = 0;
  /** What the agent said of itself when it last came. */
  hello: Extract<AgentMessage, { type: 'hello' }> | undefined;
  status: EdgeStatus | undefined;
  /** Kept back to see what the agent does with a batch in doubt. */
  storeCdrs = true;
  version = 0;
  /** How often the agent has proved itself. */
  connections = 0;
  private entries = new Map<string, Entry>();
  private readonly edgeId = randomUUID();
  private publicKey = '';
  /** What an agent may enrol with next; null for nothing. */
  token: string | null = 'token-once';
  private socket: WebSocket | undefined;
  private server: Server | undefined;
  private sockets: WebSocketServer | undefined;

  constructor(
    readonly address: string,
    readonly port: number,
    private readonly edgeName: string,
    private readonly realm: string,
  ) {}

  get url(): string {
    return `ws://${this.address}:${this.port}`;
  }

  async open(): Promise<void> {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const { token, public_key } = JSON.parse(body) as EnrolRequest;
        const accepted = request.url === '/enrol' && token === this.token;
        if (accepted) [this.publicKey, this.token] = [public_key, null];
        response.writeHead(accepted ? 200 : 403).end(JSON.stringify({ edge_id: this.edgeId, edge_name: this.edgeName }));
      });
    });
    this.sockets = new WebSocketServer({ server });
    this.sockets.on('connection', (socket) => this.serve(socket));
    this.server = server.listen(this.port, this.address);
    await once(server, 'listening');
  }

  /** The gateway is gone: connections cut, port closed. */
  async close(): Promise<void> {
    this.sockets?.clients.forEach((client) => client.terminate());
    this.sockets?.close();
    const server = this.server;
    this.server = undefined;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  /** Makes the edge have exactly these entries; returns the version to wait for. */
  publish(compiled: readonly CompiledEntry[]): number {
    const wanted = new Map(compiled.map((e) => [`${e.kind} ${e.key}`, e]));
    const changed: Entry[] = [];
    for (const [id, e] of wanted) if (this.entries.get(id)?.value !== e.value) changed.push({ ...e, version: ++this.version });
    for (const [id, e] of this.entries)
      if (!wanted.has(id) && e.value !== null) changed.push({ ...e, value: null, version: ++this.version });
    for (const e of changed) this.entries.set(`${e.kind} ${e.key}`, e);
    if (changed.length > 0) this.send({ type: 'entries', reset: false, last: true, version: this.version, entries: changed });
    return this.version;
  }

  /** An entry as no compiler would write it. */
  publishRaw(entry: Pick<Entry, 'kind' | 'key' | 'value'>): void {
    this.send({ type: 'entries', reset: false, last: true, version: ++this.version, entries: [{ ...entry, version: this.version }] });
  }

  /** Any text as a message. */
  say(text: string): void {
    this.socket?.send(text);
  }

  /** Of the entries as this side has them. */
  checksums(): Record<string, string> {
    const rows = [...this.entries.values()];
    const of = (kind: string) => rows.flatMap((e) => (e.kind === kind && e.value !== null ? [[e.key, e.value] as const] : []));
    return Object.fromEntries(ENTRY_KINDS.map((kind) => [kind, checksum(of(kind))]));
  }

  /** Sends everything anew, in parts. */
  reset(): void {
    this.sendAll();
  }

  private serve(socket: WebSocket): void {
    const nonce = randomUUID();
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as AgentMessage;
      if (message.type === 'hello') {
        this.hello = message;
        return reply({ type: 'challenge', nonce });
      }
      if (message.type === 'proof') return this.admit(socket, nonce, message.signature);
      if (socket !== this.socket) return socket.terminate();
      if (message.type === 'applied') this.applied = message.version;
      else if (message.type === 'status') this.status = message.status;
      else if (message.type === 'test_call_result') this.tested.push(message);
      else this.store(message.batch, message.lines);
    });
    const reply = (message: GatewayMessage): void => socket.send(JSON.stringify(message));
  }

  private admit(socket: WebSocket, nonce: string, signature: string): void {
    const text = Buffer.from(`trunkline-edge:${this.edgeId}:${nonce}`);
    const genuine = verify(null, text, createPublicKey(this.publicKey), Buffer.from(signature, 'base64'));
    if (!genuine) return socket.terminate();
    this.socket = socket;
    this.connections++;
    this.send({ type: 'welcome', edge_name: this.edgeName, realm: this.realm });
    this.sendAll();
  }

  private sendAll(): void {
    const all = [...this.entries.values()].filter((e) => e.value !== null);
    const half = Math.ceil(all.length / 2);
    this.send({ type: 'entries', reset: true, last: false, version: this.version, entries: all.slice(0, half) });
    this.send({ type: 'entries', reset: true, last: true, version: this.version, entries: all.slice(half) });
  }

  private store(batch: number, lines: string): void {
    if (!this.storeCdrs) return;
    for (const line of gunzipSync(Buffer.from(lines, 'base64')).toString().trimEnd().split('\n')) {
      const parsed = parseCdrLine(line);
      if (parsed.ok) this.records.push(parsed.record);
      else this.unreadable.push(`${parsed.reason}: ${line}`);
    }
    this.send({ type: 'cdrs_stored', batch });
  }

  private send(message: GatewayMessage): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(message));
  }
}
