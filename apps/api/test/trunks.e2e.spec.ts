import { fromPublicId } from '@trunkline/kernel';
import pg from 'pg';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { ask } from './graphql-queries.ts';

let api: ApiHarness;
let call: Call;
beforeAll(async () => {
  api = await ApiHarness.start();
  call = (await api.tenant()).call;
});
afterAll(() => api?.stop());

let n = 0;
const newTrunk = () => ({ name: `trunk ${++n}`, country: 'US', channels_max: 3 });
const create = async (body: object = {}) => (await call('POST', '/v1/trunks', { ...newTrunk(), ...body })).body;

describe('POST /v1/trunks', () => {
  it('201: opens a trunk that may call nowhere and is pending on the edges', async () => {
    const { status, body } = await call('POST', '/v1/trunks', newTrunk());
    expect(status).toBe(201);
    expect(body).toMatchObject({
      object: 'trunk',
      enabled: true,
      allowed_countries: [],
      inbound_routes: [],
      revision: 1,
      provisioning: { revision: 1, state: 'pending' },
    });
  });

  it.each([
    ['channels_max', 0],
    ['channels_max', 1.5],
    ['country', 'us'],
    ['name', 'bad\u0007name'],
    ['default_caller_id', '+1202555012345678'],
    ['default_caller_id', '2025550123'],
    ['allowed_countries', ['XXX']],
    ['inbound_routes', [{ uri: 'http://pbx', priority: 1 }]],
    ['inbound_routes', [{ uri: 'sip:a b', priority: 1 }]],
    ['max_call_secs', 0],
    ['reject_anonymous', null],
    ['reject_anonymous', 'true'],
    ['max_call_secs', 86_401],
    ['max_ring_secs', 4],
    ['max_ring_secs', 181],
    ['max_ring_secs', 5.5],
    ['inbound_routes', [{ uri: 'sip:pbx', priority: 1, weight: 0 }]],
    ['inbound_routes', [{ uri: 'sip:pbx', priority: 1, weight: 101 }]],
    ['reroute_codes', [299]],
    ['reroute_codes', [700]],
    ['reroute_codes', ['503']],
    ['disaster_recovery_uri', 'tel:+12025550100'],
    ['tenant_id', 'ten_x'],
    ['revision', 9],
    ['ip_addresses', '198.51.100.7'],
    ['ip_addresses', ['198.51.100.256']],
    ['ip_addresses', ['198.51.100.7/32']],
    ['ip_addresses', ['198.51.100.7/28']],
    ['ip_addresses', ['198.51.0.0/23']],
    ['ip_addresses', ['0.0.0.0/0']],
    ['ip_addresses', ['2001:db8::1']],
    ['ip_addresses', ['198.51.100.7', '198.51.100.0/28']],
    ['ip_addresses', Array.from({ length: 21 }, (_, i) => `198.51.100.${i}`)],
    ['tech_prefix', '9'],
    ['tech_prefix', '99a'],
    ['tech_prefix', '12345678901'],
    ['calls_per_second_max', 0],
    ['calls_per_second_max', 1001],
    ['caller_id_policy', 'allow'],
    ['tls_required', 'yes'],
    ['auth_mode', 'none'],
    ['ip_list_ids', ['trk_01kaq8x4s7fyz8m2q0w3e5r6t7']],
    ['ip_list_ids', ['ipl_01kaq8x4s7fyz8m2q0w3e5r6t7']],
    ['credential_list_ids', ['crl_01kaq8x4s7fyz8m2q0w3e5r6t7']],
    ['codecs', []],
    ['codecs', ['pcma', 'pcma']],
    ['codecs', ['mp3']],
    ['srtp', true],
    ['registration_contacts_max', 21],
    ['registration_expires_min_secs', 59],
  ])('400: %s = %j, by name', async (field, value) => {
    const { status, body } = await call('POST', '/v1/trunks', { ...newTrunk(), [field]: value });
    expect(status).toBe(400);
    expect(body.errors[0].pointer.split('/')[1]).toBe(field);
  });

  it('400: a caller ID policy that needs a default caller ID', async () => {
    const { status, body } = await call('POST', '/v1/trunks', { ...newTrunk(), caller_id_policy: 'replace' });
    expect([status, body.errors[0].pointer]).toEqual([400, '/default_caller_id']);
  });

  it('201: with everything about who may call and how; a GET shows the same', async () => {
    const access = {
      ip_addresses: ['127.0.0.1', '192.0.2.0/24', '192.0.3.9'],
      tech_prefix: '99#',
      calls_per_second_max: 25,
      caller_id_policy: 'replace',
      default_caller_id: '+12025550199',
      tls_required: true,
    };
    const trunk = await create({ ...access, ip_addresses: [...access.ip_addresses].reverse() });
    expect(trunk).toMatchObject(access);
    expect((await call('GET', `/v1/trunks/${trunk.id}`)).body).toMatchObject(access);
    await call('DELETE', `/v1/trunks/${trunk.id}`);
  });

  it('409: the name is taken', async () => {
    const trunk = await create();
    const { status, body } = await call('POST', '/v1/trunks', { ...newTrunk(), name: trunk.name });
    expect([status, body.code, body.errors[0].pointer]).toEqual([409, 'trunk.name_taken', '/name']);
  });

  it('409: a tenant without a plan', async () => {
    const { call: planless } = await api.tenant('No plan', undefined, { plan: false });
    expect((await planless('POST', '/v1/trunks', newTrunk())).body.code).toBe('plan.none_assigned');
  });

  it('charges the setup fee once, however often the request comes', async () => {
    const before = (await call('GET', '/v1/balance')).body.owed.amount;
    const body = newTrunk();
    const answers = await Promise.all(Array.from({ length: 10 }, () => call('POST', '/v1/trunks', body, { 'idempotency-key': 'once' })));
    expect(answers.filter((a) => a.status === 201).length).toBeGreaterThan(0);
    expect(answers.every((a) => a.status === 201 || a.body.code === 'idempotency.in_flight')).toBe(true);
    expect((await call('POST', '/v1/trunks', body, { 'idempotency-key': 'once' })).status).toBe(201);
    const after = (await call('GET', '/v1/balance')).body.owed.amount;
    expect(Number(after) - Number(before)).toBeCloseTo(3 * 0.5, 9); // three channels at 0.50
  });
});

