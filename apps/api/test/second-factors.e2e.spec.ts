import { TOTP } from 'otpauth';
import { fromPublicId } from '@trunkline/kernel';
import { ApiHarness } from './harness.ts';
import { meanwhile } from './meanwhile.ts';
import { PASSWORD, browserOf, logIn, memberOf, outbox, staff } from './people.ts';
import type { Browser } from './people.ts';
import { softwarePasskey } from './software-authenticator.ts';
import type { SoftwarePasskey } from './software-authenticator.ts';

const ORIGIN = 'http://localhost:3000';
let api: ApiHarness;
beforeAll(async () => {
  api = await ApiHarness.start({ PUBLIC_URL: ORIGIN });
});
afterAll(() => api?.stop());

/** A person of this platform, whose pages are at a name: passkeys take one. */
const person = async (tenantId: string, role: string, email: string): Promise<Browser> =>
  atName(await memberOf(api, tenantId, role, email));
const atName = (browser: Browser): Browser => Object.assign(browser, { origin: ORIGIN });
const visitor = (): Browser => atName(browserOf(api));

const begin = async (browser: Browser) => (await browser.call('POST', '/v1/me/passkeys', { password: PASSWORD })).body.public_key;
const add = async (browser: Browser, passkey = softwarePasskey(ORIGIN)) => {
  const credential = passkey.create(await begin(browser));
  return { passkey, answer: await browser.call('POST', '/v1/me/passkeys/confirm', { name: 'Laptop', credential }) };
};
const challenge = async (email: string) =>
  (await visitor().call('POST', '/v1/sessions/passkey-challenges', { email, password: PASSWORD })).body.public_key;
const logInBy = async (email: string, passkey: SoftwarePasskey) =>
  logIn(visitor(), email, { passkey: passkey.sign(await challenge(email)) });
const codeOf = (secret: string) => new TOTP({ secret }).generate({ timestamp: api.clock.now().getTime() });
const setUpTotp = async (browser: Browser) => {
  const { body: key } = await browser.call('POST', '/v1/me/totp', { password: PASSWORD });
  const { body } = await browser.call('POST', '/v1/me/totp/confirm', { code: codeOf(key.secret) });
  return { secret: key.secret as string, codes: body.codes as string[] };
};

