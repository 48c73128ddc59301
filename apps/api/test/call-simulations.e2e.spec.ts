import { fromPublicId, newId, toPublicId } from '@trunkline/kernel';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { endedCall, storeCalls } from './store-calls.ts';

let api: ApiHarness;
let tenant: { id: string; call: Call };
let trunk: string;
const NUMBER = '+12025550142';
const simulate = (body: object, call = tenant.call) => call('POST', '/v1/call-simulations', body);
const asOperator: Call = (method, url, body, headers) => api.operator(method, url, body, { 'trunkline-tenant': tenant.id, ...headers });

beforeAll(async () => {
  api = await ApiHarness.start();
  tenant = await api.tenant();
  const carrier = (await api.operator('POST', '/v1/carriers', { name: 'Carrier' })).body.id;
  const gateway = { uri: 'sip:192.0.2.50', source_addresses: ['192.0.2.50'] };
  const gatewayId = (await api.operator('POST', `/v1/carriers/${carrier}/gateways`, gateway)).body.id;
  await api.operator('POST', '/v1/carrier-routes', { kind: 'pstn', prefix: '1', gateway_id: gatewayId, priority: 1 });
  await api.operator('POST', '/v1/carrier-routes', { kind: 'emergency', country: 'US', gateway_id: gatewayId, priority: 1 });
  const settings = { name: 'Berlin', country: 'US', channels_max: 2, allowed_countries: ['US'], ip_addresses: ['198.51.100.7'] };
  trunk = (await tenant.call('POST', '/v1/trunks', { ...settings, inbound_routes: [{ uri: 'sip:pbx.example.com', priority: 1 }] })).body.id;
  await api.operator('POST', '/v1/number-imports', `number\n${NUMBER}\n`);
  await tenant.call('POST', '/v1/numbers', { number: NUMBER, trunk_id: trunk });
  await api.compileEdges();
});
afterAll(() => api?.stop());

it('200: tells where a call would go, and by which questions', async () => {
  const { status, body } = await simulate({ trunk_id: trunk, from: NUMBER, to: '2025550199' });
  expect([status, body.action, body.code, body.explanation]).toEqual([200, 'route', null, null]);
  expect(body).toMatchObject({ direction: 'outbound', trunk_id: trunk, caller_id: NUMBER, destination: '+12025550199', replay: null });
  expect(body.limits).toEqual({
    trunk_channels_max: 2,
    trunk_direction_channels_max: null,
    tenant_channels_max: null,
    calls_per_second_max: 10,
    max_call_secs: null,
  });
  expect(body.targets).toMatchObject([{ kind: 'carrier', uri: null, carrier_id: null }]);
  expect(body.trace.map((s: { rule: string }) => s.rule)).toEqual(['meta', 'trunk', 'tenant', 'number', 'country', 'route']);
  expect(JSON.stringify(body)).not.toContain('192.0.2.50');
  expect((await simulate({ trunk_id: trunk, from: NUMBER, to: '911' })).body).toMatchObject({ direction: 'emergency', limits: { trunk_channels_max: null } }); // prettier-ignore
});

it('200: knows the caps of a direction', async () => {
  const caps = async (channel_caps: object) => (await tenant.call('PATCH', `/v1/trunks/${trunk}/channels`, { channel_caps })).body;
  expect(await caps({ inbound: 1, outbound: null })).toMatchObject({ group_id: null, channel_caps: { inbound: 1, outbound: null } });
  await api.compileEdges();
  const limits = async (body: object) => (await simulate(body)).body.limits;
  expect(await limits({ direction: 'inbound', from: '+13105550000', to: NUMBER })).toMatchObject({ trunk_direction_channels_max: 1 });
  expect(await limits({ trunk_id: trunk, from: NUMBER, to: '+12025550199' })).toMatchObject({ trunk_direction_channels_max: null });
  await caps({ inbound: null, outbound: null });
});

it('200: names the setting that refuses a call', async () => {
  const { body } = await simulate({ trunk_id: trunk, from: NUMBER, to: '+442079460000' });
  expect(body).toMatchObject({
    action: 'reject',
    code: 'trunk.destination_not_allowed',
    sip_code: 403,
    explanation: { resource: { type: 'trunk', id: trunk }, setting: 'allowed_countries' },
    targets: [],
    limits: null,
  });
  expect(body.explanation.says).toBe('+442079460000 lies in GB, and the trunk may call US only.');
  const { body: foreign } = await simulate({ trunk_id: trunk, from: '+13105550000', to: '+12025550199' });
  expect(foreign).toMatchObject({ code: 'trunk.caller_id_not_allowed', explanation: { setting: 'caller_id_policy' } });
});