describe('PATCH /v1/trunks/{id}', () => {
  it('200: merges and counts the revision up', async () => {
    const trunk = await create();
    const { body } = await call('PATCH', `/v1/trunks/${trunk.id}`, { allowed_countries: ['US'], channels_max: 5 });
    expect(body).toMatchObject({ name: trunk.name, allowed_countries: ['US'], channels_max: 5, revision: 2 });
  });
  it('200: every setting comes back as it was given, after a POST and after a PATCH', async () => {
    const given = {
      max_call_secs: 600,
      max_ring_secs: 20,
      reroute_codes: [404, 503],
      disaster_recovery_uri: 'sip:backup.example.com',
      reject_anonymous: true,
      inbound_routes: [{ uri: 'sip:pbx.example.com', priority: 5, weight: 30 }],
    };
    const { id } = await create(given);
    const read = async () => (await call('GET', `/v1/trunks/${id}`)).body;
    expect(await read()).toMatchObject(given);
    const changes = [
      { max_call_secs: 60, max_ring_secs: 180, reroute_codes: [], disaster_recovery_uri: 'sip:other.example.com' },
      { max_call_secs: null, max_ring_secs: null, reroute_codes: null, disaster_recovery_uri: null },
      { reject_anonymous: false },
      { reject_anonymous: true },
    ];
    for (const change of changes) {
      expect((await call('PATCH', `/v1/trunks/${id}`, change)).body).toMatchObject(change);
      expect(await read()).toMatchObject(change);
    }
  });
  it('200: a route without a weight has 1', async () => {
    const trunk = await create({ inbound_routes: [{ uri: 'sip:pbx.example.com', priority: 5 }] });
    expect(trunk.inbound_routes).toMatchObject([{ uri: 'sip:pbx.example.com', priority: 5, weight: 1 }]);
  });
  it('200: a change that changes nothing keeps the revision', async () => {
    const same = { inbound_routes: [{ uri: 'sip:pbx.example.com', priority: 5, weight: 30 }], reroute_codes: [503, 404] };
    const trunk = await create(same);
    for (const change of [{ name: trunk.name }, same])
      expect((await call('PATCH', `/v1/trunks/${trunk.id}`, change)).body.revision).toBe(1);
  });
  it('200: changes who may call and how, and back', async () => {
    const trunk = await create();
    const none = { ip_addresses: [], tech_prefix: null, calls_per_second_max: null, caller_id_policy: 'reject', tls_required: false };
    expect(trunk).toMatchObject(none);
    const some = {
      ...{ ip_addresses: ['203.0.113.77'], tech_prefix: '**', calls_per_second_max: 3, caller_id_policy: 'replace', tls_required: true },
      default_caller_id: '+12025550198',
    };
    for (const wanted of [some, { ...none, default_caller_id: null }]) {
      const { status, body } = await call('PATCH', `/v1/trunks/${trunk.id}`, wanted);
      expect([status, body]).toMatchObject([200, wanted]);
      expect((await call('GET', `/v1/trunks/${trunk.id}`)).body).toMatchObject(wanted);
    }
  });
  it('400: the last of a pair that is needed', async () => {
    const trunk = await create({ default_caller_id: '+12025550198', caller_id_policy: 'replace' });
    const { status, body } = await call('PATCH', `/v1/trunks/${trunk.id}`, { default_caller_id: null });
    expect([status, body.errors[0].pointer]).toEqual([400, '/default_caller_id']);
  });
  it('400: unknown field', async () => {
    const trunk = await create();
    expect((await call('PATCH', `/v1/trunks/${trunk.id}`, { channels: 5 })).body.errors[0]).toMatchObject({
      pointer: '/channels',
      code: 'unknown_field',
    });
  });
});

