import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';
import { newStripeId } from './account.ts';
import type { Account, AccountState, StripeEvent, TestCard } from './account.ts';
import { loadAccount, saveAccount } from './account-file.ts';
import { apiFaults } from './api-faults.ts';
import type { ApiFaultProfile } from './api-faults.ts';
import { controlsOf } from './controls.ts';
import type { Controls } from './controls.ts';
import { replyTo } from './reply.ts';
import type { Reply } from './reply.ts';
import { webhookSender } from './webhook-sender.ts';
import type { FaultProfile, WebhookSender } from './webhook-sender.ts';

export type StripeEmulatorOptions = {
  readonly host?: string;
  /** 0 or absent: any free port */
  readonly port?: number;
  /** Where events go; absent: they are only logged. */
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
  /** How badly webhooks arrive; absent: each once, in order. */
  readonly faults?: FaultProfile;
  /** How badly requests end; absent: well. */
  readonly apiFaults?: ApiFaultProfile;
  /** What customers pay with until a payment method is attached; absent: nothing, and collecting fails. */
  readonly newCustomerCard?: TestCard;
  /** Keeps the account between starts. */
  readonly stateFile?: string;
};

export type StripeEmulator = Controls & {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** Resolves when every webhook was delivered or given up. */
  settled(): Promise<void>;
  stop(): Promise<void>;
};

const account = (state: AccountState, options: StripeEmulatorOptions, sender: WebhookSender | undefined, url: () => string): Account => {
  const now = () => Math.floor(Date.now() / 1000);
  const emit = (type: string, object: object): void => {
    const event: StripeEvent = {
      id: newStripeId('evt'),
      object: 'event',
      api_version: Stripe.API_VERSION,
      created: now(),
      data: { object: structuredClone(object) },
      livemode: false,
      pending_webhooks: sender ? 1 : 0,
      request: { id: null, idempotency_key: null },
      type,
    };
    state.events.push(event);
    sender?.send(event);
  };
  return { state, now, url, emit, newCustomerCard: options.newCustomerCard };
};

const respond = (response: ServerResponse, { status, body, replayed }: Reply): void => {
  const headers = {
    'content-type': 'application/json',
    'request-id': newStripeId('req'),
    ...(replayed && { 'idempotent-replayed': 'true' }),
  };
  response.writeHead(status, headers).end(JSON.stringify(body));
};

const listen = async (server: Server, host: string, port: number): Promise<number> => {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return (server.address() as AddressInfo).port;
};

/**
 * Starts the Stripe emulator: ours, stateful, offline. It answers what Trunkline uses of Stripe's API to the real SDK, refuses any request that
 * the installed SDK's types do not allow, and sends signed webhooks.
 */
export const startStripeEmulator = async (options: StripeEmulatorOptions = {}): Promise<StripeEmulator> => {
  const { host = '127.0.0.1', webhookUrl, webhookSecret = '', stateFile } = options;
  const state = loadAccount(stateFile);
  const sender = webhookUrl ? webhookSender(webhookUrl, webhookSecret, options.faults) : undefined;
  let port = options.port ?? 0;
  const url = () => `http://${host}:${port}`;
  const held = account(state, options, sender, url);
  const save = () => saveAccount(stateFile, state);
  const fate = apiFaults(options.apiFaults);
  const bug = (error: unknown): Reply => ({ status: 500, body: { error: { type: 'api_error', message: String(error) } } });
  const server = createServer(async (request, response) => {
    const fault = fate();
    if (fault === 'fail_before') return respond(response, bug('failed before anything happened'));
    const reply = await replyTo(held, request).catch(bug);
    if (request.method === 'POST') save();
    if (fault === 'cut_after') return void request.socket.destroy();
    respond(response, fault === 'fail_after' ? bug('failed after it happened') : reply);
  });
  port = await listen(server, host, port);
  return {
    url: url(),
    host,
    port,
    ...controlsOf(held, save),
    settled: async () => sender?.settled(),
    stop: async () => {
      sender?.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
