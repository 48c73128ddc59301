import { VerifyBalances } from '@trunkline/ledger/server';
import { encodeCdrLine } from '@trunkline/edge-core';
import type { CdrRecord } from '@trunkline/edge-core';
import { fromPublicId, systemContext } from '@trunkline/kernel';
import pg from 'pg';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { endedCall, storeCalls } from './store-calls.ts';

let api: ApiHarness;
let owner: pg.Client;
beforeAll(async () => {
  api = await ApiHarness.start();
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await api?.stop();
});
beforeEach(() => owner.query('TRUNCATE cdr_issue'));

type Tenant = { id: string; uuid: string; call: Call };
const tenant = async (name: string): Promise<Tenant> => {
  const { id, call } = await api.tenant(name);
  return { id, call, uuid: fromPublicId('tenant', id) ?? '' };
};
const sent = (t: { uuid: string }, uid: string, change: Partial<CdrRecord> = {}) => endedCall(api, { uid, tenantId: t.uuid, ...change });
const nobody = { uuid: '00000009-0000-7000-8000-000000000001' };
const issue = async () => {
  const { body } = await api.operator('GET', '/v1/cdr-issues?state=open');
  expect(body.data).toHaveLength(1);
  return body.data[0] as { id: string; line: string };
};
const act = (id: string, verb: string, body: object = {}, headers = {}) =>
  api.operator('POST', `/v1/cdr-issues/${id}/${verb}`, body, headers);
const owed = async (t: Tenant) => (await t.call('GET', '/v1/balance')).body.owed?.amount;
const audited = async (id: string) =>
  (await owner.query(`SELECT action FROM audit_entry WHERE resource_id = $1`, [fromPublicId('cdrIssue', id)])).rows.map((r: { action: string }) => r.action); // prettier-ignore
const booksAgree = async () => expect(await api.app.get(VerifyBalances).execute(systemContext('test'))).toEqual([]);

describe('GET /v1/cdr-issues', () => {
  it('200: filters by kind, state, edge and time', async () => {
    const t = await tenant('Filters');
    await storeCalls(api, 'garbage', sent(nobody, 'n'), sent(t, 'c'), sent(t, 'c', { sipCode: 202 }));
    const count = async (query: string) => (await api.operator('GET', `/v1/cdr-issues?${query}`)).body.data.length;
    const [{ id }] = (await api.operator('GET', '/v1/cdr-issues?kind=unparseable')).body.data;
    await act(id, 'discard', { reason: 'noise' });
    expect([await count(''), await count('state=open'), await count('state=resolved'), await count('state=open&kind=conflict')]).toEqual([3, 2, 1, 1]); // prettier-ignore
    expect(await count('edge_id=edg_00000000000000000000000000')).toBe(0);
    expect(await count(`from=${new Date(api.clock.now().getTime() + 1).toISOString()}`)).toBe(0);
    expect(await count(`to=${new Date(api.clock.now().getTime() + 1).toISOString()}`)).toBe(3);
  });
});

describe('GET /v1/cdr-issues/{id}', () => {
  it('200: shows one; 404 for none; 403 for a tenant', async () => {
    await storeCalls(api, 'garbage');
    const { id } = await issue();
    expect((await api.operator('GET', `/v1/cdr-issues/${id}`)).body).toMatchObject({
      id,
      kind: 'unparseable',
      line: 'garbage',
      resolution: null,
    });
    expect((await api.operator('GET', '/v1/cdr-issues/cdi_00000000000000000000000000')).status).toBe(404);
    expect((await (await tenant('Curious')).call('GET', `/v1/cdr-issues/${id}`)).status).toBe(403);
  });
});