describe('DELETE /v1/trunks/{id}', () => {
  it('204, then it is gone and its name is free', async () => {
    const trunk = await create();
    expect((await call('DELETE', `/v1/trunks/${trunk.id}`)).status).toBe(204);
    expect((await call('GET', `/v1/trunks/${trunk.id}`)).status).toBe(404);
    expect((await call('POST', '/v1/trunks', { ...newTrunk(), name: trunk.name })).status).toBe(201);
  });
});

describe('addresses of trunks', () => {
  const conflict = { status: 409, body: { code: 'trunk.address_taken', errors: [{ pointer: '/ip_addresses', code: 'taken' }] } };
  const post = (body: object) => call('POST', '/v1/trunks', { ...newTrunk(), ...body });

  it.each([
    ['the same address', '10.1.0.7', '10.1.0.7'],
    ['a network around it', '10.1.1.7', '10.1.1.0/24'],
    ['an address within it', '10.1.2.0/28', '10.1.2.15'],
  ])('409: %s is another tenant’s, and says nothing about whose', async (_, theirs, ours) => {
    const { call: other } = await api.tenant('Neighbour');
    const { body: trunk } = await other('POST', '/v1/trunks', { ...newTrunk(), ip_addresses: [theirs] });
    const refused = await post({ ip_addresses: [ours] });
    expect(refused).toMatchObject(conflict);
    expect(JSON.stringify(refused.body)).not.toContain(trunk.id);
    await other('DELETE', `/v1/trunks/${trunk.id}`);
    expect((await post({ ip_addresses: [ours] })).status).toBe(201);
  });

  it('are shared where tech prefixes tell the trunks apart, and only there', async () => {
    const ip_addresses = ['10.2.0.0/26'];
    const first = await create({ ip_addresses, tech_prefix: '99' });
    expect(await post({ ip_addresses })).toMatchObject(conflict);
    expect(await post({ ip_addresses, tech_prefix: '991' })).toMatchObject(conflict);
    const second = await create({ ip_addresses: ['10.2.0.5'], tech_prefix: '98#' });
    expect(second.ip_addresses).toEqual(['10.2.0.5']);
    expect(await call('PATCH', `/v1/trunks/${second.id}`, { tech_prefix: null })).toMatchObject(conflict);
    expect(await call('PATCH', `/v1/trunks/${second.id}`, { tech_prefix: '99*' })).toMatchObject(conflict);
    await call('PATCH', `/v1/trunks/${first.id}`, { ip_addresses: [] });
    expect((await call('PATCH', `/v1/trunks/${second.id}`, { tech_prefix: '99*' })).status).toBe(200);
  });

  it('are claimed once, however many ask at once', async () => {
    const answers = await Promise.all([...Array(8)].map(() => post({ ip_addresses: ['10.3.0.1', '10.3.0.2'] })));
    expect(answers.map((a) => a.status).sort()).toEqual([201, ...Array(7).fill(409)]);
  });

  it('are no carrier’s, nor can a carrier take them', async () => {
    const { body: carrier } = await api.operator('POST', '/v1/carriers', { name: 'Carrier' });
    const gateway = (source_addresses: string[], uri = 'sip:carrier.example') =>
      api.operator('POST', `/v1/carriers/${carrier.id}/gateways`, { uri, source_addresses });
    await gateway(['10.4.0.1', '2001:db8::1'], 'sip:peer@10.4.1.1:5070;transport=tcp');
    expect(await post({ ip_addresses: ['10.4.0.0/28'] })).toMatchObject(conflict);
    expect(await post({ ip_addresses: ['10.4.1.1'], tech_prefix: '99' })).toMatchObject(conflict);
    const trunk = await create({ ip_addresses: ['10.4.2.0/28'] });
    const refused = await gateway(['10.4.3.1', '10.4.2.3']);
    expect([refused.status, refused.body.code, refused.body.errors]).toEqual([
      409,
      'gateway.address_taken',
      [{ pointer: '/source_addresses/1', code: 'taken', detail: `10.4.2.3 belongs to ${trunk.id}` }],
    ]);
    await call('PATCH', `/v1/trunks/${trunk.id}`, { ip_addresses: [] });
    expect((await gateway(['10.4.2.3'])).status).toBe(201);
  });
});