describe('passkeys', () => {
  it('stand beside the password from the first one on, and no more when the last is removed', async () => {
    const { id } = await api.tenant('Passkeys', undefined, { plan: false });
    const email = 'pat@example.com';
    const pat = await person(id, 'admin', email);
    expect(await begin(pat)).toMatchObject({ rp: { id: 'localhost' }, user: { name: email }, attestation: 'none', excludeCredentials: [] });
    const { passkey, answer } = await add(pat);
    expect(answer).toMatchObject({ status: 201, body: { object: 'added_passkey', passkey: { name: 'Laptop', last_used_at: null } } });
    expect(answer.body.recovery_codes).toHaveLength(10);
    expect((await pat.call('GET', '/v1/me')).body).toMatchObject({ two_factor: true, totp: false, passkeys: 1, recovery_codes_left: 10 });
    const { body: members } = await api.operator('GET', '/v1/members', undefined, { 'trunkline-tenant': id });
    expect(members.data).toMatchObject([{ two_factor: true }]);

    expect(await logIn(visitor(), email)).toMatchObject({ status: 401, body: { code: 'auth.second_factor_required' } });
    expect(await challenge(email)).toMatchObject({ rpId: 'localhost', allowCredentials: [{ id: passkey.id }] });
    expect((await logInBy(email, passkey)).status).toBe(201);
    expect((await logIn(visitor(), email, { code: '000000' })).status).toBe(401); // there is no app
    expect((await logIn(visitor(), email, { recovery_code: answer.body.recovery_codes[0] })).status).toBe(201);

    const second = await add(pat);
    expect(second.answer).toMatchObject({ status: 201, body: { recovery_codes: null } });
    expect((await logInBy(email, second.passkey)).status).toBe(201);
    const { body: list } = await pat.call('GET', '/v1/me/passkeys');
    expect(list.data.map((p: { last_used_at: string | null }) => typeof p.last_used_at)).toEqual(['string', 'string']);
    const remove = (passkeyId: string, password = PASSWORD) => pat.call('POST', `/v1/me/passkeys/${passkeyId}/remove`, { password });
    expect(await remove(list.data[0].id, 'not the password')).toMatchObject({ status: 400 });
    expect((await remove(list.data[0].id)).status).toBe(200);
    expect(await remove(list.data[0].id)).toMatchObject({ status: 404 });
    expect((await logInBy(email, passkey)).status).toBe(401);
    const stranger = await person(id, 'read_only', 'stranger@example.com');
    expect(await stranger.call('POST', `/v1/me/passkeys/${list.data[1].id}/remove`, { password: PASSWORD })).toMatchObject({ status: 404 });
    expect((await remove(list.data[1].id)).status).toBe(200);
    expect((await pat.call('GET', '/v1/me')).body).toMatchObject({ two_factor: false, recovery_codes_left: 0 });
    expect((await logIn(visitor(), email)).status).toBe(201);
  });

  it('sign a challenge of ours, once, soon, for our pages, and never count backwards', async () => {
    const { id } = await api.tenant('Challenges', undefined, { plan: false });
    const email = 'cher@example.com';
    const { passkey } = await add(await person(id, 'admin', email));
    const refused = { status: 401, body: { code: 'auth.bad_login' } };
    const withKey = (signed: object) => logIn(visitor(), email, { passkey: signed });

    const once = passkey.sign(await challenge(email));
    expect((await withKey(once)).status).toBe(201);
    expect(await withKey(once)).toMatchObject(refused);
    const both = passkey.sign(await challenge(email));
    expect((await Promise.all([withKey(both), withKey(both)])).map((a) => a.status).sort()).toEqual([201, 401]);
    expect(await withKey(passkey.sign(await challenge(email), 'https://evil.example'))).toMatchObject(refused);
    expect(await withKey(passkey.sign({ ...(await challenge(email)), rpId: 'evil.example' }))).toMatchObject(refused);
    expect(await withKey(passkey.sign({ challenge: 'bWFkZSB1cA', rpId: 'localhost' }))).toMatchObject(refused);
    expect(await withKey({ ...softwarePasskey(ORIGIN).sign(await challenge(email)), id: passkey.id, rawId: passkey.id })).toMatchObject(
      refused,
    );
    api.clock.advance({ seconds: 901 }); // guesses are counted, these too
    expect((await withKey(passkey.sign(await challenge(email)))).status).toBe(201);
    const late = passkey.sign(await challenge(email));
    api.clock.advance({ seconds: 301 });
    expect(await withKey(late)).toMatchObject(refused);
    passkey.counter = 0; // as a copy of it would
    expect(await withKey(passkey.sign(await challenge(email)))).toMatchObject(refused);

    // what another person was asked is not what this one signs
    const other = 'chet@example.com';
    await add(await person(id, 'admin', other));
    passkey.counter = 100;
    expect(await withKey(passkey.sign(await challenge(other)))).toMatchObject(refused);
  });

  it('400: made for nothing that was asked, twice, or of bytes that are none', async () => {
    const { id } = await api.tenant('Refusals', undefined, { plan: false });
    const rae = await person(id, 'admin', 'rae@example.com');
    const confirm = (credential: object, by = rae) => by.call('POST', '/v1/me/passkeys/confirm', { name: 'x', credential });
    const wrong = { status: 400, body: { errors: [{ pointer: '/credential', code: 'wrong' }] } };
    const { passkey } = await add(rae);
    const made = softwarePasskey(ORIGIN);
    expect(await confirm(made.create({ ...(await begin(rae)), challenge: 'bWFkZSB1cA' }))).toMatchObject(wrong);
    expect(await confirm(made.create(await begin(rae), 'https://evil.example'))).toMatchObject(wrong);
    expect(await confirm(passkey.create(await begin(rae)))).toMatchObject(wrong); // kept already
    const bytes = made.create(await begin(rae)) as { response: object };
    expect(await confirm({ ...bytes, response: { ...bytes.response, attestationObject: 'AAAA' } })).toMatchObject(wrong);
    expect(await confirm({ ...bytes, response: { clientDataJSON: 'bnVsbA', attestationObject: 'AAAA' } })).toMatchObject(wrong);
    expect(await confirm({})).toMatchObject({ status: 400 });
    expect(await rae.call('POST', '/v1/me/passkeys', { password: 'not the password' })).toMatchObject({ status: 400 });
    for (let n = 1; n < 10; n += 1) await add(rae);
    expect(await rae.call('POST', '/v1/me/passkeys', { password: PASSWORD })).toMatchObject({
      status: 409,
      body: { code: 'passkey.limit_reached' },
    });
  });

  it('asked for again and again do not forgive guesses at codes', async () => {
    const { id } = await api.tenant('Guessing', undefined, { plan: false });
    const email = 'gus@example.com';
    const gus = await person(id, 'admin', email);
    await add(gus);
    await setUpTotp(gus);
    const statuses = [];
    for (let n = 0; n < 5; n += 1) {
      statuses.push((await logIn(visitor(), email, { code: '000000' })).status);
      await challenge(email);
    }
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('recovery codes', () => {
  it('are renewed by the password, and stand in for a lost app', async () => {
    const { id } = await api.tenant('Recovery', undefined, { plan: false });
    const email = 'rex@example.com';
    const rex = await person(id, 'noc', email);
    expect(await rex.call('POST', '/v1/me/recovery-codes', { password: PASSWORD })).toMatchObject({
      status: 409,
      body: { code: 'second_factor.none' },
    });
    const { codes: old } = await setUpTotp(rex);
    const { status, body } = await rex.call('POST', '/v1/me/recovery-codes', { password: PASSWORD });
    expect([status, body.codes.length]).toEqual([200, 10]);
    expect((await logIn(visitor(), email, { recovery_code: old[0] })).status).toBe(401);
    expect((await logIn(visitor(), email, { recovery_code: body.codes[0] })).status).toBe(201);
    const disable = (more: object) => rex.call('POST', '/v1/me/totp/disable', { password: PASSWORD, ...more });
    expect(await disable({})).toMatchObject({ status: 400, body: { errors: [{ pointer: '/code' }] } });
    expect(await disable({ recovery_code: body.codes[0] })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/recovery_code' }] },
    });
    expect((await disable({ recovery_code: body.codes[1] })).status).toBe(200);
    expect((await logIn(visitor(), email)).status).toBe(201);
  });
});

describe('POST /v1/members/{id}/reset-second-factor', () => {
  const memberId = async (tenantId: string, email: string): Promise<string> => {
    const { body } = await api.operator('GET', '/v1/members', undefined, { 'trunkline-tenant': tenantId });
    return body.data.find((m: { email: string }) => m.email === email).id;
  };
  const reset = (by: Browser['call'], id: string, headers = {}) => by('POST', `/v1/members/${id}/reset-second-factor`, undefined, headers);

  it('200: an owner takes away what was lost; sessions end, the person and the audit are told', async () => {
    const { id } = await api.tenant('Lost & found', undefined, { plan: false });
    const olga = await person(id, 'owner', 'olga@example.com');
    const ned = await person(id, 'noc', 'ned@example.com');
    await setUpTotp(ned);
    await add(ned);
    const ids = [await memberId(id, 'olga@example.com'), await memberId(id, 'ned@example.com')] as const;
    expect(await reset(ned.call, ids[1])).toMatchObject({ status: 403, body: { code: 'auth.scope_missing' } });
    expect(await reset(olga.call, ids[0])).toMatchObject({ status: 409, body: { code: 'second_factor.own' } });
    expect(await reset(olga.call, ids[1])).toMatchObject({ status: 200, body: { id: ids[1], two_factor: false } });
    expect((await ned.call('GET', '/v1/me')).status).toBe(401);
    expect((await logIn(ned, 'ned@example.com')).status).toBe(201);
    expect((await ned.call('GET', '/v1/me')).body).toMatchObject({ two_factor: false, passkeys: 0, recovery_codes_left: 0 });
    expect((await outbox(api)).find(({ to }) => to === 'ned@example.com')).toMatchObject({
      subject: 'Your second factor was reset',
      body: expect.stringContaining('Lost & found'),
    });
    const told = async () => {
      const { body } = await olga.call('GET', '/v1/audit-entries');
      return body.data.filter((e: { action: string }) => e.action === 'member.second_factor_reset');
    };
    expect(await told()).toMatchObject([{ actor: { type: 'person' }, resource_id: ids[1] }]);
    // again: there is nothing left, and nobody is told of it
    expect((await reset(olga.call, ids[1])).status).toBe(200);
    expect((await ned.call('GET', '/v1/me')).status).toBe(200);
    expect(await told()).toHaveLength(1);
  });

  it('403 of an owner by an administrator, 409 of somebody with places elsewhere; the operator may both', async () => {
    const [here, there] = [await api.tenant('Here', undefined, { plan: false }), await api.tenant('There', undefined, { plan: false })];
    const email = 'otto@example.com';
    const otto = await person(here.id, 'owner', email);
    await setUpTotp(otto);
    const ada = await person(here.id, 'admin', 'adam@example.com');
    const id = await memberId(here.id, email);
    expect(await reset(ada.call, id)).toMatchObject({ status: 403, body: { code: 'member.role_not_yours' } });
    expect(await reset(here.call, id)).toMatchObject({ status: 403, body: { code: 'member.role_not_yours' } });
    const both = 'bo@example.com';
    const bo = await person(here.id, 'noc', both);
    await setUpTotp(bo);
    await api.operator('POST', '/v1/invitations', { email: both, role: 'owner' }, { 'trunkline-tenant': there.id });
    const token = (await outbox(api)).find((mail) => mail.to === both)?.token;
    expect((await bo.call('POST', '/v1/invitations/accept', { token })).status).toBe(201);
    const idOfBo = await memberId(here.id, both);
    expect(await reset(ada.call, idOfBo)).toMatchObject({ status: 409, body: { code: 'second_factor.places_elsewhere' } });
    for (const member of [id, idOfBo])
      expect((await reset(api.operator, member, { 'trunkline-tenant': here.id })).body).toMatchObject({ two_factor: false });
    expect((await logIn(visitor(), both)).status).toBe(201);
  });

  it('409 of somebody who becomes a member elsewhere at the same moment', async () => {
    const [here, there] = [await api.tenant('Here', undefined, { plan: false }), await api.tenant('There', undefined, { plan: false })];
    const email = 'mo@example.com';
    const mo = await person(here.id, 'noc', email);
    await setUpTotp(mo);
    const ada = await person(here.id, 'admin', 'adele@example.com');
    const id = await memberId(here.id, email);
    const join = `INSERT INTO member (tenant_id, id, person_id, role, created_at, updated_at) SELECT $1, gen_random_uuid(), id, 'owner', now(), now() FROM person WHERE email = $2`;
    const answer = await meanwhile(api, join, [fromPublicId('tenant', there.id), email], () => reset(ada.call, id));
    expect(answer).toMatchObject({ status: 409, body: { code: 'second_factor.places_elsewhere' } });
    expect((await mo.call('GET', '/v1/me')).body).toMatchObject({ two_factor: true });
  });

  it('of the operator’s staff, by its administrators', async () => {
    const chief = atName(await staff(api, 'admin', 'chief@staff.example'));
    const sue = atName(await staff(api, 'support', 'sue@staff.example'));
    await setUpTotp(sue);
    const { body } = await chief.call('GET', '/v1/operator-members');
    const idOf = (email: string) => body.data.find((m: { email: string }) => m.email === email).id;
    const resetStaff = (by: Browser, email: string) => by.call('POST', `/v1/operator-members/${idOf(email)}/reset-second-factor`);
    expect(await resetStaff(sue, 'chief@staff.example')).toMatchObject({ status: 403 });
    expect(await resetStaff(chief, 'chief@staff.example')).toMatchObject({ status: 409, body: { code: 'second_factor.own' } });
    expect(await resetStaff(chief, 'sue@staff.example')).toMatchObject({ status: 200, body: { two_factor: false } });
    expect((await sue.call('GET', '/v1/me')).status).toBe(401);
  });
});

describe('a person of a reseller', () => {
  it('acts as a tenant below, as a key can, and in its audit; nobody else does', async () => {
    const top = await api.tenant('Top', undefined, { plan: false, allotment: { tenants: 5 } });
    const middle = await api.tenant('Middle', undefined, { plan: false, parent_id: top.id, allotment: { tenants: 2 } });
    const leaf = await api.tenant('Leaf', undefined, { plan: false, parent_id: middle.id });
    const aside = await api.tenant('Aside', undefined, { plan: false });
    const as = (tenant: string) => ({ 'trunkline-tenant': tenant });
    const asks = async (browser: Browser, tenant: string) => (await browser.call('GET', '/v1/tenant', undefined, as(tenant))).status;

    const rose = await person(top.id, 'owner', 'rose@example.com');
    expect([await asks(rose, top.id), await asks(rose, middle.id), await asks(rose, leaf.id), await asks(rose, aside.id)]).toEqual([200, 200, 200, 404]); // prettier-ignore
    expect(await asks(rose, 'ten_nonsense')).toBe(404);
    const mia = await person(middle.id, 'admin', 'mia@example.com');
    expect([await asks(mia, leaf.id), await asks(mia, top.id)]).toEqual([200, 404]);
    const nils = await person(top.id, 'noc', 'nils@example.com');
    expect(await nils.call('GET', '/v1/tenant', undefined, as(leaf.id))).toMatchObject({
      status: 403,
      body: { code: 'auth.scope_missing' },
    });

    const query =
      '{ me { email memberships { role } } members { nodes { role } } tenants { nodes { name allotment { tenants } usage { tenants } } } resalePlans { nodes { id } } }';
    const { body: graph } = await rose.call('POST', '/graphql', { query }, as(top.id));
    expect(graph).toEqual({
      data: {
        me: { email: 'rose@example.com', memberships: [{ role: 'owner' }] },
        members: { nodes: [{ role: 'noc' }, { role: 'owner' }] },
        tenants: {
          nodes: [
            { name: 'Leaf', allotment: { tenants: 0 }, usage: { tenants: 0 } },
            { name: 'Middle', allotment: { tenants: 2 }, usage: { tenants: 1 } },
          ],
        },
        resalePlans: { nodes: [] },
      },
    });
    const { body: refused } = await nils.call('POST', '/graphql', { query: '{ tenants { nodes { id } } ssoConnection { issuer } }' });
    expect(refused.errors.map((e: { extensions: { code: string } }) => e.extensions.code)).toEqual([
      'auth.scope_missing',
      'auth.scope_missing',
    ]);
    expect((await api.operator('POST', '/graphql', { query: '{ me { id } }' })).body.errors[0].extensions.code).toBe('auth.person_only');

    // of two places the nearer one above says what may be done
    await api.operator('POST', '/v1/invitations', { email: 'rose@example.com', role: 'read_only' }, as(middle.id));
    await rose.call('POST', '/v1/invitations/accept', { token: (await outbox(api)).find(({ to }) => to === 'rose@example.com')?.token });
    const make = { name: 'k', scopes: ['tenant:read'] };
    expect(await rose.call('POST', '/v1/api-keys', make, as(leaf.id))).toMatchObject({ status: 403 });
    expect((await mia.call('POST', '/v1/api-keys', make, as(leaf.id))).status).toBe(201);
    const { body: me } = await mia.call('GET', '/v1/me');
    const { body: audit } = await api.operator('GET', '/v1/audit-entries', undefined, as(leaf.id));
    expect(audit.data[0]).toMatchObject({ action: 'api_key.created', actor: { type: 'person', id: me.id } });

    // and gives away there what it has itself
    const invite = (by: Browser, role: string) => by.call('POST', '/v1/invitations', { email: `${role}@leaf.example`, role }, as(leaf.id));
    expect((await invite(mia, 'admin')).status).toBe(201);
    expect(await invite(mia, 'owner')).toMatchObject({ status: 403, body: { code: 'member.role_not_yours' } });
    const owen = await person(middle.id, 'owner', 'owen@example.com');
    expect((await invite(owen, 'owner')).status).toBe(201);
  });
});
