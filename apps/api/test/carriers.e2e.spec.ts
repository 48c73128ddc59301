import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

let api: ApiHarness;
let operator: Call;
beforeAll(async () => {
  api = await ApiHarness.start();
  operator = api.operator;
});
afterAll(() => api?.stop());

const MISSING = '01kaq8x4s7fyz8m2q0w3e5r6t7';
let count = 0;
const newCarrier = async (): Promise<string> => (await operator('POST', '/v1/carriers', { name: `Carrier ${++count}` })).body.id;
const gateway = { uri: 'sip:198.51.100.1:5060', source_addresses: [] as string[] };
const newGateway = async (carrier: string): Promise<string> =>
  (await operator('POST', `/v1/carriers/${carrier}/gateways`, gateway)).body.id;
const pointers = (body: { errors: { pointer: string }[] }) => body.errors.map((e) => e.pointer).sort();

describe('POST /v1/carriers', () => {
  it('201: creates a carrier without gateways', async () => {
    const { status, body } = await operator('POST', '/v1/carriers', { name: 'First' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ object: 'carrier', name: 'First', enabled: true, gateways: [], revision: 1 });
  });
  it('400: names every faulty field', async () => {
    const { status, body } = await operator('POST', '/v1/carriers', { name: '', enabled: 'yes', color: 'red' });
    expect([status, pointers(body)]).toEqual([400, ['/color', '/enabled', '/name']]);
  });
  it('401 and 403: without a key, with a tenant’s key', async () => {
    expect((await api.as(undefined)('POST', '/v1/carriers', { name: 'x' })).status).toBe(401);
    const { call } = await api.tenant();
    for (const [method, url] of [
      ['POST', '/v1/carriers'],
      ['GET', '/v1/carriers'],
      ['POST', '/v1/carrier-routes'],
      ['GET', '/v1/carrier-routes'],
    ] as const)
      expect((await call(method, url, method === 'POST' ? {} : undefined)).body.code).toBe('auth.operator_only');
  });
  it('409: the name is taken', async () => {
    const { status, body } = await operator('POST', '/v1/carriers', { name: 'First' });
    expect([status, body.code, pointers(body)]).toEqual([409, 'carrier.name_taken', ['/name']]);
  });
  it('replays an Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'carrier' };
    const first = await operator('POST', '/v1/carriers', { name: 'Once' }, headers);
    expect((await operator('POST', '/v1/carriers', { name: 'Once' }, headers)).body).toEqual(first.body);
  });
});

describe('GET, PATCH /v1/carriers/{id}', () => {
  it('200: shows gateways, changes name and enabled', async () => {
    const id = await newCarrier();
    const gatewayId = await newGateway(id);
    expect((await operator('GET', `/v1/carriers/${id}`)).body.gateways).toMatchObject([
      { id: gatewayId, carrier_id: id, uri: gateway.uri },
    ]);
    const { status, body } = await operator('PATCH', `/v1/carriers/${id}`, { name: 'Renamed', enabled: false });
    expect(status).toBe(200);
    expect(body).toMatchObject({ name: 'Renamed', enabled: false, revision: 2, gateways: [{ id: gatewayId }] });
  });
  it('200: pages', async () => {
    const { body } = await operator('GET', '/v1/carriers?limit=1');
    const next = await operator('GET', `/v1/carriers?limit=1&cursor=${body.next_cursor}`);
    expect(next.body.data[0].id).not.toBe(body.data[0].id);
  });
  it('404: no such carrier, nor anything that cannot name one', async () => {
    for (const id of [`car_${MISSING}`, 'car_x', `trk_${MISSING}`]) {
      expect((await operator('GET', `/v1/carriers/${id}`)).status).toBe(404);
      expect((await operator('PATCH', `/v1/carriers/${id}`, { enabled: true })).status).toBe(404);
    }
  });
  it('409: a rename to a taken name', async () => {
    expect((await operator('PATCH', `/v1/carriers/${await newCarrier()}`, { name: 'First' })).body.code).toBe('carrier.name_taken');
  });
});