describe('POST /v1/trunks/{id}/credentials/{id}/rotate', () => {
  const credential = async () => {
    const trunk = await create();
    const { body } = await call('POST', `/v1/trunks/${trunk.id}/credentials`);
    return { made: body, path: `/v1/trunks/${trunk.id}/credentials`, rotate: `/v1/trunks/${trunk.id}/credentials/${body.id}/rotate` };
  };
  const inSecs = (secs: number) => new Date(api.clock.now().getTime() + secs * 1000).toISOString();

  it('200: another password for the same user, shown once; the old one is valid for a day', async () => {
    const { made, path, rotate } = await credential();
    const { status, body } = await call('POST', rotate);
    expect([status, body]).toMatchObject([
      200,
      { id: made.id, username: made.username, revoked_at: null, old_valid_until: inSecs(86_400) },
    ]);
    expect(body.password).toHaveLength(26);
    expect(body.password).not.toBe(made.password);
    const { body: listed } = await call('GET', path);
    expect(listed.data[0].old_valid_until).toBe(body.old_valid_until);
    expect(JSON.stringify(listed)).not.toContain(body.password);
  });

  it.each([
    [0, () => null],
    [604_800, () => inSecs(604_800)],
  ])('200: the old one is valid for %d s', async (overlap_secs, until) => {
    const { rotate } = await credential();
    expect((await call('POST', rotate, { overlap_secs })).body.old_valid_until).toBe(until());
  });

  it.each([[{ overlap_secs: -1 }], [{ overlap_secs: 604_801 }], [{ overlap_secs: 1.5 }], [{ password: 'mine' }]])(
    '400: %j',
    async (body) => {
      const { rotate } = await credential();
      const refused = await call('POST', rotate, body);
      expect([refused.status, refused.body.errors[0].pointer]).toEqual([400, `/${Object.keys(body)[0]}`]);
    },
  );

  it('409: a revoked one; revoking ends the old password, too', async () => {
    const { made, path, rotate } = await credential();
    await call('POST', rotate);
    expect((await call('POST', `${path}/${made.id}/revoke`)).body.old_valid_until).toBeNull();
    const { status, body } = await call('POST', rotate);
    expect([status, body.code]).toEqual([409, 'credential.revoked']);
  });
});

