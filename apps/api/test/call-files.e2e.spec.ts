import { createHash } from 'node:crypto';
import type { INestApplicationContext } from '@nestjs/common';
import { CdrJobsModule, EnforceRetention, RunCallExport } from '@trunkline/cdr/server';
import { fromPublicId, plainCell, systemContext } from '@trunkline/kernel';
import { createTestContext } from '@trunkline/testing';
import { parse } from 'csv-parse/sync';
import pg from 'pg';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { endedCall, storeCalls } from './store-calls.ts';

let api: ApiHarness;
let jobs: INestApplicationContext;
let owner: pg.Client;
beforeAll(async () => {
  api = await ApiHarness.start();
  jobs = await createTestContext(api.database, [CdrJobsModule.of({ keptMonths: 13 })], api.clock);
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await jobs?.close();
  await api?.stop();
});

type Tenant = { id: string; uuid: string; call: Call; key: string };
const tenant = async (name: string): Promise<Tenant> => {
  const { id, call, key } = await api.tenant(name);
  return { id, call, key, uuid: fromPublicId('tenant', id) ?? '' };
};
const sent = (t: Tenant, uid: string, change: object = {}) => endedCall(api, { uid, tenantId: t.uuid, ...change });
/** `count` calls, one a minute, back from now. */
const many = (t: Tenant, count: number) =>
  Array.from({ length: count }, (_, n) => sent(t, `m${n}`, { startedAtMs: api.clock.now().getTime() - (n + 2) * 60_000 }));
const rowsOf = (csv: string): Record<string, string>[] => parse(csv, { columns: true, record_delimiter: '\r\n' });
const NASTY = [`=cmd|' /C calc'!A0`, '+1202', '-2+3', '@SUM(A1)', '\tx', '\rx', `'=1`, '"quoted", comma', 'line\r\nbreak', 'Zoë 🐳'];

describe('GET /v1/calls/export', () => {
  it('200: CSV by RFC 4180 in which nothing is a formula, and from which everything can be had back', async () => {
    const t = await tenant('Nasty');
    await storeCalls(api, ...NASTY.map((from, n) => sent(t, `n${n}`, { from, startedAtMs: api.clock.now().getTime() - n * 1000 })));
    const { status, body, headers } = await t.call('GET', '/v1/calls/export');
    expect([status, headers['content-type'], headers['content-disposition']]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
      'attachment; filename="calls.csv"',
    ]);
    expect(body.split('\r\n')[0]).toMatch(/^id,direction,outcome,from,to,caller_id,destination,/);
    const rows = rowsOf(body);
    expect(rows.flatMap((row) => Object.values(row)).filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
    expect(rows.map((row) => plainCell(row['from'] ?? ''))).toEqual(NASTY);
    expect(rows[0]).toMatchObject({ destination: "'+12025550199", to: '12025550199', amount: '0.66', rating: 'rated', sip_code: '200' });
  });

  it('200: numbers of an export can be imported', async () => {
    const t = await tenant('Round trip');
    await storeCalls(api, sent(t, 'a', { destination: '+12025550171' }), sent(t, 'b', { destination: '+12025550172' }));
    const rows = rowsOf((await t.call('GET', '/v1/calls/export')).body);
    const sheet = `number\n${rows.map((row) => `"${row['destination'] ?? ''}"`).join('\n')}\n`;
    expect((await api.operator('POST', '/v1/number-imports', sheet)).body).toMatchObject({ imported: 2 });
  });

  it('200: NDJSON is the calls as the list shows them', async () => {
    const t = await tenant('Lines');
    await storeCalls(api, ...many(t, 5));
    const { body, headers } = await t.call('GET', '/v1/calls/export?format=ndjson');
    const lines = String(body).trimEnd().split('\n').map((line) => JSON.parse(line) as unknown); // prettier-ignore
    expect(headers['content-type']).toBe('application/x-ndjson');
    expect(lines).toEqual((await t.call('GET', '/v1/calls')).body.data);
  });

  it('200: takes the filters of the list, and has the head alone when nothing matches', async () => {
    const t = await tenant('Filtered');
    await storeCalls(api, ...many(t, 3), sent(t, 'x', { sipCode: 486, outcome: 'failed', answeredAtMs: null }));
    expect(rowsOf((await t.call('GET', '/v1/calls/export?sip_code=486')).body)).toHaveLength(1);
    expect((await t.call('GET', '/v1/calls/export?sip_code=404')).body.split('\r\n')).toHaveLength(2);
  });

  it('400: names the faulty parameter', async () => {
    const { call } = await tenant('Wrong');
    for (const query of ['format=xml', 'sip_class=9', 'limit=10', 'min_duration_secs=-1'])
      expect((await call('GET', `/v1/calls/export?${query}`)).body.errors[0].pointer).toBe(`/query/${query.split('=')[0]}`);
  });

  it('200: streams 20,000 calls, and survives a reader that hangs up', async () => {
    const t = await tenant('Long');
    const lines = Array.from({ length: 20_000 }, (_, n) =>
      sent(t, `l${n}`, { startedAtMs: api.clock.now().getTime() - 100_000 - n * 10_000 }),
    );
    for (let n = 0; n < lines.length; n += 5_000) await storeCalls(api, ...lines.slice(n, n + 5_000));
    await api.app.listen(0, '127.0.0.1');
    const url = `${await api.app.getUrl()}/v1/calls/export`;
    const headers = { authorization: `Bearer ${t.key}`, connection: 'close' };
    expect(rowsOf(await (await fetch(url, { headers })).text())).toHaveLength(20_000);
    const abort = new AbortController();
    const response = await fetch(url, { headers, signal: abort.signal });
    await response.body?.getReader().read();
    abort.abort();
    expect((await t.call('GET', '/v1/calls?limit=1')).status).toBe(200);
  });
});

