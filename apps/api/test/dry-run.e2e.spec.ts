import pg from 'pg';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { readOperations } from './operations.ts';
import { makeVictim } from './victim.ts';

type Case = { readonly call: Call; readonly url: string; readonly body?: unknown };
type Method = 'POST' | 'PATCH' | 'DELETE';

let api: ApiHarness;
let owner: pg.Client;
let cases: Readonly<Record<string, Case>>;
let documented: { readonly id: string; readonly method: Method }[];

beforeAll(async () => {
  api = await ApiHarness.start({ TELNYX_API_KEY: 'KEY' }); // nobody asks it: orders are not taken further here
  const victim = await makeVictim(api);
  const { call } = victim;
  const { operator } = api;
  const empty = await call('POST', '/v1/trunks', { name: 'empty', country: 'US', channels_max: 1 });
  const group = { pool_id: victim.channelPool, name: 'unused', shared_channels: 0 };
  const unused = await call('POST', '/v1/channel-groups', group);
  const carrier = await operator('POST', '/v1/carriers', { name: 'Carrier' });
  const { planId, deckId } = await api.prices();
  await operator('POST', '/v1/number-imports', 'number\n+12025550149\n');
  const released = await call('POST', '/v1/numbers', { number: '+12025550149' });
  await call('POST', `/v1/numbers/${released.body.id}/release`);
  const fees = { channel_monthly: '1.00', channel_setup: '0', number_monthly: '2.00', number_setup: '0' };
  const pending = await call('POST', '/v1/number-orders', { numbers: ['+12025550148'] });
  cases = {
    createTrunk: { call, url: '/v1/trunks', body: { name: 'tried', country: 'US', channels_max: 3, ip_addresses: ['198.51.100.7'] } },
    updateTrunk: { call, url: `/v1/trunks/${victim.trunk}`, body: { channels_max: 9 } },
    deleteTrunk: { call, url: `/v1/trunks/${empty.body.id}` },
    orderNumber: { call, url: '/v1/numbers', body: { number: '+12025550143', trunk_id: victim.trunk } },
    updateNumber: { call, url: `/v1/numbers/${victim.number}`, body: { trunk_id: null } },
    bulkOrderNumbers: { call, url: '/v1/numbers/bulk-order', body: { items: [{ number: '+12025550143' }] } },
    bulkUpdateNumbers: { call, url: '/v1/numbers/bulk-update', body: { items: [{ id: victim.number, trunk_id: null }] } },
    createNumberOrder: { call, url: '/v1/number-orders', body: { numbers: ['+12025550143', '+12025550147'], trunk_id: victim.trunk } },
    cancelNumberOrder: { call, url: `/v1/number-orders/${pending.body.id}/cancel` },
    createChannelOffer: {
      call: operator,
      url: '/v1/channel-offers',
      body: {
        ...{ name: 'Tried', currency: 'USD', countries: ['US'], metered_by: 'peak', metered_price: '9' },
        steps: [{ from_channels: 1, monthly: '4', setup: '1' }],
      },
    },
    orderChannels: { call, url: '/v1/channel-orders', body: { offer_id: victim.channelOffer, channels: 9 } },
    createChannelGroup: { call, url: '/v1/channel-groups', body: { pool_id: victim.channelPool, name: 'Tried', shared_channels: 1 } },
    updateNumberChannels: { call, url: `/v1/numbers/${victim.number}/channels`, body: { pool_id: victim.channelPool } },
    updateTrunkChannels: { call, url: `/v1/trunks/${empty.body.id}/channels`, body: { group_id: victim.channelGroup } },
    updateChannelGroup: { call, url: `/v1/channel-groups/${victim.channelGroup}`, body: { metered_channels_max: 3 } },
    deleteChannelGroup: { call, url: `/v1/channel-groups/${unused.body.id}` },
    importNumbers: { call: operator, url: '/v1/number-imports', body: 'number,last_number\n+12025550150,+12025550159\nbad,\n' },
    restoreNumber: { call, url: `/v1/numbers/${released.body.id}/restore` },
    releaseNumber: { call, url: `/v1/numbers/${victim.number}/release` },
    createInboundGroup: { call, url: '/v1/inbound-groups', body: { name: 'tried', targets: [{ trunk_id: victim.trunk }] } },
    updateInboundGroup: { call, url: `/v1/inbound-groups/${victim.inboundGroup}`, body: { strategy: 'ring_all' } },
    deleteInboundGroup: { call, url: `/v1/inbound-groups/${victim.spareGroup}` },
    createInboundSchedule: { call, url: '/v1/inbound-schedules', body: { name: 'tried', time_zone: 'UTC' } },
    updateInboundSchedule: { call, url: `/v1/inbound-schedules/${victim.inboundSchedule}`, body: { time_zone: 'UTC' } },
    deleteInboundSchedule: { call, url: `/v1/inbound-schedules/${victim.inboundSchedule}` },
    createInvitation: { call, url: '/v1/invitations', body: { email: 'tried@example.com', role: 'noc' } },
    bulkCreateInvitations: { call, url: '/v1/invitations/bulk-create', body: { items: [{ email: 'tried@example.com', role: 'noc' }] } },
    createTenant: { call: operator, url: '/v1/tenants', body: { name: 'Tried', country: 'US', currency: 'USD' } },
    bulkCreateTenants: {
      call: operator,
      url: '/v1/tenants/bulk-create',
      body: { items: [{ name: 'Tried', country: 'US', currency: 'USD' }] },
    },
    updateTenant: { call: operator, url: `/v1/tenants/${victim.id}`, body: { name: 'Tried' } },
    createCarrier: { call: operator, url: '/v1/carriers', body: { name: 'Tried' } },
    updateCarrier: { call: operator, url: `/v1/carriers/${carrier.body.id}`, body: { enabled: false } },
    addGateway: {
      call: operator,
      url: `/v1/carriers/${carrier.body.id}/gateways`,
      body: { uri: 'sip:192.0.2.1', source_addresses: ['192.0.2.1'] },
    },
    createPlan: { call: operator, url: '/v1/plans', body: { name: 'Tried', currency: 'USD', ...fees, outbound_deck_id: deckId } },
    assignPlan: {
      call: operator,
      url: '/v1/plan-assignments',
      body: { tenant_id: (await api.tenant('No plan', undefined, { plan: false })).id, plan_id: planId },
    },
  };
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
  const { operations } = await readOperations(api.as(undefined));
  documented = operations
    .filter((o) => o.parameters?.some((p) => p.name === 'dry_run'))
    .map((o) => ({ id: o.id, method: o.method as Method }));
});
afterAll(async () => {
  await owner?.end();
  await api?.stop();
});

