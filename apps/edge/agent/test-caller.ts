import { randomBytes, randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { setTimeout as sleep } from 'node:timers/promises';
import { CODECS, codecNamed, type AgentMessage, type GatewayMessage } from '@trunkline/edge-core';
import type { KamailioRpc } from './kamailio-rpc.ts';

type Order = Extract<GatewayMessage, { type: 'test_call' }>;
type Result = Extract<AgentMessage, { type: 'test_call_result' }>;
type Headers = readonly (readonly [name: string, value: string])[];

const RETRANSMIT_MS = [500, 1000, 2000];
const RING_MS = 45_000;
const END_MS = 5_000; // for the answer to a BYE or CANCEL

/** Places calls through the Kamailio of this host, for trunks that are being set up. A token that works once says whose call it is. */
export class TestCaller {
  constructor(
    private readonly rpc: KamailioRpc,
    private readonly sipAddress: string,
  ) {}

  /** @throws Error when Kamailio is away */
  async place(order: Order): Promise<Result> {
    const token = randomBytes(16).toString('hex');
    await this.rpc.call('htable.sets', 'test_call', token, `${order.target}|${order.trunk_id}`);
    const address = this.sipAddress.split(':')[0] ?? '';
    const [sip, media] = [await bound(address), await bound(address)];
    try {
      return await new TestDialog(order, token, this.sipAddress, sip, media).run();
    } finally {
      sip.close();
      media.close();
    }
  }
}

const bound = async (address: string): Promise<Socket> => {
  const socket = createSocket('udp4').unref();
  await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(0, address, resolve));
  socket.on('error', () => undefined);
  return socket;
};

/** One call, from its INVITE to its end. */
class TestDialog {
  private readonly callId = randomUUID();
  private readonly branch = `z9hG4bK${randomUUID()}`;
  private readonly tag = randomUUID().slice(0, 8);
  private readonly begunAt = performance.now();
  private readonly ending = new AbortController(); // aborted when the call is over
  private heard = false;
  private ringingAt: number | undefined;
  private answeredAt: number | undefined;
  private overAt: number | undefined;
  private final: { readonly code: number; readonly reason: string | null } | undefined;
  private within: { readonly uri: string; readonly to: string; readonly routes: Headers } | undefined;
  private packets = 0;
  private settled: () => void = () => undefined;

  constructor(
    private readonly order: Order,
    private readonly token: string,
    private readonly edge: string,
    private readonly sip: Socket,
    private readonly media: Socket,
  ) {
    sip.on('message', (data) => this.hear(data.toString('latin1')));
    media.on('message', () => this.packets++);
  }

  async run(): Promise<Result> {
    const answered = new Promise<void>((resolve) => (this.settled = resolve));
    await this.invite(answered);
    if (this.answeredAt !== undefined) {
      await this.pause(this.order.talk_secs * 1000);
      await this.hangUp();
    }
    return this.result();
  }

  private async invite(answered: Promise<void>): Promise<void> {
    this.send('INVITE', 1, [['X-Trunkline-Test', this.token]], this.offer());
    for (const ms of RETRANSMIT_MS) {
      await Promise.race([answered, sleep(ms, undefined, { ref: false })]);
      if (this.heard) break;
      this.send('INVITE', 1, [['X-Trunkline-Test', this.token]], this.offer());
    }
    if (!this.heard) return;
    await Promise.race([answered, sleep(RING_MS, undefined, { ref: false })]);
    if (this.final !== undefined) return;
    this.send('CANCEL', 1);
    await Promise.race([answered, sleep(END_MS, undefined, { ref: false })]);
  }

  private async hangUp(): Promise<void> {
    if (this.overAt !== undefined) return;
    this.overAt = performance.now();
    for (const ms of [0, ...RETRANSMIT_MS]) {
      await this.pause(ms);
      if (this.ending.signal.aborted) return;
      this.send('BYE', 2);
    }
    await this.pause(END_MS);
  }

  private pause(ms: number): Promise<unknown> {
    return sleep(ms, undefined, { ref: false, signal: this.ending.signal }).catch(() => undefined);
  }

  private hear(text: string): void {
    const [head = ''] = text.split('\r\n\r\n');
    const status = Number(/^SIP\/2\.0 ([1-6][0-9]{2}) /.exec(head)?.[1] ?? 0);
    if (status === 0) return this.asked(head);
    const method = /^CSeq[ \t]*:[ \t]*[0-9]+[ \t]+([A-Z]+)/im.exec(head)?.[1];
    if (method === 'BYE' && status >= 200) this.ending.abort();
    if (method === 'INVITE') this.answer(status, head);
  }