describe('POST /v1/cdr-issues/{id}/retry', () => {
  it('200: makes a call of a corrected line, rated and charged, once', async () => {
    const t = await tenant('Corrected');
    const good = encodeCdrLine(sent(t, 'a'));
    await storeCalls(api, good.replace('v=1', 'v=9'));
    const { id } = await issue();
    expect(await act(id, 'retry')).toMatchObject({ status: 409, body: { code: 'cdr_issue.still_faulty' } });
    expect(await act(id, 'retry', { line: 'worse' })).toMatchObject({ status: 409, body: { code: 'cdr_issue.still_faulty' } });
    expect(await audited(id)).toEqual([]);
    const { status, body } = await act(id, 'retry', { line: good });
    expect([status, body]).toEqual([200, expect.objectContaining({ resolution: 'stored', call_id: expect.stringMatching(/^cdr_/) })]);
    expect((await act(id, 'retry', { line: good })).body).toEqual(body);
    expect((await t.call('GET', `/v1/calls/${body.call_id}`)).body.rating.amount.amount).toBe('0.66');
    expect([await owed(t), await audited(id)]).toEqual(['0.66', ['cdr_issue.stored']]);
    expect(await storeCalls(api, good)).toMatchObject({ stored: 0, repeated: 1 });
    await booksAgree();
  });

  it('200: gives a line to a tenant', async () => {
    const t = await tenant('Attributed');
    await storeCalls(api, sent(nobody, 'b'));
    const { id } = await issue();
    expect((await act(id, 'retry')).status).toBe(409);
    expect((await act(id, 'retry', { tenant_id: t.id })).body).toMatchObject({ kind: 'unattributed', resolution: 'stored' });
    expect((await t.call('GET', '/v1/calls')).body.data).toHaveLength(1);
    expect(await storeCalls(api, sent(nobody, 'b'))).toMatchObject({ stored: 0, repeated: 1 });
    expect((await api.operator('GET', '/v1/cdr-issues')).body.data).toHaveLength(1);
  });

  it('200: happens once, also when two people do it at once', async () => {
    const t = await tenant('Twice at once');
    await storeCalls(api, sent(nobody, 'c'));
    const { id } = await issue();
    const answers = await Promise.all([1, 2, 3].map(() => act(id, 'retry', { tenant_id: t.id })));
    expect(answers.map((a) => a.status)).toEqual([200, 200, 200]);
    expect([await owed(t), await audited(id)]).toEqual(['0.66', ['cdr_issue.stored']]);
  });

  it('400, 404 and 409: for what cannot be', async () => {
    const t = await tenant('Cannot');
    await storeCalls(api, sent(t, 'd'), sent(t, 'd', { sipCode: 202 }));
    const { id } = await issue();
    expect(await act(id, 'retry')).toMatchObject({ status: 409, body: { code: 'cdr_issue.wrong_kind' } });
    expect((await act(id, 'retry', { line: '' })).body.errors[0].pointer).toBe('/line');
    expect((await act('cdi_00000000000000000000000000', 'retry')).status).toBe(404);
  });
});

