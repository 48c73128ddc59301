import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestDatabase, proof, startStripeEmulator, startThrowAwayRedis } from '@trunkline/testing';
import type { StripeEmulator, TestDatabase, ThrowAwayRedis } from '@trunkline/testing';
import { findInDatabase, findInFiles, findInRedis } from '@trunkline/testing/faults';
import type { Hit } from '@trunkline/testing/faults';
import { SipPeer } from '@trunkline/testing/sip';
import { Customer, eventually, platformFor, stock } from './customers.ts';
import type { Api, Platform, Trunk } from './customers.ts';

/** The main story with every secret noted on the way; then everything that any process wrote is searched for them. */
const EDGE = { name: 'canary', sipAddress: '127.0.54.1:5060' };
const HOST = '127.0.54.9';
const PORTS = { API_PORT: '28540', GATEWAY_PORT: '28541', WORKER_HEALTH_PORT: '28542', STRIPE_EMULATOR_PORT: '28543' };
const { report } = proof(30, { short: {}, full: {} });
const canary = (prefix: string) => `${prefix}${randomBytes(18).toString('hex')}`;
const env = {
  STRIPE_API_KEY: canary('sk_test_'),
  STRIPE_WEBHOOK_SECRET: canary('whsec_'),
  ENCRYPTION_KEY: randomBytes(32).toString('base64'),
};
const redisPassword = canary('redis');
const wrongPassword = canary('wrong');

/** Where a secret is because that is its place. Everything else is a leak. */
const PLACES: Readonly<Record<string, RegExp>> = {
  operatorKey: /^operator-key$/, //               shown to the operator once, readable by its owner only
  appPassword: /^secrets\.json$/,
  systemPassword: /^secrets\.json$/,
  edgeKey: /^edges\/canary\/identity-key-[0-9a-f]+\.pem$/, // never leaves the edge
  ha1: /^edges\/canary\/entries\.db(-wal)?$/, //   an edge answers a digest with it, also with everything else down (RFC 8760 would not change that)
};

let database: TestDatabase;
let redis: ThrowAwayRedis;
let redisUrl: string;
let stripe: StripeEmulator;
let platform: Platform;
let phone: SipPeer;
let carrier: SipPeer;
const secrets: Record<string, string> = { ...env, redisPassword, wrongPassword };

/** Notes every secret that an answer shows. */
const noting =
  (who: string, api: Api): Api =>
  async (method, path, body) => {
    const answer = await api(method, path, body);
    for (const field of ['secret', 'password', 'enrol_token']) if (answer?.[field]) secrets[`${who} ${path} ${field}`] = answer[field];
    return answer;
  };

beforeAll(async () => {
  [database, redis] = [await createTestDatabase(), await startThrowAwayRedis({ flags: ['--requirepass', redisPassword] })];
  redisUrl = `redis://:${redisPassword}@127.0.0.1:${redis.port}`;
  const webhookUrl = `http://${HOST}:${PORTS.API_PORT}/v1/stripe/webhooks`;
  stripe = await startStripeEmulator({ host: HOST, webhookUrl, webhookSecret: env.STRIPE_WEBHOOK_SECRET, newCustomerCard: 'pm_card_visa' });
  const told = {
    ...PORTS,
    ...env,
    API_HOST: HOST,
    GATEWAY_HOST: HOST,
    REDIS_URL: redisUrl,
    STRIPE_API_URL: stripe.url,
    LOG_LEVEL: 'debug',
  };
  platform = platformFor({ database, env: told });
  await platform.startControlPlane();
  await platform.startEdges([EDGE]);
  phone = await SipPeer.open('127.0.54.2', 5060);
  carrier = await SipPeer.open('127.0.51.1', 5080);
  carrier.answer = () => 200;
}, 120_000);
afterAll(async () => {
  [phone, carrier].forEach((peer) => peer?.close());
  await platform?.stop();
  await stripe?.stop();
  await redis?.stop();
  await database?.drop();
}, 60_000);

