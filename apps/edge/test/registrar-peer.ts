import { createHash } from 'node:crypto';
import { SipPeer, header, headers, methodOf, replyTo, type Login, type SipMessage } from '@trunkline/testing/sip';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
export const ha1Of = ({ username, password }: Login, realm: string): string => md5(`${username}:${realm}:${password}`);

/** A PBX at which others register, and which asks for a password for every call to it. */
export class RegistrarPeer {
  readonly realm = 'pbx.example';
  /** Contacts by user: what it would send calls to. */
  readonly contacts = new Map<string, string>();
  /** Answers every registration so, instead of looking at it. */
  refuses: number | null = null;

  private constructor(
    readonly peer: SipPeer,
    readonly login: Login,
  ) {
    peer.answerOther = (request) => (methodOf(request) === 'REGISTER' ? this.register(request) : 200);
    peer.answer = (invite) => (this.proven(invite, 'Proxy-Authorization') ? 200 : this.challenge(invite, 407, 'Proxy-Authenticate'));
  }

  static async open(address: string, port: number, login: Login): Promise<RegistrarPeer> {
    return new RegistrarPeer(await SipPeer.open(address, port), login);
  }

  get uri(): string {
    return `sip:${this.peer.address}:${this.peer.port}`;
  }

  registers(): readonly SipMessage[] {
    return this.peer.received.filter((m) => methodOf(m) === 'REGISTER');
  }

  private register(request: SipMessage): null {
    if (this.refuses !== null) return this.reply(request, this.refuses);
    if (!this.proven(request, 'Authorization')) return this.challenge(request, 401, 'WWW-Authenticate');
    const user = /sip:([^@]+)@/.exec(header(request, 'to') ?? '')?.[1] ?? '';
    const contact = /<([^>]+)>/.exec(header(request, 'contact') ?? '')?.[1] ?? '';
    const expires = header(request, 'expires') ?? '';
    if (expires === '0') this.contacts.delete(user);
    else this.contacts.set(user, contact);
    return this.reply(request, 200, expires === '0' ? [] : [['Contact', `<${contact}>;expires=${expires}`]]);
  }

  private challenge(request: SipMessage, status: number, name: string): null {
    return this.reply(request, status, [[name, `Digest realm="${this.realm}", nonce="a-nonce", qop="auth", algorithm=MD5`]]);
  }

  private reply(request: SipMessage, status: number, extra: SipMessage['headers'] = []): null {
    const [, host = '', port = '5060'] = /UDP ([^:;]+)(?::(\d+))?/.exec(headers(request, 'via')[0]?.[1] ?? '') ?? [];
    this.peer.send(replyTo(request, status, extra), `${host}:${port}`);
    return null;
  }

  private proven(request: SipMessage, name: string): boolean {
    const text = header(request, name.toLowerCase()) ?? '';
    const field = (key: string): string => new RegExp(`[ ,]${key}="?([^",]+)`).exec(text)?.[1] ?? '';
    const ha2 = md5(`${methodOf(request)}:${field('uri')}`);
    const signed = [ha1Of(this.login, this.realm), field('nonce'), field('nc'), field('cnonce'), 'auth', ha2].join(':');
    return field('username') === this.login.username && field('response') === md5(signed);
  }
}
