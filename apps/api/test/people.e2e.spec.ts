import { TOTP } from 'otpauth';
import { ask } from './graphql-queries.ts';
import { ApiHarness } from './harness.ts';
import { meanwhile } from './meanwhile.ts';
import { ORIGIN, PASSWORD, browserOf, logIn, memberOf, outbox, staff, tokenFor } from './people.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await ApiHarness.start();
});
afterAll(() => api?.stop());

const signUp = (email: string) => ({ email, tenant_name: 'Ada & Sons', country: 'US', currency: 'USD' });
const codeOf = (secret: string) => new TOTP({ secret }).generate({ timestamp: api.clock.now().getTime() });
const auditOf = async (tenantId: string) =>
  (await api.operator('GET', '/v1/audit-entries', undefined, { 'trunkline-tenant': tenantId })).body.data;

describe('POST /v1/sign-ups', () => {
  it('202: mails a link, which makes the tenant with its owner, held until the operator approves', async () => {
    const ada = browserOf(api);
    expect(await ada.call('POST', '/v1/sign-ups', signUp('Ada@Example.com'))).toMatchObject({ status: 202, body: { object: 'accepted' } });
    const token = await tokenFor(api, 'ada@example.com');
    const link = { token, name: 'Ada', password: PASSWORD };
    const made = await ada.call('POST', '/v1/sign-ups/confirm', link);
    expect(made).toMatchObject({ status: 201, body: { object: 'sign_up', held: true } });
    expect(await ada.call('POST', '/v1/sign-ups/confirm', link)).toMatchObject({ status: 404, body: { code: 'link.invalid' } });
    expect((await logIn(ada, 'ada@example.com')).status).toBe(201);
    expect((await ada.call('GET', '/v1/tenant')).body).toMatchObject({ name: 'Ada & Sons', state: 'suspended', holds: ['operator'] });
    await api.operator('POST', `/v1/tenants/${made.body.tenant_id}/lift-hold`, { kind: 'operator' });
    expect((await ada.call('GET', '/v1/tenant')).body).toMatchObject({ state: 'active' });
    const { body: me } = await ada.call('GET', '/v1/me');
    expect(me).toMatchObject({
      email: 'ada@example.com',
      operator_role: null,
      memberships: [{ tenant_id: made.body.tenant_id, tenant_name: 'Ada & Sons', role: 'owner' }],
    });
    // what she does is hers in the audit
    await ada.call('POST', '/v1/api-keys', { name: 'mine', scopes: ['tenant:read'] });
    expect((await auditOf(made.body.tenant_id)).map((e: { action: string; actor: object }) => [e.action, e.actor])).toEqual([
      ['api_key.created', { type: 'person', id: me.id }],
      ['member.added', { type: 'person', id: me.id }],
    ]);
  });
  it('lets somebody with an account have a second tenant, and keeps their password', async () => {
    const ada = browserOf(api);
    await ada.call('POST', '/v1/sign-ups', signUp('ada@example.com'));
    const token = await tokenFor(api, 'ada@example.com');
    expect(await ada.call('POST', '/v1/sign-ups/confirm', { token, password: 'somebody else chose this' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/password', code: 'account_exists' }] },
    });
    const made = await ada.call('POST', '/v1/sign-ups/confirm', { token });
    expect(made.status).toBe(201);
    await logIn(ada, 'ada@example.com');
    expect((await ada.call('GET', '/v1/me')).body.memberships).toHaveLength(2);
    expect(await ada.call('GET', '/v1/trunks')).toMatchObject({ status: 400, body: { code: 'auth.tenant_required' } });
    const there = { 'trunkline-tenant': made.body.tenant_id };
    expect(await ada.call('GET', '/v1/tenant', undefined, there)).toMatchObject({ status: 200, body: { id: made.body.tenant_id } });
    const { id: foreign } = await api.tenant('Foreign', undefined, { plan: false });
    expect(await ada.call('GET', '/v1/tenant', undefined, { 'trunkline-tenant': foreign })).toMatchObject({ status: 404 });
  });
  it('400: names what is wrong, and a password that is weak', async () => {
    const call = api.as(undefined);
    expect(await call('POST', '/v1/sign-ups', { ...signUp('nobody'), country: 'us' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/email' }, { pointer: '/country' }] },
    });
    await call('POST', '/v1/sign-ups', signUp('weak@example.com'));
    const token = await tokenFor(api, 'weak@example.com');
    for (const [link, pointer] of [
      [{ name: 'Weak', password: 'aaaaaaaaaaaaa' }, '/password'],
      [{ name: 'Weak', password: 'short' }, '/password'],
      [{ password: PASSWORD }, '/name'],
      [{ name: 'Weak' }, '/password'],
    ] as const)
      expect(await call('POST', '/v1/sign-ups/confirm', { token, ...link })).toMatchObject({
        status: 400,
        body: { errors: [{ pointer }] },
      });
  });
  it('makes one tenant of one link, however often it is followed at once', async () => {
    const call = api.as(undefined);
    await call('POST', '/v1/sign-ups', signUp('once@example.com'));
    const link = { token: await tokenFor(api, 'once@example.com'), name: 'Once', password: PASSWORD };
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', '/v1/sign-ups/confirm', link)));
    expect(answers.map((a) => a.status).sort()).toEqual([201, 404, 404]);
  });
  it('404: the link is a day old', async () => {
    const call = api.as(undefined);
    await call('POST', '/v1/sign-ups', signUp('late@example.com'));
    const token = await tokenFor(api, 'late@example.com');
    api.clock.advance({ hours: 25 });
    expect(await call('POST', '/v1/sign-ups/confirm', { token, name: 'Late', password: PASSWORD })).toMatchObject({ status: 404 });
    expect((await outbox(api)).filter(({ to }) => to === 'late@example.com')).toEqual([]);
  });
  it('403 where the operator makes tenants, 429 after many mails', async () => {
    const closed = await ApiHarness.start({ SIGN_UP: 'closed' });
    expect(await closed.as(undefined)('POST', '/v1/sign-ups', signUp('a@example.com'))).toMatchObject({
      status: 403,
      body: { code: 'sign_up.closed' },
    });
    await closed.stop();
    const statuses = [];
    for (let n = 0; n < 6; n += 1) statuses.push((await api.as(undefined)('POST', '/v1/sign-ups', signUp('flooded@example.com'))).status);
    expect(statuses).toEqual([202, 202, 202, 202, 202, 429]);
    expect((await outbox(api)).filter(({ to }) => to === 'flooded@example.com')).toHaveLength(5);
  });
});

describe('POST /v1/sessions', () => {
  it('401: the same for a wrong password and for nobody, and a stop after eight', async () => {
    const { id } = await api.tenant('Guessed', undefined, { plan: false });
    const bob = await memberOf(api, id, 'noc', 'bob@example.com');
    const guess = (email: string) => bob.call('POST', '/v1/sessions', { email, password: 'not the password' });
    const wrong = await guess('bob@example.com');
    const nobody = await guess('nobody@example.com');
    expect([wrong.status, wrong.body.code, wrong.body.detail]).toEqual([401, 'auth.bad_login', nobody.body.detail]);
    const many = await Promise.all(Array.from({ length: 12 }, () => guess('bob@example.com')));
    expect(many.filter((a) => a.status === 401)).toHaveLength(7);
    expect(many.filter((a) => a.body.code === 'auth.too_many_attempts')).toHaveLength(5);
    expect(await logIn(bob, 'bob@example.com')).toMatchObject({ status: 429 }); // also with the right one
    api.clock.advance({ seconds: 901 });
    expect(await logIn(bob, 'bob@example.com')).toMatchObject({ status: 201 });
  });
  it('asks for a code once the app is set up, takes each once, and recovery codes once', async () => {
    const { id } = await api.tenant('Two factors', undefined, { plan: false });
    const eve = await memberOf(api, id, 'admin', 'eve@example.com');
    expect(await eve.call('POST', '/v1/me/totp', { password: 'not the password' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/password' }] },
    });
    const { status, body: key } = await eve.call('POST', '/v1/me/totp', { password: PASSWORD });
    expect([status, key.uri]).toEqual([201, expect.stringContaining(key.secret)]);
    expect((await logIn(eve, 'eve@example.com')).status).toBe(201); // not confirmed yet
    expect(await eve.call('POST', '/v1/me/totp/confirm', { code: '000000' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/code' }] },
    });
    const { body: recovery } = await eve.call('POST', '/v1/me/totp/confirm', { code: codeOf(key.secret) });
    expect(recovery.codes).toHaveLength(10);
    expect(await eve.call('POST', '/v1/me/totp', { password: PASSWORD })).toMatchObject({
      status: 409,
      body: { code: 'totp.wrong_state' },
    });

    const other = browserOf(api);
    expect(await logIn(other, 'eve@example.com')).toMatchObject({ status: 401, body: { code: 'auth.second_factor_required' } });
    expect(await logIn(other, 'eve@example.com', { code: codeOf(key.secret) })).toMatchObject({
      status: 401,
      body: { code: 'auth.bad_login' },
    }); // was used
    api.clock.advance({ seconds: 30 });
    const code = codeOf(key.secret);
    const both = await Promise.all([
      logIn(browserOf(api), 'eve@example.com', { code }),
      logIn(browserOf(api), 'eve@example.com', { code }),
    ]);
    expect(both.map((a) => a.status).sort()).toEqual([201, 401]);
    const [recovery_code] = recovery.codes;
    expect((await logIn(other, 'eve@example.com', { recovery_code })).status).toBe(201);
    expect((await logIn(browserOf(api), 'eve@example.com', { recovery_code })).status).toBe(401);
    expect((await other.call('GET', '/v1/me')).body).toMatchObject({ two_factor: true, recovery_codes_left: 9 });
    expect((await api.operator('GET', '/v1/members', undefined, { 'trunkline-tenant': id })).body.data).toMatchObject([
      { two_factor: true },
    ]);
    expect(await other.call('POST', '/v1/me/passkeys', { password: PASSWORD })).toMatchObject({
      status: 409, // this platform is reached by an address
      body: { code: 'passkey.unavailable' },
    });
    api.clock.advance({ seconds: 30 });
    expect(await other.call('POST', '/v1/me/totp/disable', { password: PASSWORD, code: codeOf(key.secret) })).toMatchObject({
      status: 200,
    });
    expect((await logIn(browserOf(api), 'eve@example.com')).status).toBe(201);
  });
});

describe('a session', () => {
  it('is listed, ended by the next request after it was revoked, and ends unused or old', async () => {
    const { id } = await api.tenant('Sessions', undefined, { plan: false });
    const one = await memberOf(api, id, 'read_only', 'sid@example.com');
    const two = browserOf(api);
    await logIn(two, 'sid@example.com');
    const { body: list } = await one.call('GET', '/v1/sessions');
    expect(list.data.map((s: { current: boolean }) => s.current).sort()).toEqual([false, true]);
    const other = list.data.find((s: { current: boolean }) => !s.current);
    expect((await two.call('GET', '/v1/me')).status).toBe(200);
    expect((await one.call('POST', `/v1/sessions/${other.id}/revoke`)).status).toBe(200);
    expect(await two.call('GET', '/v1/me')).toMatchObject({ status: 401 });
    expect(await one.call('POST', `/v1/sessions/${other.id}/revoke`)).toMatchObject({ status: 404 });
    const stranger = await memberOf(api, id, 'read_only', 'sven@example.com');
    const mine = list.data.find((s: { current: boolean }) => s.current);
    expect(await stranger.call('POST', `/v1/sessions/${mine.id}/revoke`)).toMatchObject({ status: 404 });
    expect((await one.call('POST', '/v1/sessions/log-out')).headers['set-cookie']).toContain('Max-Age=0');
    expect(one.cookie).toBe('trunkline_session=');
    api.clock.advance({ days: 6 });
    expect((await stranger.call('GET', '/v1/me')).status).toBe(200);
    api.clock.advance({ days: 6 });
    expect((await stranger.call('GET', '/v1/me')).status).toBe(200); // it is in use
    api.clock.advance({ days: 8 });
    expect((await stranger.call('GET', '/v1/me')).status).toBe(401);
  });
  it('is listed page by page, and all but the one that asks are ended at once', async () => {
    const { id } = await api.tenant('Many sessions', undefined, { plan: false });
    const one = await memberOf(api, id, 'noc', 'many@example.com');
    const others = [browserOf(api), browserOf(api)];
    for (const browser of others) {
      api.clock.advance({ ms: 1 });
      await logIn(browser, 'many@example.com');
    }
    const bystander = await memberOf(api, id, 'noc', 'bystander@example.com');
    const first = await one.call('GET', '/v1/sessions?limit=2');
    const second = await one.call('GET', `/v1/sessions?limit=2&cursor=${first.body.next_cursor}`);
    expect([first.body.data.length, second.body.data, second.body.next_cursor]).toEqual([
      2,
      [expect.objectContaining({ current: true })],
      null,
    ]);
    expect((await one.call('POST', '/v1/sessions/revoke-others')).body).toEqual({ object: 'revoked_sessions', revoked: 2 });
    for (const browser of others) expect((await browser.call('GET', '/v1/me')).status).toBe(401);
    expect((await one.call('GET', '/v1/sessions')).body.data).toMatchObject([{ current: true }]);
    expect((await one.call('POST', '/v1/sessions/revoke-others')).body.revoked).toBe(0);
    expect((await bystander.call('GET', '/v1/me')).status).toBe(200);
  });
  it('is listed and ended by the graph as by REST', async () => {
    const { id } = await api.tenant('Graphic sessions', undefined, { plan: false });
    const one = await memberOf(api, id, 'noc', 'graphic@example.com');
    const two = browserOf(api);
    const three = browserOf(api);
    for (const browser of [two, three]) await logIn(browser, 'graphic@example.com');
    const { data } = await ask(
      one.call,
      '{ sessions { nodes { id current tenantId sourceAddress userAgent createdAt lastSeenAt expiresAt } } }',
    );
    const { body: rest } = await one.call('GET', '/v1/sessions');
    expect(data.sessions.nodes.map((s: { id: string }) => s.id)).toEqual(rest.data.map((s: { id: string }) => s.id));
    const mine = rest.data.find((s: { current: boolean }) => s.current);
    const theirs = (await two.call('GET', '/v1/sessions')).body.data.find((s: { current: boolean }) => s.current);
    const revoke = 'mutation($id: ID!) { it: revokeSession(id: $id) }';
    const stranger = await memberOf(api, id, 'owner', 'graphic-owner@example.com');
    expect((await ask(stranger.call, revoke, { id: mine.id })).codes).toEqual(['resource.not_found']);
    const keyed = { 'idempotency-key': 'ended' };
    expect((await ask(one.call, revoke, { id: theirs.id }, keyed)).data).toEqual({ it: theirs.id });
    expect((await ask(one.call, revoke, { id: theirs.id }, keyed)).codes).toEqual(['resource.not_found']);
    expect([(await two.call('GET', '/v1/me')).status, (await three.call('GET', '/v1/me')).status]).toEqual([401, 200]);
    expect((await ask(one.call, 'mutation { it: revokeOtherSessions { revoked } }')).data).toEqual({ it: { revoked: 1 } });
    expect([(await one.call('GET', '/v1/me')).status, (await three.call('GET', '/v1/me')).status]).toEqual([200, 401]);
    expect((await ask(api.operator, '{ sessions { nodes { id } } }')).codes).toEqual(['auth.person_only']);
  });
  it('403: acts for no other site, and gives way to a key', async () => {
    const { id, key } = await api.tenant('Sites', undefined, { plan: false });
    const liz = await memberOf(api, id, 'admin', 'liz@example.com');
    const make = (headers: Record<string, string>) => liz.call('POST', '/v1/api-keys', { name: 'k', scopes: ['tenant:read'] }, headers);
    expect((await make({})).status).toBe(201);
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:3001', `${ORIGIN}.evil.example`])
      expect(await make({ origin })).toMatchObject({ status: 403, body: { code: 'auth.cross_site' } });
    liz.origin = undefined;
    expect(await make({})).toMatchObject({ status: 403, body: { code: 'auth.cross_site' } });
    expect(await make({ 'sec-fetch-site': 'cross-site' })).toMatchObject({ status: 403 });
    expect((await make({ 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    expect((await liz.call('GET', '/v1/me')).status).toBe(200);
    expect(await liz.call('GET', '/v1/me', undefined, { authorization: `Bearer ${key}` })).toMatchObject({
      status: 403,
      body: { code: 'auth.person_only' },
    });
    expect(await liz.call('GET', '/v1/me', undefined, { authorization: 'Bearer nonsense' })).toMatchObject({ status: 401 });
  });
  it('is kept by a cookie that scripts and other sites do not get', async () => {
    const secure = await ApiHarness.start({ PUBLIC_URL: 'https://trunks.example' });
    const { id } = await secure.tenant('Secure', undefined, { plan: false });
    const sam = await memberOf(secure, id, 'owner', 'sam@example.com');
    const { headers } = await logIn(sam, 'sam@example.com');
    expect(headers['set-cookie']).toMatch(
      /^__Host-trunkline_session=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict; Secure$/,
    );
    await secure.stop();
  });
});

describe('POST /v1/password-resets', () => {
  it('mails a link to who is known, says the same to who is not, and ends every session', async () => {
    const { id } = await api.tenant('Forgetful', undefined, { plan: false });
    const fay = await memberOf(api, id, 'noc', 'fay@example.com');
    const before = (await outbox(api)).length;
    const known = await fay.call('POST', '/v1/password-resets', { email: 'fay@example.com' });
    const unknown = await fay.call('POST', '/v1/password-resets', { email: 'unknown@example.com' });
    expect([known.status, known.body]).toEqual([unknown.status, unknown.body]);
    expect(await outbox(api)).toHaveLength(before + 1);
    const token = await tokenFor(api, 'fay@example.com');
    await fay.call('POST', '/v1/password-resets', { email: 'fay@example.com' });
    const password = 'another trunk rings';
    expect((await fay.call('POST', '/v1/password-resets/confirm', { token, password })).status).toBe(200);
    expect((await fay.call('GET', '/v1/me')).status).toBe(401);
    expect((await logIn(fay, 'fay@example.com')).status).toBe(401);
    expect((await logIn(fay, 'fay@example.com', { password })).status).toBe(201);
    // neither this link nor the other one works again
    for (const link of [token, await tokenFor(api, 'fay@example.com')])
      expect(await fay.call('POST', '/v1/password-resets/confirm', { token: link, password })).toMatchObject({
        status: 404,
        body: { code: 'link.invalid' },
      });
    expect((await outbox(api))[0]).toMatchObject({ to: 'fay@example.com', subject: 'Your password was changed' });
    await fay.call('POST', '/v1/password-resets', { email: 'fay@example.com' });
    const late = await tokenFor(api, 'fay@example.com');
    api.clock.advance({ hours: 1 });
    expect((await fay.call('POST', '/v1/password-resets/confirm', { token: late, password })).body.code).toBe('link.invalid');
  });
});

describe('POST /v1/me/password', () => {
  it('takes a new one from who knows the old one, and ends the other sessions', async () => {
    const { id } = await api.tenant('Changing', undefined, { plan: false });
    const pat = await memberOf(api, id, 'noc', 'pat@example.com');
    const other = browserOf(api);
    await logIn(other, 'pat@example.com');
    const change = (current_password: string, new_password: string) =>
      pat.call('POST', '/v1/me/password', { current_password, new_password });
    expect(await change('wrong', 'another trunk rings')).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/current_password' }] },
    });
    expect(await change(PASSWORD, 'pat@example.com')).toMatchObject({ status: 400, body: { errors: [{ pointer: '/new_password' }] } });
    expect((await change(PASSWORD, 'another trunk rings')).status).toBe(200);
    expect([(await pat.call('GET', '/v1/me')).status, (await other.call('GET', '/v1/me')).status]).toEqual([200, 401]);
  });
  it('400: a password that was reset while it was checked; whoever knew the old one cannot undo that', async () => {
    const { id } = await api.tenant('Reset meanwhile', undefined, { plan: false });
    const email = 'rae@example.com';
    const rae = await memberOf(api, id, 'noc', email);
    const reset = `UPDATE person SET password_hash = (SELECT password_hash FROM person WHERE email = 'pat@example.com') WHERE email = $1`;
    const change = { current_password: PASSWORD, new_password: 'a third trunk rings' };
    const answer = await meanwhile(api, reset, [email], () => rae.call('POST', '/v1/me/password', change));
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer: '/current_password' }] } });
    expect((await browserOf(api).call('POST', '/v1/sessions', { email, password: change.new_password })).status).toBe(401);
  });
});

describe('invitations', () => {
  it('are replaced, revoked, and taken once', async () => {
    const { id, call } = await api.tenant('Inviting', undefined, { plan: false });
    const invite = (email: string, role: string) => call('POST', '/v1/invitations', { email, role });
    const first = await invite('ivy@example.com', 'noc');
    expect(first).toMatchObject({ status: 201, body: { object: 'invitation', email: 'ivy@example.com', accepted_at: null } });
    const replaced = await tokenFor(api, 'ivy@example.com');
    api.clock.advance({ ms: 1 });
    await invite('ivy@example.com', 'billing');
    const token = await tokenFor(api, 'ivy@example.com');
    const accept = (link: object) => api.as(undefined)('POST', '/v1/invitations/accept', link);
    expect(await accept({ token: replaced, name: 'Ivy', password: PASSWORD })).toMatchObject({ status: 404 });
    expect(await accept({ token, name: 'Ivy', password: PASSWORD })).toMatchObject({
      status: 201,
      body: { tenant_id: id, role: 'billing' },
    });
    expect(await accept({ token })).toMatchObject({ status: 404 });
    expect(await invite('ivy@example.com', 'noc')).toMatchObject({ status: 409, body: { code: 'member.exists' } });
    const { body: open } = await invite('joe@example.com', 'noc');
    expect((await call('POST', `/v1/invitations/${open.id}/revoke`)).body.revoked_at).toEqual(expect.any(String));
    expect(await accept({ token: await tokenFor(api, 'joe@example.com'), name: 'Joe', password: PASSWORD })).toMatchObject({ status: 404 });
    const { body: list } = await call('GET', '/v1/invitations');
    expect(list.data.map((i: { email: string }) => i.email)).toEqual(['joe@example.com', 'ivy@example.com', 'ivy@example.com']);
    // Ivy joins another tenant with the account that she has
    const { id: second, call: other } = await api.tenant('Second', undefined, { plan: false });
    await other('POST', '/v1/invitations', { email: 'ivy@example.com', role: 'noc' });
    expect(await accept({ token: await tokenFor(api, 'ivy@example.com') })).toMatchObject({ status: 201, body: { tenant_id: second } });
  });
  it('are sent to many at once; each is refused by itself', async () => {
    const { id, call } = await api.tenant('Many', undefined, { plan: false });
    await memberOf(api, id, 'owner', 'there@example.com');
    const items = [
      { email: 'first@example.com', role: 'noc' },
      { email: 'there@example.com', role: 'noc' },
      { email: 'not-mine@example.com', role: 'owner' },
      { email: 'last@example.com', role: 'billing' },
    ];
    const invite = () => call('POST', '/v1/invitations/bulk-create', { items }, { 'idempotency-key': 'many' });
    const { status, body } = await invite();
    expect([status, body]).toEqual([
      200,
      {
        ...{ object: 'bulk', succeeded: 2, failed: 2 },
        results: [
          { resource: expect.objectContaining({ email: 'first@example.com', role: 'noc' }), problem: null },
          { resource: null, problem: expect.objectContaining({ status: 409, code: 'member.exists' }) },
          {
            resource: null,
            problem: expect.objectContaining({
              ...{ status: 403, code: 'member.role_not_yours' },
              errors: [expect.objectContaining({ pointer: '/items/2/role' })],
            }),
          },
          { resource: expect.objectContaining({ email: 'last@example.com', role: 'billing' }), problem: null },
        ],
      },
    ]);
    expect((await invite()).body).toEqual(body);
    const mails = (await outbox(api)).filter(({ to }) => items.some(({ email }) => email === to) && to !== 'there@example.com');
    expect(mails.map(({ to }) => to).sort()).toEqual(['first@example.com', 'last@example.com']);
    expect((await call('GET', '/v1/invitations')).body.data).toHaveLength(3);
    const faulty = await call('POST', '/v1/invitations/bulk-create', { items: [items[0], { email: 'x', role: 'noc' }] });
    expect(faulty).toMatchObject({ status: 400, body: { errors: [{ pointer: '/items/1/email' }] } });
    const many = Array.from({ length: 101 }, (_, i) => ({ email: `p${i}@example.com`, role: 'noc' }));
    expect(await call('POST', '/v1/invitations/bulk-create', { items: many })).toMatchObject({ status: 400 });
  });
  it('are kept apart when they come at once, and are not mailed to one address without end', async () => {
    const { call } = await api.tenant('Hasty', undefined, { plan: false });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => call('POST', '/v1/invitations', { email: 'flooded-by@example.com', role: 'noc' })),
    );
    expect(answers.map((a) => a.status).sort()).toEqual([...Array<number>(5).fill(201), ...Array<number>(3).fill(409)]);
    expect(answers.find((a) => a.status === 409)!.body).toMatchObject({
      code: 'invitation.limit_reached',
      errors: [{ pointer: '/email' }],
    });
    const { body: list } = await call('GET', '/v1/invitations');
    expect(list.data.filter((i: { revoked_at: string | null }) => i.revoked_at === null)).toHaveLength(1);
    api.clock.advance({ hours: 2 });
    expect((await call('POST', '/v1/invitations', { email: 'flooded-by@example.com', role: 'noc' })).status).toBe(201);
  });
  it('400: to nobody, as nothing', async () => {
    const { call } = await api.tenant('Wrong', undefined, { plan: false });
    expect(await call('POST', '/v1/invitations', { email: 'x', role: 'support' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/email' }, { pointer: '/role' }] },
    });
  });
});

describe('GET /dev/mail', () => {
  it('shows the operator’s administrators what nobody sends, and nobody else', async () => {
    const { call } = await api.tenant('Curious', undefined, { plan: false });
    expect((await api.as(undefined)('GET', '/dev/mail')).status).toBe(401);
    expect(await call('GET', '/dev/mail')).toMatchObject({ status: 403 });
    const support = await staff(api, 'support', 'sue@staff.example');
    expect(await support.call('GET', '/dev/mail')).toMatchObject({ status: 403, body: { code: 'auth.scope_missing' } });
    const { headers } = await api.operator('GET', '/dev/mail');
    expect(headers['cache-control']).toBe('no-store');
  });
  it('404: where there is an SMTP server', async () => {
    const sending = await ApiHarness.start({ SMTP_URL: 'smtp://127.0.0.1:9' });
    expect(await sending.operator('GET', '/dev/mail')).toMatchObject({ status: 404 });
    await sending.stop();
  });
});
