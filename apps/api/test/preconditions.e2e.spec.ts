import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { answerOf, readOperations } from './operations.ts';
import type { Operation } from './operations.ts';
import { staff } from './people.ts';
import { makeVictim } from './victim.ts';
import type { Victim } from './victim.ts';

let api: ApiHarness;
let victim: Victim;
let operations: Operation[];
let revised: readonly string[]; // the paths of resources with a revision
const made: Record<string, { readonly id: string; readonly call: Call }> = {};

beforeAll(async () => {
  api = await ApiHarness.start();
  victim = await makeVictim(api);
  const acting: Call = (method, url, body, headers) => api.operator(method, url, body, { 'trunkline-tenant': victim.id, ...headers });
  await staff(api, 'support', 'support@operator.example');
  const { body: employees } = await api.operator('GET', '/v1/operator-members');
  const { body: carrier } = await api.operator('POST', '/v1/carriers', { name: 'Carrier' });
  Object.assign(made, {
    '/v1/trunks/{id}': { id: victim.trunk, call: acting },
    '/v1/ip-lists/{id}': { id: victim.ipList, call: acting },
    '/v1/credential-lists/{id}': { id: victim.credentialList, call: acting },
    '/v1/numbers/{id}': { id: victim.number, call: acting },
    '/v1/numbers/{id}/routing': { id: victim.number, call: acting },
    '/v1/disaster-plan': { id: '', call: acting },
    '/v1/members/{id}': { id: victim.member, call: acting },
    '/v1/operator-members/{id}': { id: employees.data[0].id, call: api.operator },
    '/v1/inbound-groups/{id}': { id: victim.spareGroup, call: acting },
    '/v1/inbound-schedules/{id}': { id: victim.inboundSchedule, call: acting },
    '/v1/port-orders/{id}': { id: victim.portOrder, call: acting },
    '/v1/port-outs/{id}': { id: victim.portOut, call: acting },
    '/v1/api-keys/{id}': { id: victim.apiKey, call: acting },
    '/v1/webhook-endpoints/{id}': { id: victim.webhookEndpoint, call: acting },
    '/v1/channel-pools/{id}': { id: victim.channelPool, call: acting },
    '/v1/channel-groups/{id}': { id: victim.channelGroup, call: acting },
    '/v1/regulatory-bundles/{id}': { id: victim.regulatoryBundle, call: acting },
    '/v1/kyc-file': { id: '', call: acting },
    '/v1/kyc-files/{tenant_id}': { id: victim.id, call: api.operator },
    '/v1/tenant': { id: '', call: victim.call },
    '/v1/tenants/{id}': { id: victim.id, call: api.operator },
    '/v1/carriers/{id}': { id: carrier.id, call: api.operator },
  });
  BODIES['updateTrunkChannels'] = { group_id: victim.channelGroup };
  BODIES['setNumberRouting'] = { inbound_group_id: victim.spareGroup, inbound_schedule_id: null, disaster_group_id: null };
  BODIES['setDisasterPlan'] = { inbound_group_id: victim.spareGroup };
  const read = await readOperations(api.as(undefined));
  operations = read.operations;
  revised = operations
    .filter((o) => o.method === 'GET' && ['id', 'revision'].every((name) => name in (read.follow(answerOf(o)).properties ?? {})))
    .map((o) => o.path);
});
afterAll(() => api?.stop());

