import { setTimeout as sleep } from 'node:timers/promises';
import { parseDecimal } from '@trunkline/kernel';
import type { Login } from '@trunkline/testing/sip';
// @ts-expect-error: plain JavaScript without declarations
// eslint-disable-next-line @nx/enforce-module-boundaries -- started as an installation is, by the same tools
import { ThrowAwayPlatform } from '../../../tools/throw-away-platform.mjs';

/** What the tools are, as far as the stories use them. Answers are read field by field, as a customer's program would. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- bodies of answers
export type Api = (method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, body?: unknown) => Promise<any>;
export type Platform = {
  readonly dataDir: string;
  readonly apiUrl: string;
  readonly enrolTokens: readonly string[];
  api(key: string): Api;
  operator(tenant?: string): Api;
  startControlPlane(): Promise<void>;
  startEdges(edges: readonly { readonly name: string; readonly sipAddress: string }[]): Promise<void>;
  kill(...names: readonly string[]): Promise<void>;
  asOwner(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
};
type Options = { readonly database: { ownerUrl: string; appUrl: string; systemUrl: string }; readonly env: Record<string, string> };
export const platformFor = (options: Options): Platform => new ThrowAwayPlatform(options) as Platform;

/** Asks until the answer will do; 20 s at most, unless told. */
export const eventually = async <T>(what: string, ask: () => Promise<T>, done: (value: T) => boolean, withinMs = 20_000): Promise<T> => {
  for (const deadline = performance.now() + withinMs; ; await sleep(25)) {
    const value = await ask();
    if (done(value)) return value;
    if (performance.now() > deadline) throw new Error(`waited in vain for: ${what}; the last answer was ${JSON.stringify(value)}`);
  }
};

export const AT = { carrier: '127.0.51.1:5080', pbx: '127.0.53.1:5080' };
const FEES = { channel_monthly: '1.00', channel_setup: '0.50', number_monthly: '2.00', number_setup: '0.25' };
const SCOPES = [
  'trunks:read',
  'trunks:write',
  'numbers:read',
  'numbers:write',
  'calls:read',
  'billing:read',
  'billing:write',
  'porting:read',
  'porting:write',
];
const RATES = 'prefix,destination,rate,initial,increment';
/** Per minute, billed by six seconds: the shortest call costs a tenth of it. */
export const PRICES = { outbound: '0.60', inbound: '0.06' };

/** A carrier that takes every call and brings ours, prices, and twenty numbers. @returns the id of the plan */
export const stock = async (operator: Api): Promise<string> => {
  const carrier = await operator('POST', '/v1/carriers', { name: 'Carrier' });
  const addresses = { uri: `sip:${AT.carrier}`, source_addresses: [AT.carrier.split(':')[0]] };
  const gateway = await operator('POST', `/v1/carriers/${carrier.id}/gateways`, addresses);
  await operator('POST', '/v1/carrier-routes', { kind: 'pstn', prefix: '1', gateway_id: gateway.id, priority: 1 });
  await operator('POST', '/v1/carrier-routes', { kind: 'emergency', country: 'US', gateway_id: gateway.id, priority: 1 });
  const decks: string[] = [];
  for (const [name, rate] of Object.entries(PRICES)) {
    const deck = await operator('POST', '/v1/decks', { name, currency: 'USD' });
    await operator('POST', `/v1/decks/${deck.id}/versions`, `${RATES}\n1,North America,${rate},6,6\n`);
    decks.push(deck.id);
  }
  await operator('POST', '/v1/number-imports', `number\n${Array.from({ length: 20 }, (_, i) => `+120255501${10 + i}\n`).join('')}`);
  const [outbound_deck_id, inbound_deck_id] = decks;
  return (await operator('POST', '/v1/plans', { name: 'Plan', currency: 'USD', ...FEES, outbound_deck_id, inbound_deck_id })).id;
};

export type Trunk = { readonly id: string; readonly login: Login };

/** A tenant, speaking to the public API with a key of its own. */
export class Customer {
  private constructor(
    readonly id: string,
    readonly api: Api,
  ) {}

  /** The tenant's home edge and the other one (if there is one), ip:port; known once a trunk is live. */
  home = '';
  away = '';

  static async signUp(platform: Platform, planId: string, name: string, channelsMax: number | null = null): Promise<Customer> {
    const operator = platform.operator();
    const { id } = await operator('POST', '/v1/tenants', { name, country: 'US', currency: 'USD', channels_max: channelsMax });
    await operator('POST', '/v1/plan-assignments', { tenant_id: id, plan_id: planId });
    const key = await platform.operator(id)('POST', '/v1/api-keys', { name: 'key', scopes: SCOPES });
    return new Customer(id, platform.api(key.secret));
  }

  /** A trunk towards the PBX, with a digest user, live on every edge. */
  async orderTrunk(name: string, channelsMax: number): Promise<Trunk> {
    const inbound_routes = [{ uri: `sip:${AT.pbx}`, priority: 1 }];
    const settings = {
      name,
      country: 'US',
      channels_max: channelsMax,
      calls_per_second_max: 1000,
      allowed_countries: ['US'],
      inbound_routes,
    };
    const { id } = await this.api('POST', '/v1/trunks', settings);
    const { username, password } = await this.api('POST', `/v1/trunks/${id}/credentials`);
    const { provisioning } = await this.live(`/v1/trunks/${id}`);
    const of = (home: boolean): string => provisioning.edges.find((e: { home: boolean }) => e.home === home)?.sip_address ?? '';
    [this.home, this.away] = [of(true), of(false)];
    return { id, login: { username, password } };
  }

  /** A number from stock that points at a trunk, live on every edge. */
  async orderNumber(trunk: Trunk): Promise<string> {
    const { data } = await this.api('GET', '/v1/available-numbers?limit=1');
    const { id, number } = await this.api('POST', '/v1/numbers', { number: data[0].number, trunk_id: trunk.id });
    await this.live(`/v1/numbers/${id}`);
    return number;
  }

  /** What is owed (negative) or held, in nanos. */
  async balance(): Promise<bigint> {
    return parseDecimal((await this.api('GET', '/v1/balance')).balance.amount)!;
  }

  /** All records of calls that dialled or presented a number, once there are `count`. */
  async calls(number: string, count: number) {
    const ask = () => this.api('GET', `/v1/calls?limit=200&number=${encodeURIComponent(number)}`);
    const { data } = await eventually(`${count} calls of ${number} stored`, ask, (page) => page.data.length >= count);
    return data;
  }

  private live(path: string) {
    return eventually(`${path} live`, () => this.api('GET', path), ({ provisioning }) => provisioning.state === 'applied'); // prettier-ignore
  }
}

/** Σ of what calls cost, in nanos. */
export const priceOf = (calls: readonly { rating: { amount: { amount: string } } }[]): bigint =>
  calls.reduce((sum, { rating }) => sum + parseDecimal(rating.amount.amount)!, 0n);
