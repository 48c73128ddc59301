import { ApiHarness } from '../../api/test/harness.ts';
import type { Call } from '../../api/test/harness.ts';
import { CommandLine } from './command-line.ts';
import type { Said } from './command-line.ts';

let api: ApiHarness;
let cli: CommandLine;

beforeAll(async () => {
  api = await ApiHarness.start();
  await api.app.listen(0, '127.0.0.1');
  cli = new CommandLine(await api.app.getUrl());
});
afterAll(async () => {
  cli?.remove();
  await api?.stop();
});

/** A tenant with three numbers of their own in stock. */
const customer = async (name: string, stock: readonly string[]) => {
  await api.operator('POST', '/v1/number-imports', `number,country\n${stock.map((number) => `${number},US\n`).join('')}`);
  const { key, call } = await api.tenant(name);
  const apply = (text: string, ...options: string[]): Promise<Said> => cli.run(['apply', cli.file('t.yaml', text), ...options], { key });
  const plan = (text: string, ...options: string[]): Promise<Said> => cli.run(['plan', cli.file('t.yaml', text), ...options], { key });
  const exported = async (): Promise<string> => (await cli.run(['export'], { key })).out;
  return { key, call, apply, plan, exported };
};
const names = async (call: Call): Promise<string[]> =>
  (await call('GET', '/v1/trunks')).body.data.map((t: { name: string }) => t.name).sort();
const auditCount = async (call: Call): Promise<number> => (await call('GET', '/v1/audit-entries?limit=200')).body.data.length;

const FILE = `trunks:
  Berlin:
    country: DE
    channels_max: 10
    calls_per_second_max: 5
    allowed_countries: [DE, US]
    inbound_routes:
      - { uri: "sip:198.51.100.7:5060", priority: 1 }
      - { uri: "sip:198.51.100.8:5060", priority: 2, weight: 3 }
  Paris: { country: FR, channels_max: 2 }
numbers:
  +12025550160: { trunk: Berlin, external_reference: reception }
  +12025550161: { trunk: Paris }
`;

it('makes a tenant as the file says; a second time there is nothing to do', async () => {
  const { apply, plan, call } = await customer('Declared', ['+12025550160', '+12025550161']);
  const shown = await plan(FILE, '--check');
  expect(shown.code).toBe(4);
  expect(shown.out).toMatch(/^\+ trunk Berlin\n {4}country: "DE"\n/);
  expect(await names(call)).toEqual([]);

  expect(await apply(FILE)).toMatchObject({ code: 0, err: '' });
  expect(await names(call)).toEqual(['Berlin', 'Paris']);
  const { body: berlin } = await call('GET', '/v1/trunks');
  expect(berlin.data.find((t: { name: string }) => t.name === 'Berlin')).toMatchObject({ channels_max: 10, calls_per_second_max: 5 });
  const written = await auditCount(call);
  expect((await apply(FILE)).out).toBe('Nothing to change.\nApplied 0 of 0 changes.');
  expect(await auditCount(call)).toBe(written);
  expect(await plan(FILE, '--check')).toMatchObject({ code: 0, out: 'Nothing to change.' });
});

it('changes only what differs', async () => {
  const { apply, call } = await customer('Differs', ['+12025550162', '+12025550163']);
  const file = FILE.replace('+12025550160', '+12025550162').replace('+12025550161', '+12025550163');
  await apply(file);
  const written = await auditCount(call);
  const said = await apply(
    file.replace('channels_max: 10', 'channels_max: 12').replace('+12025550163: { trunk: Paris }', '+12025550163: { trunk: Berlin }'),
  );
  expect(said.out).toBe(
    '~ trunk Berlin\n    channels_max: 10 → 12\n~ number +12025550163\n    trunk: "Paris" → "Berlin"\ndone     ~ trunk Berlin\ndone     ~ number +12025550163\nApplied 2 of 2 changes.',
  );
  expect(await auditCount(call)).toBe(written + 2);
});

it('exports what applies without a change, credentials by reference', async () => {
  const { apply, exported, plan, call } = await customer('Round', ['+12025550164', '+12025550165']);
  await apply(FILE.replace('+12025550160', '+12025550164').replace('+12025550161', '+12025550165'));
  const { body: trunks } = await call('GET', '/v1/trunks');
  const { body: credential } = await call('POST', `/v1/trunks/${trunks.data[0].id}/credentials`);
  const text = await exported();
  expect(text).toContain(credential.id);
  expect(text).not.toContain(credential.password);
  expect(await plan(text, '--prune', '--check')).toMatchObject({ code: 0, out: 'Nothing to change.' });
  await apply(text);
  expect(await exported()).toBe(text);
});

