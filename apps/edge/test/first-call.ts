import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Login } from '@trunkline/testing/sip';
// eslint-disable-next-line @nx/enforce-module-boundaries -- what is published drives what runs, as a customer's program and terminal do
import { Trunkline } from '@trunkline/client';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the same
import { CommandLine } from '../../cli/test/command-line.ts';
import { eventually } from './customers.ts';
import type { Platform } from './customers.ts';

type Money = { readonly amount: string; readonly currency: string };
type Call = {
  readonly direction: string;
  readonly outcome: string;
  readonly billed_secs: number;
  readonly rating: { readonly amount: Money | null };
};

/** A tenant that can call, and what it is told of its call. */
export type FirstCall = {
  readonly login: Login;
  readonly number: string;
  readonly home: string;
  calls(): Promise<{ readonly data: readonly Call[] }>;
  balance(): Promise<{ readonly balance: Money }>;
  upcoming(): Promise<{ readonly total: Money; readonly lines: readonly unknown[] }>;
};

const SHEET = 'prefix,destination,rate,initial,increment\n1,North America,0.60,6,6\n';
const TENANT = { country: 'US', currency: 'USD' } as const;
const SCOPES = ['trunks:read', 'trunks:write', 'numbers:read', 'numbers:write', 'calls:read', 'billing:read'] as const;

type Live = { readonly provisioning: { readonly state: string; readonly edges: readonly { home: boolean; sip_address: string | null }[] } };
const homeOf = async (what: string, ask: () => Promise<Live>): Promise<string> => {
  const { provisioning } = await eventually(`${what} live`, ask, (found) => found.provisioning.state === 'applied');
  return provisioning.edges.find(({ home }) => home)?.sip_address ?? '';
};
const operatorKeyOf = ({ dataDir }: Platform): string => readFileSync(join(dataDir, 'operator-key'), 'utf8').trim();

/** From nothing to a trunk with a number, by the published client alone. */
export const byClient = async (platform: Platform): Promise<FirstCall> => {
  const [baseUrl, apiKey, number] = [platform.apiUrl, operatorKeyOf(platform), '+12025550170'];
  const operator = new Trunkline({ baseUrl, apiKey });
  const deck = await operator.createDeck({ body: { name: 'By client', currency: 'USD' } });
  await operator.publishDeckVersion({ path: { id: deck.id }, body: SHEET });
  const fees = { channel_monthly: '0', channel_setup: '0', number_monthly: '0', number_setup: '0' };
  const plan = await operator.createPlan({ body: { name: 'By client', currency: 'USD', ...fees, outbound_deck_id: deck.id } });
  const tenant = await operator.createTenant({ body: { name: 'Client', ...TENANT } });
  await operator.assignPlan({ body: { tenant_id: tenant.id, plan_id: plan.id } });
  await operator.importNumbers({ body: `number,country\n${number},US\n` });
  const acting = new Trunkline({ baseUrl, apiKey, tenantId: tenant.id });
  const { secret } = await acting.createApiKey({ body: { name: 'first', scopes: [...SCOPES] } });

  const own = new Trunkline({ baseUrl, apiKey: secret });
  const trunk = await own.createTrunk({ body: { name: 'Office', country: 'US', channels_max: 2, allowed_countries: ['US'] } });
  const { username, password } = await own.createCredential({ path: { trunk_id: trunk.id } });
  const { id } = await own.orderNumber({ body: { number, trunk_id: trunk.id } });
  await homeOf('the number', () => own.getNumber({ path: { id } }));
  return {
    login: { username, password },
    number,
    home: await homeOf('the trunk', () => own.getTrunk({ path: { id: trunk.id } })),
    calls: () => own.listCalls({ query: { caller_id: number } }),
    balance: () => own.getBalance(),
    upcoming: () => own.getUpcomingInvoice(),
  };
};

/** The same by the command line alone. */
export const byCommandLine = async (platform: Platform): Promise<FirstCall> => {
  const [cli, operator, number] = [new CommandLine(platform.apiUrl), operatorKeyOf(platform), '+12025550171'];
  const deck = await cli.json(operator, 'decks', 'create', '--name', 'By hand', '--currency', 'USD');
  await cli.json(operator, 'decks', 'versions', 'create', deck.id, '--body', `@${cli.file('rates.csv', SHEET)}`);
  const fees = ['--channel-monthly', '0', '--channel-setup', '0', '--number-monthly', '0', '--number-setup', '0'];
  const priced = ['--name', 'By hand', '--currency', 'USD', ...fees, '--outbound-deck-id', deck.id];
  const plan = await cli.json(operator, 'plans', 'create', ...priced);
  const tenant = await cli.json(operator, 'tenants', 'create', '--name', 'Hand', '--country', 'US', '--currency', 'USD');
  await cli.json(operator, 'plan-assignments', 'create', '--tenant-id', tenant.id, '--plan-id', plan.id);
  await cli.json(operator, 'number-imports', 'create', '--body', `@${cli.file('stock.csv', `number,country\n${number},US\n`)}`);
  const keyed = ['--tenant', tenant.id, '--name', 'first', '--scopes', SCOPES.join(',')];
  const { secret } = await cli.json<{ secret: string }>(operator, 'api-keys', 'create', ...keyed);

  const own = <T>(...args: string[]): Promise<T> => cli.json<T>(secret, ...args);
  const settings = ['--name', 'Office', '--country', 'US', '--channels-max', '2', '--allowed-countries', 'US'];
  const trunk = await own<{ id: string }>('trunks', 'create', ...settings);
  const { username, password } = await own<Login>('trunks', 'credentials', 'create', trunk.id);
  const { id } = await own<{ id: string }>('numbers', 'create', '--number', number, '--trunk-id', trunk.id);
  await homeOf('the number', () => own('numbers', 'get', id));
  const home = await homeOf('the trunk', () => own('trunks', 'get', trunk.id));
  return {
    login: { username, password },
    number,
    home,
    calls: () => own('calls', 'list', '--caller-id', number),
    balance: () => own('balance', 'get'),
    upcoming: () => own('invoices', 'upcoming', 'get'),
  };
};