  /** The other party hangs up, or asks whether we are there. */
  private asked(head: string): void {
    const kept = head.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq|v|f|t|i)[ \t]*:/i.test(line));
    this.put(['SIP/2.0 200 OK', ...kept, 'Content-Length: 0', '', ''].join('\r\n'));
    if (!head.startsWith('BYE ')) return;
    this.overAt ??= performance.now();
    this.ending.abort();
  }

  private answer(status: number, head: string): void {
    this.heard = true;
    if (status > 100) this.ringingAt ??= performance.now();
    if (status < 200) return;
    const to = header(head, 'To|t');
    if (status < 300) this.within = { to, uri: /<([^>]+)>/.exec(header(head, 'Contact|m'))?.[1] ?? '', routes: routesOf(head) };
    this.send('ACK', 1, status < 300 ? [] : [['To', to]]);
    if (this.final !== undefined) return; // sent again
    if (status < 300) this.answeredAt = performance.now();
    this.final = { code: status, reason: /^Reason[ \t]*:.*text="([^"]{1,100})"/im.exec(head)?.[1] ?? null };
    this.settled();
  }

  /** Within the answered call it goes the way that the answer came; before, to Kamailio itself. */
  private send(method: string, cseq: number, extra: Headers = [], body = ''): void {
    const address = `${this.sip.address().address}:${this.sip.address().port}`;
    const within = method === 'CANCEL' ? undefined : this.within;
    const target = `sip:${this.order.to}@${this.edge}`;
    const own = method === 'INVITE' || method === 'CANCEL' || (method === 'ACK' && within === undefined);
    const headers: Headers = [
      ['Via', `SIP/2.0/UDP ${address};branch=${own ? this.branch : `z9hG4bK${randomUUID()}`};rport`],
      ['Max-Forwards', '70'],
      ['From', `<sip:${this.order.from ?? 'anonymous'}@${this.edge.split(':')[0]}>;tag=${this.tag}`],
      ...(extra.some(([name]) => name === 'To') ? [] : [['To', within?.to ?? `<${target}>`] as const]),
      ['Call-ID', this.callId],
      ['CSeq', `${cseq} ${method}`],
      ['Contact', `<sip:test@${address}>`],
      ['User-Agent', 'Trunkline test call'],
      ...(within?.routes ?? []),
      ...extra,
      ...(body === '' ? [] : [['Content-Type', 'application/sdp'] as const]),
      ['Content-Length', String(Buffer.byteLength(body))],
    ];
    const lines = headers.map(([name, value]) => `${name}: ${value}`);
    this.put([`${method} ${within?.uri || target} SIP/2.0`, ...lines, '', body].join('\r\n'));
  }

  private put(text: string): void {
    const [host = '', port] = this.edge.split(':');
    this.sip.send(Buffer.from(text, 'latin1'), Number(port), host, () => undefined);
  }

  private offer(): string {
    const { address, port } = this.media.address();
    const codecs = this.order.codecs.flatMap((name) => codecNamed(CODECS[name as keyof typeof CODECS]?.name ?? '') ?? []);
    const payloads = codecs.map((codec, i) => ({ codec, type: CODECS[codec].payload ?? 96 + i }));
    const maps = payloads.map(
      ({ codec, type }) => `a=rtpmap:${type} ${CODECS[codec].name}/${CODECS[codec].clockHz}${codec === 'opus' ? '/2' : ''}`,
    );
    const key = `a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:${randomBytes(30).toString('base64')}`;
    const media = `m=audio ${port} RTP/${this.order.secure ? 'S' : ''}AVP ${payloads.map((p) => p.type).join(' ')}`;
    const head = ['v=0', `o=- 1 1 IN IP4 ${address}`, 's=-', `c=IN IP4 ${address}`, 't=0 0', media];
    return `${[...head, ...maps, ...(this.order.secure ? [key] : [])].join('\r\n')}\r\n`;
  }

  private result(): Result {
    const delay = this.ringingAt === undefined ? null : Math.round(this.ringingAt - this.begunAt);
    const talked = this.answeredAt === undefined ? null : Math.round((this.overAt ?? performance.now()) - this.answeredAt);
    return {
      ...{ type: 'test_call_result', id: this.order.id, sip_code: this.final?.code ?? 408, reason: this.final?.reason ?? null },
      ...{ answered: this.answeredAt !== undefined, post_dial_delay_ms: delay, duration_ms: talked },
      ...{ media_packets: this.packets, sip_call_id: this.callId },
    };
  }
}

const header = (head: string, names: string): string => new RegExp(`^(?:${names})[ \\t]*:[ \\t]*(.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';

/** The recorded route, as the caller goes it (RFC 3261 §12.1.2). */
const routesOf = (head: string): Headers =>
  [...head.matchAll(/^Record-Route[ \t]*:[ \t]*(.*)$/gim)].reverse().map(([, value]) => ['Route', (value ?? '').trim()] as const);