it('holds pools, groups and who has channels of them, and exports the same', async () => {
  const steps = [{ from_channels: 1, monthly: '0', setup: '0' }];
  const offer = { name: 'Two countries', currency: 'USD', countries: ['US', 'CA'], steps, metered_by: 'minute', metered_price: '0' };
  expect((await api.operator('POST', '/v1/channel-offers', offer)).status).toBe(201);
  const { apply, exported, plan } = await customer('Channelled', ['+12025550169', '+12025550170']);
  const file = `trunks:
  Office: { country: US, channels_max: 4 }
  Door: { country: US, channels_max: 2 }
numbers:
  +12025550169: { trunk: Office }
channel_pools:
  Two countries: { channels: 6 }
channel_groups:
  Sales: { pool: Two countries, shared_channels: 3, metered_channels_max: 1, channel_caps: { both: 4 } }
trunk_channels:
  Office: { group: Sales }
  Door: { channel_caps: { inbound: 1 } }
number_channels:
  +12025550169: { pool: Two countries, dedicated_channels: 2, direction: inbound, group: Sales }
`;
  expect(await apply(file)).toMatchObject({ code: 0, err: '' });
  expect(await plan(file, '--check', '--prune')).toMatchObject({ code: 0, out: 'Nothing to change.' });
  const text = await exported();
  expect(text).toMatch(/trunk_channels:\n {2}Door:\n {4}group: null\n {4}channel_caps:\n {6}inbound: 1\n {6}outbound: null\n {2}Office:/);
  expect(await plan(text, '--prune', '--check')).toMatchObject({ code: 0, out: 'Nothing to change.' });
  const moved = file.replace('shared_channels: 3', 'shared_channels: 4').replace('channels: 6 ', 'channels: 5 ').replace('dedicated_channels: 2', 'dedicated_channels: 1'); // prettier-ignore
  expect((await apply(moved)).out).toMatch(/Applied 3 of 3 changes\.$/);
  const empty = 'channel_pools: {}\nchannel_groups: {}\ntrunk_channels: {}\nnumber_channels: {}\n';
  expect(await apply(empty, '--prune')).toMatchObject({ code: 0, err: '' });
  expect(await exported()).not.toContain('channel_caps');
});

it('stops at what the API refuses, says what is left, and goes on from there once it is mended', async () => {
  const { apply, call } = await customer('Partly', ['+12025550166']);
  const file = `trunks:
  Good: { country: US, channels_max: 1 }
  Bad:
    country: US
    channels_max: 0
numbers:
  +12025550166: { trunk: Good }
`;
  const said = await apply(file);
  expect(said.code).toBe(1);
  expect(said.out).toMatch(/done {5}\+ trunk Good\nuntried {2}\+ number \+12025550166\nApplied 1 of 3 changes\./);
  expect(said.err).toMatch(/^failed {3}\+ trunk Bad\n.*t\.yaml:3: request\.invalid: .*\n {2}.*t\.yaml:5: channels_max: Too small/);
  expect(await names(call)).toEqual(['Good']);
  expect((await apply(file.replace('channels_max: 0', 'channels_max: 3'))).out).toMatch(/^\+ trunk Bad\n[^]*Applied 2 of 2 changes\.$/);
  expect(await names(call)).toEqual(['Bad', 'Good']);
});

it('removes what is not in the file only when asked to', async () => {
  const { apply, call } = await customer('Pruned', ['+12025550167', '+12025550168']);
  await apply(FILE.replace('+12025550160', '+12025550167').replace('+12025550161', '+12025550168'));
  const rest = 'trunks:\n  Berlin: {}\nnumbers:\n  +12025550167: {}\n';
  const kept = await apply(rest);
  expect(kept.out).toContain('Not in the file, and left alone without --prune:\n    number +12025550168\n    trunk Paris');
  expect(await names(call)).toEqual(['Berlin', 'Paris']);
  expect(await apply(rest, '--prune')).toMatchObject({ code: 0 });
  expect(await names(call)).toEqual(['Berlin']);
  const { body } = await call('GET', '/v1/numbers');
  expect(body.data.map((n: { number: string; state: string }) => [n.number, n.state]).sort()).toEqual([
    ['+12025550167', 'active'],
    ['+12025550168', 'quarantined'],
  ]);
});

it('asks the API nothing about a file that is wrong, and tells the lines', async () => {
  const { apply, call } = await customer('Typo', []);
  const said = await apply('trunks:\n  A: { country: US, channels_max: 1 }\n  B: { country: US, chanels_max: 1 }\n');
  expect(said).toMatchObject({ code: 2, out: '' });
  expect(said.err).toMatch(/t\.yaml:3: unknown key "chanels_max"; did you mean channels_max\?$/);
  expect(await names(call)).toEqual([]);
});
