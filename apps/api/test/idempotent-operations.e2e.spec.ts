import { newId, toPublicId } from '@trunkline/kernel';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { readOperations } from './operations.ts';
import type { Operation } from './operations.ts';
import { makeVictim } from './victim.ts';
import type { Victim } from './victim.ts';

let api: ApiHarness;
let victim: Victim;
let posts: Operation[];
let acting: Call;

beforeAll(async () => {
  api = await ApiHarness.start();
  victim = await makeVictim(api);
  acting = (method, url, body, headers) => api.operator(method, url, body, { 'trunkline-tenant': victim.id, ...headers });
  posts = (await readOperations(api.as(undefined))).operations.filter((o) => o.method === 'POST');
});
afterAll(() => api?.stop());

/** None knows its caller's tenant before it answers: a provider's webhook has ids of its own, a query asks, a visitor with a link adds what may be there twice. */
const WITHOUT = new Set([
  ...['receiveStripeWebhook', 'receiveCarrierPortEvent', 'receiveCarrierPortOut', 'receiveNumberSupplierEvent', 'graphql'],
  ...['addSharedPortDocument', 'signSharedPortLetter'],
]);
/** Logging in and what people do to their own account: done twice, it is done once or the mailed token is spent. */
const isPersonal = (o: Operation) =>
  o.access === 'person' || (o.access === 'public' && /^\/v1\/(sessions|sign-ups|invitations|password-resets|sso)/.test(o.path));
const known = () => posts.filter((o) => !isPersonal(o) && o.access !== 'public' && o.access !== 'key');

it('every POST takes an Idempotency-Key, and says so', () => {
  expect(known().length).toBeGreaterThan(25);
  expect(
    known()
      .filter((o) => !o.parameters?.some((p) => p.name === 'Idempotency-Key'))
      .map((o) => o.id),
  ).toEqual([]);
  expect(posts.filter((o) => !known().includes(o) && !isPersonal(o) && !WITHOUT.has(o.id)).map((o) => o.id)).toEqual([]);
});

it('400: a key that is none, at every POST', async () => {
  for (const o of known()) {
    const url = o.path.replace(/\{(\w+)\}/g, () => toPublicId('trunk', newId()));
    const call = o.access === 'operator' ? api.operator : acting;
    for (const key of ['', 'two words', 'x'.repeat(256)]) {
      const { status, body } = await call('POST', url, {}, { 'idempotency-key': key });
      expect([o.id, status, body.errors?.[0]?.pointer]).toEqual([o.id, 400, '/headers/idempotency-key']);
    }
  }
});

/** A request of every kind that makes or moves something: doing it twice must show. */
const cases = (): readonly (readonly [string, Call, string, unknown])[] => [
  ['createTrunk', acting, '/v1/trunks', { name: 'once', country: 'US', channels_max: 1 }],
  ['createCredential', acting, `/v1/trunks/${victim.trunk}/credentials`, undefined],
  ['rotateCredential', acting, `/v1/trunks/${victim.trunk}/credentials/${victim.credential}/rotate`, {}],
  ['createTestCall', acting, `/v1/trunks/${victim.trunk}/test-calls`, { to: '+12025550199' }],
  ['createIpList', acting, '/v1/ip-lists', { name: 'once', networks: ['203.0.113.7'] }],
  ['createCredentialList', acting, '/v1/credential-lists', { name: 'once' }],
  ['createListCredential', acting, `/v1/credential-lists/${victim.credentialList}/credentials`, undefined],
  ['rotateListCredential', acting, `/v1/credential-lists/${victim.credentialList}/credentials/${victim.listCredential}/rotate`, {}],
  ['orderNumber', acting, '/v1/numbers', { number: '+12025550143' }],
  ['createNumberOrder', acting, '/v1/number-orders', { numbers: ['+12025550199'] }],
  ['orderChannels', acting, '/v1/channel-orders', { offer_id: victim.channelOffer, channels: 5 }],
  ['createChannelGroup', acting, '/v1/channel-groups', { pool_id: victim.channelPool, name: 'once', shared_channels: 0 }],
  ['startVerification', acting, '/v1/verified-numbers', { number: '+13105550199', method: 'sms' }],
  ['createApiKey', acting, '/v1/api-keys', { name: 'once', scopes: ['trunks:read'] }],
  ['rotateApiKey', acting, `/v1/api-keys/${victim.apiKey}/rotate`, {}],
  ['createWebhookEndpoint', acting, '/v1/webhook-endpoints', { url: 'https://once.example/' }],
  ['pingWebhookEndpoint', acting, `/v1/webhook-endpoints/${victim.webhookEndpoint}/ping`, undefined],
  ['createCallExport', acting, '/v1/call-exports', {}],
  ['createTopUp', acting, '/v1/top-ups', { amount: '5.00' }],
  ['createTenant', api.operator, '/v1/tenants', { name: 'Once', country: 'US', currency: 'USD' }],
  ['createOperatorKey', api.operator, '/v1/operator-keys', { name: 'once' }],
  ['createCarrier', api.operator, '/v1/carriers', { name: 'Once' }],
  ['createDeck', api.operator, '/v1/decks', { name: 'Once', currency: 'USD' }],
  ['importNumbers', api.operator, '/v1/number-imports', 'number\n+12025550199\n'],
  ['releaseNumber', acting, `/v1/numbers/${victim.number}/release`, undefined],
];

it('answers a repeat with the saved answer, and another body with 422', async () => {
  for (const [id, call, url, body] of cases()) {
    const headers = { 'idempotency-key': `once-${id}` };
    const first = await call('POST', url, body, headers);
    expect([id, first.status < 300]).toEqual([id, true]);
    const again = await call('POST', url, body, headers);
    expect([id, again.status, again.body, again.headers['idempotent-replayed']]).toEqual([id, first.status, first.body, 'true']);
    const other = typeof body === 'string' ? `${body}+12025550198\n` : { ...(body as object | undefined), other: true };
    const mismatch = await call('POST', url, other, headers);
    expect([id, [400, 422].includes(mismatch.status)]).toEqual([id, true]);
  }
});
