import { randomBytes, verify } from 'node:crypto';
import { CONTRACT, OLDEST_CONTRACT, isServed } from '@trunkline/edge-core';
import type { AgentMessage, GatewayMessage } from '@trunkline/edge-core';
import { WebSocket } from 'ws';
import type { RawData } from 'ws';
import { readAgentMessage } from './agent-message.ts';
import type { AgentFacts, KnownEdge } from './edge-reports.ts';
import { EdgeSession } from './edge-session.ts';
import type { SessionServices } from './edge-session.ts';
import type { TestCallOrder, TestCalls } from './test-calls.ts';

export type GatewayServices = SessionServices & {
  readonly realm: string;
  readonly testCalls: TestCalls;
  /** Called once the edge has proved who it is, before it is welcomed. */
  readonly onProved: (edge: KnownEdge, connection: EdgeConnection) => void;
};

type Hello = Extract<AgentMessage, { type: 'hello' }>;
type Claim = { readonly edge: KnownEdge | undefined; readonly cursor: number; readonly agent: AgentFacts; readonly challenge: string };

const MAX_WAITING = 256;
// before it is known who speaks: room for a hello and a proof
const STRANGER_MAX_WAITING = 4;
const STRANGER_MAX_BYTES = 1_024;

/** One agent's connection: finds out who it is, then hands each message to its session, one after the other. */
export class EdgeConnection {
  private claim: Claim | undefined;
  private session: EdgeSession | undefined;
  private waiting = 0;
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly socket: WebSocket,
    private readonly services: GatewayServices,
  ) {
    socket.on('message', (data) => this.enqueue(data));
    socket.on('error', (err) => services.log.warn({ edge: this.claim?.edge?.name, err }, 'edge connection'));
  }

  get proved(): boolean {
    return this.session !== undefined;
  }

  /** Entries were written. */
  wake(): void {
    this.session?.wake();
  }

  /** Has the edge place a test call; one that does not hear of it lets it end by its time. */
  order(call: TestCallOrder): void {
    this.say(call).catch(() => {});
  }

  /** Says why, and hangs up. */
  refuse(code: string, detail: string): void {
    this.services.log.warn({ edge: this.claim?.edge?.name, code, detail }, 'edge refused');
    this.services.metrics.refusals.inc({ code });
    this.say({ type: 'refused', code, detail }).catch(() => {});
    this.socket.close(1008, code);
  }

  /** Hangs up after what is under way. */
  async end(): Promise<void> {
    await this.session?.end();
    this.socket.close(1001);
  }

  private enqueue(data: RawData): void {
    if (!this.proved && (this.waiting >= STRANGER_MAX_WAITING || (data as Buffer).length > STRANGER_MAX_BYTES))
      return this.refuse('edge.not_proved', 'Too much before the proof');
    if (++this.waiting > MAX_WAITING) return this.refuse('edge.too_fast', `More than ${MAX_WAITING} messages wait`);
    this.turn = this.turn
      .then(() => this.hear(String(data)))
      .catch((err: unknown) => {
        this.services.log.error({ edge: this.claim?.edge?.name, err }, 'edge message failed');
        this.socket.close(1011); // the database is away, most likely: the agent comes back
      })
      .finally(() => this.waiting--);
  }

  private async hear(text: string): Promise<void> {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    const message = readAgentMessage(text);
    if (!message) return this.refuse('edge.malformed_message', 'This is no message of the protocol');
    if (message.type === 'hello' && !this.claim) return this.hello(message);
    if (message.type === 'proof' && this.claim && !this.session) return this.prove(this.claim, message.signature);
    if (!this.session || message.type === 'hello' || message.type === 'proof')
      return this.refuse('edge.unexpected_message', `A ${message.type} message does not belong here`);
    if (message.type === 'applied') return this.session.applied(message.version);
    if (message.type === 'status') return this.session.status(message.status);
    if (message.type === 'test_call_result') return this.services.testCalls.record(this.claim?.edge?.id ?? '', message);
    await this.session.cdrs
      .take(message.batch, message.lines)
      .catch(() => this.refuse('edge.malformed_message', 'The CDR lines are not gzip'));
  }

  private async hello({ contract, edge_id, cursor, agent_version }: Hello): Promise<void> {
    const nonce = randomBytes(32).toString('base64');
    const edge = await this.services.reports.find(edge_id);
    this.claim = { edge, cursor, agent: { contract, agentVersion: agent_version }, challenge: `trunkline-edge:${edge_id}:${nonce}` };
    await this.say({ type: 'challenge', nonce });
  }

  /** An edge that is unknown fails here like one that signs wrongly, so that nobody learns which ids exist. */
  private async prove({ edge, cursor, agent, challenge }: Claim, signature: string): Promise<void> {
    const genuine = edge !== undefined && verify(null, Buffer.from(challenge), edge.publicKey, Buffer.from(signature, 'base64'));
    if (!genuine) return this.refuse('edge.not_proved', 'The signature is not that of an enrolled edge');
    if (!isServed(agent.contract)) return this.turnAway(edge, agent);
    await this.services.reports.admitted(edge.id, agent);
    this.services.onProved(edge, this);
    const welcomed = this.say({ type: 'welcome', edge_name: edge.name, realm: this.services.realm });
    this.session = new EdgeSession(edge, agent.contract, cursor, this.services, (message) => this.say(message)); // its first entries go out behind the welcome
    this.session.wake();
    await welcomed;
  }

  /** Only now that it is proved to be this edge: whoever names an edge must not be able to say this about it. */
  private async turnAway(edge: KnownEdge, agent: AgentFacts): Promise<void> {
    await this.services.reports.refused(edge.id, agent, 'edge.contract_unknown');
    this.refuse('edge.contract_unknown', `This gateway speaks contracts ${OLDEST_CONTRACT} and ${CONTRACT}, not ${agent.contract}`);
  }

  private say(message: GatewayMessage): Promise<void> {
    return new Promise((resolve, reject) => this.socket.send(JSON.stringify(message), (error) => (error ? reject(error) : resolve())));
  }
}
