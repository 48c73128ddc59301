import { fromPublicId } from '@trunkline/kernel';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { meanwhile } from './meanwhile.ts';
import { endedCall, storeCalls } from './store-calls.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await ApiHarness.start();
});
afterAll(() => api?.stop());

type Tenant = { id: string; uuid: string; call: Call };
const tenant = async (name: string, options?: { plan: boolean }): Promise<Tenant> => {
  const { id, call } = await api.tenant(name, undefined, options);
  return { id, call, uuid: fromPublicId('tenant', id) ?? '' };
};
const sent = (t: Tenant, uid: string, change: Parameters<typeof endedCall>[1] | object = {}) =>
  endedCall(api, { uid, tenantId: t.uuid, ...change });

describe('GET /v1/calls', () => {
  it('200: shows what was stored, rated', async () => {
    const t = await tenant('Lists');
    await storeCalls(api, sent(t, 'a', { attempts: [503] }));
    const { status, body } = await t.call('GET', '/v1/calls');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: [
        {
          object: 'call',
          direction: 'outbound',
          outcome: 'answered',
          caller_id: '+12025550142',
          destination: '+12025550199',
          duration_secs: 61,
          billed_secs: 66,
          sip_code: 200,
          reason: null,
          hangup_by: 'callee',
          attempts: [503],
          rating: { state: 'rated', amount: { amount: '0.66', currency: 'USD' } },
        },
      ],
      next_cursor: null,
    });
    expect(body.data[0].id).toMatch(/^cdr_/);
  });

  it('200: brings back what a caller sent, character by character', async () => {
    const t = await tenant('Odd');
    const from = `"Zoë 🐳" <x'; -->\\ \t\r\n\u0001\u007f`;
    await storeCalls(api, sent(t, 'a', { from, to: '%00{"a":null}' }));
    expect((await t.call('GET', '/v1/calls')).body.data[0]).toMatchObject({ from, to: '%00{"a":null}' });
  });

  it('200: pages from the newest on, without gap or repeat, also within one millisecond', async () => {
    const t = await tenant('Pages');
    const at = api.clock.now().getTime() - 1_000_000;
    await storeCalls(
      api,
      ...Array.from({ length: 7 }, (_, i) => sent(t, `p${i}`, { startedAtMs: at + Math.floor(i / 3), callId: `p${i}` })),
    );
    const seen: { id: string; started_at: string }[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await t.call('GET', `/v1/calls?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...body.data);
      cursor = body.next_cursor;
    }
    expect(new Set(seen.map((c) => c.id)).size).toBe(7);
    expect(seen.map((c) => c.started_at)).toEqual(
      seen
        .map((c) => c.started_at)
        .sort()
        .reverse(),
    );
  });

  it('200: filters by direction, trunk, number and time', async () => {
    const t = await tenant('Filters');
    const { body: trunk } = await t.call('POST', '/v1/trunks', { name: 'a', country: 'US', channels_max: 1 });
    const at = Date.parse(api.clock.now().toISOString()) - 5_000_000;
    const records = [
      sent(t, 'a', { startedAtMs: at, trunkId: fromPublicId('trunk', trunk.id) ?? null }),
      sent(t, 'b', { startedAtMs: at + 1000, direction: 'inbound', destination: '+12025550177' }),
      sent(t, 'c', { startedAtMs: at + 2000, direction: 'emergency', destination: null, to: '911' }),
    ];
    await storeCalls(api, ...records);
    const found = async (query: string) =>
      (await t.call('GET', `/v1/calls?${query}`)).body.data.map((c: { direction: string }) => c.direction);
    expect(await found('direction=inbound')).toEqual(['inbound']);
    expect(await found(`trunk_id=${trunk.id}`)).toEqual(['outbound']);
    expect(await found('number=%2B12025550177')).toEqual(['inbound']);
    expect(await found('number=%2B12025550142')).toEqual(['emergency', 'inbound', 'outbound']);
    expect(await found(`from=${new Date(at + 1000).toISOString()}&to=${new Date(at + 2000).toISOString()}`)).toEqual(['inbound']);
  });

  it('200: filters by each number, outcome, SIP code and class, reason, rating and length', async () => {
    const t = await tenant('More filters');
    const refused = { outcome: 'rejected', answeredAtMs: null, sipCode: 403, reason: 'trunk.caller_id_not_allowed' };
    await storeCalls(
      api,
      sent(t, 'long', { endedAtMs: api.clock.now().getTime() + 600_000, callerId: '+12025550101', from: '101' }),
      sent(t, 'busy', { outcome: 'failed', answeredAtMs: null, sipCode: 486, destination: '+12025550102', to: '0012025550102' }),
      sent(t, 'refused', refused),
      sent(t, 'unrated', { destination: '+442071838750' }),
    );
    const found = async (query: string) =>
      (await t.call('GET', `/v1/calls?${query}`)).body.data.map((c: { sip_code: number }) => c.sip_code);
    expect(await found('caller_id=%2B12025550101')).toEqual([200]);
    expect(await found('destination=%2B12025550102')).toEqual([486]);
    expect(await found('number=%2B12025550102')).toEqual([486]);
    expect(await found('from_user=101')).toEqual([200]);
    expect(await found('to_user=0012025550102')).toEqual([486]);
    expect(await found('outcome=failed')).toEqual([486]);
    expect(await found('sip_code=403')).toEqual([403]);
    expect((await found('sip_class=4')).sort()).toEqual([403, 486]);
    expect(await found('reason=trunk.caller_id_not_allowed')).toEqual([403]);
    expect(await found('rating=unrated')).toEqual([200]);
    expect(await found('min_duration_secs=61.5')).toEqual([200]);
    expect(await found('sip_class=4&outcome=failed&destination=%2B12025550199')).toEqual([]);
  });

  it('200: pages by number, also when it called itself', async () => {
    const t = await tenant('Number pages');
    const self = { callerId: '+12025550155', destination: '+12025550155' };
    const at = api.clock.now().getTime() - 60_000;
    await storeCalls(api, ...Array.from({ length: 5 }, (_, n) => sent(t, `s${n}`, { ...(n % 2 ? self : { destination: '+12025550155' }), startedAtMs: at - (n % 3) }))); // prettier-ignore
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await t.call('GET', `/v1/calls?number=%2B12025550155&limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...body.data.map((c: { id: string }) => c.id));
      cursor = body.next_cursor;
    }
    expect([seen.length, new Set(seen).size]).toEqual([5, 5]);
  });

  it('200: looks 30 days back unless it is told', async () => {
    const t = await tenant('Window');
    const day = 86_400_000;
    await storeCalls(api, ...[1, 29, 32].map((days) => sent(t, `d${days}`, { startedAtMs: api.clock.now().getTime() - days * day })));
    const count = async (query = '') => (await t.call('GET', `/v1/calls${query}`)).body.data.length;
    const ago = (days: number) => new Date(api.clock.now().getTime() - days * day).toISOString();
    expect(await count()).toBe(2);
    expect(await count(`?from=${ago(40)}`)).toBe(3);
    expect(await count(`?to=${ago(20)}`)).toBe(2);
  });

  it('400: names the faulty parameter', async () => {
    const { call } = await tenant('Bad queries');
    for (const query of ['direction=up', 'trunk_id=x', 'number=123', 'from=yesterday', 'to=1', 'color=red', 'limit=0']) {
      const { status, body } = await call('GET', `/v1/calls?${query}`);
      expect([status, body.errors[0].pointer]).toEqual([400, `/query/${query.split('=')[0]}`]);
    }
    expect((await call('GET', '/v1/calls?cursor=x')).body.code).toBe('request.bad_cursor');
  });

  it('403: without the scope', async () => {
    const { call } = await api.tenant('No scope', ['trunks:read']);
    expect((await call('GET', '/v1/calls')).body.code).toBe('auth.scope_missing');
  });
});

