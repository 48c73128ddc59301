import { newId, systemContext, toPublicId } from '@trunkline/kernel';
import { AdvanceNumberOrders } from '@trunkline/numbers/server';
import { ReviewBundle } from '@trunkline/regulatory/server';
import pg from 'pg';
import { ApiHarness } from './harness.ts';

let api: ApiHarness;
let owner: pg.Client;
let tenant: Awaited<ReturnType<ApiHarness['tenant']>>;
let bundle: string;
let bill: string;
beforeAll(async () => {
  api = await ApiHarness.start();
  tenant = await api.tenant('Papers');
  await api.operator('POST', '/v1/number-imports', 'number\n+442079460018\n+442079460019\n+442079460020\n+12025550151\n');
  const url = '/v1/kyc-file/documents?kind=other&file_name=bill.pdf';
  bill = (await tenant.call('POST', url, Buffer.from('%PDF-bill'))).body.id;
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await api?.stop();
});

const events = async (type: string) =>
  (await owner.query('SELECT payload FROM outbox WHERE type = $1 ORDER BY created_at', [type])).rows.map((r) => r.payload);
const change = (body: object) => tenant.call('PATCH', `/v1/regulatory-bundles/${bundle}`, body);
const faults = async () =>
  (await tenant.call('GET', `/v1/regulatory-bundles/${bundle}/evaluation`)).body.findings
    .filter((f: { fault: string | null }) => f.fault)
    .map((f: { code: string; fault: string }) => `${f.code}: ${f.fault}`);
const london = { line: '1 Strand', city: 'London', postal_code: 'WC2N 5HR', country: 'GB' };
const advance = () => api.app.get(AdvanceNumberOrders).execute(systemContext('test'));
const order = (body: object) => tenant.call('POST', '/v1/number-orders', body);
const codes = (body: { items: { state: string; code: string | null }[] }) => body.items.map((i) => i.code ?? i.state);

it('GET /v1/regulatory-rules: what is asked for, in the versions that hold or in all', async () => {
  const { body } = await tenant.call('GET', '/v1/regulatory-rules?country=DE');
  const local = body.rules.find((r: { number_type: string; end_user: string }) => r.number_type === 'local' && r.end_user === 'business');
  expect([local.version, local.requirements.map((r: { code: string }) => r.code)]).toEqual([
    2,
    ['name', 'business_registration', 'address', 'address_proof'],
  ]);
  const { body: all } = await tenant.call('GET', '/v1/regulatory-rules?country=DE&versions=all');
  expect(all.rules.length).toBeGreaterThan(body.rules.length);
});

describe('a bundle', () => {
  it('201: is a draft that names each thing it lacks; 409: and cannot be submitted so', async () => {
    const { status, body } = await tenant.call('POST', '/v1/regulatory-bundles', {
      name: 'London',
      country: 'GB',
      number_type: 'local',
      end_user: 'business',
    });
    bundle = body.id;
    expect([status, body.state, await faults()]).toEqual([201, 'draft', ['name: missing', 'address: missing']]);
    const refused = await tenant.call('POST', `/v1/regulatory-bundles/${bundle}/submit`);
    expect([refused.status, refused.body.code, refused.body.errors.map((e: { pointer: string }) => e.pointer)]).toEqual([
      409,
      'regulatory_bundle.incomplete',
      ['/items/name', '/items/address'],
    ]);
  });

  it.each([
    [[{ code: 'name', text: 'A', address: london }], '/items/0'],
    [[{ code: 'name' }], '/items/0'],
    [[{ code: 'Name', text: 'A' }], '/items/0/code'],
    [[{ code: 'name', text: 'A' }, { code: 'name', text: 'B' }], '/items'], // prettier-ignore
    [[{ code: 'bill', document: { document_id: toPublicId('kycDocument', newId()) } }], '/items/0/document/document_id'],
    [[{ code: 'bill', document: { document_id: 'nonsense' } }], '/items/0/document/document_id'],
  ])('400: %j', async (items, pointer) => {
    const { status, body } = await change({ items });
    expect([status, body.errors[0].pointer]).toEqual([400, pointer]);
  });

  it('200: is filled, submitted, and stays as it was seen', async () => {
    const items = [
      { code: 'name', text: 'Acme Ltd' },
      { code: 'address', address: london },
      { code: 'address_proof', document: { document_id: bill, issued_on: '2026-11-01', expires_on: null } },
    ];
    const { status, body } = await change({ items });
    expect([status, body.items[2].document, await faults()]).toEqual([200, items[2]!.document, []]);
    expect((await tenant.call('POST', `/v1/regulatory-bundles/${bundle}/submit`)).body.state).toBe('submitted');
    expect((await change({ name: 'x' })).body.code).toBe('regulatory_bundle.not_editable');
    expect((await api.operator('GET', '/v1/regulatory-reviews')).body.data.map((b: { id: string }) => b.id)).toEqual([bundle]);
  });

  it('200: is rejected with a reason, mended, and submitted again', async () => {
    const { body } = await api.operator('POST', `/v1/regulatory-reviews/${bundle}/reject`, {
      reason: 'The name is not that of the register',
    });
    expect([body.state, body.reason]).toEqual(['rejected', 'The name is not that of the register']);
    expect((await change({ items: [{ code: 'name', text: 'Acme Limited' }] })).body).toMatchObject({ state: 'draft', reason: null });
    expect((await tenant.call('POST', `/v1/regulatory-bundles/${bundle}/submit`)).status).toBe(200);
  });
});

