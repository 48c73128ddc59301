import type { IncomingMessage } from 'node:http';
import type { Account } from './account.ts';
import { parseForm } from './form-body.ts';
import { runOperation } from './operations.ts';
import { StripeFault } from './stripe-fault.ts';

const BODY_MAX = 1_000_000;

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_MAX) throw new StripeFault(413, 'invalid_request_error', 'The request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

export type Reply = { readonly status: number; readonly body: object; readonly replayed?: boolean };

const run = (account: Account, method: string, path: string, form: string): Reply => {
  try {
    return { status: 200, body: runOperation(account, method, path, parseForm(form)) };
  } catch (error) {
    if (error instanceof StripeFault) return { status: error.status, body: error.body };
    throw error;
  }
};

/** The same key gives the same answer; with another request it is a mistake. Requests that fail validation (400) are not kept. */
const runOnce = (account: Account, key: string | undefined, method: string, path: string, form: string): Reply => {
  if (key === undefined || method !== 'POST') return run(account, method, path, form);
  const request = `${method} ${path} ${form}`;
  const kept = Object.hasOwn(account.state.replies, key) ? account.state.replies[key] : undefined;
  if (kept && kept.request !== request) {
    throw new StripeFault(
      400,
      'idempotency_error',
      `Keys for idempotent requests can only be used with the same parameters they were first used with (${key}).`,
    );
  }
  if (kept) return { ...kept, replayed: true };
  const reply = run(account, method, path, form);
  // a copy: the objects in the reply go on changing
  if (reply.status !== 400) account.state.replies[key] = structuredClone({ request, ...reply });
  return reply;
};

const checkKey = (authorization: string | undefined): void => {
  if (/^Bearer sk_test_\w+$/.test(authorization ?? '')) return;
  throw new StripeFault(401, 'authentication_error', 'The Stripe emulator takes keys that begin with sk_test_');
};

/** Answers one HTTP request; only a fault of the emulator itself throws. */
export const replyTo = async (account: Account, request: IncomingMessage): Promise<Reply> => {
  try {
    checkKey(request.headers.authorization);
    const { pathname, search } = new URL(request.url ?? '/', 'http://emulator');
    const method = request.method ?? 'GET';
    const form = method === 'GET' ? search.slice(1) : await bodyOf(request);
    return runOnce(account, request.headers['idempotency-key'] as string | undefined, method, pathname, form);
  } catch (error) {
    if (error instanceof StripeFault) return { status: error.status, body: error.body };
    throw error;
  }
};
