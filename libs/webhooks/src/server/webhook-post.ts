import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import http from 'node:http';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Attempt } from '../core/verdict.ts';
import { isPublicAddress } from './public-address.ts';
import { faultOfUrl } from './webhook-url.ts';

export type PostOptions = {
  readonly allowPrivate: boolean;
  readonly timeoutMs?: number;
  /** Every address of a name. */
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
};

const TIMEOUT_MS = 15_000;
/** As much of an answer is read, so that a receiver that never ends can end the attempt by it. */
const ANSWER_MAX = 64 * 1024;
const KEPT_MAX = 1024;

const resolveAll = (host: string): Promise<LookupAddress[]> => lookup(host, { all: true });

/**
 * Sends a body to a URL that a customer chose, and nowhere else: a name is resolved once, every address of it must be public, and the
 * connection goes to those very addresses, so that a name which points elsewhere a moment later leads nowhere. No redirect is followed.
 */
export class WebhookPost {
  private readonly options: Required<PostOptions>;

  constructor(options: PostOptions) {
    this.options = { timeoutMs: TIMEOUT_MS, resolve: resolveAll, ...options };
  }

  /** Never throws: what went wrong is the attempt. */
  async send(target: string, headers: Readonly<Record<string, string>>, body: string): Promise<Attempt> {
    const began = performance.now();
    const latency = () => Math.round(performance.now() - began);
    try {
      const fault = faultOfUrl(target, this.options.allowPrivate);
      if (fault) throw new Error(`the URL ${fault}`);
      const { status, retryAfter, answer } = await this.request(new URL(target), headers, body);
      return { status, retryAfter, answer, latencyMs: latency() };
    } catch (error) {
      return { error: reasonOf(error), latencyMs: latency() };
    }
  }

  private request(
    url: URL,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<{ status: number; retryAfter: string | undefined; answer: string }> {
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(this.options.timeoutMs);
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      const { request } = url.protocol === 'https:' ? https : http;
      const outgoing = request(url, {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' },
        agent: false, // a connection of its own: one that another host name opened must not be reused
        lookup: this.lookup,
        signal,
      });
      outgoing.on('error', reject);
      outgoing.on('response', (incoming) => {
        const { statusCode = 0, headers: answered } = incoming;
        readSome(incoming).then((answer) => resolve({ status: statusCode, retryAfter: answered['retry-after'], answer }), reject);
      });
      outgoing.end(body);
    });
  }

  /** What Node asks for the addresses of a name. It does not ask for an address that is written out: that one `faultOfUrl` has checked. */
  private readonly lookup: LookupFunction = (host, options, callback) => {
    this.options.resolve(host).then(
      (found) => {
        const refused = this.options.allowPrivate ? undefined : found.find(({ address }) => !isPublicAddress(address));
        const [first] = found;
        if (refused || !first)
          return callback(
            new Error(refused ? 'the name leads to an address that is not on the open Internet' : 'the name has no address'),
            '',
          );
        if (options.all) callback(null, [...found]);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, ''),
    );
  };
}

/** The beginning of an answer; what is beyond 64 kB is not waited for. */
const readSome = (incoming: IncomingMessage): Promise<string> =>
  new Promise((resolve, reject) => {
    const kept: Buffer[] = [];
    let size = 0;
    const done = () => resolve(Buffer.concat(kept).subarray(0, KEPT_MAX).toString('utf8').replaceAll('\0', ''));
    incoming.on('data', (chunk: Buffer) => {
      if (size < KEPT_MAX) kept.push(chunk);
      size += chunk.length;
      if (size < ANSWER_MAX) return;
      done();
      incoming.destroy();
    });
    incoming.on('end', done);
    incoming.on('error', reject);
    incoming.on('close', () => reject(new Error('the answer broke off')));
  });

/** For the delivery log: what happened, and nothing of the inside. */
const reasonOf = (error: unknown): string => {
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  if (name === 'TimeoutError') return 'no complete answer in time';
  return (code ? `${code}: ${message ?? ''}` : (message ?? 'unknown')).replaceAll('\0', '').slice(0, 200);
};