describe('credentials', () => {
  it('show the password once, and keep no trace of it in clear', async () => {
    const trunk = await create();
    const { status, body } = await call('POST', `/v1/trunks/${trunk.id}/credentials`);
    expect(status).toBe(201);
    expect(body).toMatchObject({ object: 'credential', realm: 'sip.test' });
    expect(body.password).toHaveLength(26);
    expect(JSON.stringify((await call('GET', `/v1/trunks/${trunk.id}/credentials`)).body)).not.toContain(body.password);
  });
  it('are revoked once', async () => {
    const trunk = await create();
    const { body } = await call('POST', `/v1/trunks/${trunk.id}/credentials`);
    const first = await call('POST', `/v1/trunks/${trunk.id}/credentials/${body.id}/revoke`);
    const again = await call('POST', `/v1/trunks/${trunk.id}/credentials/${body.id}/revoke`);
    expect(first.body.revoked_at).not.toBeNull();
    expect(again.body.revoked_at).toBe(first.body.revoked_at);
  });
  it('come in pages, the revoked too, of a trunk and of a list, by REST and the graph', async () => {
    const trunk = await create();
    const { body: list } = await call('POST', '/v1/credential-lists', { name: `Paged ${trunk.id}` });
    for (const [url, field] of [
      [`/v1/trunks/${trunk.id}/credentials`, `trunk(id: "${trunk.id}")`],
      [`/v1/credential-lists/${list.id}/credentials`, `credentialList(id: "${list.id}")`],
    ] as const) {
      const made: string[] = [];
      for (let i = 0; i < 5; i++) made.unshift((await call('POST', url)).body.id);
      await call('POST', `${url}/${made[3]}/revoke`);
      expect(await inPages((cursor) => call('GET', `${url}?limit=2${cursor && `&cursor=${cursor}`}`))).toEqual([
        made.slice(0, 2),
        made.slice(2, 4),
        made.slice(4),
      ]);
      const { data } = await ask(call, `{ it: ${field} { credentials(first: 4) { nodes { id revokedAt } pageInfo { hasNextPage } } } }`);
      expect(data.it.credentials.nodes.map((c: { id: string }) => c.id)).toEqual(made.slice(0, 4));
      expect([data.it.credentials.nodes[3].revokedAt === null, data.it.credentials.pageInfo.hasNextPage]).toEqual([false, true]);
      expect((await call('GET', `${url}?cursor=nonsense`)).status).toBe(400);
      expect((await call('GET', `${url}?limit=201`)).status).toBe(400);
    }
  });
});

/** The ids of each page of a list. */
const inPages = async (get: (cursor: string) => ReturnType<Call>): Promise<string[][]> => {
  const pages: string[][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await get(cursor);
    pages.push(body.data.map((one: { id: string }) => one.id));
    cursor = body.next_cursor;
  }
  return pages;
};

it('lists newest first', async () => {
  const trunk = await create();
  expect((await call('GET', '/v1/trunks?limit=1')).body.data[0].id).toBe(trunk.id);
});

it('shows which inbound routes answer, as edges found out', async () => {
  const routes = ['sip:alive.example.com', 'sip:dead.example.com:5080', 'sips:secret.example.com', 'sip:new.example.com'];
  const { id, inbound_routes } = await create({ inbound_routes: routes.map((uri) => ({ uri, priority: 1 })) });
  const health = async () => (await call('GET', `/v1/trunks/${id}`)).body.inbound_routes.map((r: { health: string }) => r.health);
  expect(inbound_routes[0].health).toBe('unknown');
  expect(await health()).toEqual(routes.map(() => 'unknown'));
  await api.edgeSaying({ complete: true, down: ['dead.example.com:5080'], unknown: ['new.example.com'] });
  expect(await health()).toEqual(['up', 'down', 'unknown', 'unknown']);
});