/** What a tenant does, rightly and wrongly, so that errors are logged as well. */
const playTheStory = async (): Promise<{ trunk: Trunk; uuid: string }> => {
  const watched: Platform = Object.assign(Object.create(platform) as Platform, {
    operator: (tenant?: string) => noting('operator', platform.operator(tenant)),
    api: (key: string) => noting('tenant', platform.api(key)),
  });
  const anna = await Customer.signUp(watched, await stock(watched.operator()), 'Anna');
  const trunk = await anna.orderTrunk('Office', 5);
  const own = await anna.orderNumber(trunk);
  const call = (password: string) =>
    phone.call({ edge: EDGE.sipAddress, requestUser: '+12125557001', fromUser: own, login: { ...trunk.login, password }, holdMs: 100 });
  expect((await call(trunk.login.password)).status).toBe(200);
  expect((await call(wrongPassword)).status).not.toBe(200);
  await anna.calls('+12125557001', 1);
  await anna.api('PUT', '/v1/payment-method', { payment_method_id: 'pm_card_visa' });

  const key = Object.entries(secrets).find(([name]) => name === 'operator /v1/api-keys secret')?.[1] ?? '';
  const sent = (path: string, authorization: string, body: string) =>
    fetch(`http://${HOST}:${PORTS.API_PORT}${path}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json', 'idempotency-key': 'k1' },
      body,
    });
  const credential = await sent(`/v1/trunks/${trunk.id}/credentials`, `Bearer ${key}`, '{}');
  if (credential.status !== 201) throw new Error(`no credential: ${credential.status} ${await credential.text()}`);
  secrets['idempotent password'] = ((await credential.json()) as { password: string }).password;
  await sent('/v1/trunks', `Bearer ${key}x`, '{}');
  await sent('/v1/trunks', `Bearer ${key}`, JSON.stringify({ name: 1, password: wrongPassword, authorization: key }));
  await sent('/v1/trunks', `Bearer ${key}`, `{"broken": "${wrongPassword}`);
  await sent('/v1/stripe/webhooks', `Bearer ${key}`, `{"api_key":"${wrongPassword}"}`);

  await platform.asOwner(`UPDATE recurring_item SET "from" = "from" - interval '2 months'`);
  await platform.asOwner(`UPDATE posting SET month = month - interval '2 months'`);
  const now = new Date();
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
  await watched.operator()('POST', '/v1/invoice-runs', { month });
  await eventually('a paid invoice', () => anna.api('GET', '/v1/invoices'), ({ data }) => data[0]?.state === 'paid'); // prettier-ignore
  await platform.kill('api', 'worker');
  await platform.startControlPlane();
  await watched.operator()('GET', '/v1/edges');
  return { trunk, uuid: anna.id };
};

const noteTheRest = ({ login: { username, password } }: Trunk): void => {
  const read = (file: string) => readFileSync(join(platform.dataDir, file), 'utf8').trim();
  const { appPassword, systemPassword } = JSON.parse(read('secrets.json')) as Record<string, string>;
  const pem = read(`edges/canary/${JSON.parse(read('edges/canary/identity.json')).key_file}`).split('\n')[1] ?? '';
  const ha1 = createHash('md5').update(`${username}:sip.trunkline.local:${password}`).digest('hex');
  Object.assign(secrets, { appPassword, systemPassword, edgeKey: pem, ha1, operatorKey: read('operator-key') });
  platform.enrolTokens.forEach((token, i) => (secrets[`enrol token ${i}`] = token));
  secrets['sealing key, as bytes'] = Buffer.from(env.ENCRYPTION_KEY, 'base64').toString('latin1');
};

it('no secret is written anywhere but where it belongs', async () => {
  const { trunk } = await playTheStory();
  noteTheRest(trunk);
  expect(Object.keys(secrets)).toHaveLength(15);
  const hits: Hit[] = [
    ...findInFiles(secrets, platform.dataDir),
    ...(await findInDatabase(secrets, database.ownerUrl)),
    ...(await findInRedis(secrets, redisUrl)),
  ];
  expect(hits.filter(({ secret, place }) => !PLACES[secret]?.test(place))).toEqual([]);
  // and the search does find: each secret that has a place, at its place; what is no secret, in the database and the queue
  for (const [secret, place] of Object.entries(PLACES))
    expect([secret, hits.some((h) => h.secret === secret && place.test(h.place))]).toEqual([secret, true]);
  const { username } = trunk.login;
  expect(await findInDatabase({ username }, database.ownerUrl)).toContainEqual({ secret: 'username', place: 'public.trunk_credential' });
  expect((await findInRedis({ event: 'invoice.issued' }, redisUrl)).length).toBeGreaterThan(0);
  report(
    `${Object.keys(secrets).length} secrets of a run of the main story`,
    `0 outside their places, in every file, table and key that it wrote; ${hits.length} hits inside them`,
  );
}, 120_000);
