import { setTimeout as sleep } from 'node:timers/promises';
import type { Login, SipPeer } from '@trunkline/testing/sip';

/** What went wrong, in the words of a test's output. */
type Fault = string;
type Answer = { readonly status: number; readonly body: { readonly id: string } };

/** A customer's program: requests of every kind at a steady pace, none of them repeated, and a count of what was answered. */
export class SteadyRequests {
  answered = 0;
  trunks = 0; // ordered
  slowestMs = 0;
  readonly faults: Fault[] = [];
  private last = ''; // the trunk ordered last
  private readonly underWay = new Set<Promise<void>>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly target: () => string,
    private readonly key: string,
    everyMs: number,
  ) {
    let n = 0;
    this.timer = setInterval(() => this.begin(n++), everyMs);
  }

  async more(count: number): Promise<void> {
    for (const wanted = this.answered + count; this.answered < wanted;) await sleep(10);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.underWay);
  }

  private begin(n: number): void {
    const doing = this.request(n).catch((error: Error) => void this.faults.push(`no answer: ${String(error.cause ?? error)}`));
    this.underWay.add(doing);
    void doing.finally(() => this.underWay.delete(doing));
  }

  private async request(n: number): Promise<void> {
    const kinds = [() => this.orderTrunk(n), () => this.changeTrunk(n), ...READS.map((path) => () => this.send('GET', path))];
    const began = performance.now();
    const { status, body } = await kinds[n % kinds.length]!();
    this.slowestMs = Math.max(this.slowestMs, performance.now() - began);
    if (status >= 300) this.faults.push(`${status} ${JSON.stringify(body).slice(0, 300)}`);
    this.answered++;
  }

  private async orderTrunk(n: number): Promise<Answer> {
    const answer = await this.send('POST', '/v1/trunks', { name: `trunk ${n}`, country: 'US', channels_max: 1 });
    if (answer.status === 201) this.trunks++;
    if (answer.status === 201) this.last = answer.body.id;
    return answer;
  }

  private changeTrunk(n: number): Promise<Answer> {
    return this.last === '' ? this.send('GET', READS[0]!) : this.send('PATCH', `/v1/trunks/${this.last}`, { channels_max: 2 + (n % 50) });
  }

  private async send(method: string, path: string, body?: object): Promise<Answer> {
    const headers = { authorization: `Bearer ${this.key}`, ...(body && { 'content-type': 'application/json' }) };
    const answer = await fetch(`${this.target()}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  }
}
const READS = ['/v1/trunks?limit=5', '/v1/balance', '/v1/calls?limit=5', '/v1/numbers?limit=5'];

type Line = { readonly phone: SipPeer; readonly from: string; readonly login: Login };

/** A customer's PBX: calls at a steady pace to where it was last told to go, by a redirection. */
export class SteadyCalls {
  readonly answered: string[] = []; // Call-IDs of calls that were carried to their end
  readonly faults: Fault[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private timer: NodeJS.Timeout | undefined;
  /** @param edge where it goes first, ip:port */
  constructor(
    private readonly line: Line,
    public edge: string,
    private readonly pace: { readonly everyMs: number; readonly holdMs: number },
  ) {
    this.resume();
  }

  async more(count: number): Promise<void> {
    for (const wanted = this.answered.length + count; this.answered.length < wanted && this.faults.length === 0;) await sleep(10);
  }

  resume(): void {
    this.timer = setInterval(() => this.begin(sleep(this.pace.holdMs)), this.pace.everyMs);
  }

  /** Begins no more calls, and sees through those that are up, except the ones that are held. */
  async pause(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(this.underWay);
  }

  /** One call, up until then. */
  hold(until: Promise<unknown>): Promise<void> {
    return this.call(until, 1);
  }

  private begin(until: Promise<unknown>): void {
    const doing = this.call(until, 1);
    this.underWay.add(doing);
    void doing.finally(() => this.underWay.delete(doing));
  }

  private async call(holdUntil: Promise<unknown>, redirections: number): Promise<void> {
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