describe('a conflict', () => {
  const conflict = async (t: Tenant, uid: string) => {
    const at = api.clock.now().getTime();
    const [first, second] = [sent(t, uid, { startedAtMs: at }), sent(t, uid, { startedAtMs: at, endedAtMs: at + 4_000 + 600_000 })];
    await storeCalls(api, first, second);
    return { ...(await issue()), first, second };
  };

  it('200: may be settled for what is stored', async () => {
    const t = await tenant('Keep');
    const { id, second } = await conflict(t, 'keep');
    expect((await act(id, 'keep-stored', { reason: 'a test call' })).body).toMatchObject({ resolution: 'kept', note: 'a test call' });
    expect([await owed(t), await audited(id)]).toEqual(['0.66', ['cdr_issue.kept']]);
    expect(await storeCalls(api, second)).toMatchObject({ stored: 0, repeated: 1 });
  });

  it('200: may be settled for the other: what was charged is credited, the call charged anew, once', async () => {
    const t = await tenant('Replace');
    const { id, first, second } = await conflict(t, 'replace');
    expect(await owed(t)).toBe('0.66');
    const answers = await Promise.all([1, 2].map(() => act(id, 'replace-stored', { reason: 'the edge lost its clock' })));
    expect(answers.map((a) => [a.status, a.body.resolution])).toEqual([[200, 'replaced'], [200, 'replaced']]); // prettier-ignore
    const { body } = await t.call('GET', '/v1/calls');
    expect(body.data).toEqual([expect.objectContaining({ id: answers[0]?.body.call_id, duration_secs: 600, billed_secs: 600 })]);
    expect(await owed(t)).toBe('6.00');
    const { rows } = await owner.query(`SELECT kind, amount_nanos::text AS n FROM posting WHERE tenant_id = $1 ORDER BY posted_at, kind`, [
      t.uuid,
    ]);
    expect(rows).toEqual(expect.arrayContaining([{ kind: 'usage_outbound', n: '660000000' }, { kind: 'credit_note', n: '660000000' }, { kind: 'usage_outbound', n: '6000000000' }])); // prettier-ignore
    expect([rows.length, await audited(id)]).toEqual([3, ['cdr_issue.replaced']]);
    expect(await storeCalls(api, second)).toMatchObject({ stored: 0, repeated: 1, conflicts: 0 });
    expect(await storeCalls(api, first)).toMatchObject({ stored: 0, conflicts: 1 }); // now it is the other that contradicts
    await booksAgree();
  });

  it('200: credits all of a call that was not answered after all', async () => {
    const t = await tenant('Not answered');
    const at = api.clock.now().getTime();
    await storeCalls(
      api,
      sent(t, 'na', { startedAtMs: at }),
      sent(t, 'na', { startedAtMs: at, outcome: 'failed', answeredAtMs: null, sipCode: 487 }),
    );
    await act((await issue()).id, 'replace-stored', { reason: 'cancelled' });
    expect([await owed(t), (await t.call('GET', '/v1/calls')).body.data[0].rating.state]).toEqual(['0.00', 'free']);
    await booksAgree();
  });

  it('409: when the call is not kept any more, or the issue is of another kind', async () => {
    const t = await tenant('Gone');
    const { id } = await conflict(t, 'gone');
    await owner.query('DELETE FROM cdr WHERE tenant_id = $1', [t.uuid]);
    expect(await act(id, 'replace-stored', { reason: 'x' })).toMatchObject({ status: 409, body: { code: 'cdr_issue.call_gone' } });
    await owner.query('TRUNCATE cdr_issue');
    await storeCalls(api, 'garbage');
    for (const verb of ['keep-stored', 'replace-stored'])
      expect(await act((await issue()).id, verb, { reason: 'x' })).toMatchObject({ status: 409, body: { code: 'cdr_issue.wrong_kind' } });
  });
});

describe('POST /v1/cdr-issues/{id}/discard', () => {
  it('200: with a reason, once; 409 when something else was done before; 400 without a reason', async () => {
    await storeCalls(api, 'garbage');
    const { id } = await issue();
    expect((await act(id, 'discard')).body.errors[0].pointer).toBe('/reason');
    const { body } = await act(id, 'discard', { reason: 'a truncated line' });
    expect(body).toMatchObject({ resolution: 'discarded', note: 'a truncated line', resolved_at: api.clock.now().toISOString() });
    expect((await act(id, 'discard', { reason: 'again' })).body).toEqual(body);
    expect(await audited(id)).toEqual(['cdr_issue.discarded']);
    expect(await act(id, 'retry', { line: 'x' })).toMatchObject({ status: 409, body: { code: 'cdr_issue.already_resolved' } });
    expect(await storeCalls(api, 'garbage')).toMatchObject({ repeated: 1, quarantined: 0 });
  });
});

