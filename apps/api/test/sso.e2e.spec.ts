import { startOidcEmulator } from '@trunkline/testing';
import type { OidcEmulator } from '@trunkline/testing';
import { ApiHarness } from './harness.ts';
import { ORIGIN, browserOf, logIn, memberOf } from './people.ts';
import type { Browser } from './people.ts';

let api: ApiHarness;
let provider: OidcEmulator;
beforeAll(async () => {
  api = await ApiHarness.start();
  provider = await startOidcEmulator(`${ORIGIN}/v1/sso/callback`);
});
afterAll(async () => {
  await provider?.stop();
  await api?.stop();
});
beforeEach(() => provider.fault({}));

const settings = (more: object = {}) => ({
  issuer: provider.issuer,
  client_id: provider.clientId,
  client_secret: provider.clientSecret,
  allowed_domains: ['example.com'],
  role_mapping: { telephony: 'noc', chiefs: 'admin' },
  ...more,
});
const tenantWith = async (name: string, more: object = {}) => {
  const { id } = await api.tenant(name, undefined, { plan: false });
  const headers = { 'trunkline-tenant': id };
  const set = await api.operator('PUT', '/v1/sso-connection', settings(more), headers);
  expect([set.status, set.body.issuer]).toEqual([200, provider.issuer]);
  return { id, headers };
};
const person = (sub: string, more: object = {}) =>
  provider.person({ sub, email: `${sub}@example.com`, email_verified: true, name: `Name of ${sub}`, groups: ['telephony'], ...more });

/** The whole way: away, log in, and back. */
const arrive = async (browser: Browser, tenantId: string) => {
  const away = await browser.call('GET', `/v1/sso/${tenantId}`);
  expect(away.status).toBe(303);
  const back = new URL(await provider.visit(String(away.headers['location'])));
  return { back, answer: await browser.call('GET', `${back.pathname}${back.search}`) };
};
const cookiesOf = (answer: { headers: Record<string, unknown> }): string[] => [answer.headers['set-cookie']].flat().map(String);

