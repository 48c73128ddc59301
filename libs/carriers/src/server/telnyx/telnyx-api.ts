import { AppError } from '@trunkline/kernel';
import type { z } from 'zod';
import { carrierErrors } from '../../core/errors.ts';

export type TelnyxApiConfig = { readonly apiKey: string; readonly url: string; readonly timeoutMs: number };

/** Telnyx understood and will not. `detail` is its own, for people. */
export class TelnyxRefusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

const READ_TRIES = 2;
const DETAIL_MAX = 200;
const PASSING = new Set([408, 425, 429]);
/** Our key is none, or may not do this: the operator's to mend, and no answer to what was asked. */
const NOT_LET_IN = new Set([401, 403]);

const unavailable = (cause: unknown): AppError => new AppError(carrierErrors.unavailable, undefined, { cause });

/** Requests to Telnyx's API v2. It keeps no idempotency keys, so only what reads or removes is tried again by itself. */
export class TelnyxApi {
  constructor(private readonly config: TelnyxApiConfig) {}

  /** @param signal ends the wait before its time */
  async get<T>(path: string, query: Readonly<Record<string, string>>, answer: z.ZodType<T>, signal?: AbortSignal): Promise<T> {
    const url = `${path}?${new URLSearchParams(query)}`;
    for (let tries = 1; ; tries += 1) {
      try {
        return read(answer, await this.send('GET', url, undefined, signal));
      } catch (error) {
        if (error instanceof TelnyxRefusal || tries === READ_TRIES || signal?.aborted) throw error;
      }
    }
  }

  async post<T>(path: string, body: object, answer: z.ZodType<T>): Promise<T> {
    return read(answer, await this.send('POST', path, JSON.stringify(body)));
  }

  /** Of what is set to a value, so a repeat does no harm. */
  async patch<T>(path: string, body: object, answer: z.ZodType<T>): Promise<T> {
    return read(answer, await this.send('PATCH', path, JSON.stringify(body)));
  }

  async delete(path: string): Promise<void> {
    await this.send('DELETE', path);
  }

  private async send(method: string, path: string, body?: string, signal?: AbortSignal): Promise<unknown> {
    const { apiKey, url, timeoutMs } = this.config;
    const timeout = AbortSignal.timeout(timeoutMs);
    const headers = { authorization: `Bearer ${apiKey}`, accept: 'application/json', ...(body && { 'content-type': 'application/json' }) };
    const request = { method, headers, signal: signal ? AbortSignal.any([signal, timeout]) : timeout, ...(body && { body }) };
    let status: number;
    let said: unknown;
    try {
      const reply = await fetch(`${url}/v2${path}`, request);
      status = reply.status;
      const text = await reply.text();
      said = text === '' ? {} : JSON.parse(text);
    } catch (error) {
      throw unavailable(error); // no connection, no answer in time, or one that is no JSON
    }
    if (status >= 200 && status < 300) return said;
    if (status >= 500 || PASSING.has(status) || NOT_LET_IN.has(status)) throw unavailable(new Error(`Telnyx answered ${status}`));
    throw refusalOf(status, said);
  }
}

const read = <T>(schema: z.ZodType<T>, said: unknown): T => {
  const { success, data, error } = schema.safeParse(said);
  if (!success) throw unavailable(error);
  return data;
};

const refusalOf = (status: number, said: unknown): TelnyxRefusal => {
  const [first] = (said as { errors?: { code?: unknown; detail?: unknown; title?: unknown }[] } | null)?.errors ?? [];
  const detail = String(first?.detail ?? first?.title ?? `Telnyx answered ${status}`);
  return new TelnyxRefusal(status, String(first?.code ?? status), detail.slice(0, DETAIL_MAX));
};
