import { randomUUID } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const SIP_PORT = 5060;
const RETRANSMIT_AT_MS = [0, 500, 1500]; // RFC 3261 17.1.2.2
const GIVE_UP_MS = 3000; //                 as long as an INVITE waits for a sign of life
const UNAVAILABLE = '503'; //               what it says to OPTIONS it would say to an INVITE (RFC 3261 11.2)

/** Asks SIP peers by OPTIONS whether they are there, over one UDP socket on the edge's own address. */
export class SipOptions {
  private readonly waiting = new Map<string, (status: string) => void>();
  private port = 0;

  private constructor(
    private readonly socket: Socket,
    private readonly address: string,
  ) {
    socket.on('message', (data) => this.hear(data.toString('latin1')));
    socket.on('error', () => undefined); // of one packet: its question stays without an answer
  }

  static async open(address: string): Promise<SipOptions> {
    const socket = createSocket('udp4').unref();
    await new Promise<void>((resolve, reject) => socket.once('error', reject).bind(0, address, resolve));
    const options = new SipOptions(socket, address);
    options.port = socket.address().port;
    return options;
  }

  close(): void {
    this.socket.close();
  }

  /** @param target host and port. @returns whether any answer came but 503 */
  async isAnswering(target: string): Promise<boolean> {
    const to = await resolve(target).catch(() => undefined);
    if (to === undefined) return false;
    const callId = randomUUID();
    const status = new Promise<string>((heard) => this.waiting.set(callId, heard));
    const request = this.request(target, callId);
    try {
      return await Promise.race([status.then((s) => s !== UNAVAILABLE), this.ask(request, to).catch(() => false)]);
    } finally {
      this.waiting.delete(callId);
    }
  }

  /** Sends until it is time to give up, or the question is settled. */
  private async ask(request: { readonly callId: string; readonly text: Buffer }, { host, port }: Address): Promise<false> {
    let now = 0;
    for (const at of RETRANSMIT_AT_MS) {
      await sleep(at - now, undefined, { ref: false });
      now = at;
      if (!this.waiting.has(request.callId)) return false;
      this.socket.send(request.text, port, host, () => undefined);
    }
    return sleep(GIVE_UP_MS - now, false as const, { ref: false });
  }

  private request(target: string, callId: string) {
    const lines = [
      `OPTIONS sip:${target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.address}:${this.port};branch=z9hG4bK${callId};rport`,
      'Max-Forwards: 70',
      `From: <sip:ping@${this.address}>;tag=${callId.slice(0, 8)}`,
      `To: <sip:${target}>`,
      `Call-ID: ${callId}`,
      'CSeq: 1 OPTIONS',
      `Contact: <sip:ping@${this.address}:${this.port}>`,
      'Accept: application/sdp',
      'Content-Length: 0',
    ];
    return { callId, text: Buffer.from(`${lines.join('\r\n')}\r\n\r\n`) };
  }

  private hear(text: string): void {
    const status = /^SIP\/2\.0 ([1-6][0-9]{2}) /.exec(text)?.[1];
    const callId = /^(?:Call-ID|i)[ \t]*:[ \t]*(\S+)/im.exec(text)?.[1];
    if (status !== undefined && callId !== undefined) this.waiting.get(callId)?.(status);
  }
}

type Address = { readonly host: string; readonly port: number };

/** One try of a second, like Kamailio's own; not the system's resolver, whose few threads a slow name server would hold up for everybody. */
const resolver = new Resolver({ timeout: 1000, tries: 1 });

/** A name without a port may be that of a service (RFC 3263 4.2). */
const resolve = async (target: string): Promise<Address> => {
  const [name = '', port] = target.split(':');
  if (isIPv4(name)) return { host: name, port: Number(port ?? SIP_PORT) };
  const services = port === undefined ? await resolver.resolveSrv(`_sip._udp.${name}`).catch(() => []) : [];
  const [service] = services.sort((a, b) => a.priority - b.priority);
  const [host = ''] = await resolver.resolve4(service?.name ?? name);
  return { host, port: service?.port ?? Number(port ?? SIP_PORT) };
};
