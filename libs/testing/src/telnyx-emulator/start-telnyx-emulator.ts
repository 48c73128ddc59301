import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiFaults } from '../stripe-emulator/api-faults.ts';
import type { ApiFaultProfile } from '../stripe-emulator/api-faults.ts';
import { answerAs, settleOrder } from './telnyx-account.ts';
import { answerBeforehand, emptyBeforehand } from './telnyx-beforehand.ts';
import type { TelnyxBeforehand } from './telnyx-beforehand.ts';
import { answerPortOut, emptyPortOuts } from './telnyx-port-outs.ts';
import type { TelnyxPortOuts } from './telnyx-port-outs.ts';
import { answerPort, emptyPorts } from './telnyx-ports.ts';
import type { TelnyxPorts } from './telnyx-ports.ts';
import type { TelnyxAccount, TelnyxOffer } from './telnyx-account.ts';

export type TelnyxEmulatorOptions = {
  readonly offers?: readonly TelnyxOffer[];
  /** How badly requests end; absent: well. */
  readonly faults?: ApiFaultProfile;
};

/** How the next requests end, until it is said otherwise. `silent`: they are taken in, acted upon, and not answered. */
export type TelnyxMood = 'well' | 'silent' | 'failing';

export type TelnyxEmulator = {
  readonly url: string;
  /** What its webhooks are verified by: a raw Ed25519 key, base64. */
  readonly publicKey: string;
  readonly account: TelnyxAccount;
  readonly ports: TelnyxPorts;
  readonly portOuts: TelnyxPortOuts;
  readonly beforehand: TelnyxBeforehand;
  mood: TelnyxMood;
  /** Orders are made, and the connection is cut before the answer. */
  cutOrders: boolean;
  /** Orders are answered with 500 and not made. */
  failOrders: boolean;
  /** Requests are refused with this status, and not acted upon. */
  refuseWith: number | undefined;
  /** Method and path of each request, as they came. */
  readonly requests: string[];
  offer(...offers: TelnyxOffer[]): void;
  /** Ends a pending order; the answer is what a webhook tells of it. */
  settle(orderId: string, status: 'success' | 'failure'): TelnyxWebhook;
  /** What a webhook tells of a port, or of numbers that leave. */
  tellOfPort(eventType: string, payload: object): TelnyxWebhook;
  stop(): Promise<void>;
};
export type TelnyxWebhook = { readonly body: string; readonly headers: Readonly<Record<string, string>> };

const bodyOf = async (request: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
};

/**
 * Starts the Telnyx emulator: ours, stateful, offline. It answers what Trunkline uses of Telnyx's API v2 in the shapes of the public types of its
 * SDK (telnyx 7.24.0), and can be slow, silent, failing, or settle an order late.
 */
export const startTelnyxEmulator = async ({ offers = [], faults }: TelnyxEmulatorOptions = {}): Promise<TelnyxEmulator> => {
  const account: TelnyxAccount = { offers: [...offers], orders: [], owned: new Map(), reserved: new Map(), outcome: 'success' };
  const [ports, portOuts, beforehand] = [emptyPorts(), emptyPortOuts(), emptyBeforehand()];
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const fate = apiFaults(faults);
  const silent = new AbortController();
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://emulator');
    const body = await bodyOf(request);
    emulator.requests.push(`${request.method} ${url.pathname}`);
    const fault = fate();
    const reply = (status: number, said: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
    if (!request.headers.authorization?.startsWith('Bearer '))
      return reply(401, { errors: [{ code: '10009', title: 'Authentication failed' }] });
    if (emulator.refuseWith !== undefined) return reply(emulator.refuseWith, { errors: [{ code: '10000', title: 'Refused' }] });
    const failed = { errors: [{ code: '10007', title: 'Unexpected error' }] };
    const isOrder = request.method === 'POST' && url.pathname === '/v2/number_orders';
    if (emulator.mood === 'failing' || fault === 'fail_before' || (isOrder && emulator.failOrders)) return reply(500, failed);
    const method = request.method ?? 'GET';
    const answer =
      answerPort(ports, method, url, body) ??
      answerPortOut(portOuts, method, url, body) ??
      answerBeforehand(beforehand, method, url, body) ??
      answerAs(account, method, url, body);
    if (emulator.mood === 'silent') return void (await sleep(60_000, undefined, { signal: silent.signal }).catch(() => {}));
    if (fault === 'cut_after' || (isOrder && emulator.cutOrders)) return void request.socket.destroy();
    return fault === 'fail_after' ? reply(500, failed) : reply(answer.status, answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const emulator: TelnyxEmulator = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64'),
    account,
    ports,
    portOuts,
    beforehand,
    mood: 'well',
    cutOrders: false,
    failOrders: false,
    refuseWith: undefined,
    requests: [],
    offer: (...more) => void account.offers.push(...more),
    settle: (id, status) => told('number_order.complete', settleOrder(account, id, status), (payload) => sign(null, payload, privateKey)),
    tellOfPort: (eventType, payload) => told(eventType, payload, (signed) => sign(null, signed, privateKey)),
    stop: async () => {
      silent.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return emulator;
};

const told = (event_type: string, payload: object, signed: (payload: Buffer) => Buffer): TelnyxWebhook => {
  const occurred_at = new Date().toISOString();
  const data = { event_type, id: randomUUID(), occurred_at, payload, record_type: 'event' };
  const body = JSON.stringify({ data, meta: { attempt: 1, delivered_to: 'http://emulator' } });
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = signed(Buffer.from(`${timestamp}|${body}`)).toString('base64');
  return { body, headers: { 'content-type': 'application/json', 'telnyx-timestamp': timestamp, 'telnyx-signature-ed25519': signature } };
};