describe('an order of numbers', () => {
  it('takes no papers until the operator asks for some', async () => {
    expect((await tenant.call('POST', '/v1/numbers', { number: '+442079460020' })).status).toBe(201);
    const { body } = await api.operator('PUT', '/v1/regulatory-policy', { countries: ['GB', 'US'] });
    expect([body.countries, (await api.operator('GET', '/v1/regulatory-policy')).body]).toEqual([['GB', 'US'], body]);
  });

  it('409: a number by itself is refused', async () => {
    const { status, body } = await tenant.call('POST', '/v1/numbers', { number: '+442079460018' });
    expect([status, body.code]).toEqual([409, 'regulatory.bundle_missing']);
  });

  it('waits for its papers by name, and goes on when they are approved', async () => {
    const { body } = await order({ numbers: ['+442079460018', '+12025550151'] });
    expect([body.state, codes(body)]).toEqual(['waiting', ['regulatory.bundle_missing', 'succeeded']]);
    const named = await tenant.call('PATCH', `/v1/number-orders/${body.id}`, { regulatory_bundle_id: bundle });
    expect([named.status, named.body.regulatory_bundle_id]).toEqual([200, bundle]);
    await advance();
    const read = () => tenant.call('GET', `/v1/number-orders/${body.id}`);
    expect(codes((await read()).body)).toEqual(['regulatory.bundle_unapproved', 'succeeded']);
    const validUntil = new Date(api.clock.now().getTime() + 61 * 86_400_000).toISOString();
    const { body: approved } = await api.operator('POST', `/v1/regulatory-reviews/${bundle}/approve`, { valid_until: validUntil });
    expect([approved.state, approved.valid_until]).toEqual(['approved', validUntil]);
    api.clock.advance({ ms: 600_000 });
    await advance();
    expect((await read()).body).toMatchObject({ state: 'succeeded', completed_at: api.clock.now().toISOString() });
  });

  it('with approved papers is done at once; with those of another tenant it is refused', async () => {
    const stranger = await api.tenant('Stranger');
    const body = { numbers: ['+442079460019'], regulatory_bundle_id: bundle };
    const { status, body: problem } = await stranger.call('POST', '/v1/number-orders', body);
    expect([status, problem.errors[0].pointer]).toEqual([400, '/regulatory_bundle_id']);
    expect((await order(body)).body.state).toBe('succeeded');
  });
});

it('time: an approval is told of 60, 30 and 7 days before its end, once each, and then is over', async () => {
  const sweep = async (days: number) => {
    api.clock.advance({ days });
    const review = api.app.get(ReviewBundle);
    await review.sweep(systemContext('test'));
    await review.sweep(systemContext('test'));
    return (await events('regulatory_bundle.expiring')).map(({ days: left }) => left);
  };
  expect(await sweep(0)).toEqual([]);
  expect(await sweep(1)).toEqual([60]);
  expect(await sweep(29)).toEqual([60]);
  expect(await sweep(1)).toEqual([60, 30]);
  expect(await sweep(25)).toEqual([60, 30, 7]);
  expect((await tenant.call('GET', `/v1/regulatory-bundles/${bundle}`)).body.state).toBe('approved');
  await sweep(5);
  expect([(await tenant.call('GET', `/v1/regulatory-bundles/${bundle}`)).body.state, await events('regulatory_bundle.expired')]).toEqual([
    'expired',
    [expect.objectContaining({ reason: null })],
  ]);
});
