import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { digestAnswer } from './digest.ts';
import { formatSip, header, headers, methodOf, parseSip, replyTo, requestUri, statusOf, type SipMessage } from './sip-message.ts';
import { streamWire, udpWire, type Wire } from './wire.ts';

export type Login = { readonly username: string; readonly password: string };
export type CallOptions = {
  readonly edge: string; // ip:port
  readonly requestUser: string;
  readonly fromUser: string;
  readonly assertedUser?: string | null;
  readonly login?: Login | null;
  readonly callId?: string;
  readonly holdMs?: number; //   how long an answered call lasts
  readonly holdUntil?: Promise<unknown>; // or until when
  readonly cancelAfterMs?: number; // gives up when there is no answer by then
};
/** The final response, with the Reason header's text. */
export type CallResult = {
  readonly status: number;
  readonly reason: string | null;
  readonly contact: string | null;
  readonly callId: string;
};

const ANSWER_TIMEOUT_MS = 15_000;
// RFC 3261 17.1.1.1 and 17.1.2.2
const T1_MS = 500;
const T2_MS = 4000;
const BYE_TIMEOUT_MS = 64 * T1_MS;

/** A small SIP telephone and gateway on one address of the loopback net, by UDP or one TCP or TLS connection: places calls, answers calls, remembers what it was asked. */
export class SipPeer {
  readonly received: SipMessage[] = []; //  every request
  readonly replies: SipMessage[] = []; //   every response, provisional ones too
  private readonly dialogs = new Map<string, (message: SipMessage) => void>();

  /** How an INVITE is answered: a status, at once or later, or null for silence. */
  answer: (invite: SipMessage) => number | null | Promise<number | null> = () => 603;
  /** How any other request is answered; null for silence. */
  answerOther: (request: SipMessage) => number | null = () => 200;

  /** Whether an offer of media is answered: by itself, so that a telephone hears what it says. */
  echoes = false;

  private constructor(
    private readonly wire: Wire,
    readonly address: string,
  ) {
    wire.receive((text) => void this.hear(parseSip(text)));
  }

  static async open(address: string, port: number): Promise<SipPeer> {
    return new SipPeer(await udpWire(address, port), address);
  }

  /** By a connection to `remote`, ip:port, which everything takes that it sends. */
  static async connect(transport: 'TCP' | 'TLS', address: string, remote: string): Promise<SipPeer> {
    return new SipPeer(await streamWire(transport, address, remote), address);
  }

  get port(): number {
    return this.wire.port;
  }

  /** The Via of a request with that branch. */
  via(branch: string): string {
    return `SIP/2.0/${this.wire.transport} ${this.address}:${this.port};branch=z9hG4bK${branch};rport`;
  }

  /** Where it wants to be reached. */
  get contact(): string {
    const transport = this.wire.transport === 'UDP' ? '' : `;transport=${this.wire.transport.toLowerCase()}`;
    return `<sip:peer@${this.address}:${this.port}${transport}>`;
  }

  close(): void {
    this.wire.close();
  }

  invites(): readonly SipMessage[] {
    return this.received.filter((m) => methodOf(m) === 'INVITE');
  }

