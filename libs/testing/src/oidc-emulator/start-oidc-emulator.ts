import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';

/** What the emulator puts into the ID token of whoever logs in next. `undefined` leaves a claim out. */
export type EmulatedClaims = Readonly<Record<string, unknown>>;

/** How its next answers are dishonest. Absent: not at all. */
export type OidcFault = {
  /** Claims that replace those an honest provider would sign. */
  readonly claims?: EmulatedClaims;
  /** Signs with a key that its key set does not have. */
  readonly foreignKey?: boolean;
  /** Sends no ID token. */
  readonly noIdToken?: boolean;
  /** What happens elsewhere before it sends one. */
  readonly meanwhile?: () => Promise<unknown>;
};

export type OidcEmulator = {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who sits at the browser. */
  person(claims: EmulatedClaims): void;
  fault(fault: OidcFault): void;
  /** What a browser does that is sent to `url`: logs in, and is sent back. Returns where to. */
  visit(url: string): Promise<string>;
  stop(): Promise<void>;
};

type Pending = {
  readonly challenge: string;
  readonly redirectUri: string;
  readonly nonce: string | undefined;
  readonly claims: EmulatedClaims;
};

const read = async (request: IncomingMessage): Promise<URLSearchParams> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return new URLSearchParams(Buffer.concat(parts).toString());
};
/** User and password of Basic, each form-encoded within (RFC 6749 §2.3.1). */
const basicOf = ({ headers }: IncomingMessage): string => {
  const [scheme, value = ''] = (headers.authorization ?? '').split(' ');
  const parts = Buffer.from(value, 'base64').toString().split(':');
  return scheme === 'Basic' ? parts.map((part) => decodeURIComponent(part.replaceAll('+', ' '))).join(':') : '';
};
const json = (response: ServerResponse, status: number, body: object): void =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

/**
 * Starts the OpenID provider emulator: ours, offline. It asks nobody anything, but otherwise is strict: one registered client with a secret, one redirect URI,
 * PKCE S256 only, codes that are good once; its ID tokens are signed (RS256) and its keys published.
 */
export const startOidcEmulator = async (redirectUri: string): Promise<OidcEmulator> => {
  const clientId = 'trunkline';
  const clientSecret = `emulated-${randomBytes(18).toString('base64url')}`;
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const foreign = await generateKeyPair('RS256');
  const codes = new Map<string, Pending>();
  let issuer = '';
  let who: EmulatedClaims = {};
  let fault: OidcFault = {};

  const discovery = () => ({
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    token_endpoint_auth_methods_supported: ['client_secret_basic'],
    code_challenge_methods_supported: ['S256'],
  });

  const authorize = (query: URLSearchParams, response: ServerResponse): void => {
    const challenge = query.get('code_challenge') ?? '';
    const isKnown = query.get('client_id') === clientId && query.get('redirect_uri') === redirectUri;
    if (!isKnown) return void response.writeHead(400).end('unknown client or redirect_uri');
    const back = new URL(redirectUri);
    const isSound = query.get('response_type') === 'code' && query.get('code_challenge_method') === 'S256' && challenge.length === 43 && (query.get('scope') ?? '').split(' ').includes('openid'); // prettier-ignore
    if (isSound) {
      const code = randomBytes(24).toString('base64url');
      codes.set(code, { challenge, redirectUri, nonce: query.get('nonce') ?? undefined, claims: who });
      back.searchParams.set('code', code);
    } else back.searchParams.set('error', 'invalid_request');
    const state = query.get('state');
    if (state !== null) back.searchParams.set('state', state);
    response.writeHead(302, { location: back.href }).end();
  };

  const idToken = async ({ nonce, claims }: Pending): Promise<string> => {
    const at = Math.floor(Date.now() / 1000);
    const honest = { iss: issuer, aud: clientId, iat: at, exp: at + 300, nonce, ...claims };
    const signer = new SignJWT({ ...honest, ...fault.claims }).setProtectedHeader({ alg: 'RS256', kid: 'emulated' });
    return signer.sign(fault.foreignKey ? foreign.privateKey : privateKey);
  };

  const token = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const form = await read(request);
    if (basicOf(request) !== `${clientId}:${clientSecret}`) return json(response, 401, { error: 'invalid_client' });
    const code = form.get('code') ?? '';
    const pending = codes.get(code);
    codes.delete(code);
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    const isGood = pending?.challenge === challenge && pending.redirectUri === form.get('redirect_uri');
    if (!pending || !isGood || form.get('grant_type') !== 'authorization_code') return json(response, 400, { error: 'invalid_grant' });
    await fault.meanwhile?.();
    const answer = { access_token: randomBytes(16).toString('base64url'), token_type: 'Bearer', expires_in: 300 };
    json(response, 200, fault.noIdToken ? answer : { ...answer, id_token: await idToken(pending) });
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', issuer);
    if (url.pathname === '/.well-known/openid-configuration') return json(response, 200, discovery());
    if (url.pathname === '/jwks')
      return void exportJWK(publicKey).then((key) =>
        json(response, 200, { keys: [{ ...key, kid: 'emulated', alg: 'RS256', use: 'sig' }] }),
      );
    if (url.pathname === '/authorize') return authorize(url.searchParams, response);
    if (url.pathname === '/token' && request.method === 'POST') return void token(request, response);
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    clientId,
    clientSecret,
    person: (claims) => void (who = claims),
    fault: (next) => void (fault = next),
    visit: async (url) => {
      const answer = await fetch(url, { redirect: 'manual' });
      const location = answer.headers.get('location');
      if (location === null) throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`);
      return location;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
