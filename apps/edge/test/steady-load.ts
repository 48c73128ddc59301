import { setTimeout as sleep } from 'node:timers/promises';
import type { Login, SipPeer } from '@trunkline/testing/sip';

/** What went wrong, in the words of a test's output. */
type Fault = string;
type Answer = { readonly status: number; readonly body: { readonly id: string } };
const READS = ['/v1/trunks?limit=5', '/v1/balance', '/v1/calls?limit=5', '/v1/numbers?limit=5'];
const PAUSE_MS = 40;

/** A customer's programs: requests of every kind, again and again, none of them repeated when it fails, and a count of what was answered. */
export class SteadyRequests {
  answered = 0;
  trunks = 0; // ordered
  slowestMs = 0;
  readonly faults: Fault[] = [];
  private last = ''; // the trunk ordered last
  private stopping = false;
  private readonly running: Promise<void>[];

  /** @param target where the next request goes; asked before each. @param programs how many ask at once */
  constructor(
    private readonly target: () => string,
    private readonly key: string,
    programs: number,
  ) {
    this.running = Array.from({ length: programs }, (_, i) => this.run(i));
  }

  async more(count: number): Promise<void> {
    for (const wanted = this.answered + count; this.answered < wanted && this.faults.length === 0;) await sleep(10);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all(this.running);
  }

  private async run(program: number): Promise<void> {
    for (let n = 0; !this.stopping; n++) {
      await this.request(program, n).catch((error: Error) => this.faults.push(`no answer: ${String(error.cause ?? error)}`));
      await sleep(PAUSE_MS);
    }
  }

  private async request(program: number, n: number): Promise<void> {
    const read = () => this.send('GET', READS[n % READS.length]!);
    const change = () => (this.last === '' ? read() : this.send('PATCH', `/v1/trunks/${this.last}`, { channels_max: 2 + (n % 50) }));
    const kinds = [() => this.orderTrunk(`trunk ${program}-${n}`), change, read, read];
    const began = performance.now();
    const { status, body } = await kinds[n % kinds.length]!();
    this.slowestMs = Math.max(this.slowestMs, performance.now() - began);
    if (status >= 300) this.faults.push(`${status} ${JSON.stringify(body).slice(0, 300)}`);
    this.answered++;
  }

  private async orderTrunk(name: string): Promise<Answer> {
    const answer = await this.send('POST', '/v1/trunks', { name, country: 'US', channels_max: 1 });
    if (answer.status === 201) [this.trunks, this.last] = [this.trunks + 1, answer.body.id];
    return answer;
  }

  private async send(method: string, path: string, body?: object): Promise<Answer> {
    const headers = { authorization: `Bearer ${this.key}`, ...(body && { 'content-type': 'application/json' }) };
    const answer = await fetch(`${this.target()}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  }
}

type Line = { readonly phone: SipPeer; readonly from: string; readonly login: Login };

/** A customer's PBX with telephones that call again and again, all to the edge where a redirection last sent one. */
export class SteadyCalls {
  readonly answered: string[] = []; // Call-IDs of calls that were carried to their end
  readonly faults: Fault[] = [];
  private paused = false;
  private running: Promise<void>[] = [];

  /** @param edge where it calls first, ip:port */
  constructor(
    private readonly line: Line,
    public edge: string,
    private readonly telephones: { readonly count: number; readonly holdMs: number },
  ) {
    this.resume();
  }

  async more(count: number): Promise<void> {
    for (const wanted = this.answered.length + count; this.answered.length < wanted && this.faults.length === 0;) await sleep(10);
  }

  resume(): void {
    this.paused = false;
    this.running = Array.from({ length: this.telephones.count }, () => this.run());
  }

  /** Begins no more calls, and sees through those that are up, except the ones that are held. */
  async pause(): Promise<void> {
    this.paused = true;
    await Promise.all(this.running);
  }

  /** One more call, up until then. */
  hold(until: Promise<unknown>): Promise<void> {
    return this.call(until);
  }

  private async run(): Promise<void> {
    while (!this.paused) {
      await this.call(sleep(this.telephones.holdMs));
      await sleep(PAUSE_MS);
    }
  }

  private async call(holdUntil: Promise<unknown>, redirections = 1): Promise<void> {
    const { phone, from: fromUser, login } = this.line;
    const edge = this.edge;
    const result = await phone.call({ edge, requestUser: '+12125550001', fromUser, login, holdUntil }).catch((e: Error) => e);
    if (result instanceof Error) return void this.faults.push(`${edge}: ${result.message}`);
    if (result.status === 200) return void this.answered.push(result.callId);
    if (result.status !== 302 || redirections === 0) return void this.faults.push(`${edge}: ${result.status} ${result.reason}`);
    this.edge = result.contact!.split('@')[1]!;
    await this.call(holdUntil, redirections - 1);
  }
}