describe('lists that several trunks use', () => {
  const NETWORK = '203.0.113.128/28';
  let prefixes = 20;
  const makeList = async (kind: 'ip' | 'credential', more: object = {}) =>
    (await call('POST', `/v1/${kind}-lists`, { name: `list ${++n}`, ...(kind === 'ip' ? { networks: [NETWORK] } : {}), ...more })).body;
  const sharing = (lists: object) => create({ tech_prefix: `${++prefixes}`, ...lists });
  const addressesOf = async (ids: string[]) => {
    const { rows } = await owner.query(
      `SELECT DISTINCT format('%s', network) AS network FROM trunk_address WHERE trunk_id = ANY ($1) AND released_at IS NULL ORDER BY 1`,
      [ids.map((id) => fromPublicId('trunk', id))],
    );
    return rows.map(({ network }) => network);
  };
  const marksOf = async (id: string): Promise<number> =>
    (
      await owner.query(`SELECT count(*)::int AS n FROM edge_dirty WHERE resource_type = 'trunk' AND resource_id = $1`, [
        fromPublicId('trunk', id),
      ])
    ).rows[0].n;
  let owner: pg.Client;
  beforeAll(async () => {
    owner = new pg.Client({ connectionString: api.database.ownerUrl });
    await owner.connect();
  });
  afterAll(() => owner?.end());

  it('200: a changed IP list reaches every trunk that uses it; 409: one in use cannot be deleted, and the trunks are named', async () => {
    const list = await makeList('ip');
    const [a, b] = [await sharing({ ip_list_ids: [list.id] }), await sharing({ ip_list_ids: [list.id], ip_addresses: ['203.0.113.129'] })];
    expect([a.ip_list_ids, b.ip_addresses]).toEqual([[list.id], ['203.0.113.129']]);
    const marks = await marksOf(a.id);
    const changed = await call('PATCH', `/v1/ip-lists/${list.id}`, { networks: ['203.0.113.200', '203.0.113.144/28'] });
    expect(changed.body).toMatchObject({ networks: ['203.0.113.144/28', '203.0.113.200'], revision: 2, trunk_ids: [a.id, b.id].sort() });
    expect(await addressesOf([a.id])).toEqual(['203.0.113.144/28', '203.0.113.200']);
    expect(await marksOf(a.id)).toBeGreaterThan(marks);
    const refused = await call('DELETE', `/v1/ip-lists/${list.id}`);
    expect([refused.status, refused.body.code]).toEqual([409, 'ip_list.in_use']);
    expect(refused.body.detail).toContain(a.name);
    expect(refused.body.detail).toContain(b.name);
    await call('PATCH', `/v1/trunks/${a.id}`, { ip_list_ids: [] });
    expect(await addressesOf([a.id])).toEqual([]);
    await call('DELETE', `/v1/trunks/${b.id}`);
    expect((await call('DELETE', `/v1/ip-lists/${list.id}`)).status).toBe(204);
    expect((await call('GET', `/v1/ip-lists/${list.id}`)).status).toBe(404);
  });

  it('409: an address that identifies is one trunk’s; where a password is needed as well, trunks share it', async () => {
    const list = await makeList('ip', { networks: ['203.0.113.7'] });
    await create({ ip_list_ids: [list.id] });
    const second = await call('POST', '/v1/trunks', { ...newTrunk(), ip_list_ids: [list.id] });
    expect([second.status, second.body.code]).toEqual([409, 'trunk.address_taken']);
    const shared = { ip_list_ids: [list.id], auth_mode: 'both' };
    const [x, y] = [await create(shared), await create(shared)];
    expect([x.auth_mode, await addressesOf([y.id])]).toEqual(['both', ['203.0.113.7']]);
    const opened = await call('PATCH', `/v1/trunks/${x.id}`, { auth_mode: 'either' });
    expect([opened.status, opened.body.code]).toEqual([409, 'trunk.address_taken']);
  });

  it('400: a mode that needs an address, without one', async () => {
    const { status, body } = await call('POST', '/v1/trunks', { ...newTrunk(), auth_mode: 'both' });
    expect([status, body.errors[0].pointer]).toEqual([400, '/auth_mode']);
  });

  it('201: a digest user of a list is every trunk’s that uses it; 409 without tech prefixes that tell them apart', async () => {
    const list = await makeList('credential');
    const a = await sharing({ credential_list_ids: [list.id] });
    const marks = await marksOf(a.id);
    const made = await call('POST', `/v1/credential-lists/${list.id}/credentials`);
    expect(made.body).toMatchObject({
      object: 'credential',
      trunk_id: null,
      credential_list_id: list.id,
      password: expect.stringMatching(/^.{26}$/),
    });
    expect(await marksOf(a.id)).toBe(marks + 1);
    const twin = await call('POST', '/v1/trunks', { ...newTrunk(), credential_list_ids: [list.id] });
    expect([twin.status, twin.body.code]).toEqual([409, 'trunk.credentials_shared']);
    expect(twin.body.detail).toContain(a.name);
    const url = `/v1/credential-lists/${list.id}/credentials/${made.body.id}`;
    const rotated = await call('POST', `${url}/rotate`, { overlap_secs: 60 });
    expect(rotated.body.password).not.toBe(made.body.password);
    expect(rotated.body.old_valid_until).not.toBeNull();
    expect((await call('DELETE', `/v1/credential-lists/${list.id}`)).body.code).toBe('credential_list.in_use');
    expect((await call('POST', `${url}/revoke`)).body.revoked_at).not.toBeNull();
    const { body: all } = await call('GET', `/v1/credential-lists/${list.id}/credentials`);
    expect(all.data.map((c: { id: string }) => c.id)).toEqual([made.body.id]);
    expect(JSON.stringify(all)).not.toContain(rotated.body.password);
  });

  it('409: two lists of one name', async () => {
    const { name } = await makeList('ip');
    const { status, body } = await call('POST', '/v1/ip-lists', { name, networks: [NETWORK] });
    expect([status, body.code, body.errors[0].pointer]).toEqual([409, 'list.name_taken', '/name']);
  });

  it('keeps what calls may offer and how they register, over POST, PATCH and null', async () => {
    const media = { codecs: ['pcma', 'opus'], srtp: 'required' };
    const limits = { registration_contacts_max: 2, registration_expires_min_secs: 120, registration_expires_max_secs: 600 };
    const { id } = await create({ ...media, ...limits });
    const got = async () => (await call('GET', `/v1/trunks/${id}`)).body;
    expect(await got()).toMatchObject({ ...media, ...limits });
    await call('PATCH', `/v1/trunks/${id}`, { codecs: null, srtp: 'disabled', registration_contacts_max: null });
    expect(await got()).toMatchObject({
      codecs: null,
      srtp: 'disabled',
      registration_contacts_max: null,
      registration_expires_min_secs: 120,
    });
  });
});