  /** Places a call and sees it through: challenge, answer, hang-up. */
  async call(options: CallOptions): Promise<CallResult> {
    const callId = options.callId ?? randomUUID();
    const uri = `sip:${options.requestUser}${options.requestUser === '' ? '' : '@'}${options.edge}`;
    const inbox = this.inbox(callId);
    const request = (method: string, cseq: number, extra: SipMessage['headers'], target = uri): SipMessage => ({
      startLine: `${method} ${target} SIP/2.0`,
      headers: [
        ['Via', this.via(`${callId}${method === 'ACK' ? 'INVITE' : method}${cseq}`)],
        ['From', `<sip:${options.fromUser}@${this.address}>;tag=uac`],
        ['Call-ID', callId],
        ['CSeq', `${cseq} ${method}`],
        ['Max-Forwards', '70'],
        ['Contact', this.contact],
        ...extra,
      ],
    });
    const asserted: SipMessage['headers'] = options.assertedUser
      ? [['P-Asserted-Identity', `<sip:${options.assertedUser}@${this.address}>`]]
      : [];
    let cseq = 1;
    this.send(request('INVITE', cseq, [['To', `<${uri}>`], ...asserted]), options.edge);
    let final = await inbox.final(`${cseq} INVITE`);
    const challenge = header(final, 'proxy-authenticate');
    if (challenge && options.login) {
      this.send(request('ACK', cseq, [['To', header(final, 'to') ?? '']]), options.edge);
      const answer = digestAnswer(challenge, 'INVITE', uri, options.login.username, options.login.password);
      this.send(request('INVITE', ++cseq, [['To', `<${uri}>`], ['Proxy-Authorization', answer], ...asserted]), options.edge);
      if (options.cancelAfterMs !== undefined) {
        await sleep(options.cancelAfterMs);
        await inbox.anything(`${cseq} INVITE`); // not before: RFC 3261 9.1
        const cancel = request('CANCEL', cseq, [['To', `<${uri}>`]]);
        this.send(
          { ...cancel, headers: cancel.headers.map(([n, v]) => [n, v.replace('CANCEL' + cseq, 'INVITE' + cseq)] as const) },
          options.edge,
        );
      }
      final = await inbox.final(`${cseq} INVITE`);
    }
    const to: SipMessage['headers'] = [['To', header(final, 'to') ?? '']];
    if (statusOf(final) < 300) {
      const route = headers(final, 'record-route')
        .reverse()
        .map(([, value]) => ['Route', value] as const);
      const contact = /<([^>]+)>/.exec(header(final, 'contact') ?? '')?.[1] ?? uri;
      const ack = request('ACK', cseq, [...to, ...route], contact);
      this.send({ ...ack, headers: ack.headers.map(([n, v]) => [n, v.replace('INVITE', 'ACK2xx')] as const) }, options.edge);
      await (options.holdUntil ?? sleep(options.holdMs ?? 0));
      await this.untilAnswered(
        request('BYE', ++cseq, [...to, ...route], contact),
        options.edge,
        inbox.final(`${cseq} BYE`, BYE_TIMEOUT_MS),
      );
    } else this.send(request('ACK', cseq, to), options.edge);
    this.dialogs.delete(callId);
    const reason = /text="([^"]*)"/.exec(header(final, 'reason') ?? '')?.[1] ?? null;
    return { status: statusOf(final), reason, contact: /<([^>]+)>/.exec(header(final, 'contact') ?? '')?.[1] ?? null, callId };
  }

  /** Sends it again and again over UDP, as a telephone does whose edge is just being restarted (RFC 3261 17.1.2). */
  private async untilAnswered(request: SipMessage, to: string, final: Promise<SipMessage>): Promise<void> {
    let answered = false;
    const answer = final.finally(() => (answered = true));
    answer.catch(() => undefined); // thrown below
    for (let pauseMs = T1_MS; !answered; pauseMs = Math.min(2 * pauseMs, T2_MS)) {
      this.send(request, to);
      await Promise.race([answer, sleep(this.wire.transport === 'UDP' ? pauseMs : BYE_TIMEOUT_MS)]);
    }
    await answer;
  }

  /** Sends one request as it is and waits for its final response; undefined when none comes. */
  async ask(request: SipMessage, to: string, withinMs = 1500): Promise<SipMessage | undefined> {
    const sequence = header(request, 'CSeq') ?? '';
    const transaction = `${header(request, 'Call-ID')} ${sequence}`;
    const inbox = this.inbox(transaction);
    this.send(request, to);
    const final = await inbox.final(sequence, withinMs).catch(() => undefined);
    this.dialogs.delete(transaction);
    return final;
  }

  send(message: SipMessage, to: string): void {
    this.wire.send(formatSip(message), to);
  }

  private inbox(callId: string) {
    const arrived: SipMessage[] = [];
    let wake = (): void => undefined;
    this.dialogs.set(callId, (message) => {
      arrived.push(message);
      wake();
    });
    const first = async (isIt: (m: SipMessage) => boolean, what: string, withinMs = ANSWER_TIMEOUT_MS): Promise<number> => {
      const deadline = performance.now() + withinMs;
      for (;;) {
        const at = arrived.findIndex(isIt);
        if (at >= 0) return at;
        if (performance.now() > deadline) throw new Error(`no ${what}`);
        await Promise.race([new Promise<void>((resolve) => (wake = resolve)), sleep(200)]);
      }
    };
    const answers = (m: SipMessage, sequence: string) => statusOf(m) > 0 && header(m, 'cseq') === sequence;
    const anything = (sequence: string) => first((m) => answers(m, sequence), `response to ${sequence}`);
    const final = async (sequence: string, withinMs?: number): Promise<SipMessage> => {
      const at = await first((m) => answers(m, sequence) && statusOf(m) >= 200, `final response to ${sequence}`, withinMs);
      return arrived.splice(0, at + 1)[at]!;
    };
    return { anything, final };
  }

  private async hear(message: SipMessage): Promise<void> {
    if (statusOf(message) > 0) {
      this.replies.push(message);
      const callId = header(message, 'call-id') ?? '';
      for (const id of [callId, `${callId} ${header(message, 'cseq')}`]) this.dialogs.get(id)?.(message);
      return;
    }
    this.received.push(message);
    const method = methodOf(message);
    if (method === 'ACK') return;
    const status = method === 'INVITE' ? await this.answer(message) : this.answerOther(message);
    if (status === null) return;
    this.reply(message, status);
    if (method !== 'CANCEL') return;
    const invite = this.invites().find((m) => header(m, 'call-id') === header(message, 'call-id'));
    if (invite) this.reply(invite, 487);
  }

  /** Responds to where the request came from, by its Via. */
  reply(request: SipMessage, status: number): void {
    const [, host = '', port = '5060'] = /(?:UDP|TCP|TLS) ([^:;]+)(?::(\d+))?/.exec(header(request, 'via') ?? '') ?? [];
    const reply = replyTo(request, status, [['Contact', this.contact]]);
    const { body } = request;
    const answers = this.echoes && status === 200 && body !== undefined;
    this.send(answers ? { ...reply, headers: [...reply.headers, ['Content-Type', 'application/sdp']], body } : reply, `${host}:${port}`);
  }

  /** Hangs up a call that this peer answered. */
  hangUp(invite: SipMessage): void {
    const own = header(replyTo(invite, 200), 'to') ?? '';
    const routes = headers(invite, 'record-route').map(([, value]) => ['Route', value] as const);
    const target = /<([^>]+)>/.exec(header(invite, 'contact') ?? '')?.[1] ?? '';
    const dialog: SipMessage['headers'] = [
      ['From', own],
      ['To', header(invite, 'from') ?? ''],
      ['Call-ID', header(invite, 'call-id') ?? ''],
    ];
    const via = ['Via', this.via(randomUUID())] as const;
    const next = /sip:([^;>]+)/.exec(routes[0]?.[1] ?? '')?.[1] ?? '';
    this.send(
      { startLine: `BYE ${target} SIP/2.0`, headers: [via, ...dialog, ['CSeq', '1 BYE'], ['Max-Forwards', '70'], ...routes] },
      next,
    );
  }
}

export { header, headers, methodOf, requestUri, statusOf, type SipMessage };