describe('GET /v1/calls/{id}', () => {
  const first = async (t: Tenant) => (await t.call('GET', `/v1/calls/${(await t.call('GET', '/v1/calls')).body.data[0].id}`)).body;

  it('200: explains the price', async () => {
    const t = await tenant('Explains');
    await storeCalls(api, sent(t, 'a'));
    const { rating } = await first(t);
    expect(rating).toMatchObject({
      state: 'rated',
      amount: { amount: '0.66', currency: 'USD' },
      explanation: {
        rate: {
          deck_version: 1,
          prefix: '1',
          destination: 'North America',
          rate_per_minute: { amount: '0.60' },
          initial_secs: 6,
          increment_secs: 6,
        },
      },
    });
    expect(rating.explanation.rate.deck_id).toBe((await api.prices()).deckId);
    expect(rating.explanation.steps.join(' ')).toContain('61000 ms of talk, rounded up to 61 s; billed 6/6: 66 s');
  });

  it('200: says whether the end of the call is estimated', async () => {
    const t = await tenant('Estimates');
    await storeCalls(api, sent(t, 'a', { hangupBy: 'edge', estimated: true }));
    expect(await first(t)).toMatchObject({ hangup_by: 'edge', estimated: true, duration_secs: 61 });
    const u = await tenant('Knows');
    await storeCalls(api, sent(u, 'b'));
    expect((await first(u)).estimated).toBe(false);
  });

  it('200: says why a call is free, and that one is not rated yet', async () => {
    const t = await tenant('Free');
    await storeCalls(api, sent(t, 'a', { direction: 'inbound' }));
    expect((await first(t)).rating).toEqual({
      state: 'free',
      amount: { amount: '0.00', currency: 'USD' },
      explanation: { rate: null, steps: [expect.stringContaining('inbound')] },
    });
    const u = await tenant('Unrated');
    await storeCalls(api, sent(u, 'b', { destination: '+442071838750' }));
    expect((await first(u)).rating).toEqual({
      state: 'unrated',
      amount: null,
      explanation: { rate: null, steps: [expect.stringContaining('not rated yet')] },
    });
  });

  it('404: for ids that name nothing, whatever time they hold', async () => {
    const { call } = await tenant('Missing');
    for (const id of ['cdr_7zzzzzzzzzzzzzzzzzzzzzzzzz', 'cdr_00000000000000000000000000', 'trk_00000000000000000000000000', 'x']) {
      expect((await call('GET', `/v1/calls/${id}`)).body).toMatchObject({ status: 404, code: 'resource.not_found' });
    }
  });
});