describe('GET /v1/trunks/{id}/connection-sheet', () => {
  it('200: says what to set, with the trunk’s own user, as JSON and as a page', async () => {
    const { id, name } = await create({ codecs: ['opus', 'pcma'] });
    const { body: credential } = await call('POST', `/v1/trunks/${id}/credentials`);
    const { status, body } = await call('GET', `/v1/trunks/${id}/connection-sheet?pbx=asterisk`);
    expect([status, body.object, body.pbx, body.title.startsWith(name)]).toEqual([200, 'connection_sheet', 'asterisk', true]);
    expect(body.settings).toContainEqual({ label: 'User', value: credential.username });
    expect(body.settings).toContainEqual({ label: 'Realm', value: 'sip.test' });
    expect(body.snippets[0].text).toContain('allow=opus,alaw');
    expect(JSON.stringify(body)).not.toContain(credential.password);
    const page = await call('GET', `/v1/trunks/${id}/connection-sheet/download?pbx=freeswitch`);
    expect([page.status, String(page.headers['content-type'])]).toEqual([200, 'text/markdown; charset=utf-8']);
  });

  it('400: a family that is none', async () => {
    const { id } = await create();
    expect((await call('GET', `/v1/trunks/${id}/connection-sheet?pbx=avaya`)).body.errors[0].pointer).toBe('/query/pbx');
  });
});

describe('GET /v1/bandwidth', () => {
  it('200: what calls take, and what of it is overhead; 400: packets without whole frames', async () => {
    const { body } = await call('GET', '/v1/bandwidth?channels=30&codec=pcma&ptime_ms=20');
    expect(body).toMatchObject({
      payload_bytes: 160,
      packets_per_sec: 50,
      each_way: { ip_bits_per_sec: 2_400_000, ethernet_bits_per_sec: 2_856_000 },
    });
    expect(body.overhead).toContainEqual({ layer: 'rtp', bytes: 12 });
    expect((await call('GET', '/v1/bandwidth?codec=gsm&ptime_ms=30')).body.errors[0].pointer).toBe('/query/ptime_ms');
  });
});

