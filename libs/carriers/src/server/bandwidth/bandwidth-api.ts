import { AppError } from '@trunkline/kernel';
import type { z } from 'zod';
import { carrierErrors } from '../../core/errors.ts';
import { readXml } from './bandwidth-xml.ts';

export type BandwidthApiConfig = {
  readonly accountId: string;
  readonly user: string;
  readonly password: string;
  readonly url: string;
  readonly timeoutMs: number;
};

/** Bandwidth understood and will not. `code` is its own, of four digits, or the status of HTTP. */
export class BandwidthRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    description: string,
  ) {
    super(description);
  }
}

type Body = { readonly content: string | Uint8Array; readonly type: string };

const XML = 'application/xml';
const DETAIL_MAX = 200;
const PASSING = new Set([408, 425, 429]);

const unavailable = (cause: unknown): AppError => new AppError(carrierErrors.unavailable, undefined, { cause });

/** Requests to the account at Bandwidth's numbers API: XML over HTTP, with basic authentication. It keeps no idempotency keys. */
export class BandwidthApi {
  private readonly authorization: string;

  constructor(private readonly config: BandwidthApiConfig) {
    this.authorization = `Basic ${Buffer.from(`${config.user}:${config.password}`).toString('base64')}`;
  }

  async get<T>(path: string, answer: z.ZodType<T>): Promise<T> {
    return read(answer, await this.send('GET', path));
  }

  async write<T>(method: 'POST' | 'PUT', path: string, xml: string, answer: z.ZodType<T>): Promise<T> {
    return read(answer, await this.send(method, path, { content: xml, type: XML }));
  }

  async upload<T>(path: string, bytes: Uint8Array, type: string, answer: z.ZodType<T>): Promise<T> {
    return read(answer, await this.send('POST', path, { content: bytes, type }));
  }

  async delete(path: string): Promise<void> {
    await this.send('DELETE', path);
  }

  private async send(method: string, path: string, body?: Body): Promise<unknown> {
    const { accountId, url, timeoutMs } = this.config;
    const headers = { authorization: this.authorization, accept: XML, ...(body && { 'content-type': body.type }) };
    const signal = AbortSignal.timeout(timeoutMs);
    let status: number;
    let said: unknown;
    try {
      const request = {
        method,
        headers,
        signal,
        ...(body && { body: typeof body.content === 'string' ? body.content : Buffer.from(body.content) }),
      };
      const reply = await fetch(`${url}/accounts/${encodeURIComponent(accountId)}${path}`, request);
      status = reply.status;
      said = status >= 500 ? {} : readXml(await reply.text());
    } catch (error) {
      throw unavailable(error); // no connection, no answer in time, or one that is no XML
    }
    if (status >= 200 && status < 300) return said;
    if (status >= 500 || PASSING.has(status)) throw unavailable(new Error(`Bandwidth answered ${status}`));
    throw refusalOf(status, said);
  }
}

const read = <T>(schema: z.ZodType<T>, said: unknown): T => {
  const { success, data, error } = schema.safeParse(said);
  if (!success) throw unavailable(error);
  return data;
};

/** Its errors are called Errors, Error or ResponseStatus, at some depth. */
const refusalOf = (status: number, said: unknown): BandwidthRefusal => {
  const [first] = errorsIn(said);
  return new BandwidthRefusal(status, first?.code ?? String(status), (first?.text ?? `Bandwidth answered ${status}`).slice(0, DETAIL_MAX));
};

const errorsIn = (said: unknown): { code: string; text: string | undefined }[] => {
  if (typeof said !== 'object' || said === null) return [];
  const { Code, ErrorCode, Description } = said as Record<string, unknown>;
  const code = Code ?? ErrorCode;
  const own = typeof code === 'string' ? [{ code, text: typeof Description === 'string' ? Description : undefined }] : [];
  return [...own, ...Object.values(said).flatMap(errorsIn)];
};