/** Verbs that change nothing of what the revision counts: a hold is placed and lifted by itself, a gateway, a document or a link is a resource of its own, a second factor is the person’s, messages are sent. */
const FREE = new Set([
  'placeHold',
  'liftHold',
  'addGateway',
  'pingWebhookEndpoint',
  'replayWebhooks',
  'addPortDocument',
  'addPortOrderNote',
  'addPortOutNote',
  'createPortShareLink',
  'addKycDocument',
  'resetSecondFactor',
  'resetOperatorSecondFactor',
]);
const BODIES: Record<string, unknown> = {
  updateTrunk: { channels_max: 7 },
  updateIpList: { name: 'changed' },
  updateCredentialList: { name: 'changed' },
  updateNumber: { external_reference: 'changed' },
  updateChannelGroup: { name: 'changed' },
  updateNumberChannels: { channel_caps: { both: 3 } },
  updateInboundGroup: { name: 'changed' },
  updateInboundSchedule: { name: 'changed' },
  updatePortOrder: { fields: { account_number: 'changed' } },
  reschedulePortOrder: { requested_foc_at: '2030-01-01T00:00:00Z' },
  reversePortOrder: { reason: 'changed' },
  rejectPortOut: { reason: 'NAME_MISMATCH', evidence: 'changed by then' },
  disputePortOut: { reason: 'changed' },
  updateApiKey: { name: 'changed' },
  updateWebhookEndpoint: { description: 'changed' },
  updateRegulatoryBundle: { name: 'changed' },
  updateKycFile: { city: 'changed' },
  approveKycFile: {},
  rejectKycFile: { reason: 'changed' },
  requestKycInformation: { reason: 'changed' },
  updateTenant: { name: 'changed' },
  updateCarrier: { name: 'changed' },
  updateMember: { role: 'billing' },
  updateOperatorMember: { role: 'read_only' },
};

/** What is set and read at one path, and has no revision. Whoever adds to these says why nobody's change is lost unseen. */
const UNREVISED: Readonly<Record<string, string>> = {
  replaceKycPolicy: 'the operator’s, whole, by few: the audit has each',
  replaceRegulatoryPolicy: 'the operator’s, whole, by few: the audit has each',
  replaceNumberPolicy: 'the operator’s, whole, by few: the audit has each',
  replaceEmergencyPolicy: 'the operator’s, whole, by few: the audit has each',
  replaceEmergencyContacts: 'a set that is said whole, as short as a line',
  placeTenant: 'edges move homes too: what is said last is where calls go',
  setRegistrar: 'is said with its password, which nobody reads',
  requestCallerName: 'refused while another is under way',
  registerEmergencyAddress: 'refused while another is under way',
  updateNumberOrder: 'has one field',
  setSsoConnection: 'may be taken away and made anew, which no count would tell',
  changeCallSettings: 'merges: changes of different fields do not undo each other',
  updateBillingSettings: 'has one field',
  updatePortOutPolicy: 'merges: changes of different fields do not undo each other',
  updatePortOutProtection: 'merges: changes of different fields do not undo each other',
};

const resourceOf = (o: Operation): string | undefined =>
  revised.find((path) => o.path === path) ??
  revised.find((path) => new RegExp(`^${path.replaceAll(/[{}]/g, '\\$&')}/[a-z-]+$`).test(o.path));
/** A PUT at a path of its own sets something that hangs on a resource (a tenant's home, its billing mode) and is no part of it. */
const changes = () =>
  operations.filter(
    (o) => resourceOf(o) !== undefined && !FREE.has(o.id) && (o.method === 'PUT' ? revised.includes(o.path) : o.method !== 'GET'),
  );
const heedsIfMatch = (o: Operation): boolean => o.parameters?.some(({ name }) => name === 'If-Match') ?? false;
const at = (o: Operation) => {
  const { id, call } = made[resourceOf(o)!]!;
  return {
    call,
    own: resourceOf(o)!.replace(/\{(tenant_)?id\}/, id),
    url: o.path.replace(/\{(tenant_)?id\}/, id),
    body: o.method === 'DELETE' ? undefined : BODIES[o.id],
  };
};

it('knows a resource of every kind that has a revision', () => {
  expect([...revised].sort()).toEqual(Object.keys(made).sort());
  expect(changes().length).toBeGreaterThan(12);
});

it('heeds If-Match wherever something is set that is read there, but for what is named with a reason', () => {
  const read = operations.filter(({ method }) => method === 'GET').map(({ path }) => path);
  const unrevised = operations.filter((o) => ['PUT', 'PATCH'].includes(o.method) && read.includes(o.path) && !heedsIfMatch(o));
  expect(unrevised.map(({ id }) => id).sort()).toEqual(Object.keys(UNREVISED).sort());
});

