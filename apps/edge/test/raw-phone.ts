import { randomUUID } from 'node:crypto';
import type { Intent } from '@trunkline/edge-core';
import { digestAnswer, header, headers, statusOf, type Login, type SipMessage, type SipPeer } from '@trunkline/testing/sip';

export type Ask = {
  readonly method?: string; //      INVITE unless said
  readonly uri?: string;
  readonly number?: string; //      user part of the Request-URI at the edge
  readonly from?: string; //        From without its tag
  readonly fromTag?: string;
  readonly to?: string; //          whole To
  readonly callId?: string;
  readonly cseq?: number;
  readonly extra?: SipMessage['headers'];
  readonly login?: Login;
  readonly sdp?: string;
};
/** An answered call, as its caller knows it: what requests inside it are made of. */
export type RawCall = {
  readonly status: number;
  readonly reason: string | null;
  readonly callId: string;
  readonly fromTag: string;
  readonly from: string;
  readonly to: string;
  readonly contact: string;
  readonly routes: SipMessage['headers'];
};

/** A telephone that puts on the wire whatever it is told to, orderly or not. */
export class RawPhone {
  constructor(
    readonly peer: SipPeer,
    readonly edge: string,
    private readonly user: string,
  ) {}

  request(ask: Ask): SipMessage {
    const method = ask.method ?? 'INVITE';
    const uri = ask.uri ?? `sip:${ask.number ?? ''}@${this.edge}`;
    const usual: SipMessage['headers'] = [
      ['Max-Forwards', '70'],
      ['Contact', this.peer.contact],
    ];
    const media: SipMessage['headers'] = ask.sdp === undefined ? [] : [['Content-Type', 'application/sdp']];
    const extra = [...(ask.extra ?? []), ...media];
    return {
      ...(ask.sdp !== undefined && { body: ask.sdp }),
      startLine: `${method} ${uri} SIP/2.0`,
      headers: [
        ['Via', this.peer.via(randomUUID())],
        ['From', `${ask.from ?? `<sip:${this.user}@${this.peer.address}>`};tag=${ask.fromTag ?? 'uac'}`],
        ['To', ask.to ?? `<${uri}>`],
        ['Call-ID', ask.callId ?? randomUUID()],
        ['CSeq', `${ask.cseq ?? 1} ${method}`],
        ...usual.filter(([name]) => !extra.some(([own]) => own === name)),
        ...extra,
      ],
    };
  }

  ask(ask: Ask, withinMs?: number): Promise<SipMessage | undefined> {
    return this.peer.ask(this.request(ask), this.edge, withinMs);
  }

  /** Answers the challenge, and acknowledges what becomes of the call. */
  async call(ask: Ask & { readonly login: Login }): Promise<RawCall> {
    const callId = ask.callId ?? randomUUID();
    const cseq = ask.cseq ?? 1;
    const { challenge, uri } = await this.challenge({ ...ask, callId, cseq });
    const authorization = digestAnswer(challenge, 'INVITE', uri, ask.login.username, ask.login.password);
    const extra = [['Proxy-Authorization', authorization] as const, ...(ask.extra ?? [])];
    return this.invite({ ...ask, callId, cseq: cseq + 1, extra });
  }

  /** An INVITE, answered or not, and its ACK. */
  async invite(ask: Ask & { readonly callId: string }): Promise<RawCall> {
    const request = this.request(ask);
    const final = await this.peer.ask(request, this.edge, 12_000);
    if (final === undefined) throw new Error('no final response');
    const call: RawCall = {
      ...{ status: statusOf(final), reason: /text="([^"]*)"/.exec(header(final, 'reason') ?? '')?.[1] ?? null },
      ...{ callId: ask.callId, fromTag: ask.fromTag ?? 'uac', from: ask.from ?? `<sip:${this.user}@${this.peer.address}>` },
      ...{ to: header(final, 'to') ?? '', contact: /<([^>]+)>/.exec(header(final, 'contact') ?? '')?.[1] ?? '' },
      routes: headers(final, 'record-route').reverse().map(([, value]) => ['Route', value] as const), // prettier-ignore
    };
    const cseq = ask.cseq ?? 1;
    if (call.status < 300) this.peer.send(this.within(call, 'ACK', cseq), this.edge);
    else {
      const via = request.headers.filter(([name]) => name === 'Via');
      const ack = this.request({ ...ask, method: 'ACK', to: call.to });
      this.peer.send({ ...ack, headers: [...via, ...ack.headers.filter(([name]) => name !== 'Via')] }, this.edge);
    }
    return call;
  }

  /** A request inside an answered call. */
  within(call: RawCall, method: string, cseq: number, over: Ask = {}): SipMessage {
    const { callId, fromTag, from, to, contact, routes } = call;
    return this.request({ method, uri: contact, callId, fromTag, from, to, cseq, extra: routes, ...over });
  }

  async hangUp(call: RawCall): Promise<void> {
    await this.peer.ask(this.within(call, 'BYE', 90), this.edge);
  }

  /** Registers the peer's own address. @returns the final status */
  async register(login: Login): Promise<number> {
    const aor = `<sip:${login.username}@${this.edge}>`;
    const ask = { method: 'REGISTER', uri: `sip:${this.edge}`, from: aor, to: aor, callId: randomUUID() };
    const { challenge, uri } = await this.challenge(ask);
    const authorization = digestAnswer(challenge, 'REGISTER', uri, login.username, login.password);
    const final = await this.ask({ ...ask, cseq: 2, extra: [['Authorization', authorization]] });
    return final ? statusOf(final) : 0;
  }

  /** The 407 or 401 to a request without credentials. */
  async challenge(ask: Ask): Promise<{ challenge: string; uri: string }> {
    const request = this.request(ask);
    const final = await this.peer.ask(request, this.edge);
    const challenge = final && (header(final, 'proxy-authenticate') ?? header(final, 'www-authenticate'));
    if (challenge === undefined) throw new Error(`no challenge but ${final?.startLine ?? 'silence'}`);
    return { challenge, uri: request.startLine.split(' ')[1] ?? '' };
  }
}

/** The same world on other loopback addresses: `127.0.2x.y` becomes `<net>.2xy`. */
export const relocated = <T extends Intent | Readonly<Record<string, string>>>(world: T, net: string): T =>
  JSON.parse(JSON.stringify(world).replaceAll(/127\.0\.2(\d)\.(\d)/g, `${net}.2$1$2`)) as T;
