import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { fromPublicId, systemContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { ReviewKycFile, isVerified } from '@trunkline/tenancy/server';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

let api: ApiHarness;
let operator: Call;
let owner: pg.Client;
const PDF = Buffer.from('%PDF-1.7 the register of companies');
const statement = {
  legal_name: 'Example GmbH',
  registration_number: 'HRB 1',
  tax_id: 'DE123456789',
  address_line: 'Hauptstraße 1',
  city: 'Berlin',
  postal_code: '10115',
  country: 'DE',
  use_case: 'office',
  calls_per_day: 200,
  destinations: ['US', 'DE'],
};
const upload = (call: Call, bytes = PDF, type = 'application/pdf', kind = 'registration') =>
  call('POST', `/v1/kyc-file/documents?kind=${kind}&file_name=register.pdf`, bytes, { 'content-type': type });
/** A tenant whose file is at the operator's. */
const submitted = async (name: string) => {
  const tenant = await api.tenant(name);
  await tenant.call('PATCH', '/v1/kyc-file', statement);
  await upload(tenant.call);
  expect((await tenant.call('POST', '/v1/kyc-file/submit')).body.state).toBe('submitted');
  return tenant;
};
const answer = (id: string, verb: string, body?: object) => operator('POST', `/v1/kyc-files/${id}/${verb}`, body);
const verified = (id: string) =>
  api.app.get(Database).read(systemContext('test'), (tx) => isVerified(tx, fromPublicId('tenant', id) ?? '', api.clock.now()));

beforeAll(async () => {
  api = await ApiHarness.start();
  operator = api.operator;
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await api?.stop();
});

describe('a file', () => {
  it('200: is empty at first, and says what is missing when it is submitted', async () => {
    const { call } = await api.tenant('Empty');
    expect((await call('GET', '/v1/kyc-file')).body).toMatchObject({
      object: 'kyc_file',
      state: 'unverified',
      legal_name: null,
      documents: [],
    });
    const { status, body } = await call('POST', '/v1/kyc-file/submit');
    expect([status, body.code]).toEqual([400, 'request.invalid']);
    expect(body.errors.map((e: { pointer: string }) => e.pointer)).toEqual([
      ...['/legal_name', '/address_line', '/city', '/postal_code', '/country', '/use_case', '/calls_per_day', '/documents'],
    ]);
  });

  it('200: is filled in bit by bit; the audit names the fields, not what they say', async () => {
    const { call } = await api.tenant('Filled');
    await call('PATCH', '/v1/kyc-file', { legal_name: 'Secret name' });
    const { body } = await call('PATCH', '/v1/kyc-file', { city: 'Bonn' });
    expect(body).toMatchObject({ legal_name: 'Secret name', city: 'Bonn', revision: 3 });
    expect((await call('PATCH', '/v1/kyc-file', { state: 'approved', country: 'xx' })).body.errors).toHaveLength(2);
    const entries = (await call('GET', '/v1/audit-entries?action=kyc_file.updated')).body.data;
    expect(entries.map((e: { data: object }) => e.data)).toEqual([{ fields: ['city'] }, { fields: ['legalName'] }]);
  });

  it('shows its risk to the operator, and to nobody else', async () => {
    const { id, call } = await submitted('Judged');
    expect((await operator('GET', `/v1/kyc-files/${id}`)).body.risk).toEqual({
      score: 25,
      level: 'low',
      factors: ['no_proof_of_address', 'elsewhere'],
    });
    expect((await call('GET', '/v1/kyc-file')).body).not.toHaveProperty('risk');
    const queue = (await operator('GET', '/v1/kyc-files?state=submitted')).body.data;
    expect(queue.map((f: { tenant_id: string }) => f.tenant_id)).toContain(id);
  });
});

describe('documents', () => {
  it('come back as they came; on disk they are sealed', async () => {
    const { call } = await api.tenant('Papers');
    const { status, body } = await upload(call);
    expect([status, body.media_type, body.byte_count, body.sha256]).toEqual([
      201,
      'application/pdf',
      PDF.length,
      expect.stringMatching(/^[0-9a-f]{64}$/),
    ]);
    const content = await call('GET', `/v1/kyc-file/documents/${body.id}/content`);
    expect([content.body, content.headers['content-type'], content.headers['x-content-type-options']]).toEqual([
      PDF.toString(),
      'application/pdf',
      'nosniff',
    ]);
    const files = readdirSync(api.documentsDir);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(readFileSync(join(api.documentsDir, file)).includes('register of companies')).toBe(false);
    expect((await call('DELETE', `/v1/kyc-file/documents/${body.id}`)).status).toBe(204);
    expect(readdirSync(api.documentsDir)).toHaveLength(files.length - 1);
    expect((await call('GET', `/v1/kyc-file/documents/${body.id}/content`)).status).toBe(404);
  });

  it.each([
    ['a page that says it is a PDF', Buffer.from('<html><script>'), 'application/pdf', 400, 'kyc.document_type'],
    ['a PDF that says it is a picture', PDF, 'image/png', 400, 'kyc.document_type'],
    ['6 MiB', Buffer.concat([PDF, Buffer.alloc(6 * 1024 * 1024)]), 'application/pdf', 413, 'request.too_large'],
    ['a ZIP', Buffer.from('PK\u0003\u0004'), 'application/zip', 415, 'request.unsupported_media_type'],
  ])('%s is refused, and nothing is kept', async (_, bytes, type, status, code) => {
    const { call } = await api.tenant('Refused');
    const before = readdirSync(api.documentsDir).length;
    const refused = await upload(call, bytes, type);
    expect([refused.status, refused.body.code]).toEqual([status, code]);
    expect((await call('GET', '/v1/kyc-file')).body.documents).toEqual([]);
    expect(readdirSync(api.documentsDir)).toHaveLength(before);
  });
  it('400: a kind there is not', async () => {
    const { status, body } = await upload((await api.tenant('Kinds')).call, PDF, 'application/pdf', 'poem');
    expect([status, body.errors[0].pointer]).toEqual([400, '/query/kind']);
  });
});

describe('the operator', () => {
  it('approves: verified until its months are over; then expired by the worker, and by the clock before it', async () => {
    const { id, call } = await submitted('Approved');
    expect(await verified(id)).toBe(false);
    const { body } = await answer(id, 'approve', { months: 1 });
    expect(body).toMatchObject({ state: 'approved', reason: null });
    expect(await verified(id)).toBe(true);
    expect((await call('PATCH', '/v1/kyc-file', { city: 'Bonn' })).body.code).toBe('kyc.not_editable');
    expect((await call('POST', '/v1/kyc-file/submit')).body.state).toBe('submitted'); // a renewal: within 60 days of the end
    expect(await verified(id)).toBe(true);
    api.clock.set(new Date(body.verified_until));
    expect(await verified(id)).toBe(false);
    const review = api.app.get(ReviewKycFile, { strict: false });
    expect([await review.expire(systemContext('test')), await review.expire(systemContext('test'))]).toEqual([1, 0]);
    expect((await call('GET', '/v1/kyc-file')).body).toMatchObject({ state: 'expired', verified_until: null });
    await call('PATCH', '/v1/kyc-file', { city: 'Bonn' });
    expect((await call('POST', '/v1/kyc-file/submit')).body.state).toBe('submitted');
  });

  it('ends the approvals of others though one cannot be ended', async () => {
    const made = [await submitted('Stuck'), await submitted('Behind'), await submitted('Behind, too')];
    let until = '';
    for (const { id } of made) until = (await answer(id, 'approve', { months: 1 })).body.verified_until;
    api.clock.set(new Date(until));
    const stuck = fromPublicId('tenant', made[0]!.id);
    await owner.query(`CREATE FUNCTION stick() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'planned'; END $$`);
    await owner.query(
      `CREATE TRIGGER stick BEFORE UPDATE ON kyc_file FOR EACH ROW WHEN (OLD.tenant_id = '${stuck}') EXECUTE FUNCTION stick()`,
    );
    const review = api.app.get(ReviewKycFile, { strict: false });
    const states = async () => Promise.all(made.map(async ({ call }) => (await call('GET', '/v1/kyc-file')).body.state));
    expect(await review.expire(systemContext('test'))).toBe(2);
    expect(await states()).toEqual(['approved', 'expired', 'expired']);
    await owner.query('DROP FUNCTION stick CASCADE');
    expect(await review.expire(systemContext('test'))).toBe(1);
    expect((await states())[0]).toBe('expired');
  });

  it('asks for more, says why, and a verification it had is over; the tenant answers', async () => {
    const { id, call } = await submitted('Asked');
    await answer(id, 'approve', {});
    expect(await verified(id)).toBe(true);
    expect((await answer(id, 'request-information', {})).body.errors[0].pointer).toBe('/reason');
    expect((await answer(id, 'request-information', { reason: 'Which office?' })).body).toMatchObject({
      state: 'more_information',
      verified_until: null,
    });
    expect(await verified(id)).toBe(false);
    expect((await call('GET', '/v1/kyc-file')).body.reason).toBe('Which office?');
    await call('PATCH', '/v1/kyc-file', { city: 'Bonn' });
    expect((await call('POST', '/v1/kyc-file/submit')).body).toMatchObject({ state: 'submitted', reason: null, city: 'Bonn' });
  });

  it('rejects, and lets begin anew', async () => {
    const { id, call } = await submitted('Rejected');
    expect((await answer(id, 'reject', { reason: 'No such company' })).body.state).toBe('rejected');
    expect((await call('POST', '/v1/kyc-file/submit')).body.code).toBe('kyc.not_editable');
    expect((await answer(id, 'approve', {})).body.code).toBe('kyc.not_reviewable');
    expect((await answer(id, 'reopen')).body.state).toBe('unverified');
    expect((await call('POST', '/v1/kyc-file/submit')).body.state).toBe('submitted');
  });

  it('404: knows no file of a tenant that is not there', async () => {
    expect((await operator('GET', '/v1/kyc-files/ten_01kaq8x4s7fyz8m2q0w3e5r6t7')).body.code).toBe('resource.not_found');
    expect((await answer('ten_01kaq8x4s7fyz8m2q0w3e5r6t7', 'approve', {})).body.code).toBe('resource.not_found');
  });

  it('is told of by an event each time, and every move is audited', async () => {
    const { rows } = await owner.query(`SELECT DISTINCT type FROM outbox WHERE type LIKE 'kyc.%' ORDER BY 1`);
    expect(rows.map((r: { type: string }) => r.type)).toEqual([
      'kyc.approved',
      'kyc.expired',
      'kyc.information_requested',
      'kyc.rejected',
      'kyc.reopened',
      'kyc.submitted',
    ]);
    const { data } = (await operator('GET', '/v1/platform-audit-entries?action=kyc_file.approved')).body;
    expect(data[0].data).toMatchObject({ from: 'submitted' });
  });
});

it('what networks are told of a tenant’s calls follows its file: approved, asked again, expired', async () => {
  const { id, call } = await submitted('Vouched for');
  const { body: carrier } = await operator('POST', '/v1/carriers', { name: 'Carrier' });
  const gateway = { uri: 'sip:192.0.2.50', source_addresses: ['192.0.2.50'] };
  const { body: through } = await operator('POST', `/v1/carriers/${carrier.id}/gateways`, gateway);
  await operator('POST', '/v1/carrier-routes', { kind: 'pstn', prefix: '1', gateway_id: through.id, priority: 1 });
  await operator('POST', '/v1/number-imports', 'number\n+12025558000\n');
  const settings = { name: 'Office', country: 'US', channels_max: 1, allowed_countries: ['US'] };
  const { body: trunk } = await call('POST', '/v1/trunks', settings);
  await call('POST', '/v1/numbers', { number: '+12025558000', trunk_id: trunk.id });
  await api.compileEdges();
  const attested = async () => {
    await api.compileMarked();
    return (await call('POST', '/v1/call-simulations', { trunk_id: trunk.id, from: '+12025558000', to: '+12025550199' })).body.attestation;
  };
  const [known, unknown] = [
    { level: 'A', reason: 'number_own' },
    { level: 'C', reason: 'customer_unverified' },
  ];
  expect(await attested()).toEqual(unknown);
  await answer(id, 'approve', {});
  expect(await attested()).toEqual(known);
  await answer(id, 'request-information', { reason: 'Which office?' });
  expect(await attested()).toEqual(unknown);
  await call('POST', '/v1/kyc-file/submit');
  const { body: approved } = await answer(id, 'approve', { months: 1 });
  expect(await attested()).toEqual(known);
  api.clock.set(new Date(approved.verified_until));
  await api.app.get(ReviewKycFile, { strict: false }).expire(systemContext('test'));
  expect(await attested()).toEqual(unknown);
});

describe('a policy', () => {
  const policy = { channels_max: 3, numbers_max: 1, calls_per_second_max: 2, countries: ['US'] };
  const trunk = (name: string, more: object = {}) => ({ name, country: 'US', channels_max: 2, calls_per_second_max: 2, ...more });
  let stranger: Awaited<ReturnType<ApiHarness['tenant']>>;
  beforeAll(async () => {
    expect((await operator('GET', '/v1/kyc-policy')).body).toMatchObject({ channels_max: null, countries: null, ports: 'reviewed' });
    expect((await operator('PUT', '/v1/kyc-policy', policy)).body).toMatchObject({
      object: 'kyc_policy',
      approved_for_months: 12,
      ...policy,
    });
    stranger = await submitted('Unverified');
  });
  const refusal = ({ status, body }: Awaited<ReturnType<Call>>) => [
    status,
    body.code,
    body.errors?.map((e: { pointer: string }) => e.pointer),
  ];

  it('limits what a tenant orders until it is verified, by names of fields', async () => {
    const { call } = stranger;
    expect((await call('POST', '/v1/trunks', trunk('first'))).status).toBe(201);
    expect(refusal(await call('POST', '/v1/trunks', trunk('second')))).toEqual([409, 'kyc.required', ['/channels_max']]);
    const beyond = trunk('third', { channels_max: 1, calls_per_second_max: null, allowed_countries: ['US', 'SO'] });
    expect(refusal(await call('POST', '/v1/trunks', beyond))).toEqual([
      409,
      'kyc.required',
      ['/calls_per_second_max', '/allowed_countries'],
    ]);
    await operator('POST', '/v1/number-imports', 'number\n+12025558001\n+12025558002\n');
    expect((await call('POST', '/v1/numbers', { number: '+12025558001' })).status).toBe(201);
    expect(refusal(await call('POST', '/v1/numbers', { number: '+12025558002' }))).toEqual([409, 'kyc.required', ['/number']]);
  });

  it('is not got around by changing what is there, and lets anything else be changed', async () => {
    const { call } = stranger;
    const [{ id }] = (await call('GET', '/v1/trunks')).body.data;
    const change = (body: object) => call('PATCH', `/v1/trunks/${id}`, body);
    expect(refusal(await change({ channels_max: 4 }))).toEqual([409, 'kyc.required', ['/channels_max']]);
    expect(refusal(await change({ allowed_countries: ['SO'] }))).toEqual([409, 'kyc.required', ['/allowed_countries']]);
    expect(refusal(await change({ calls_per_second_max: 9 }))).toEqual([409, 'kyc.required', ['/calls_per_second_max']]);
    expect((await change({ name: 'renamed', channels_max: 3, allowed_countries: ['US'] })).status).toBe(200);
  });

  it('counts orders at once one after the other', async () => {
    const { call } = await api.tenant('Hasty');
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => call('POST', '/v1/trunks', trunk(`t${i}`, { channels_max: 1 }))),
    );
    expect(answers.map((a) => a.status).sort()).toEqual([...Array<number>(3).fill(201), ...Array<number>(9).fill(409)]);
  });

  it('does not count what tenants below have', async () => {
    const reseller = await api.tenant('Reseller', undefined, { allotment: { tenants: 1 } });
    const below = await api.tenant('Below', undefined, { parent_id: reseller.id });
    expect((await below.call('POST', '/v1/trunks', trunk('below', { channels_max: 3 }))).status).toBe(201);
    expect((await reseller.call('POST', '/v1/trunks', trunk('own', { channels_max: 3 }))).status).toBe(201);
  });

  it('binds a verified tenant no more', async () => {
    const { id, call } = stranger;
    await answer(id, 'approve', {});
    expect((await call('POST', '/v1/trunks', trunk('large', { channels_max: 50, allowed_countries: ['SO'] }))).status).toBe(201);
  });

  it('cannot be lifted by a request of the tenant, whatever it is', async () => {
    const app = new pg.Client({ connectionString: api.database.appUrl });
    await app.connect();
    await app.query(`SELECT set_config('app.tenant_id', $1, false)`, [fromPublicId('tenant', stranger.id)]);
    await expect(app.query(`UPDATE tenant_node SET verified_until = 'infinity'`)).rejects.toMatchObject({ code: '42501' });
    await expect(app.query(`UPDATE kyc_policy SET channels_max = NULL`)).rejects.toMatchObject({ code: '42501' });
    await app.end();
  });
});