/** One hash of every row there is, but of what counts requests, or tells when a key was last used. */
const allRows = async (): Promise<string> => {
  const { rows: tables } = await owner.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'rate_bucket' ORDER BY 1`,
  );
  const hashes: string[] = [];
  for (const { name } of tables) {
    const { rows } = await owner.query(
      `SELECT md5(coalesce(string_agg(r, E'\\n' ORDER BY r), '')) AS hash FROM "${name}" t, LATERAL (SELECT (to_jsonb(t) - 'last_used_at')::text) AS rows (r)`,
    );
    hashes.push(`${name}=${rows[0].hash}`);
  }
  return hashes.join(' ');
};

/** An answer without what is made anew each time. */
const settled = (body: Record<string, unknown> | undefined): unknown =>
  body &&
  JSON.parse(
    JSON.stringify(body, (key, value: unknown) =>
      ['id', 'created_at', 'updated_at', 'released_at', 'quarantined_until'].includes(key) ? undefined : value,
    ),
  );

it('has a case for every operation that can be tried', () => {
  expect(documented.map((o) => o.id).sort()).toEqual(Object.keys(cases).sort());
});

it('answers as the change would be answered, and leaves every row as it was; then the change answers the same', async () => {
  for (const { id, method } of documented) {
    const { call, url, body } = cases[id]!;
    const before = await allRows();
    const tried = await call(method, `${url}?dry_run=true`, body);
    expect([id, tried.status < 300, tried.headers['trunkline-dry-run']]).toEqual([id, true, 'true']);
    expect([id, await allRows()]).toEqual([id, before]);
  }
  for (const id of ['createTrunk', 'orderNumber', 'updateTrunk', 'createCarrier', 'createPlan'] as const) {
    const { call, url, body } = cases[id]!;
    const { method } = documented.find((o) => o.id === id)!;
    const tried = await call(method, `${url}?dry_run=true`, body);
    const done = await call(method, url, body);
    expect([id, done.status, settled(done.body)]).toEqual([id, tried.status, settled(tried.body)]);
    expect([id, done.headers['trunkline-dry-run']]).toEqual([id, undefined]);
  }
});

it('refuses what the change would be refused', async () => {
  const { call } = cases['createTrunk']!;
  const taken = await call('POST', '/v1/trunks?dry_run=true', { name: 'victim-trunk', country: 'US', channels_max: 1 });
  expect([taken.status, taken.body.code]).toEqual([409, 'trunk.name_taken']);
});

it('saves no answer for an Idempotency-Key: the change itself still happens, once', async () => {
  const { call } = cases['createTrunk']!;
  const headers = { 'idempotency-key': 'tried' };
  const body = { name: 'tried, then made', country: 'US', channels_max: 1 };
  expect((await call('POST', '/v1/trunks?dry_run=true', body, headers)).status).toBe(201);
  const made = await call('POST', '/v1/trunks', body, headers);
  expect([made.status, made.headers['idempotent-replayed']]).toEqual([201, undefined]);
  expect((await call('POST', '/v1/trunks', body, headers)).body).toEqual(made.body);
});

it('400: where it would be ignored, or is neither true nor false', async () => {
  const { call, body } = cases['createTrunk']!;
  const maybe = await call('POST', '/v1/trunks?dry_run=maybe', body);
  const ignored = await call('POST', '/v1/api-keys?dry_run=true', { name: 'x', scopes: ['trunks:read'] });
  for (const { status, body: problem } of [maybe, ignored]) expect([status, problem.errors[0].pointer]).toEqual([400, '/query/dry_run']);
});