it('documents If-Match and 412 on every change of such a resource, and nowhere else', () => {
  const heeding = operations.filter(heedsIfMatch);
  expect(heeding.map((o) => o.id).sort()).toEqual(
    changes()
      .map((o) => o.id)
      .sort(),
  );
  expect(heeding.filter((o) => !o.responses['412'])).toEqual([]);
});

it('412: a change that is meant for another revision, and changes nothing', async () => {
  for (const o of changes()) {
    const { call, own, url, body } = at(o);
    const before = await call('GET', own);
    for (const tag of ['"999-0123456789abcdef"', '"somebody’s"'.replace('’', ''), `W/${String(before.headers['etag'])}`]) {
      const { status, body: problem } = await call(o.method, url, body, { 'if-match': tag });
      expect([o.id, tag, status, problem.code]).toEqual([o.id, tag, 412, 'request.revision_mismatch']);
    }
    expect((await call('GET', own)).body).toEqual(before.body);
  }
});

it('200: a change of the revision that was read, once', async () => {
  for (const o of changes().filter(({ method }) => ['PATCH', 'PUT'].includes(method))) {
    const { call, own, url, body } = at(o);
    const tag = String((await call('GET', own)).headers['etag']);
    const first = await call(o.method, url, body, { 'if-match': `"other", ${tag}` });
    expect([o.id, first.status, first.headers['etag'] === tag]).toEqual([o.id, 200, false]);
    expect([o.id, (await call(o.method, url, body, { 'if-match': tag })).status]).toEqual([o.id, 412]);
    expect([o.id, (await call(o.method, url, body, { 'if-match': '*' })).status]).toEqual([o.id, 200]);
  }
});

it('one of many who read the same revision changes it; the others are told', async () => {
  const other = await api.startAnother();
  const { body: trunk, headers } = await made['/v1/trunks/{id}']!.call('GET', `/v1/trunks/${victim.trunk}`);
  const key = await api.operator('POST', '/v1/api-keys', { name: 'racer', scopes: ['trunks:write'] }, { 'trunkline-tenant': victim.id });
  const doors = [api.as(key.body.secret), other.as(key.body.secret)];
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      doors[i % 2]!('PATCH', `/v1/trunks/${trunk.id}`, { channels_max: 100 + i }, { 'if-match': String(headers['etag']) }),
    ),
  );
  expect(answers.map((a) => a.status).sort()).toEqual([200, ...Array<number>(19).fill(412)]);
  await other.stop();
});

it('304: a GET of what is known already, with an ETag for every resource that has a revision', async () => {
  for (const [path, { id, call }] of Object.entries(made)) {
    const url = path.replace(/\{(tenant_)?id\}/, id);
    const { headers } = await call('GET', url);
    const tag = String(headers['etag']);
    expect([path, tag]).toEqual([path, expect.stringMatching(/^"\d+-[0-9a-f]{16}"$/)]);
    const known = await call('GET', url, undefined, { 'if-none-match': `"other", W/${tag}` });
    expect([path, known.status, known.body, known.headers['etag']]).toEqual([path, 304, undefined, tag]);
    expect([path, (await call('GET', url, undefined, { 'if-none-match': '"other"' })).status]).toEqual([path, 200]);
  }
});

it('400: an If-Match that is no list of tags, or that nothing would heed', async () => {
  const { call, url } = at(operations.find((o) => o.id === 'updateTrunk')!);
  for (const [method, path, tag] of [
    ['PATCH', url, 'three'],
    ['POST', '/v1/trunks', '"1-0123456789abcdef"'],
  ] as const) {
    const { status, body } = await call(method, path, { name: 'x', country: 'US', channels_max: 1 }, { 'if-match': tag });
    expect([status, body.errors[0].pointer]).toEqual([400, '/headers/if-match']);
  }
});
