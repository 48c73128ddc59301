import { gzipSync } from 'node:zlib';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

let api: ApiHarness;
let operator: Call;
let call: Call;
beforeAll(async () => {
  api = await ApiHarness.start();
  operator = api.operator;
  call = (await api.tenant('Buyer')).call;
});
afterAll(() => api?.stop());

const MISSING = '01kaq8x4s7fyz8m2q0w3e5r6t7';
let count = 0;
/** Puts new numbers of area 202 into the inventory. */
const stock = async (howMany = 1): Promise<string[]> => {
  const numbers = Array.from({ length: howMany }, () => `+1202555${String(++count).padStart(4, '0')}`);
  await operator('POST', '/v1/number-imports', `number\n${numbers.join('\n')}\n`);
  return numbers;
};
const order = async (body: object = {}) => {
  const [number] = await stock();
  return (await call('POST', '/v1/numbers', { number, ...body })).body;
};
let trunks = 0;
const newTrunk = async (as = call): Promise<string> =>
  (await as('POST', '/v1/trunks', { name: `Trunk ${++trunks}`, country: 'US', channels_max: 1 })).body.id;
const pointers = (body: { errors: { pointer: string }[] }) => body.errors.map((e) => e.pointer).sort();
const numbersIn = (body: { data: { number: string }[] }) => body.data.map((n) => n.number);

describe('POST /v1/number-imports', () => {
  it('201: takes the good lines, reports the bad ones by line and column', async () => {
    const carrier = (await operator('POST', '/v1/carriers', { name: 'Owner of numbers' })).body.id;
    const csv = `number,locality,carrier_id\n+442079460018,London,${carrier}\n+1202555012345678,Here,\n+442079460019,,car_x\n+442079460018,,\n`;
    const { status, body } = await operator('POST', '/v1/number-imports', csv);
    expect(status).toBe(201);
    expect(body).toMatchObject({ object: 'number_import', imported: 1, unchanged: 0, refused: 3 });
    expect(body.errors.map((e: { line: number; column: string; code: string }) => [e.line, e.column, e.code])).toEqual([
      [3, 'number', 'too_long'],
      [4, 'carrier_id', 'unknown'],
      [5, 'number', 'duplicate'],
    ]);
    const { body: inventory } = await operator('GET', '/v1/inventory-numbers?starts_with=4420');
    expect(inventory.data).toMatchObject([
      { number: '+442079460018', country: 'GB', area_code: '20', locality: 'London', carrier_id: carrier, state: 'available' },
    ]);
    expect((await operator('POST', '/v1/number-imports', csv)).body).toMatchObject({ imported: 0, unchanged: 1, refused: 3 });
  });

  it('400: broken CSV says its line', async () => {
    const { status, body } = await operator('POST', '/v1/number-imports', 'number,locality\n+442079460020,"London\n+442079460021,x\n');
    expect([status, body.code, pointers(body)]).toEqual([400, 'number_import.sheet_invalid', ['/csv/2']]);
    expect((await operator('GET', '/v1/inventory-numbers?starts_with=44207946002')).body.data).toEqual([]);
  });
  it('400: another content type', async () => {
    const { status, body } = await operator('POST', '/v1/number-imports', { number: '+442079460022' });
    expect(status).toBe(400);
    expect(body.errors[0].detail).toContain('text/csv');
  });
  it('403: for a tenant', async () => {
    expect((await call('POST', '/v1/number-imports', 'number\n+442079460023\n')).body.code).toBe('auth.operator_only');
    expect((await call('GET', '/v1/inventory-numbers')).body.code).toBe('auth.operator_only');
  });
  it('replays an Idempotency-Key', async () => {
    const send = () => operator('POST', '/v1/number-imports', 'number\n+442079460024\n', { 'idempotency-key': 'import' });
    const first = await send();
    expect((await send()).body).toEqual(first.body);
    expect(first.body.imported).toBe(1);
  });
});