describe('GET and PATCH /v1/call-settings', () => {
  it('200: are the tenant’s to read and change, and the operator’s for it; what is left out stays', async () => {
    const t = await tenant('Settings');
    const none = { object: 'call_settings', calls_masked_after_days: null, calls_retention_days: null, platform_masked_after_days: 90, platform_kept_months: 13 }; // prettier-ignore
    expect((await t.call('GET', '/v1/call-settings')).body).toEqual(none);
    expect((await t.call('PATCH', '/v1/call-settings', { calls_masked_after_days: 30 })).body).toEqual({
      ...none,
      calls_masked_after_days: 30,
    });
    const headers = { 'trunkline-tenant': t.id };
    const changed = await api.operator('PATCH', '/v1/call-settings', { calls_retention_days: 400 }, headers);
    expect(changed.body).toEqual({ ...none, calls_masked_after_days: 30, calls_retention_days: 400 });
    expect((await t.call('PATCH', '/v1/call-settings', { calls_masked_after_days: null })).body).toEqual({
      ...none,
      calls_retention_days: 400,
    });
    expect((await t.call('GET', '/v1/call-settings')).body).toEqual({ ...none, calls_retention_days: 400 });
  });

  it('400 and 403: for days that cannot be, and without the scope', async () => {
    const { call } = await tenant('Bad settings');
    for (const days of [0, 3651, 1.5, '90']) {
      const { status, body } = await call('PATCH', '/v1/call-settings', { calls_retention_days: days });
      expect([status, body.errors[0].pointer]).toEqual([400, '/calls_retention_days']);
    }
    const { call: reader } = await api.tenant('Reader', ['calls:read']);
    expect((await reader('PATCH', '/v1/call-settings', {})).body.code).toBe('auth.scope_missing');
  });
  it('keeps what somebody else has set at the same moment', async () => {
    const { id, call } = await api.tenant('Both', undefined, { plan: false });
    const first = `INSERT INTO call_settings (tenant_id, masked_after_days, updated_at) VALUES ($1, 30, now())`;
    const change = () => call('PATCH', '/v1/call-settings', { calls_retention_days: 200 });
    const { body } = await meanwhile(api, first, [fromPublicId('tenant', id)], change);
    expect(body).toMatchObject({ calls_masked_after_days: 30, calls_retention_days: 200 });
    expect((await call('GET', '/v1/call-settings')).body).toEqual(body);
  });
});

