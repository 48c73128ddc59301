import type { IncomingHttpHeaders } from 'node:http';
import { AppError, fromPublicId } from '@trunkline/kernel';
import type { WebSocket } from 'ws';
import type { Authenticator, Principal, SessionDoor } from '../http/principal.ts';
import { Reach } from '../http/reach.ts';

/** Codes of graphql-transport-ws, and of RFC 6455 §7.4.1 where clients are to come back. */
export const CLOSE = {
  goingAway: [1001, 'Going away'],
  tooSlow: [1013, 'Too slow: read anew'],
  invalidKey: [4401, 'auth.invalid_key'],
  noSuchTenant: [4403, 'resource.not_found'],
  tooMany: [4429, 'Too many'],
} as const satisfies Record<string, readonly [number, string]>;

const BUFFER_MAX = 1024 * 1024; // bytes that wait for the client
const END_MS = 2_000; //           for it to answer that it is being closed

/** One client's socket: who is behind it, and how it is ended. */
export class GraphSocket {
  private key: string | undefined;
  private isOfBrowser = false;
  private tenant: string | undefined;
  /** Messages it sent since it was last looked at. */
  messages = 0;
  /** Whether it answered since. */
  alive = true;
  /** Whether events are followed for it. */
  isFollowing = false;
  reach: Reach | undefined;

  constructor(
    readonly socket: WebSocket,
    private readonly headers: IncomingHttpHeaders,
    readonly origin: { readonly requestId: string; readonly sourceAddress: string },
    private readonly authenticator: Authenticator,
    private readonly sessions: SessionDoor | undefined,
  ) {}

  /** Takes what a client says of itself in connection_init. @returns whether it may stay */
  async admit(params: Readonly<Record<string, unknown>> | undefined): Promise<boolean> {
    const authorization = params?.['authorization'];
    this.isOfBrowser = authorization === undefined;
    this.key = /^Bearer ([A-Za-z0-9_]{20,80})$/.exec(String(authorization))?.[1];
    this.tenant = typeof params?.['trunklineTenant'] === 'string' ? params['trunklineTenant'] : undefined;
    return (await this.current()) !== undefined;
  }

  /** What the key or session may reach now. When it may nothing any more, the socket is closed. */
  async current(): Promise<Reach | undefined> {
    const principal = await this.principal();
    if (!principal) return this.end(...CLOSE.invalidKey);
    const own = principal.kind === 'tenant' ? principal.tenantId : undefined;
    const tenantId = this.tenant === undefined ? own : await this.named(this.tenant, principal, own);
    if (this.tenant !== undefined && tenantId === undefined) return this.end(...CLOSE.noSuchTenant);
    this.reach = new Reach(principal, tenantId, this.origin, 'WS /graphql');
    return this.reach;
  }

  /** The tenant that was named, if whoever asks may act as it: see AuthGuard. */
  private async named(publicId: string, principal: Principal, own: string | undefined): Promise<string | undefined> {
    const tenantId = fromPublicId('tenant', publicId);
    if (tenantId === undefined || tenantId === own) return tenantId;
    if (principal.kind === 'tenant' && !principal.scopes.includes('tenants:read')) return undefined;
    return (await this.authenticator.tenantExists(tenantId, own)) ? tenantId : undefined;
  }

  /** A key that may not be used from here is none, nor is the session of a page of another site. */
  private async principal(): Promise<Principal | undefined> {
    try {
      if (this.isOfBrowser) return await this.sessions?.authenticate(this.browser());
      if (this.key === undefined) return undefined;
      return await this.authenticator.authenticate(this.key, this.origin.sourceAddress);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // a place that the session's person does not have; what a socket is closed with first is what its client hears
      return error.kind === 'not_found' ? this.end(...CLOSE.noSuchTenant) : undefined;
    }
  }

  // a socket tells all it may to whoever opened it, and no browser asks first: its Origin is looked at as that of a change is (RFC 6455 §10.2)
  private browser() {
    const { 'trunkline-tenant': _, ...headers } = this.headers;
    return { method: 'POST', headers: this.tenant === undefined ? headers : { ...headers, 'trunkline-tenant': this.tenant } };
  }

  /** Resolves when the message has left, so that whoever sends many goes no faster than the client reads. */
  send(data: string): Promise<void> {
    const { socket } = this;
    if (socket.readyState !== socket.OPEN) return Promise.resolve();
    if (socket.bufferedAmount > BUFFER_MAX) this.end(...CLOSE.tooSlow);
    return new Promise((resolve) => socket.send(data, () => resolve()));
  }

  /** Closes it, and does not wait long for a client that does not answer. */
  end(code: number, reason: string): undefined {
    this.socket.close(code, reason);
    setTimeout(() => this.socket.terminate(), END_MS).unref();
  }
}
