import { newId, toPublicId } from '@trunkline/kernel';
import { ApiHarness } from './harness.ts';
import { makeVictim } from './victim.ts';

let api: ApiHarness;
let tenant: Awaited<ReturnType<ApiHarness['tenant']>>;
let trunk: string;
const stock = Array.from({ length: 120 }, (_, i) => `+1202557${1000 + i}`);

beforeAll(async () => {
  api = await ApiHarness.start();
  tenant = await api.tenant('Bulk');
  await api.operator('POST', '/v1/number-imports', `number\n${stock.join('\n')}\n`);
  trunk = (await tenant.call('POST', '/v1/trunks', { name: 'Bulk', country: 'US', channels_max: 1 })).body.id;
});
afterAll(() => api?.stop());

const order = (items: unknown, headers?: Record<string, string>) => tenant.call('POST', '/v1/numbers/bulk-order', { items }, headers);
const update = (items: unknown) => tenant.call('POST', '/v1/numbers/bulk-update', { items });
type Result = {
  resource: { id: string; number: string; revision: number; trunk_id: string | null } | null;
  problem: { status: number; code: string; errors: { pointer: string }[] } | null;
};
const codes = (body: { results: Result[] }) => body.results.map((r) => r.problem?.code ?? 'done');
const audited = async (action: string) =>
  (await tenant.call('GET', `/v1/audit-entries?action=${action}&limit=200`)).body.data.length as number;

describe('POST /v1/numbers/bulk-order', () => {
  it('200: each is ordered or refused by itself, in the order of the request', async () => {
    const { status, body } = await order([
      { number: stock[0], trunk_id: trunk },
      { number: '+12025559999' },
      { number: stock[1], external_reference: 'second' },
      { number: stock[0] },
      { number: stock[2], trunk_id: toPublicId('trunk', newId()) },
    ]);
    expect([status, body.object, body.succeeded, body.failed]).toEqual([200, 'bulk', 2, 3]);
    expect(codes(body)).toEqual(['done', 'number.not_available', 'done', 'number.not_available', 'request.invalid']);
    expect(body.results[4].problem).toMatchObject({ status: 400, errors: [{ pointer: '/items/4/trunk_id' }] });
    expect(body.results[2].resource).toMatchObject({ number: stock[1], external_reference: 'second', provisioning: expect.any(Object) });
    expect((await tenant.call('GET', '/v1/numbers')).body.data).toHaveLength(2);
    expect((await tenant.call('GET', `/v1/available-numbers?starts_with=${stock[2]!.slice(1)}`)).body.data).toHaveLength(1); // refused: nobody's
  });

  it('200: a hundred at once, and the same answer for the same Idempotency-Key', async () => {
    const items = stock.slice(10, 110).map((number) => ({ number, trunk_id: trunk }));
    const first = await order(items, { 'idempotency-key': 'hundred' });
    expect([first.body.succeeded, first.body.failed]).toEqual([100, 0]);
    expect((await order(items, { 'idempotency-key': 'hundred' })).body).toEqual(first.body);
  });

  it('400: none, more than a hundred, and which of them is wrong', async () => {
    for (const items of [[], stock.slice(0, 101).map((number) => ({ number }))]) {
      const { status, body } = await order(items);
      expect([status, body.errors[0].pointer]).toEqual([400, '/items']);
    }
    const { body } = await order([{ number: stock[3] }, { number: '202', tenant_id: 'x' }]);
    expect(body.errors.map((e: { pointer: string }) => e.pointer).sort()).toEqual(['/items/1/number', '/items/1/tenant_id']);
  });
});

describe('POST /v1/numbers/bulk-update', () => {
  it('200: each is changed or refused by itself; what is refused leaves no trace', async () => {
    const victim = await makeVictim(api);
    const { body: page } = await tenant.call('GET', '/v1/numbers?limit=3');
    const [a, b, c] = page.data as { id: string; revision: number }[];
    const before = await audited('number.updated');
    const { status, body } = await update([
      { id: a!.id, trunk_id: null, revision: a!.revision },
      { id: b!.id, trunk_id: null, revision: b!.revision + 1 },
      { id: victim.number, trunk_id: null },
      { id: toPublicId('number', newId()), trunk_id: null },
      { id: c!.id, trunk_id: victim.trunk },
    ]);
    expect([status, codes(body)]).toEqual([
      200,
      ['done', 'request.revision_mismatch', 'resource.not_found', 'resource.not_found', 'request.invalid'],
    ]);
    expect(body.results[0].resource).toMatchObject({ id: a!.id, trunk_id: null, revision: a!.revision + 1 });
    expect((await victim.call('GET', `/v1/numbers/${victim.number}`)).body.trunk_id).toBe(victim.trunk);
    expect((await tenant.call('GET', `/v1/numbers/${c!.id}`)).body).toMatchObject(c!);
    expect(await audited('number.updated')).toBe(before + 1);
  });
});
