import { toTrunklineError } from './error.ts';
import { createClient } from './generated/client/index.ts';
import type { Client } from './generated/client/index.ts';
import { Operations } from './generated/sdk.ts';
import { resilientFetch } from './transport.ts';
import type { TransportOptions } from './transport.ts';

export type TrunklineOptions = Partial<TransportOptions> & {
  /** where the API is, e.g. `https://api.example.com` */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** whom an operator's key acts for */
  readonly tenantId?: string | undefined;
};

const sleep = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const clientOf = ({ baseUrl, apiKey, tenantId, ...transport }: TrunklineOptions): Client => {
  const client = createClient({
    baseUrl: baseUrl.replace(/\/+$/, ''),
    auth: apiKey,
    headers: tenantId === undefined ? {} : { 'Trunkline-Tenant': tenantId },
    redirect: 'error', // an API does not move: whoever redirects would be handed the key
    throwOnError: true,
    responseStyle: 'data',
    fetch: resilientFetch({ timeoutMs: 30_000, retriesMax: 3, fetch: (request) => fetch(request), sleep, ...transport }) as typeof fetch,
  });
  client.interceptors.error.use((thrown, response) => toTrunklineError(thrown, response));
  return client;
};

/** Any operation of the API by its method and path, for programs that are made from `OPERATIONS`. */
export type AnyRequest = {
  readonly method: string;
  readonly path: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly contentType?: string | undefined;
};

/** The Trunkline API: one method for each operation, named as in its reference. Every failure is a `TrunklineError`. */
export class Trunkline extends Operations {
  constructor(options: TrunklineOptions) {
    super({ client: clientOf(options) });
  }

  request<T = unknown>({ method, path, pathParameters = {}, query = {}, body, contentType }: AnyRequest): Promise<T> {
    const isText = typeof body === 'string';
    return this.client.request({
      method: method as 'GET',
      url: path,
      path: { ...pathParameters },
      query: { ...query },
      security: [{ scheme: 'bearer', type: 'http' }],
      ...(body === undefined ? {} : { body, headers: { 'content-type': contentType ?? (isText ? 'text/csv' : 'application/json') } }),
      ...(isText ? { bodySerializer: null } : {}),
    }) as Promise<T>;
  }
}

/** All items of a list, page by page: `for await (const trunk of allOf((page) => trunkline.listTrunks({ query: page })))`. */
export async function* allOf<T>(
  list: (page: { limit: number; cursor?: string }) => Promise<{ data: readonly T[]; next_cursor: string | null }>,
  limit = 200,
): AsyncGenerator<T, void, undefined> {
  let page = await list({ limit });
  yield* page.data;
  while (page.next_cursor !== null) {
    page = await list({ limit, cursor: page.next_cursor });
    yield* page.data;
  }
}