describe('POST /v1/call-exports', () => {
  const make = async (t: Tenant, id: string) => jobs.get(RunCallExport).execute(t.uuid, fromPublicId('callExport', id) ?? '');

  it('201: becomes a file that is what it says, by a job', async () => {
    const t = await tenant('Exports');
    await storeCalls(api, ...many(t, 4_500), sent(t, 'other', { sipCode: 486, outcome: 'failed', answeredAtMs: null }));
    const { status, body } = await t.call('POST', '/v1/call-exports', { format: 'csv', sip_code: 200 });
    expect([status, body]).toEqual([
      201,
      expect.objectContaining({ object: 'call_export', state: 'pending', row_count: null, sha256: null }),
    ]);
    expect(await t.call('GET', `/v1/call-exports/${body.id}/download`)).toMatchObject({
      status: 409,
      body: { code: 'call_export.not_ready' },
    });
    await make(t, body.id);
    const { body: made } = await t.call('GET', `/v1/call-exports/${body.id}`);
    expect(made).toMatchObject({ state: 'completed', row_count: 4_500, finished_at: expect.any(String) });
    const { body: file, headers } = await t.call('GET', `/v1/call-exports/${body.id}/download`);
    expect(createHash('sha256').update(file).digest('hex')).toBe(made.sha256);
    expect([Number(headers['content-length']), Buffer.byteLength(file), rowsOf(file).length]).toEqual([
      made.byte_count,
      made.byte_count,
      4_500,
    ]);
    expect((await t.call('GET', '/v1/call-exports')).body.data).toEqual([made]);
    const { rows } = await owner.query(`SELECT type FROM outbox WHERE tenant_id = $1 AND type LIKE 'call_export%' ORDER BY created_at`, [
      t.uuid,
    ]);
    expect(rows.map((r: { type: string }) => r.type)).toEqual(['call_export.requested', 'call_export.completed']);
  });

  it('201: is begun anew after its worker died, and what the dead one wrote is not in the file', async () => {
    const t = await tenant('Dies');
    await storeCalls(api, ...many(t, 10));
    const { body } = await t.call('POST', '/v1/call-exports', { format: 'ndjson' });
    const id = fromPublicId('callExport', body.id) ?? '';
    await owner.query(`UPDATE call_export SET state = 'running', run = 1 WHERE id = $1`, [id]);
    await owner.query(`INSERT INTO call_export_chunk VALUES ($1, $2, 1, 0, 'left by the dead')`, [t.uuid, id]);
    await make(t, body.id);
    await owner.query(`INSERT INTO call_export_chunk VALUES ($1, $2, 1, 1, 'written by the dead')`, [t.uuid, id]); // it was only slow
    const { body: file } = await t.call('GET', `/v1/call-exports/${body.id}/download`);
    expect(String(file).trimEnd().split('\n')).toHaveLength(10);
    await make(t, body.id); // told twice: nothing more happens
    expect((await owner.query('SELECT run FROM call_export WHERE id = $1', [id])).rows).toEqual([{ run: 2 }]);
  });

  it('400: names the faulty field; a number is no text', async () => {
    const { call } = await tenant('Faulty');
    for (const [field, value] of Object.entries({ format: 'xml', sip_code: '486', number: '123', colour: 'red', from: 'yesterday' }))
      expect((await call('POST', '/v1/call-exports', { [field]: value })).body.errors[0].pointer).toBe(`/${field}`);
  });

  it('409: when five wait', async () => {
    const { call } = await tenant('Eager');
    const answers = await Promise.all(Array.from({ length: 12 }, () => call('POST', '/v1/call-exports', {})));
    expect(answers.filter(({ status }) => status === 201).length).toBe(5);
    expect(await call('POST', '/v1/call-exports', {})).toMatchObject({ status: 409, body: { code: 'call_export.too_many' } });
  });

  it('404 and expiry: the file is gone after a week', async () => {
    const t = await tenant('Old');
    const { body } = await t.call('POST', '/v1/call-exports', {});
    await make(t, body.id);
    await owner.query(`UPDATE call_export SET expires_at = now() - interval '1 day' WHERE id = $1`, [fromPublicId('callExport', body.id)]);
    await jobs.get(EnforceRetention).execute(systemContext('test'));
    expect((await t.call('GET', `/v1/call-exports/${body.id}`)).body.state).toBe('expired');
    expect((await t.call('GET', `/v1/call-exports/${body.id}/download`)).status).toBe(409);
    expect((await owner.query('SELECT count(*)::int AS n FROM call_export_chunk WHERE tenant_id = $1', [t.uuid])).rows).toEqual([{ n: 0 }]);
    expect((await t.call('GET', '/v1/call-exports/cex_00000000000000000000000000')).status).toBe(404);
  });
});