it('200: knows a PBX by its address, and asks others for a password', async () => {
  const call = { from: NUMBER, to: '+12025550199' };
  expect((await simulate({ ...call, source_address: '198.51.100.7' })).body).toMatchObject({ action: 'route', trunk_id: trunk });
  expect((await simulate({ ...call, source_address: '198.51.100.8' })).body).toMatchObject({
    action: 'challenge',
    sip_code: 407,
    code: null,
  });
  const stranger = await api.tenant('Stranger');
  expect((await simulate({ ...call, source_address: '198.51.100.7' }, stranger.call)).body.action).toBe('challenge');
});

it('200: brings a call in for a number', async () => {
  const { body } = await simulate({ direction: 'inbound', from: '+13105550000', to: NUMBER });
  expect(body).toMatchObject({ action: 'route', direction: 'inbound', trunk_id: trunk });
  expect(body.targets).toMatchObject([{ kind: 'uri', uri: `sip:${NUMBER}@pbx.example.com`, carrier_id: null }]);
  const stranger = await api.tenant('Stranger');
  const foreign = (await simulate({ direction: 'inbound', from: '+13105550000', to: NUMBER }, stranger.call)).body;
  const nobodys = (await simulate({ direction: 'inbound', from: '+13105550000', to: '+12025550177' }, stranger.call)).body;
  expect(foreign.code).toBe('number.unknown');
  expect(JSON.stringify(foreign).replaceAll('142', '177')).toBe(JSON.stringify(nobodys));
});

it('200: shows an operator carriers, too', async () => {
  const { body } = await simulate({ trunk_id: trunk, from: NUMBER, to: '+12025550199' }, asOperator);
  expect(body.targets).toMatchObject([{ kind: 'carrier', uri: 'sip:+12025550199@192.0.2.50', carrier_id: expect.stringMatching(/^car_/) }]);
});

it('200: decides on a call again, and says what is otherwise now', async () => {
  const uuid = fromPublicId('trunk', trunk) ?? null;
  const ofTenant = { tenantId: fromPublicId('tenant', tenant.id) ?? '', trunkId: uuid };
  await storeCalls(
    api,
    endedCall(api, { ...ofTenant, uid: 'carried', gateway: 'sip:+12025550199@192.0.2.50' }),
    endedCall(api, { ...ofTenant, uid: 'refused', outcome: 'rejected', answeredAtMs: null, sipCode: 403, reason: 'trunk.disabled', destination: '+12025550198' }), // prettier-ignore
  );
  const calls = (await tenant.call('GET', '/v1/calls')).body.data as { id: string; outcome: string }[];
  const idOf = (outcome: string) => calls.find((c) => c.outcome === outcome)?.id;
  expect((await simulate({ call_id: idOf('answered') }, asOperator)).body).toMatchObject({
    action: 'route',
    replay: { was: { outcome: 'answered', code: null, sip_code: 200 }, same: true, differences: [] },
  });
  expect((await simulate({ call_id: idOf('rejected') })).body.replay).toEqual({
    was: { outcome: 'rejected', code: 'trunk.disabled', sip_code: 403 },
    same: false,
    differences: [{ field: 'reason', was: 'trunk.disabled', now: null }],
  });
  expect((await tenant.call('GET', '/v1/calls')).body.data).toHaveLength(2);
});

it('400 and 404: names what is wrong, and nobody else’s', async () => {
  const faults = async (body: object) => (await simulate(body)).body.errors.map((e: { pointer: string }) => e.pointer);
  expect(await faults({})).toEqual(['/from', '/to']);
  expect(await faults({ call_id: toPublicId('cdr', newId()), from: '1' })).toEqual(['/from']);
  expect(await faults({ direction: 'inbound', trunk_id: trunk, from: '1', to: '2' })).toEqual(['/trunk_id']);
  expect(await faults({ trunk_id: toPublicId('trunk', newId()), from: '1', to: '2' })).toEqual(['/trunk_id']);
  expect(await faults({ trunk_id: trunk, from: '1', to: '2', edge: 'none' })).toEqual(['/edge']);
  expect((await simulate({ call_id: toPublicId('cdr', newId()) })).status).toBe(404);
});

it('403: replaying a call takes the right to read calls', async () => {
  const { call } = await api.tenant('Narrow', ['trunks:read']);
  expect(await simulate({ call_id: toPublicId('cdr', newId()) }, call)).toMatchObject({
    status: 403,
    body: { code: 'auth.scope_missing' },
  });
});