describe('POST /v1/trunks/{id}/test-calls', () => {
  it('201: waits for an edge, and is read until something came of it', async () => {
    const { id } = await create({ default_caller_id: '+12025550111' });
    const { status, body } = await call('POST', `/v1/trunks/${id}/test-calls`, { to: '+12025550199' });
    expect([status, body]).toMatchObject([
      201,
      { object: 'test_call', trunk_id: id, target: 'number', from: '+12025550111', state: 'queued', sip_code: null },
    ]);
    expect((await call('GET', `/v1/test-calls/${body.id}`)).body).toEqual(body);
    expect((await call('GET', `/v1/test-calls?trunk_id=${id}`)).body.data).toEqual([body]);
  });

  it('409: without a number to call, where none points at the trunk; 429: after twenty in an hour', async () => {
    const { id } = await create();
    expect((await call('POST', `/v1/trunks/${id}/test-calls`, {})).body.code).toBe('test_call.no_number');
    // of whichever trunks, and many at the same time
    const trunks = [id, (await create()).id, (await create()).id, (await create()).id];
    const place = (i: number) => call('POST', `/v1/trunks/${trunks[i % trunks.length]}/test-calls`, { to: '+12025550199' });
    await Promise.all(Array.from({ length: 24 }, (_, i) => place(i)));
    expect(await place(0)).toMatchObject({ status: 429, body: { code: 'test_call.too_many' } });
    expect((await call('GET', '/v1/test-calls?limit=50')).body.data).toHaveLength(20);
    api.clock.advance({ hours: 1 });
    expect((await call('POST', `/v1/trunks/${id}/test-calls`, { to: '+12025550199' })).status).toBe(201);
  });
});

describe('/v1/trunks/{id}/registrar', () => {
  const settings = { uri: 'sip:pbx.example.com:5080', username: 'trunkline', password: 'made-at-the-pbx' };
  const put = (id: string, over: object = {}) => call('PUT', `/v1/trunks/${id}/registrar`, { ...settings, ...over });

  it('200: where an edge registers; its password is in no answer, and in the database as sealed HA1 alone', async () => {
    const { id } = await create();
    expect((await call('GET', `/v1/trunks/${id}/registrar`)).status).toBe(404);
    const { status, body } = await put(id);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ trunk_id: id, object: 'registrar', uri: settings.uri, username: 'trunkline', realm: 'pbx.example.com', expires_secs: 600 },
      ...{ state: 'pending', sip_code: null, since: null, edge: null },
    });
    expect((await put(id, { realm: 'asterisk', expires_secs: 120 })).body).toMatchObject({ realm: 'asterisk', expires_secs: 120 });
    const kept = await call('GET', `/v1/trunks/${id}/registrar`);
    expect(kept.body).toMatchObject({ realm: 'asterisk', created_at: body.created_at });
    expect(JSON.stringify([body, kept.body])).not.toContain(settings.password);
  });

  it.each([
    ['uri', 'http://pbx.example.com'],
    ['uri', 'sip:somebody@pbx.example.com'],
    ['username', 'a:b'],
    ['realm', 'a"b'],
    ['password', ''],
    ['expires_secs', 59],
    ['expires_secs', 3601],
  ])('400: %s %j', async (field, value) => {
    const { status, body } = await put((await create()).id, { [field]: value });
    expect([status, body.errors[0].pointer]).toEqual([400, `/${field}`]);
  });

  it('204: no more, and 404 from then on, as for a trunk that is deleted', async () => {
    const { id } = await create();
    await put(id);
    expect((await call('DELETE', `/v1/trunks/${id}/registrar`)).status).toBe(204);
    expect((await call('DELETE', `/v1/trunks/${id}/registrar`)).status).toBe(404);
    expect((await call('GET', `/v1/trunks/${id}/registrar`)).status).toBe(404);
    await call('DELETE', `/v1/trunks/${id}`);
    expect((await put(id)).status).toBe(404);
  });
});