describe('GET /v1/call-retention', () => {
  it('200: counts what is overdue; 403 for a tenant', async () => {
    const { status, body } = await api.operator('GET', '/v1/call-retention');
    expect([status, body]).toEqual([200, { object: 'call_retention', unmasked_overdue: 0, unrated_overdue: 0, oldest_partition: expect.stringMatching(/^cdr_/) }]); // prettier-ignore
    expect((await (await tenant('Nosy')).call('GET', '/v1/call-retention')).status).toBe(403);
  });
});

describe('GET /v1/cdr-issues', () => {
  it('200: shows the operator what could not be stored', async () => {
    const t = await tenant('Issues');
    const foreign = sent(t, 'foreign', { tenantId: '00000009-0000-7000-8000-000000000001' });
    await storeCalls(api, 'garbage\0"', foreign);
    const { status, body } = await api.operator('GET', '/v1/cdr-issues');
    expect([status, body.data.length]).toEqual([200, 2]);
    const { body: one } = await api.operator('GET', '/v1/cdr-issues?kind=unparseable');
    expect(one.data).toEqual([
      expect.objectContaining({ object: 'cdr_issue', kind: 'unparseable', line: 'garbage%00"', reason: expect.any(String) }),
    ]);
    expect((await api.operator('GET', '/v1/cdr-issues?limit=1')).body.next_cursor).toEqual(expect.any(String));
  });

  it('400: for an unknown kind', async () => {
    expect((await api.operator('GET', '/v1/cdr-issues?kind=odd')).body.errors[0].pointer).toBe('/query/kind');
  });

  it('403: for a tenant', async () => expect((await (await tenant('Curious')).call('GET', '/v1/cdr-issues')).status).toBe(403));
});

describe('POST /v1/cdr-issues/rate-unrated', () => {
  const run = (t: { id: string }, headers = {}) => api.operator('POST', '/v1/cdr-issues/rate-unrated', { tenant_id: t.id }, headers);

  it('200: rates and charges what waited, once', async () => {
    const t = await tenant('Late deck', { plan: false });
    await storeCalls(api, sent(t, 'a'), sent(t, 'b'), sent(t, 'c', { destination: '+33123456789' }));
    expect((await run(t)).body).toEqual({ rated: 0, still_unrated: 3 });
    const { body: deck } = await api.operator('POST', '/v1/decks', { name: 'Late', currency: 'USD' });
    await api.operator('POST', `/v1/decks/${deck.id}/versions`, 'prefix,rate\n1,0.01\n');
    const fees = { channel_monthly: '0', channel_setup: '0', number_monthly: '0', number_setup: '0' };
    const { body: plan } = await api.operator('POST', '/v1/plans', { name: 'Late', currency: 'USD', ...fees, outbound_deck_id: deck.id });
    await api.operator('POST', '/v1/plan-assignments', { tenant_id: t.id, plan_id: plan.id });
    const headers = { 'idempotency-key': 'late' };
    expect((await run(t, headers)).body).toEqual({ rated: 2, still_unrated: 1 });
    expect((await run(t, headers)).body).toEqual({ rated: 2, still_unrated: 1 });
    expect((await run(t)).body).toEqual({ rated: 0, still_unrated: 1 });
    const states = (await t.call('GET', '/v1/calls')).body.data.map((c: { rating: unknown }) => c.rating);
    const rated = { state: 'rated', amount: { amount: '0.02', currency: 'USD' } };
    expect(states).toEqual(expect.arrayContaining([rated, rated, { state: 'unrated', amount: null }]));
    expect((await t.call('GET', '/v1/balance')).body.owed).toEqual({ amount: '0.04', currency: 'USD' });
  });

  it('400 and 404: for a malformed and an unknown tenant; 403 for a tenant', async () => {
    expect((await run({ id: 'x' })).body.errors[0].pointer).toBe('/tenant_id');
    expect((await run({ id: 'ten_00000000000000000000000000' })).status).toBe(404);
    const { call, id } = await tenant('Own');
    expect((await call('POST', '/v1/cdr-issues/rate-unrated', { tenant_id: id })).status).toBe(403);
  });
});
