import { readFileSync, statSync } from 'node:fs';
import { Trunkline, TrunklineError, allOf } from '@trunkline/client';
import { ApiHarness } from '../../api/test/harness.ts';
import { CommandLine } from './command-line.ts';

let api: ApiHarness;
let cli: CommandLine;
let url: string;
let operatorKey: string;

beforeAll(async () => {
  api = await ApiHarness.start();
  await api.app.listen(0, '127.0.0.1');
  url = await api.app.getUrl();
  cli = new CommandLine(url);
  operatorKey = api.operatorKey;
});
afterAll(async () => {
  cli?.remove();
  await api?.stop();
});

const SCOPES = 'trunks:read,trunks:write,numbers:read,numbers:write,calls:read,billing:read';
const FEES = ['--channel-monthly', '4.00', '--channel-setup', '0', '--number-monthly', '1.50', '--number-setup', '0'];

it('sets up a platform and orders a trunk and a number, by the command line alone', async () => {
  const deck = await cli.json(operatorKey, 'decks', 'create', '--name', 'Outbound', '--currency', 'USD');
  const sheet = cli.file('rates.csv', 'prefix,destination,rate,initial,increment\n1,USA and Canada,0.0085,6,6\n');
  await cli.json(operatorKey, 'decks', 'versions', 'create', deck.id, '--body', `@${sheet}`);
  const plan = await cli.json(
    operatorKey,
    'plans',
    'create',
    '--name',
    'Standard',
    '--currency',
    'USD',
    ...FEES,
    '--outbound-deck-id',
    deck.id,
  );
  const tenant = await cli.json(operatorKey, 'tenants', 'create', '--name', 'Acme', '--country', 'US', '--currency', 'USD');
  await cli.json(operatorKey, 'plan-assignments', 'create', '--tenant-id', tenant.id, '--plan-id', plan.id);
  const stock = cli.file('stock.csv', 'number,country\n+12025550142,US\n');
  await cli.json(operatorKey, 'number-imports', 'create', '--body', `@${stock}`);
  const key = await cli.json<{ secret: string }>(
    operatorKey,
    'api-keys',
    'create',
    '--tenant',
    tenant.id,
    '--name',
    'first',
    '--scopes',
    SCOPES,
  );

  const settings = ['--country', 'US', '--channels-max', '2', '--allowed-countries', 'US,CA'];
  const trunk = await cli.json(key.secret, 'trunks', 'create', '--name', 'Office', ...settings);
  const credential = await cli.json<{ password: string }>(key.secret, 'trunks', 'credentials', 'create', trunk.id);
  expect(credential.password.length).toBeGreaterThan(15);
  await cli.json(key.secret, 'numbers', 'create', '--number', '+12025550142', '--trunk-id', trunk.id);
  expect(await cli.json(key.secret, 'trunks', 'get', trunk.id)).toMatchObject({
    allowed_countries: ['CA', 'US'],
    provisioning: { state: 'pending' },
  });
  expect(await cli.json(key.secret, 'invoices', 'upcoming', 'get')).toMatchObject({ total: { currency: 'USD' } });
  const { out } = await cli.run(['numbers', 'list', '--all'], { key: key.secret });
  expect(out).toMatch(/^ID .*NUMBER.*\nnum_\w+ .*\+12025550142/);
});

