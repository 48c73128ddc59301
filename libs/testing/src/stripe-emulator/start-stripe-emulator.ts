import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import type { Account, Invoice, TestCard } from './account.ts';
import { newStripeId } from './account.ts';
import { loadAccount, saveAccount } from './account-file.ts';
import { attachPaymentMethod, updateCustomer } from './customers.ts';
import { parseForm } from './form-body.ts';
import { payInvoice, retrieveInvoice } from './invoices.ts';
import { runOperation } from './operations.ts';
import { StripeFault } from './stripe-fault.ts';
import { webhookSender } from './webhook-sender.ts';
import type { FaultProfile } from './webhook-sender.ts';

export type StripeEmulatorOptions = {
  readonly host?: string;
  /** 0 or absent: any free port */
  readonly port?: number;
  /** Where events go; absent: they are only logged. */
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
  readonly faults?: FaultProfile;
  /** What customers pay with until a payment method is attached; absent: nothing, and collecting fails. */
  readonly newCustomerCard?: TestCard;
  /** Keeps the account between starts. */
  readonly stateFile?: string;
};

export type StripeEmulator = {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Attaches the card and makes it the customer's default. */
  setCard(customerId: string, card: TestCard): void;
  /** Pays as the customer would on Stripe's page: with a card that works. */
  payInvoice(invoiceId: string): Invoice;
  /** Resolves when every webhook was delivered or given up. */
  settled(): Promise<void>;
  stop(): Promise<void>;
};

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

type Reply = { readonly status: number; readonly body: object; readonly replayed?: boolean };

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

const answer = async (account: Account, request: IncomingMessage): Promise<Reply> => {
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

/**
 * Starts the Stripe emulator: ours, stateful, offline. It answers what Trunkline uses of Stripe's API to the real SDK, refuses any request that
 * the installed SDK's types do not allow, and sends signed webhooks.
 */
export const startStripeEmulator = async (options: StripeEmulatorOptions = {}): Promise<StripeEmulator> => {
  const state = loadAccount(options.stateFile);
  const sender = options.webhookUrl ? webhookSender(options.webhookUrl, options.webhookSecret ?? '', options.faults) : undefined;
  const now = () => Math.floor(Date.now() / 1000);
  const emit = (type: string, object: object): void => {
    const event = {
      id: newStripeId('evt'),
      object: 'event' as const,
      api_version: Stripe.API_VERSION,
      created: now(),
      data: { object: structuredClone(object) },
      livemode: false as const,
      pending_webhooks: sender ? 1 : 0,
      request: { id: null, idempotency_key: null },
      type,
    };
    state.events.push(event);
    sender?.send(event);
  };
  const account: Account = { state, now, emit, newCustomerCard: options.newCustomerCard };
  const changed = <T>(result: T): T => (saveAccount(options.stateFile, state), result);

  const server = createServer((request, response) => {
    answer(account, request)
      .catch((error: unknown): Reply => ({ status: 500, body: { error: { type: 'api_error', message: String(error) } } }))
      .then(({ status, body, replayed }) => {
        if (request.method === 'POST') changed(status);
        response.writeHead(status, {
          'content-type': 'application/json',
          'request-id': newStripeId('req'),
          ...(replayed && { 'idempotent-replayed': 'true' }),
        });
        response.end(JSON.stringify(body));
      });
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port ?? 0, host, resolve));
  const { port } = server.address() as AddressInfo;

  const setCard = (customerId: string, card: TestCard): void => {
    const { id } = attachPaymentMethod(account, { customer: customerId }, card);
    changed(updateCustomer(account, { invoice_settings: { default_payment_method: id } }, customerId));
  };
  return {
    url: `http://${host}:${port}`,
    host,
    port,
    setCard,
    payInvoice: (id) => {
      setCard(retrieveInvoice(account, {}, id).customer, 'pm_card_visa');
      return changed(payInvoice(account, {}, id));
    },
    settled: async () => sender?.settled(),
    stop: async () => {
      sender?.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
