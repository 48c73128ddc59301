import { fromPublicId, systemContext } from '@trunkline/kernel';
import { CodeSenderEmulator, Codes, ReviewVerification, SendCode } from '@trunkline/identity/server';
import { Database, Sealer } from '@trunkline/platform';
import pg from 'pg';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { ask } from './graphql-queries.ts';

let api: ApiHarness;
let owner: pg.Client;
let last = 5_550_000;
const freshNumber = () => `+1310${last++}`;

beforeAll(async () => {
  api = await ApiHarness.start();
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await api?.stop();
});

const begin = (call: Call, number: string, method = 'sms') => call('POST', '/v1/verified-numbers', { number, method });
const give = (call: Call, id: string, code: string) => call('POST', `/v1/verified-numbers/${id}/confirm`, { code });
/** What the emulator was to send. */
const codeFor = async (number: string): Promise<string> => {
  const { body } = await api.operator('GET', '/dev/verification-codes');
  return new RegExp(`\\${number} ([0-9]{6})`).exec(String(body))?.[1] ?? 'none';
};
const wrong = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0');
const marks = async (key: string) =>
  (await owner.query(`SELECT FROM edge_dirty WHERE resource_type = 'verified' AND resource_id = $1`, [key])).rowCount;
const paperOf = async (call: Call) =>
  (
    await call('POST', '/v1/kyc-file/documents?kind=other&file_name=loa.pdf', Buffer.from('%PDF-loa'), {
      'content-type': 'application/pdf',
    })
  ).body.id as string;

describe('by a code', () => {
  it('200: the right code verifies the number for a year, and the edges hear of it', async () => {
    const { id: tenant, call } = await api.tenant('Coded');
    const number = freshNumber();
    const { status, body } = await begin(call, number, 'voice');
    expect([status, body]).toMatchObject([201, { object: 'verified_number', number, state: 'pending', right: null, attempts_left: 5 }]);
    const { body: verified } = await give(call, body.id, await codeFor(number));
    expect(verified).toMatchObject({ state: 'verified', right: 'verified', code_expires_at: null });
    expect(new Date(verified.expires_at).getUTCFullYear()).toBe(api.clock.now().getUTCFullYear() + 1);
    expect(await marks(`${fromPublicId('tenant', tenant)}:${number.slice(1)}`)).toBe(1);
    expect(await codeFor(number)).toBe('none');
    expect((await call('GET', '/v1/verified-numbers')).body.data).toEqual([verified]);
  });

  it('is given, and asked for again, by the graph, too', async () => {
    const { call } = await api.tenant('Graphed');
    const number = freshNumber();
    const { id } = (await begin(call, number)).body;
    const change = (field: string) => ask(call, `mutation { it: ${field} { state attemptsLeft } }`);
    expect((await change(`confirmVerification(id: "${id}", input: { code: "${wrong(await codeFor(number))}" })`)).codes).toEqual(['verified_number.code_wrong']); // prettier-ignore
    api.clock.advance({ seconds: 120 });
    expect((await change(`resendVerification(id: "${id}")`)).data.it).toEqual({ state: 'pending', attemptsLeft: 5 });
    const given = await change(`confirmVerification(id: "${id}", input: { code: "${await codeFor(number)}" })`);
    expect(given.data.it).toMatchObject({ state: 'verified' });
  });

  it('400: a wrong one counts, also when it is sent many times at once, and after five the right one is worth nothing', async () => {
    const { call } = await api.tenant('Guessing');
    const number = freshNumber();
    const { id } = (await begin(call, number)).body;
    const code = await codeFor(number);
    const answers = await Promise.all(Array.from({ length: 9 }, () => give(call, id, wrong(code))));
    expect(answers.filter((a) => a.body.code === 'verified_number.code_wrong')).toHaveLength(5);
    expect(answers.filter((a) => a.body.code === 'verified_number.code_spent')).toHaveLength(4);
    expect((await give(call, id, code)).body.code).toBe('verified_number.code_spent');
    expect((await call('GET', `/v1/verified-numbers/${id}`)).body).toMatchObject({ state: 'pending', attempts_left: 0 });
  });

  it('409: is worth nothing after ten minutes; another takes its place', async () => {
    const { call } = await api.tenant('Late');
    const number = freshNumber();
    const { id } = (await begin(call, number)).body;
    const first = await codeFor(number);
    expect((await call('POST', `/v1/verified-numbers/${id}/resend`)).status).toBe(429);
    api.clock.advance({ seconds: 600 });
    expect((await give(call, id, first)).body.code).toBe('verified_number.code_spent');
    expect((await call('POST', `/v1/verified-numbers/${id}/resend`)).body).toMatchObject({ attempts_left: 5, sends_left: 1 });
    expect((await give(call, id, await codeFor(number))).body.state).toBe('verified');
    expect((await call('POST', `/v1/verified-numbers/${id}/resend`)).body.code).toBe('verified_number.not_pending');
  });

  it('429: keeps no telephone ringing, whoever asks', async () => {
    const number = freshNumber();
    const statuses = [];
    for (let i = 0; i < 6; i++) statuses.push((await begin((await api.tenant('One of many')).call, number)).status);
    expect(statuses).toEqual([201, 201, 201, 201, 201, 429]);
  });

  it('409: once at a time for each tenant; two tenants may both verify a number', async () => {
    const { call } = await api.tenant('Twice');
    const other = (await api.tenant('Also')).call;
    const number = freshNumber();
    const { id } = (await begin(call, number)).body;
    expect((await begin(call, number)).body).toMatchObject({ code: 'verified_number.exists', errors: [{ pointer: '/number' }] });
    await give(call, id, await codeFor(number));
    const second = (await begin(other, number)).body;
    expect((await give(other, second.id, await codeFor(number))).body.state).toBe('verified');
    expect((await call('POST', `/v1/verified-numbers/${id}/revoke`)).body.state).toBe('revoked');
    expect((await other('GET', `/v1/verified-numbers/${second.id}`)).body.state).toBe('verified');
    expect((await begin(call, number)).status).toBe(201);
  });

  it('keeps the code nowhere in clear', async () => {
    const number = freshNumber();
    const { id } = (await begin((await api.tenant('Secret')).call, number)).body;
    const code = await codeFor(number);
    const { rows } = await owner.query(
      `SELECT v::text || coalesce(encode(code_mac, 'escape'), '') || encode(code_sealed, 'escape') AS row FROM verified_number v WHERE id = $1
       UNION ALL SELECT payload::text FROM outbox UNION ALL SELECT data::text FROM audit_entry`,
      [fromPublicId('verifiedNumber', id)],
    );
    expect(rows.filter(({ row }) => new RegExp(`\\b${code}\\b`).test(row))).toEqual([]);
  });

  it('is forgotten once a real sender took it', async () => {
    const number = freshNumber();
    const { id: tenant, call } = await api.tenant('Sent');
    const { id } = (await begin(call, number)).body;
    const code = await codeFor(number);
    const sent: object[] = [];
    const real = Object.assign(new CodeSenderEmulator(), { isEmulator: false, send: async (c: object) => void sent.push(c) });
    const job = { data: { tenantId: fromPublicId('tenant', tenant)!, data: { verifiedNumberId: fromPublicId('verifiedNumber', id) } } };
    const processor = new SendCode(api.app.get(Database), api.clock, new Codes(api.app.get(Sealer)), real);
    await processor.process(job as never);
    await processor.process(job as never);
    expect(sent).toEqual([{ to: number, method: 'sms', code, reference: `${fromPublicId('verifiedNumber', id)}:2` }]);
    expect((await give(call, id, code)).body.state).toBe('verified');
  });
});