describe('GET /v1/available-numbers', () => {
  beforeAll(async () => {
    const numbers = ['+13105550001', '+13105550002', '+13105550013', '+14155550001', '+493012345678'];
    await operator('POST', '/v1/number-imports', `number\n${numbers.join('\n')}\n`);
  });
  const search = async (query: string) => numbersIn((await call('GET', `/v1/available-numbers?${query}`)).body);

  it('200: by country, area code, beginning and digits, in order', async () => {
    expect(await search('country=DE')).toEqual(['+493012345678']);
    expect(await search('country=US&area_code=310')).toEqual(['+13105550001', '+13105550002', '+13105550013']);
    expect(await search('starts_with=1310555000')).toEqual(['+13105550001', '+13105550002']);
    expect(await search('starts_with=%2B1310')).toHaveLength(3);
    expect(await search('contains=50001')).toEqual(['+13105550001', '+14155550001']);
    expect(await search('country=US&area_code=310&contains=13&starts_with=13105')).toHaveLength(3);
    expect(await search('country=FR')).toEqual([]);
  });
  it('200: with the price of the tenant’s plan', async () => {
    const { body } = await call('GET', '/v1/available-numbers?country=DE');
    expect(body.data[0]).toEqual({
      object: 'available_number',
      number: '+493012345678',
      country: 'DE',
      area_code: '30',
      region: null,
      locality: null,
      rate_center: null,
      lata: null,
      type: 'local',
      features: ['voice'],
      match: 'exact',
      monthly: { amount: '2.00', currency: 'USD' },
      setup: { amount: '0.25', currency: 'USD' },
    });
  });
  it('200: pages without gap or repeat', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: { data: { number: string }[]; next_cursor: string | null } } = await call(
        'GET',
        `/v1/available-numbers?area_code=310&limit=2${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...numbersIn(body));
      cursor = body.next_cursor;
    }
    expect(seen).toEqual(['+13105550001', '+13105550002', '+13105550013']);
  });
  it('400: names the faulty parameter', async () => {
    const { body } = await call('GET', '/v1/available-numbers?country=us&area_code=x&starts_with=0&contains=%25&state=assigned');
    expect(pointers(body)).toEqual(['/query/area_code', '/query/contains', '/query/country', '/query/starts_with', '/query/state']);
    expect((await call('GET', '/v1/available-numbers?cursor=nonsense')).body.code).toBe('request.bad_cursor');
  });
  it('409: without a plan there is no price', async () => {
    const { call: planless } = await api.tenant('Planless', undefined, { plan: false });
    expect((await planless('GET', '/v1/available-numbers')).body.code).toBe('plan.none_assigned');
    const [number] = await stock();
    expect((await planless('POST', '/v1/numbers', { number })).body.code).toBe('plan.none_assigned');
    expect(await search(`starts_with=${number?.slice(1)}`)).toEqual([number]);
  });
});

describe('POST /v1/numbers', () => {
  it('201: an active number, pointed at a trunk', async () => {
    const trunk_id = await newTrunk();
    const body = await order({ trunk_id, external_reference: 'desk 7' });
    expect(body).toMatchObject({
      object: 'number',
      country: 'US',
      state: 'active',
      trunk_id,
      external_reference: 'desk 7',
      released_at: null,
      quarantined_until: null,
      revision: 1,
    });
    expect(body.provisioning).toMatchObject({ state: 'pending', revision: 1 });
    expect((await call('GET', `/v1/numbers/${body.id}`)).body).toEqual(body);
    expect(numbersIn((await call('GET', `/v1/available-numbers?starts_with=${body.number.slice(1)}`)).body)).toEqual([]);
  });
  it('400: names every faulty field', async () => {
    expect(pointers((await call('POST', '/v1/numbers', { number: '2025550123', trunk_id: 'x', color: 'red' })).body)).toEqual([
      '/color',
      '/number',
      '/trunk_id',
    ]);
    expect(pointers((await call('POST', '/v1/numbers', { number: '+1234567890123456' })).body)).toEqual(['/number']);
  });
  it('400: a trunk of nobody, of another tenant, deleted: one answer, and the number stays available', async () => {
    const [number] = await stock();
    const deleted = await newTrunk();
    await call('DELETE', `/v1/trunks/${deleted}`);
    const foreign = await newTrunk((await api.tenant('Other')).call);
    for (const trunk_id of [`trk_${MISSING}`, foreign, deleted]) {
      const { status, body } = await call('POST', '/v1/numbers', { number, trunk_id });
      expect([status, body.errors]).toEqual([400, [{ pointer: '/trunk_id', code: 'unknown', detail: 'No such trunk' }]]);
    }
    expect((await call('POST', '/v1/numbers', { number })).status).toBe(201);
  });
  it('403: without the scope', async () => {
    const { call: reader } = await api.tenant('Reader', ['numbers:read']);
    expect((await reader('POST', '/v1/numbers', { number: '+12025559999' })).body.code).toBe('auth.scope_missing');
  });
  it('409: somebody has it, nobody ever had it: one answer', async () => {
    const { number } = await order();
    const { call: other } = await api.tenant('Late');
    const answers = await Promise.all([
      other('POST', '/v1/numbers', { number }),
      call('POST', '/v1/numbers', { number }),
      other('POST', '/v1/numbers', { number: '+12025559999' }),
    ]);
    for (const { status, body } of answers) expect([status, body.code, pointers(body)]).toEqual([409, 'number.not_available', ['/number']]);
  });
  it('replays an Idempotency-Key: one number, charged once', async () => {
    const [number] = await stock();
    const send = () => call('POST', '/v1/numbers', { number }, { 'idempotency-key': 'order' });
    const first = await send();
    expect((await send()).body).toEqual(first.body);
    expect((await call('POST', '/v1/numbers', { number: '+12025559998' }, { 'idempotency-key': 'order' })).status).toBe(422);
  });
});

describe('GET /v1/numbers', () => {
  it('200: newest first, of one trunk', async () => {
    const trunk_id = await newTrunk();
    const [one, two] = [await order({ trunk_id }), await order({ trunk_id })];
    expect(numbersIn((await call('GET', `/v1/numbers?trunk_id=${trunk_id}`)).body).sort()).toEqual([one.number, two.number]);
    const { body } = await call('GET', '/v1/numbers?limit=1');
    expect(body.data).toHaveLength(1);
    expect(body.next_cursor).not.toBeNull();
    expect((await call('GET', `/v1/numbers?limit=1&cursor=${body.next_cursor}`)).body.data[0].id).not.toBe(body.data[0].id);
  });
  it('400: unknown parameter, a trunk id that is none', async () => {
    expect(pointers((await call('GET', '/v1/numbers?color=red&trunk_id=x')).body)).toEqual(['/query/color', '/query/trunk_id']);
  });
  it('404: of another tenant the same as missing', async () => {
    const { id } = await order();
    const { call: other } = await api.tenant('Stranger');
    for (const [method, url, body] of [
      ['GET', ''],
      ['PATCH', '', { external_reference: 'mine' }],
      ['POST', '/release'],
    ] as const) {
      const foreign = await other(method, `/v1/numbers/${id}${url}`, body);
      const missing = await other(method, `/v1/numbers/num_${MISSING}${url}`, body);
      expect([foreign.status, { ...foreign.body, request_id: '' }]).toEqual([404, { ...missing.body, request_id: '' }]);
    }
    expect((await call('GET', `/v1/numbers/${id}`)).body).toMatchObject({ revision: 1, state: 'active', external_reference: null });
  });
});

describe('PATCH /v1/numbers/{id}', () => {
  it('200: points it at a trunk, then at none; a change that changes nothing keeps the revision', async () => {
    const { id } = await order();
    const trunk_id = await newTrunk();
    expect((await call('PATCH', `/v1/numbers/${id}`, { trunk_id })).body).toMatchObject({
      trunk_id,
      revision: 2,
      provisioning: { revision: 2 },
    });
    expect((await call('PATCH', `/v1/numbers/${id}`, { trunk_id })).body.revision).toBe(2);
    expect((await call('DELETE', `/v1/trunks/${trunk_id}`)).body.code).toBe('trunk.in_use');
    expect((await call('PATCH', `/v1/numbers/${id}`, { trunk_id: null, external_reference: 'x' })).body).toMatchObject({
      trunk_id: null,
      external_reference: 'x',
      revision: 3,
    });
    expect((await call('DELETE', `/v1/trunks/${trunk_id}`)).status).toBe(204);
  });
  it('400: a trunk of nobody or of another tenant', async () => {
    const { id } = await order();
    const foreign = await newTrunk((await api.tenant('Owner')).call);
    for (const trunk_id of [`trk_${MISSING}`, foreign])
      expect(pointers((await call('PATCH', `/v1/numbers/${id}`, { trunk_id })).body)).toEqual(['/trunk_id']);
    expect(pointers((await call('PATCH', `/v1/numbers/${id}`, { number: '+12025550199' })).body)).toEqual(['/number']);
  });
});

describe('a trunk deleted while a number is pointed at it', () => {
  it('either stays, or the number does not point at it', async () => {
    const { id } = await order();
    for (let i = 0; i < 8; i++) {
      const trunk_id = await newTrunk();
      const [point, remove] = await Promise.all([
        call('PATCH', `/v1/numbers/${id}`, { trunk_id }),
        call('DELETE', `/v1/trunks/${trunk_id}`),
      ]);
      expect([
        [200, 409],
        [400, 204],
      ]).toContainEqual([point.status, remove.status]);
    }
  });
});

describe('POST /v1/numbers/{id}/release', () => {
  it('200: rests visibly for 45 days, cannot be changed or ordered, then is gone and available', async () => {
    const { id, number } = await order({ trunk_id: await newTrunk() });
    const start = api.clock.now();
    const { status, body } = await call('POST', `/v1/numbers/${id}/release`);
    const until = new Date(start.getTime() + 45 * 86_400_000);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      state: 'quarantined',
      trunk_id: null,
      released_at: start.toISOString(),
      quarantined_until: until.toISOString(),
      revision: 2,
    });
    expect(numbersIn((await call('GET', '/v1/numbers')).body)).toContain(number);
    const inventory = async () => (await operator('GET', `/v1/inventory-numbers?starts_with=${number.slice(1)}`)).body.data[0];
    expect(await inventory()).toMatchObject({ state: 'quarantined', quarantined_until: until.toISOString() });
    expect(numbersIn((await operator('GET', '/v1/inventory-numbers?state=quarantined')).body)).toEqual([number]);
    for (const again of [
      await call('PATCH', `/v1/numbers/${id}`, { external_reference: 'x' }),
      await call('POST', `/v1/numbers/${id}/release`),
    ])
      expect([again.status, again.body.code]).toEqual([409, 'number.released']);
    expect((await call('POST', '/v1/numbers', { number })).body.code).toBe('number.not_available');
    api.clock.set(until);
    expect(await inventory()).toMatchObject({ state: 'available', quarantined_until: null });
    expect((await call('GET', `/v1/numbers/${id}`)).status).toBe(404);
    expect((await call('POST', '/v1/numbers', { number })).status).toBe(201);
    api.clock.set(start);
  });
});

describe('number reservations', () => {
  const reserve = (items: object[], as = call, verb = '') => as('POST', `/v1/number-reservations${verb}`, { items });
  const codes = (body: { results: { problem: { code: string } | null }[] }) => body.results.map((r) => r.problem?.code ?? 'done');

  it('200: each is kept for 15 minutes or refused by itself, listed, extended, given up', async () => {
    const [a, b] = await stock(2);
    const { call: other } = await api.tenant('Reserver');
    await reserve([{ number: b }], other);
    const { status, body } = await reserve([{ number: a }, { number: b }, { number: '+12025559998' }]);
    expect([status, codes(body)]).toEqual([200, ['done', 'number.not_available', 'number.not_available']]);
    expect(body.results[1].problem.errors[0].pointer).toBe('/items/1');
    const until = new Date(api.clock.now().getTime() + 15 * 60_000).toISOString();
    expect(body.results[0].resource).toMatchObject({ object: 'number_reservation', number: a, reserved_until: until });
    expect(numbersIn((await call('GET', '/v1/number-reservations')).body)).toEqual([a]);
    expect(numbersIn((await call('GET', `/v1/available-numbers?starts_with=${a!.slice(1)}`)).body)).toEqual([]);
    expect((await other('POST', '/v1/numbers', { number: a })).body.code).toBe('number.not_available');
    expect(codes((await reserve([{ number: a }, { number: b }], call, '/extend')).body)).toEqual(['done', 'number.not_reserved']);
    expect(codes((await reserve([{ number: a }], call, '/release')).body)).toEqual(['done']);
    expect((await other('POST', '/v1/numbers', { number: a })).status).toBe(201);
  });
});

describe('a number that is released', () => {
  it('200: can be restored, has a history, and none of it is possible with a deletion lock', async () => {
    const { id, number } = await order({ trunk_id: await newTrunk() });
    expect((await call('PATCH', `/v1/numbers/${id}`, { deletion_lock: true })).body.deletion_lock).toBe(true);
    expect((await call('POST', `/v1/numbers/${id}/release`)).body.code).toBe('number.locked');
    await call('PATCH', `/v1/numbers/${id}`, { deletion_lock: false });
    const start = api.clock.now();
    const { body: released } = await call('POST', `/v1/numbers/${id}/release`);
    expect(released.restorable_until).toBe(new Date(start.getTime() + 30 * 86_400_000).toISOString());
    api.clock.advance({ ms: 1 });
    const { status, body } = await call('POST', `/v1/numbers/${id}/restore`);
    expect([status, body.state, body.trunk_id, body.quarantined_until]).toEqual([200, 'active', null, null]);
    expect((await call('POST', `/v1/numbers/${id}/restore`)).body.code).toBe('number.not_restorable');
    const { body: history } = await call('GET', `/v1/numbers/${id}/history`);
    expect(history.data.map((h: { action: string }) => h.action).sort()).toEqual(['assigned', 'released', 'restored']);
    expect((await operator('GET', `/v1/inventory-numbers/${encodeURIComponent(number)}/history`)).body.data).toHaveLength(3);
    api.clock.set(start);
  });
});

describe('the operator', () => {
  it('takes a number out of service and puts it back', async () => {
    const { id, number } = await order();
    const at = `/v1/inventory-numbers/${encodeURIComponent(number)}`;
    expect((await operator('POST', `${at}/suspend`, { reason: 'complaint' })).body).toMatchObject({ id, state: 'suspended' });
    expect((await call('GET', `/v1/numbers/${id}`)).body.state).toBe('suspended');
    expect((await call('POST', `/v1/numbers/${id}/release`)).body.code).toBe('number.wrong_state');
    expect((await operator('POST', `${at}/suspend`, { reason: 'again' })).body.code).toBe('number.wrong_state');
    expect((await operator('POST', `${at}/reinstate`, { reason: 'cleared' })).body.state).toBe('active');
    expect((await operator('POST', '/v1/inventory-numbers/%2B12025559997/suspend', { reason: 'x' })).status).toBe(404);
  });

  it('says how long numbers rest, and no less than the law', async () => {
    const rules = (days: number) => ({ quarantine_rules: [{ country: 'US', type: null, days }] });
    const { status, body } = await operator('PUT', '/v1/number-policy', rules(44));
    expect([status, pointers(body)]).toEqual([400, ['/quarantine_rules/0/days']]);
    expect((await operator('PUT', '/v1/number-policy', rules(90))).body.quarantine_rules).toEqual([
      { country: 'US', type: null, days: 90, floor_days: 45 },
    ]);
    const { id } = await order();
    const { body: released } = await call('POST', `/v1/numbers/${id}/release`);
    expect(new Date(released.quarantined_until).getTime() - new Date(released.released_at).getTime()).toBe(90 * 86_400_000);
    await operator('PUT', '/v1/number-policy', { quarantine_rules: [] });
  });

  it('takes a sheet gzipped, and sees blocks', async () => {
    const zipped = gzipSync('number,last_number\n+12022000000,+12022000009\n');
    const headers = { 'content-type': 'text/csv', 'content-encoding': 'gzip' };
    const { body } = await operator('POST', '/v1/number-imports', zipped, headers);
    expect(body).toMatchObject({ state: 'completed', imported: 10 });
    expect((await operator('GET', `/v1/number-imports/${body.id}`)).body).toEqual(body);
    expect((await operator('POST', '/v1/number-imports', Buffer.from('no gzip'), headers)).status).toBe(400);
    const { body: blocks } = await operator('GET', '/v1/number-blocks?country=US');
    expect(blocks.data.find((b: { prefix: string }) => b.prefix === '+12022000')).toMatchObject({
      numbers: 10,
      available: 10,
      longest_run: 10,
    });
  });
});

describe('POST /v1/number-transfers', () => {
  const moveTo = (as: Call, tenant_id: string, number: string) => as('POST', '/v1/number-transfers', { items: [{ number, tenant_id }] });
  const code = (body: { results: { problem: { code: string } | null }[] }) => body.results[0]?.problem?.code ?? 'done';

  it('200: within one’s own tree, by whoever is above, and by nobody else', async () => {
    const reseller = await api.tenant('Reseller', undefined, { allotment: { tenants: 2 } });
    const [one, two] = [
      await api.tenant('One', undefined, { parent_id: reseller.id }),
      await api.tenant('Two', undefined, { parent_id: reseller.id }),
    ];
    const stranger = await api.tenant('Stranger of numbers');
    const [number = ''] = await stock();
    const { body: held } = await one.call('POST', '/v1/numbers', { number, tags: ['mine'] });
    expect(code((await moveTo(stranger.call, stranger.id, number)).body)).toBe('resource.not_found');
    expect(code((await moveTo(reseller.call, stranger.id, number)).body)).toBe('request.invalid');
    const { status, body } = await moveTo(reseller.call, two.id, number);
    expect([status, code(body)]).toEqual([200, 'done']);
    expect(body.results[0].resource).toMatchObject({ number, from_tenant_id: one.id, to_tenant_id: two.id });
    expect((await two.call('GET', '/v1/numbers')).body.data).toMatchObject([{ number, tags: [], state: 'active', trunk_id: null }]);
    expect((await one.call('GET', `/v1/numbers/${held.id}`)).status).toBe(404);
    expect(code((await moveTo(api.operator, stranger.id, number)).body)).toBe('done');
  });
});