describe('gateways', () => {
  it('409: a source address belongs to one gateway only', async () => {
    const [one, two] = [await newCarrier(), await newCarrier()];
    const source_addresses = ['203.0.113.9', '2001:db8::9'];
    const first = await operator('POST', `/v1/carriers/${one}/gateways`, { ...gateway, source_addresses });
    expect(first.body).toMatchObject({ object: 'gateway', source_addresses });
    const { status, body } = await operator('POST', `/v1/carriers/${two}/gateways`, {
      ...gateway,
      source_addresses: ['203.0.113.10', '2001:db8::9'],
    });
    expect([status, body.code, pointers(body)]).toEqual([409, 'gateway.address_taken', ['/source_addresses/1']]);
    expect(body.detail).toContain(first.body.id);
    await operator('DELETE', `/v1/carriers/${one}/gateways/${first.body.id}`);
    expect((await operator('POST', `/v1/carriers/${two}/gateways`, { ...gateway, source_addresses })).status).toBe(201);
  });
  it('409: also when two ask at the same time', async () => {
    const id = await newCarrier();
    const add = () => operator('POST', `/v1/carriers/${id}/gateways`, { ...gateway, source_addresses: ['203.0.113.77'] });
    const statuses = (await Promise.all(Array.from({ length: 6 }, add))).map((a) => a.status);
    expect(statuses.sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });
  it('400: URIs and addresses that are none, or spelt otherwise', async () => {
    const url = `/v1/carriers/${await newCarrier()}/gateways`;
    for (const uri of ['pbx.example.com', 'sip:a b', 'sip:x"@y', 'sip:198.51.100.1,198.51.100.2', `sip:${'a'.repeat(252)}`])
      expect(pointers((await operator('POST', url, { ...gateway, uri })).body)).toEqual(['/uri']);
    for (const address of ['pbx.example.com', '198.51.100.0/24', '198.51.100.1:5060', '2001:DB8::1', '::ffff:198.51.100.1'])
      expect(pointers((await operator('POST', url, { ...gateway, source_addresses: ['198.51.100.8', address] })).body)).toEqual([
        '/source_addresses/1',
      ]);
    expect(pointers((await operator('POST', url, { ...gateway, source_addresses: ['198.51.100.8', '198.51.100.8'] })).body)).toEqual([
      '/source_addresses',
    ]);
  });
  it('show whether they answer, as edges found out', async () => {
    const id = await newCarrier();
    await newGateway(id);
    const health = async () => (await operator('GET', `/v1/carriers/${id}`)).body.gateways[0].health;
    expect(await health()).toBe('unknown');
    await api.edgeSaying({ complete: true, down: ['198.51.100.1:5060'], unknown: [] });
    expect(await health()).toBe('down');
    expect((await operator('PATCH', `/v1/carriers/${id}`, { enabled: false })).body.gateways[0].health).toBe('down');
  });
  it('404: of a carrier that is not there, of another carrier', async () => {
    expect((await operator('POST', `/v1/carriers/car_${MISSING}/gateways`, gateway)).status).toBe(404);
    const id = await newGateway(await newCarrier());
    expect((await operator('DELETE', `/v1/carriers/${await newCarrier()}/gateways/${id}`)).status).toBe(404);
  });
});

describe('routes', () => {
  it('201: by prefix and for the emergency calls of a country; 204: removed', async () => {
    const carrier = await newCarrier();
    const gateway_id = await newGateway(carrier);
    const pstn = await operator('POST', '/v1/carrier-routes', { kind: 'pstn', prefix: '1', gateway_id, priority: 10 });
    expect(pstn.body).toMatchObject({
      object: 'carrier_route',
      kind: 'pstn',
      prefix: '1',
      country: null,
      gateway_id,
      priority: 10,
      weight: 1,
    });
    const emergency = await operator('POST', '/v1/carrier-routes', {
      kind: 'emergency',
      country: 'US',
      gateway_id,
      priority: 0,
      weight: 70,
    });
    expect(emergency.body).toMatchObject({ kind: 'emergency', prefix: null, country: 'US', weight: 70 });
    expect((await operator('GET', '/v1/carrier-routes')).body.data.map((r: { weight: number }) => r.weight)).toEqual([70, 1]);
    const inUse = await operator('DELETE', `/v1/carriers/${carrier}/gateways/${gateway_id}`);
    expect([inUse.status, inUse.body.code]).toEqual([409, 'gateway.in_use']);
    for (const { body } of [pstn, emergency]) expect((await operator('DELETE', `/v1/carrier-routes/${body.id}`)).status).toBe(204);
    expect((await operator('DELETE', `/v1/carrier-routes/${pstn.body.id}`)).status).toBe(404);
    expect((await operator('DELETE', `/v1/carriers/${carrier}/gateways/${gateway_id}`)).status).toBe(204);
  });
  it('400: names the faulty field', async () => {
    const gateway_id = await newGateway(await newCarrier());
    const faults = async (body: object) => pointers((await operator('POST', '/v1/carrier-routes', body)).body);
    expect(await faults({ kind: 'pstn', prefix: '+1', gateway_id, priority: -1 })).toEqual(['/prefix', '/priority']);
    expect(await faults({ kind: 'pstn', prefix: '1', gateway_id: `gwy_${MISSING}`, priority: 1 })).toEqual(['/gateway_id']);
    expect(await faults({ kind: 'emergency', prefix: '1', country: 'US', gateway_id, priority: 1 })).toEqual(['/prefix']);
    for (const weight of [0, 101, 1.5, '1'])
      expect(await faults({ kind: 'pstn', prefix: '1', gateway_id, priority: 1, weight })).toEqual(['/weight']);
    expect(await faults({ kind: 'sms', gateway_id, priority: 1 })).toEqual(['/kind']);
  });
  it('409: the gateway has the route already', async () => {
    const gateway_id = await newGateway(await newCarrier());
    for (const route of [
      { kind: 'pstn', prefix: '49' },
      { kind: 'emergency', country: 'DE' },
    ]) {
      await operator('POST', '/v1/carrier-routes', { ...route, gateway_id, priority: 1 });
      expect((await operator('POST', '/v1/carrier-routes', { ...route, gateway_id, priority: 2 })).body.code).toBe('carrier_route.exists');
    }
  });
});