it('does the same by the client', async () => {
  const operator = new Trunkline({ baseUrl: url, apiKey: operatorKey });
  const deck = await operator.createDeck({ body: { name: 'Inbound', currency: 'USD' } });
  await operator.publishDeckVersion({
    path: { id: deck.id },
    body: 'prefix,destination,rate,initial,increment\n1,North America,0.01,6,6\n',
  });
  const fees = { channel_monthly: '1', channel_setup: '0', number_monthly: '1', number_setup: '0' };
  const plan = await operator.createPlan({ body: { name: 'By client', currency: 'USD', ...fees, outbound_deck_id: deck.id } });
  const tenant = await operator.createTenant({ body: { name: 'Client', country: 'US', currency: 'USD' } });
  await operator.assignPlan({ body: { tenant_id: tenant.id, plan_id: plan.id } });
  await operator.importNumbers({ body: 'number,country\n+12025550150,US\n' });
  const acting = new Trunkline({ baseUrl: url, apiKey: operatorKey, tenantId: tenant.id });
  const { secret } = await acting.createApiKey({
    body: { name: 'first', scopes: ['trunks:read', 'trunks:write', 'numbers:read', 'numbers:write'] },
  });

  const customer = new Trunkline({ baseUrl: url, apiKey: secret });
  const trunk = await customer.createTrunk({ body: { name: 'Office', country: 'US', channels_max: 2 } });
  await customer.createCredential({ path: { trunk_id: trunk.id } });
  await customer.createTrunk({ body: { name: 'Second', country: 'US', channels_max: 1 } });
  const number = await customer.orderNumber({ body: { number: '+12025550150', trunk_id: trunk.id } });
  expect(number.trunk_id).toBe(trunk.id);
  const names: string[] = [];
  for await (const { name } of allOf((page) => customer.listTrunks({ query: page }), 1)) names.push(name);
  expect(names.sort()).toEqual(['Office', 'Second']);
  const refused = await customer
    .createTrunk({ body: { name: 'Office', country: 'US', channels_max: 0 } })
    .catch((error: TrunklineError) => error);
  expect(refused).toMatchObject({ code: 'request.invalid', status: 400, errors: [{ pointer: '/channels_max' }] });
});

describe('log-in', () => {
  it('keeps the key for its owner alone, and later commands use it', async () => {
    const said = await cli.run(['login', '--api-url', url], { typed: `${operatorKey}\n` });
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).not.toContain(operatorKey);
    expect(statSync(cli.configFile).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(cli.configFile, 'utf8'))).toEqual({ url, api_key: operatorKey });
    expect((await cli.run(['tenants', 'list'])).code).toBe(0);
  });

  it('keeps no key that the API does not know', async () => {
    const before = readFileSync(cli.configFile, 'utf8');
    const said = await cli.run(['login', '--api-url', url], { typed: `tl_live_${'x'.repeat(36)}` });
    expect(said).toMatchObject({ code: 1, out: '' });
    expect(said.err).toContain('auth.invalid_key');
    expect((await cli.run(['login', '--api-url', url], { typed: 'not a key' })).code).toBe(2);
    expect(readFileSync(cli.configFile, 'utf8')).toBe(before);
  });
});

describe('a command that fails', () => {
  it('names the option that was wrong, and ends with 1', async () => {
    const { key } = await api.tenant('Wrong');
    const said = await cli.run(['trunks', 'create', '--name', 'A', '--country', 'Germany', '--channels-max', '1'], { key });
    expect(said.code).toBe(1);
    expect(said.err).toMatch(
      /^request\.invalid: .*\n {2}--country: must be an ISO 3166-1 alpha-2 country code, e\.g\. US\n {2}request req_\w+$/,
    );
  });

  it.each([
    ['an option that is not there', ['trunks', 'list', '--colour'], /unknown option '--colour'/],
    ['a command that is not there', ['trunk', 'list'], /unknown command 'trunk'.*Did you mean trunks/s],
    ['an id that is missing', ['trunks', 'get'], /missing required argument 'id'/],
    ['a number that is none', ['trunks', 'create', '--channels-max', 'many'], /^--channels-max must be a number$/],
    ['a body that is not JSON', ['trunks', 'create', '--body', '{'], /^--body must be JSON$/],
    ['a file that is not there', ['trunks', 'create', '--body', '@/nowhere'], /^cannot read \/nowhere: ENOENT$/],
  ])('ends with 2 on %s', async (_, args, words) => {
    const said = await cli.run(args, { key: operatorKey });
    expect(said.code).toBe(2);
    expect(said.err).toMatch(words);
    expect(said.err).not.toMatch(/\n {4}at /);
  });

  it('ends with 3 when there is no API', async () => {
    const said = await cli.run(['balance', 'get', '--api-url', 'http://127.0.0.1:9'], { key: operatorKey });
    expect(said).toMatchObject({ code: 3, err: 'client.unreachable: The API cannot be reached' });
  });
});
