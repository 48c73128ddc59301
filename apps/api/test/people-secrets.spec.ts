import { createTestDatabase, startOidcEmulator } from '@trunkline/testing';
import type { OidcEmulator, TestDatabase } from '@trunkline/testing';
import { findInDatabase } from '@trunkline/testing/faults';
import { TOTP } from 'otpauth';
import { startApiProcess } from './api-process.ts';
import type { ApiProcess } from './api-process.ts';

/** What people go through, with every secret noted on the way; then the database and all that the process said are searched for them. */
const HOST = '127.0.65.1';
const PORT = 31_065;
const URL_OF_API = `http://${HOST}:${PORT}`;
const secrets: Record<string, string> = {
  password: 'canary trunks ring twice',
  next: 'canary trunks ring thrice',
  wrong: 'canary that is no password',
};

let database: TestDatabase;
let api: ApiProcess;
let provider: OidcEmulator;
let cookie = '';

beforeAll(async () => {
  database = await createTestDatabase();
  provider = await startOidcEmulator(`${URL_OF_API}/v1/sso/callback`);
  api = await startApiProcess({
    database,
    host: HOST,
    port: PORT,
    env: { LOG_LEVEL: 'debug', PUBLIC_URL: URL_OF_API, ALLOW_PRIVATE_SSO: 'true' },
  });
});
afterAll(async () => {
  await api?.program.end('SIGTERM');
  await provider?.stop();
  await database?.drop();
});

const request = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
  const json = body && { 'content-type': 'application/json' };
  const sent = {
    method,
    headers: { origin: URL_OF_API, cookie, ...json, ...headers },
    redirect: 'manual' as const,
    ...(body && { body: JSON.stringify(body) }),
  };
  const answer = await fetch(`${URL_OF_API}${path}`, sent);
  for (const set of answer.headers.getSetCookie()) {
    cookie = set.split(';')[0] ?? '';
    const value = cookie.split('=')[1] ?? '';
    if (value !== '') secrets[`cookie of ${method} ${path}`] = value;
  }
  const text = await answer.text();
  return {
    status: answer.status,
    text,
    location: answer.headers.get('location') ?? '',
    body: text.startsWith('{') ? JSON.parse(text) : {},
  };
};
const asOperator = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  request(method, path, body, { authorization: `Bearer ${api.operatorKey}`, cookie: '', ...headers });
const tokenOf = async (kind: string): Promise<string> => {
  const token = /#([\w-]{43})/.exec((await asOperator('GET', '/dev/mail')).text)?.[1] ?? '';
  secrets[`token of ${kind}`] = token;
  return token;
};

it('nothing that lets a person in is written anywhere', async () => {
  const email = 'ada@example.com';
  await request('POST', '/v1/sign-ups', { email, tenant_name: 'Acme', country: 'US', currency: 'USD' });
  const made = await request('POST', '/v1/sign-ups/confirm', {
    token: await tokenOf('sign-up'),
    name: 'Ada',
    password: secrets['password'],
  });
  expect(made.status).toBe(201);
  await request('POST', '/v1/sessions', { email, password: secrets['wrong'] });
  await request('POST', '/v1/sessions', { email, password: secrets['wrong'], secrets: secrets['wrong'] });
  expect((await request('POST', '/v1/sessions', { email, password: secrets['password'] })).status).toBe(201);

  const { body: key } = await request('POST', '/v1/me/totp', { password: secrets['password'] });
  secrets['totp'] = key.secret;
  const code = () => new TOTP({ secret: key.secret }).generate();
  const { body: recovery } = await request('POST', '/v1/me/totp/confirm', { code: code() });
  recovery.codes.forEach((text: string, i: number) => (secrets[`recovery code ${i}`] = text));
  expect((await request('POST', '/v1/sessions', { email, password: secrets['password'], recovery_code: recovery.codes[0] })).status).toBe(
    201,
  );
  expect((await request('POST', '/v1/me/password', { current_password: secrets['password'], new_password: secrets['next'] })).status).toBe(
    200,
  );

  await request('POST', '/v1/invitations', { email: 'bob@example.com', role: 'noc' }, { 'idempotency-key': 'once' });
  await tokenOf('invitation');
  await request('POST', '/v1/password-resets', { email });
  await tokenOf('reset');

  secrets['client secret'] = provider.clientSecret;
  const connection = { issuer: provider.issuer, client_id: provider.clientId, client_secret: provider.clientSecret };
  const set = await request('PUT', '/v1/sso-connection', { ...connection, allowed_domains: ['example.com'], default_role: 'noc' });
  expect(set.status).toBe(200);
  provider.person({ sub: 'carl', email: 'carl@example.com' });
  const back = new URL(await provider.visit((await request('GET', `/v1/sso/${made.body.tenant_id}`)).location));
  secrets['code of the provider'] = back.searchParams.get('code') ?? '';
  expect((await request('GET', `${back.pathname}${back.search}`)).status).toBe(303);
  await asOperator(
    'PUT',
    '/v1/sso-connection',
    { ...connection, issuer: 'http://127.0.0.1:9', allowed_domains: ['example.com'] },
    { 'trunkline-tenant': made.body.tenant_id },
  );
  expect((await request('GET', `/v1/sso/${made.body.tenant_id}`)).status).toBe(503); // an error is logged

  expect(Object.keys(secrets).length).toBeGreaterThan(20);
  expect(Object.values(secrets).every((secret) => secret.length >= 16)).toBe(true);
  expect(await findInDatabase(secrets, database.ownerUrl)).toEqual([]);
  const said = api.program.output();
  expect(said).toContain('/v1/sso/callback');
  expect(Object.entries(secrets).flatMap(([name, secret]) => (said.includes(secret) ? [name] : []))).toEqual([]);
  // the search would find one
  expect(await findInDatabase({ address: email }, database.ownerUrl)).not.toEqual([]);
});