describe('GET /v1/sso/{tenant_id}', () => {
  it('303: away with PKCE, state and nonce, and back into a session of this tenant alone', async () => {
    const { id, headers } = await tenantWith('Provided');
    person('pia');
    const browser = browserOf(api);
    const away = await browser.call('GET', `/v1/sso/${id}`);
    const url = new URL(String(away.headers['location']));
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${ORIGIN}/v1/sso/callback`,
      state: expect.stringMatching(/.{40}/),
      nonce: expect.stringMatching(/.{40}/),
    });
    expect(cookiesOf(away)[0]).toMatch(/^trunkline_sso=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/);
    const { answer } = await arrive(browser, id);
    expect([answer.status, answer.headers['location']]).toEqual([303, `${ORIGIN}/`]);
    expect(cookiesOf(answer)[0]).toMatch(/^trunkline_session=[\w-]{43}; .*HttpOnly; SameSite=Strict$/);
    const { body: me } = await browser.call('GET', '/v1/me');
    expect(me).toMatchObject({ email: 'pia@example.com', name: 'Name of pia', memberships: [{ tenant_id: id, role: 'noc' }] });
    expect((await browser.call('GET', '/v1/trunks')).status).toBe(200);
    expect((await browser.call('GET', '/v1/members')).status).toBe(200);
    expect(await browser.call('GET', '/v1/balance')).toMatchObject({ status: 403, body: { code: 'auth.scope_missing' } });
    const { body: audit } = await api.operator('GET', '/v1/audit-entries', undefined, headers);
    expect(audit.data[0]).toMatchObject({ action: 'person_session.started', actor: { type: 'person', id: me.id }, data: { by: 'sso' } });
    // the person is not the session's to change
    for (const [path, body] of [
      ['/v1/me/password', { current_password: 'x', new_password: 'another trunk rings' }],
      ['/v1/me/totp', { password: 'x' }],
      ['/v1/me/totp/confirm', { code: '123456' }],
    ] as const)
      expect(await browser.call('POST', path, body)).toMatchObject({ status: 403, body: { code: 'auth.bound_session' } });
  });
  it('gives the role that the provider says, at each log-in anew, and the same person', async () => {
    const { id } = await tenantWith('Roles', { default_role: 'read_only' });
    const browser = browserOf(api);
    const roleNow = async () => (await browser.call('GET', '/v1/me')).body;
    person('rob', { groups: ['chiefs', 'telephony'] });
    await arrive(browser, id);
    const first = await roleNow();
    person('rob', { groups: [], email: 'robert@example.com' }); // the subject stays who it is
    await arrive(browser, id);
    const second = await roleNow();
    expect([first.memberships[0].role, second.memberships[0].role, second.id]).toEqual(['admin', 'read_only', first.id]);
    const both = [browserOf(api), browserOf(api)];
    person('new');
    await Promise.all(both.map((b) => arrive(b, id)));
    const ids = await Promise.all(both.map(async (b) => (await b.call('GET', '/v1/me')).body.id));
    expect(ids[0]).toBe(ids[1]);
  });
  it('403: the word of a provider that was exchanged, switched off or taken away while it was asked', async () => {
    for (const [i, change] of (
      [
        ['PUT', settings({ client_id: 'another' })],
        ['PUT', settings({ enabled: false })],
        ['DELETE', undefined],
      ] as const
    ).entries()) {
      const { id, headers } = await tenantWith(`Exchanged ${i}`);
      person('eve');
      provider.fault({ meanwhile: () => api.operator(change[0], '/v1/sso-connection', change[1], headers) });
      const browser = browserOf(api);
      expect((await arrive(browser, id)).answer).toMatchObject({ status: 403, body: { code: 'sso.refused' } });
      provider.fault({});
      expect((await browser.call('GET', '/v1/me')).status).toBe(401);
      expect((await api.operator('GET', '/v1/members', undefined, headers)).body.data).toEqual([]);
    }
  });
  it('is the member who has the address there, but nobody of elsewhere and no owner', async () => {
    const { id } = await tenantWith('Linked');
    await memberOf(api, id, 'billing', 'lin@example.com');
    await memberOf(api, id, 'owner', 'own@example.com');
    const { id: elsewhere } = await api.tenant('Elsewhere', undefined, { plan: false });
    const ela = await memberOf(api, elsewhere, 'owner', 'ela@example.com');
    const browser = browserOf(api);
    person('lin');
    await arrive(browser, id);
    const password = browserOf(api);
    await logIn(password, 'lin@example.com');
    expect((await browser.call('GET', '/v1/me')).body.id).toBe((await password.call('GET', '/v1/me')).body.id);
    // but sees nothing of where else she is logged in
    expect((await browser.call('GET', '/v1/sessions')).body.data).toMatchObject([{ current: true, tenant_id: id }]);
    expect((await password.call('GET', '/v1/sessions')).body.data.length).toBeGreaterThan(1);
    person('own');
    expect((await arrive(browserOf(api), id)).answer).toMatchObject({ status: 403, body: { code: 'sso.no_place' } });
    person('ela');
    const other = browserOf(api);
    await arrive(other, id);
    const { body: me } = await other.call('GET', '/v1/me');
    expect(me.id).not.toBe((await ela.call('GET', '/v1/me')).body.id);
    expect(me.memberships.map((m: { tenant_id: string }) => m.tenant_id)).toEqual([id]);
    expect((await other.call('GET', '/v1/tenant', undefined, { 'trunkline-tenant': elsewhere })).status).toBe(404);
    expect((await logIn(ela, 'ela@example.com')).status).toBe(201); // as before
    // nor is it a session of the tenants below, as one by password is
    await api.operator('PATCH', `/v1/tenants/${id}`, { allotment: { tenants: 1 } });
    const { id: below } = await api.tenant('Below', undefined, { plan: false, parent_id: id });
    person('cho', { groups: ['chiefs'] });
    const chief = browserOf(api);
    await arrive(chief, id);
    expect((await chief.call('GET', '/v1/tenant')).status).toBe(200);
    expect((await chief.call('GET', '/v1/tenant', undefined, { 'trunkline-tenant': below })).status).toBe(404);
  });
  it('403: other domains, unverified addresses, no role, members who may not act', async () => {
    const { id, headers } = await tenantWith('Refusing');
    for (const [claims, code] of [
      [{ email: 'x@evil.example' }, 'sso.no_place'],
      [{ email: 'x@sub.example.com' }, 'sso.no_place'],
      [{ email_verified: false }, 'sso.refused'],
      [{ email: undefined }, 'sso.refused'],
      [{ groups: ['others'] }, 'sso.no_place'],
      [{ groups: { telephony: true } }, 'sso.no_place'],
    ] as const) {
      person('max', claims);
      const browser = browserOf(api);
      const { answer } = await arrive(browser, id);
      expect([claims, answer.status, answer.body.code]).toEqual([claims, 403, code]);
      expect((await browser.call('GET', '/v1/me')).status).toBe(401);
    }
    person('max');
    const browser = browserOf(api);
    await arrive(browser, id);
    const [member] = (await api.operator('GET', '/v1/members', undefined, headers)).body.data;
    await api.operator('PATCH', `/v1/members/${member.id}`, { disabled: true }, headers);
    expect((await browser.call('GET', '/v1/trunks')).status).not.toBe(200);
    expect((await arrive(browserOf(api), id)).answer).toMatchObject({ status: 403, body: { code: 'sso.no_place' } });
  });
  it('403: what an honest provider would not have said', async () => {
    const { id } = await tenantWith('Forged');
    person('eve');
    const now = Math.floor(Date.now() / 1000);
    const forgeries = {
      'another issuer': { claims: { iss: 'https://other.example' } },
      'another audience': { claims: { aud: 'another-client' } },
      'several audiences, another party': { claims: { aud: ['trunkline', 'other'], azp: 'other' } },
      'another nonce': { claims: { nonce: 'another' } },
      'no nonce': { claims: { nonce: undefined } },
      expired: { claims: { exp: now - 600, iat: now - 900 } },
      'no expiry': { claims: { exp: undefined } },
      'not yet valid': { claims: { nbf: now + 600 } },
      'no subject': { claims: { sub: undefined } },
      'a foreign key': { foreignKey: true },
      'no ID token': { noIdToken: true },
    };
    for (const [name, fault] of Object.entries(forgeries)) {
      provider.fault(fault);
      const { answer } = await arrive(browserOf(api), id);
      expect([name, answer.status, answer.body.code]).toEqual([name, 403, 'sso.refused']);
    }
    provider.fault({});
    expect((await arrive(browserOf(api), id)).answer.status).toBe(303);
  });
  it('403: a return of another browser, twice, late, or with another state', async () => {
    const { id } = await tenantWith('Returning');
    person('rex');
    const refused = { status: 403, body: { code: 'sso.refused' } };
    const browser = browserOf(api);
    const { back, answer } = await arrive(browser, id);
    expect(answer.status).toBe(303);
    const path = `${back.pathname}${back.search}`;
    expect(await browserOf(api).call('GET', path)).toMatchObject(refused);
    const away = await browser.call('GET', `/v1/sso/${id}`);
    const kept = browser.cookie;
    expect(await browser.call('GET', path)).toMatchObject(refused); // the code was used, and the state is another
    const next = new URL(await provider.visit(String(away.headers['location'])));
    browser.cookie = kept;
    expect(await browser.call('GET', `${next.pathname}?code=${next.searchParams.get('code')}&state=other`)).toMatchObject(refused);
    expect(await browser.call('GET', '/v1/sso/callback?error=access_denied')).toMatchObject(refused);
    api.clock.advance({ seconds: 601 });
    expect(await browser.call('GET', `${next.pathname}${next.search}`)).toMatchObject(refused);
  });
  it('404: no connection, or a disabled one; 503: a provider that does not answer', async () => {
    const { id: none } = await api.tenant('None', undefined, { plan: false });
    expect((await api.as(undefined)('GET', `/v1/sso/${none}`)).status).toBe(404);
    const { id: disabled } = await tenantWith('Disabled', { enabled: false });
    expect((await api.as(undefined)('GET', `/v1/sso/${disabled}`)).status).toBe(404);
    const { id, headers } = await tenantWith('Silent');
    await api.operator('PUT', '/v1/sso-connection', settings({ issuer: 'http://127.0.0.1:9' }), headers);
    expect(await api.as(undefined)('GET', `/v1/sso/${id}`)).toMatchObject({ status: 503, body: { code: 'sso.provider_unavailable' } });
  });
});

describe('PUT /v1/sso-connection', () => {
  it('keeps the secret to itself, and sends it to no other issuer', async () => {
    const { headers } = await tenantWith('Secretive');
    const { body } = await api.operator('GET', '/v1/sso-connection', undefined, headers);
    expect(JSON.stringify(body)).not.toContain(provider.clientSecret);
    const { client_secret: _, ...without } = settings();
    expect((await api.operator('PUT', '/v1/sso-connection', { ...without, default_role: 'noc' }, headers)).body.default_role).toBe('noc');
    expect(await api.operator('PUT', '/v1/sso-connection', { ...without, issuer: 'http://127.0.0.1:8' }, headers)).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/client_secret' }] },
    });
  });
  it('ends the sessions that it opened, when it is removed, disabled or another', async () => {
    for (const end of [
      (headers: Record<string, string>) => api.operator('DELETE', '/v1/sso-connection', undefined, headers),
      (headers: Record<string, string>) => api.operator('PUT', '/v1/sso-connection', settings({ enabled: false }), headers),
      (headers: Record<string, string>) => api.operator('PUT', '/v1/sso-connection', settings({ client_id: 'another' }), headers),
    ]) {
      const { id, headers } = await tenantWith('Ending');
      person('kim');
      const browser = browserOf(api);
      await arrive(browser, id);
      expect((await browser.call('GET', '/v1/me')).status).toBe(200);
      api.clock.advance({ ms: 1 });
      expect((await end(headers)).status).toBe(200);
      expect((await browser.call('GET', '/v1/me')).status).toBe(401);
    }
  });
  it('400: what is no issuer; inside networks are out of reach where they are not allowed', async () => {
    const { headers } = await tenantWith('Wrong');
    const put = (issuer: string, call = api.operator, to = headers) => call('PUT', '/v1/sso-connection', settings({ issuer }), to);
    for (const issuer of ['login', 'ftp://x.example', 'https://u:p@x.example', `${provider.issuer}/.well-known/openid-configuration`])
      expect(await put(issuer)).toMatchObject({ status: 400, body: { errors: [{ pointer: '/issuer' }] } });
    expect(await api.operator('PUT', '/v1/sso-connection', settings({ role_mapping: { x: 'owner' } }), headers)).toMatchObject({
      status: 400,
    });
    const strict = await ApiHarness.start({ ALLOW_PRIVATE_SSO: false });
    const { id } = await strict.tenant('Strict', undefined, { plan: false });
    for (const issuer of [provider.issuer, 'https://127.0.0.1', 'https://169.254.169.254', 'https://[::1]'])
      expect(await put(issuer, strict.operator, { 'trunkline-tenant': id })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer: '/issuer' }] },
      });
    expect((await put('https://localhost', strict.operator, { 'trunkline-tenant': id })).status).toBe(200); // a name is judged when it is looked up
    expect(await strict.as(undefined)('GET', `/v1/sso/${id}`)).toMatchObject({ status: 503, body: { code: 'sso.provider_unavailable' } });
    await strict.stop();
  });
  it('403: gives no role that whoever sets it has not', async () => {
    const { id, call } = await api.tenant('Narrow', undefined, { plan: false });
    const { body: key } = await call('POST', '/v1/api-keys', { name: 'sso', scopes: ['sso:write', 'sso:read'] });
    expect(await api.as(key.secret)('PUT', '/v1/sso-connection', settings())).toMatchObject({
      status: 403,
      body: { code: 'member.role_not_yours', errors: [{ pointer: expect.stringMatching(/^\/role_mapping\//) }] },
    });
    expect((await call('GET', '/v1/sso-connection')).body).toMatchObject({ enabled: false, issuer: null });
    expect((await (await memberOf(api, id, 'noc', 'narrow@example.com')).call('GET', '/v1/sso-connection')).status).toBe(403);
  });
});