describe('calls without a rate', () => {
  const unrated = (t: Tenant, uid: string, change: Partial<CdrRecord> = {}) => sent(t, uid, { destination: '+442071838750', ...change });

  it('200: are listed for the operator, of all tenants, by tenant, time and prefix', async () => {
    const [t, u] = [await tenant('Waits'), await tenant('Waits too')];
    await storeCalls(api, unrated(t, 'a'), unrated(t, 'b', { destination: '+33123456789' }), unrated(u, 'c'));
    const count = async (query: string) => (await api.operator('GET', `/v1/unrated-calls?${query}`)).body.data.length;
    expect(await count(`tenant_id=${t.id}`)).toBe(2);
    expect(await count(`tenant_id=${t.id}&prefix=33`)).toBe(1);
    expect(await count(`tenant_id=${u.id}&from=${new Date(api.clock.now().getTime() + 1000).toISOString()}`)).toBe(0);
    const { body } = await api.operator('GET', `/v1/unrated-calls?limit=1`);
    expect(body).toMatchObject({
      data: [{ rating: { state: 'unrated' }, tenant_id: expect.stringMatching(/^ten_/) }],
      next_cursor: expect.any(String),
    });
    expect((await api.operator('GET', '/v1/unrated-calls?prefix=x')).body.errors[0].pointer).toBe('/query/prefix');
    expect((await t.call('GET', '/v1/unrated-calls')).status).toBe(403);
  });

  it('200: are rated by prefix alone when asked so', async () => {
    const t = await tenant('By prefix');
    await storeCalls(api, unrated(t, 'a'), unrated(t, 'b', { destination: '+33123456789' }));
    const { deckId } = await api.prices();
    await api.operator(
      'POST',
      `/v1/decks/${deckId}/versions`,
      'prefix,destination,rate,initial,increment\n1,NA,0.60,6,6\n44,UK,0.60,6,6\n33,FR,0.60,6,6\n',
    );
    await owner.query(`UPDATE deck_version SET effective_from = '2026-01-01'`); // in force when they were answered
    const rate = (body: object) => api.operator('POST', '/v1/cdr-issues/rate-unrated', body);
    expect((await rate({ tenant_id: t.id, prefix: '33' })).body).toEqual({ rated: 1, still_unrated: 0 });
    expect((await rate({ prefix: '44' })).body.rated).toBeGreaterThan(0); // of all tenants
    expect((await rate({ tenant_id: t.id })).body).toEqual({ rated: 0, still_unrated: 0 });
    await booksAgree();
  });

  it('200: may be given up: free for good, with a reason; 409 the second time', async () => {
    const t = await tenant('Waived');
    await storeCalls(api, unrated(t, 'w', { destination: '+99912345678' }));
    const { id } = (await t.call('GET', '/v1/calls')).body.data[0];
    expect((await api.operator('POST', `/v1/unrated-calls/${id}/waive`, {})).body.errors[0].pointer).toBe('/reason');
    expect((await api.operator('POST', `/v1/unrated-calls/${id}/waive`, { reason: 'our mistake' })).status).toBe(200);
    expect(await api.operator('POST', `/v1/unrated-calls/${id}/waive`, { reason: 'again' })).toMatchObject({ status: 409, body: { code: 'call.not_unrated' } }); // prettier-ignore
    expect((await api.operator('POST', '/v1/unrated-calls/cdr_7zzzzzzzzzzzzzzzzzzzzzzzzz/waive', { reason: 'x' })).status).toBe(409);
    const { rating } = (await t.call('GET', `/v1/calls/${id}`)).body;
    expect(rating).toEqual({ state: 'free', amount: { amount: '0.00', currency: 'USD' }, explanation: { rate: null, steps: [expect.stringContaining('the operator charges nothing')] } }); // prettier-ignore
    expect((await owner.query(`SELECT data FROM audit_entry WHERE action = 'call.waived'`)).rows).toEqual([{ data: { tenantId: t.uuid, reason: 'our mistake' } }]); // prettier-ignore
  });
});
