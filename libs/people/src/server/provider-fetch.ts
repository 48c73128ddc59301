import { lookup } from 'node:dns/promises';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { faultOfUrl, isPublicAddress } from '@trunkline/webhooks/server';
import type { CustomFetch } from 'openid-client';

/** More than any discovery document, key set or token answer has. */
const ANSWER_MAX = 512 * 1024;

const lookupWithin =
  (allowPrivate: boolean): LookupFunction =>
  (host, options, callback) => {
    lookup(host, { all: true }).then(
      (found) => {
        const [first] = found;
        if (!first || (!allowPrivate && found.some(({ address }) => !isPublicAddress(address))))
          return callback(new Error('the name has no address on the open Internet'), '');
        if (options.all) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, ''),
    );
  };

/**
 * Fetch for URLs that a tenant chose, or that its provider's documents name: https only, to public addresses only, which are looked up once and then
 * connected to, with no redirect and no endless answer.
 */
export const providerFetch = (allowPrivate: boolean): CustomFetch => {
  const within = lookupWithin(allowPrivate);
  return async (url, { method, headers, body, signal }) => {
    const fault = faultOfUrl(url, allowPrivate);
    if (fault) throw new TypeError(`the URL ${fault}`);
    const payload =
      body === undefined || body === null ? undefined : await new Response(body as ConstructorParameters<typeof Response>[0]).text();
    const { request } = url.startsWith('https:') ? https : http;
    return new Promise<Response>((resolve, reject) => {
      const outgoing = request(url, { method, headers, agent: false, lookup: within, ...(signal && { signal }) });
      outgoing.on('error', reject);
      outgoing.on('response', (incoming) => {
        const parts: Buffer[] = [];
        let size = 0;
        incoming.on('data', (part: Buffer) => {
          size += part.length;
          if (size > ANSWER_MAX) incoming.destroy(new Error('the answer is too long'));
          else parts.push(part);
        });
        incoming.on('error', reject);
        incoming.on('end', () => resolve(responseOf(incoming, Buffer.concat(parts))));
      });
      outgoing.end(payload);
    });
  };
};

const responseOf = ({ statusCode = 502, headers }: http.IncomingMessage, body: Buffer): Response => {
  const told = Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as [string, string]] : []));
  const isEmpty = [101, 204, 205, 304].includes(statusCode);
  return new Response(isEmpty ? null : new Uint8Array(body), { status: statusCode < 200 ? 502 : statusCode, headers: told });
};