describe('by papers', () => {
  it('waits for the operator, who says what they are worth', async () => {
    const { id: tenant, call } = await api.tenant('Papers');
    const number = freshNumber();
    const document_id = await paperOf(call);
    const { body } = await call('POST', '/v1/verified-numbers', { number, method: 'document', document_id });
    expect(body).toMatchObject({ state: 'in_review', document_id });
    expect((await api.operator('GET', '/v1/verification-reviews')).body.data).toMatchObject([{ id: body.id, tenant_id: tenant }]);
    expect((await give(call, body.id, '123456')).body.code).toBe('verified_number.not_pending');
    const approve = () => api.operator('POST', `/v1/verification-reviews/${body.id}/approve`, { months: 2 });
    expect((await approve()).body).toMatchObject({ state: 'verified', right: 'documented' });
    expect((await approve()).body.code).toBe('verified_number.not_in_review');
    api.clock.advance({ days: 63 });
    expect((await call('GET', `/v1/verified-numbers/${body.id}`)).body.state).toBe('expired');
    const { rows } = await owner.query(`SELECT state FROM verified_number WHERE id = $1`, [fromPublicId('verifiedNumber', body.id)]);
    expect(rows).toEqual([{ state: 'verified' }]);
    await api.app.get(ReviewVerification).expire(systemContext('test'));
    expect(await marks(`${fromPublicId('tenant', tenant)}:${number.slice(1)}`)).toBe(2);
    const told = await owner.query(`SELECT FROM outbox WHERE type = 'verified_number.expired' AND payload->>'e164' = $1`, [number]);
    expect(told.rowCount).toBe(1);
  });

  it('is told why it was rejected', async () => {
    const { call } = await api.tenant('Rejected');
    const { id } = (
      await call('POST', '/v1/verified-numbers', { number: freshNumber(), method: 'document', document_id: await paperOf(call) })
    ).body;
    await api.operator('POST', `/v1/verification-reviews/${id}/reject`, { reason: 'Not signed' });
    expect((await call('GET', `/v1/verified-numbers/${id}`)).body).toMatchObject({ state: 'rejected', reason: 'Not signed' });
  });

  it('400: needs a paper of the tenant’s own', async () => {
    const { call } = await api.tenant('Paperless');
    const foreign = await paperOf((await api.tenant('Other')).call);
    const ask = (over: object) => call('POST', '/v1/verified-numbers', { number: freshNumber(), ...over });
    for (const over of [{ method: 'document' }, { method: 'sms', document_id: foreign }, { method: 'document', document_id: foreign }])
      expect((await ask(over)).body).toMatchObject({ code: 'request.invalid', errors: [{ pointer: '/document_id' }] });
  });
});
