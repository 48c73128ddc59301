export type TransportOptions = {
  /** of one attempt, until its answer is whole; a file that streams may take longer */
  readonly timeoutMs: number;
  /** further attempts after the first */
  readonly retriesMax: number;
  readonly fetch: (request: Request) => Promise<Response>;
  readonly sleep: (ms: number) => Promise<void>;
};

const FIRST_WAIT_MS = 250;
const WAIT_MAX_MS = 8_000;
/** A server that asks for longer is not waited for: the caller knows better what to do meanwhile. */
const RETRY_AFTER_MAX_MS = 60_000;

/** How long the server asks to wait (RFC 9110 §10.2.3): seconds or a date. Undefined when it says nothing. */
export const retryAfterMs = (header: string | null, nowMs: number): number | undefined => {
  if (header === null || header.trim() === '') return undefined;
  const ms = /^\d+$/.test(header.trim()) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.max(ms, 0);
};

/** Doubles from 250 ms to 8 s, each time anywhere in its upper half, so that clients that failed together do not return together. */
const backoffMs = (attempt: number): number => Math.min(FIRST_WAIT_MS * 2 ** attempt, WAIT_MAX_MS) * (0.5 + Math.random() / 2);

/** What may pass by itself: too many requests, a part of the platform that does not answer, the same request still running. */
const mayPass = async (response: Response): Promise<boolean> => {
  if (response.status === 429 || response.status === 503) return true;
  if (response.status !== 409) return false;
  const problem = (await response.clone().json().catch(() => undefined)) as { code?: string } | undefined; // prettier-ignore
  return problem?.code === 'idempotency.in_flight';
};

/** Every POST gets an Idempotency-Key, so that any attempt may be repeated: it happens once. */
const repeatable = (request: Request): Request => {
  if (request.method !== 'POST' || request.headers.has('idempotency-key')) return request;
  const headers = new Headers(request.headers);
  headers.set('idempotency-key', crypto.randomUUID());
  return new Request(request, { headers });
};

/** A fetch that gives up on an attempt that takes too long, and repeats what may pass by itself. */
export const resilientFetch = ({ timeoutMs, retriesMax, fetch, sleep }: TransportOptions) => {
  const attempt = async (request: Request): Promise<Response> => {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(new DOMException('too late', 'TimeoutError')), timeoutMs);
    const response = await fetch(new Request(request.clone(), { signal: AbortSignal.any([request.signal, late.signal]) })).catch(
      (error) => {
        clearTimeout(timer);
        throw error;
      },
    );
    if (!/json/.test(response.headers.get('content-type') ?? '')) clearTimeout(timer);
    else (timer as { unref?: () => void }).unref?.();
    return response;
  };
  return async (given: Request): Promise<Response> => {
    const request = repeatable(given);
    for (let made = 0; ; made++) {
      const outcome = await attempt(request).catch((error: unknown) => ({ error }));
      if (made >= retriesMax || request.signal.aborted) return outcomeOf(outcome);
      if (!('error' in outcome) && !(await mayPass(outcome))) return outcome;
      const asked = 'error' in outcome ? undefined : retryAfterMs(outcome.headers.get('retry-after'), Date.now());
      if (asked !== undefined && asked > RETRY_AFTER_MAX_MS) return outcomeOf(outcome);
      if (!('error' in outcome)) await outcome.body?.cancel();
      await sleep(asked ?? backoffMs(made));
    }
  };
};

const outcomeOf = (outcome: Response | { error: unknown }): Response => {
  if ('error' in outcome) throw outcome.error;
  return outcome;
};
