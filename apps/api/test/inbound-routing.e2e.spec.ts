import { newId, toPublicId } from '@trunkline/kernel';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

let api: ApiHarness;
let call: Call;
let tenantId: string;
let trunk: string;
let numberId: string;
const NUMBER = '+12025550142';
const MOBILE = '+12025550199';

beforeAll(async () => {
  api = await ApiHarness.start();
  ({ call, id: tenantId } = await api.tenant());
  const carrier = (await api.operator('POST', '/v1/carriers', { name: 'Carrier' })).body.id;
  const gateway = { uri: 'sip:192.0.2.50', source_addresses: ['192.0.2.50'] };
  const gatewayId = (await api.operator('POST', `/v1/carriers/${carrier}/gateways`, gateway)).body.id;
  await api.operator('POST', '/v1/carrier-routes', { kind: 'pstn', prefix: '1', gateway_id: gatewayId, priority: 1 });
  const inbound_routes = [{ uri: 'sip:pbx.example.com', priority: 1 }];
  const settings = { name: 'Berlin', country: 'US', channels_max: 2, allowed_countries: ['US'], inbound_routes };
  trunk = (await call('POST', '/v1/trunks', settings)).body.id;
  await api.operator('POST', '/v1/number-imports', `number\n${NUMBER}\n+12025550143\n+12025550144\n`);
  numberId = (await call('POST', '/v1/numbers', { number: NUMBER, trunk_id: trunk })).body.id;
  await api.compileEdges();
});
afterAll(() => api?.stop());

const group = async (name: string, targets: object[], strategy = 'in_order') =>
  (await call('POST', '/v1/inbound-groups', { name, strategy, targets })).body;
const route = (over: object) =>
  call('PUT', `/v1/numbers/${numberId}/routing`, { inbound_group_id: null, inbound_schedule_id: null, disaster_group_id: null, ...over });
/** Where a call for the number goes, by the entries that the edges are sent. */
const targetsNow = async (at?: string) => {
  await api.compileEdges();
  const { body } = await call('POST', '/v1/call-simulations', { direction: 'inbound', from: '+13105550000', to: NUMBER, at });
  return body.targets.map((t: { number: string | null; uri: string | null; trunk_id: string | null }) => t.number ?? t.uri ?? t.trunk_id);
};
const OWN_ROUTE = [`sip:${NUMBER}@pbx.example.com`];

describe('an inbound group', () => {
  it('201: is made, read, listed, changed and deleted', async () => {
    const targets = [{ number: MOBILE, priority: 20, ring_secs: 30 }, { trunk_id: trunk }, { uri: 'sip:desk.example.com', weight: 2 }];
    const { status, body } = await call('POST', '/v1/inbound-groups', { name: 'Support', targets });
    expect(status).toBe(201);
    expect(body).toMatchObject({ object: 'inbound_group', strategy: 'in_order', revision: 1, provisioning: { state: 'pending' } });
    expect(body.targets).toEqual([
      { uri: null, trunk_id: trunk, number: null, priority: 10, weight: 1, ring_secs: 25 },
      { uri: 'sip:desk.example.com', trunk_id: null, number: null, priority: 10, weight: 2, ring_secs: 25 },
      { uri: null, trunk_id: null, number: MOBILE, priority: 20, weight: 1, ring_secs: 30 },
    ]);
    const url = `/v1/inbound-groups/${body.id}`;
    expect((await call('GET', url)).body).toEqual(body);
    expect((await call('GET', '/v1/inbound-groups')).body.data).toEqual([body]);
    expect((await call('PATCH', url, { strategy: 'ring_all' })).body).toMatchObject({ strategy: 'ring_all', revision: 2, name: 'Support' });
    expect((await call('PATCH', url, { strategy: 'ring_all' })).body.revision).toBe(2);
    expect((await call('DELETE', url)).status).toBe(204);
    expect((await call('GET', url)).status).toBe(404);
  });

  it('400 and 409: says which field is wrong', async () => {
    const faults = async (body: object) => (await call('POST', '/v1/inbound-groups', body)).body.errors?.map((e: { pointer: string }) => e.pointer);
    const uri = { uri: 'sip:a.example.com' };
    expect(await faults({ name: 'x', targets: [] })).toEqual(['/targets']);
    expect(await faults({ name: 'x', targets: [uri, { ...uri, number: MOBILE }] })).toEqual(['/targets/1']);
    expect(await faults({ name: 'x', targets: [{}] })).toEqual(['/targets/0']);
    expect(await faults({ name: 'x', targets: [{ ...uri, ring_secs: 0 }] })).toEqual(['/targets/0/ring_secs']);
    expect(await faults({ name: 'x', targets: [{ trunk_id: toPublicId('trunk', newId()) }] })).toEqual(['/targets']);
    expect(await faults({ name: 'x', strategy: 'ring_all', targets: [{ number: MOBILE }, { number: NUMBER }] })).toEqual(['/targets']);
    await group('Taken', [uri]);
    expect(await call('POST', '/v1/inbound-groups', { name: 'Taken', targets: [uri] })).toMatchObject({ status: 409, body: { code: 'inbound_group.name_taken' } });
  }); // prettier-ignore
});

describe('a number', () => {
  it('that was given back and is restored points nowhere', async () => {
    const { id } = (await call('POST', '/v1/numbers', { number: '+12025550144', trunk_id: trunk })).body;
    const mobile = await group('Mobile', [{ number: MOBILE }]);
    await call('PUT', `/v1/numbers/${id}/routing`, {
      inbound_group_id: mobile.id,
      inbound_schedule_id: null,
      disaster_group_id: mobile.id,
    });
    await call('POST', `/v1/numbers/${id}/release`);
    expect((await call('POST', `/v1/numbers/${id}/restore`)).body).toMatchObject({ state: 'active', trunk_id: null });
    expect((await call('GET', `/v1/numbers/${id}/routing`)).body).toMatchObject({ inbound_group_id: null, disaster_group_id: null });
    expect((await call('DELETE', `/v1/inbound-groups/${mobile.id}`)).status).toBe(204);
  });

  it('follows its group, its schedule, and goes back to its trunk’s routes', async () => {
    expect(await targetsNow()).toEqual(OWN_ROUTE);
    const day = await group('Day', [{ uri: 'sip:day.example.com' }, { number: MOBILE, priority: 20 }]);
    const night = await group('Night', [{ trunk_id: trunk }]);
    const { status, body } = await route({ inbound_group_id: day.id });
    expect([status, body]).toMatchObject([200, { object: 'number_routing', number: NUMBER, inbound_group_id: day.id, revision: 2 }]);
    expect((await call('GET', `/v1/numbers/${numberId}/routing`)).body).toEqual(body);
    expect(await targetsNow()).toEqual([`sip:${NUMBER}@day.example.com`, MOBILE]);

    const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
    const rules = [{ weekdays, from: '09:00', to: '17:00', inbound_group_id: null }];
    const holidays = [{ date: '2026-12-25', inbound_group_id: night.id }];
    const office = { name: 'Office', time_zone: 'Europe/Berlin', rules, holidays, otherwise_group_id: night.id };
    const schedule = (await call('POST', '/v1/inbound-schedules', office)).body;
    expect(schedule).toMatchObject({ object: 'inbound_schedule', rules, holidays: [{ ...holidays[0], from: '00:00', to: '24:00' }] });
    expect((await call('GET', `/v1/inbound-schedules/${schedule.id}`)).body).toEqual(schedule);
    await route({ inbound_group_id: day.id, inbound_schedule_id: schedule.id });
    expect(await targetsNow('2026-12-02T10:00:00+01:00')).toEqual([`sip:${NUMBER}@day.example.com`, MOBILE]);
    expect(await targetsNow('2026-12-02T18:00:00+01:00')).toEqual([trunk]);
    expect(await targetsNow('2026-12-25T10:00:00+01:00')).toEqual([trunk]);
    expect(await targetsNow('2027-07-01T08:30:00Z')).toEqual([`sip:${NUMBER}@day.example.com`, MOBILE]); // 10:30 there

    expect((await call('DELETE', `/v1/inbound-groups/${day.id}`)).body.code).toBe('inbound_group.in_use');
    expect((await call('DELETE', `/v1/inbound-groups/${night.id}`)).body.code).toBe('inbound_group.in_use');
    expect((await call('DELETE', `/v1/inbound-schedules/${schedule.id}`)).body.code).toBe('inbound_schedule.in_use');
    await route({});
    expect(await targetsNow()).toEqual(OWN_ROUTE);
    expect((await call('DELETE', `/v1/inbound-schedules/${schedule.id}`)).status).toBe(204);
    expect((await call('DELETE', `/v1/inbound-groups/${night.id}`)).status).toBe(204);
    expect((await call('DELETE', `/v1/inbound-groups/${day.id}`)).status).toBe(204);
  });

  it('that was given back holds no group up, and takes no other routing', async () => {
    const old = await group('Old', [{ uri: 'sip:old.example.com' }]);
    const { id } = (await call('POST', '/v1/numbers', { number: '+12025550143', trunk_id: trunk })).body;
    const url = `/v1/numbers/${id}/routing`;
    const to = { inbound_group_id: old.id, inbound_schedule_id: null, disaster_group_id: null };
    expect((await call('PUT', url, to)).status).toBe(200);
    await call('POST', `/v1/numbers/${id}/release`);
    expect((await call('PUT', url, { ...to, inbound_group_id: null })).body.code).toBe('number.released');
    expect((await call('DELETE', `/v1/inbound-groups/${old.id}`)).status).toBe(204);
  });

  it('400: names the id that is none', async () => {
    for (const [field, id] of [
      ['inbound_group_id', toPublicId('inboundGroup', newId())],
      ['inbound_schedule_id', toPublicId('inboundSchedule', newId())],
      ['disaster_group_id', toPublicId('inboundGroup', newId())],
    ] as const)
      expect((await route({ [field]: id })).body.errors).toMatchObject([{ pointer: `/${field}`, code: 'unknown' }]);
  });
});

it('400: a schedule names what is wrong with it', async () => {
  const faults = async (over: object) => {
    const { body } = await call('POST', '/v1/inbound-schedules', { name: 'x', time_zone: 'Europe/Berlin', ...over });
    return body.errors.map((e: { pointer: string }) => e.pointer);
  };
  const rule = { weekdays: ['monday'], from: '09:00', to: '17:00', inbound_group_id: null };
  expect(await faults({ time_zone: 'Europe/Atlantis' })).toEqual(['/time_zone']);
  expect(await faults({ rules: [{ ...rule, from: '24:00' }] })).toEqual(['/rules/0/from']);
  expect(await faults({ rules: [{ ...rule, weekdays: ['someday'] }] })).toEqual(['/rules/0/weekdays/0']);
  expect(await faults({ holidays: [{ date: '2026-02-30', inbound_group_id: null }] })).toEqual(['/holidays/0/date']);
  expect(await faults({ holidays: [{ date: '2026-12-24', from: '18:00', to: '12:00', inbound_group_id: null }] })).toEqual(['/holidays/0']);
});

describe('the disaster plan', () => {
  it('takes all calls with one call and one entry, and gives them back', async () => {
    expect((await call('GET', '/v1/disaster-plan')).body).toMatchObject({ inbound_group_id: null, active: false, revision: 0 });
    expect((await call('POST', '/v1/disaster-plan/activate')).status).toBe(404);
    const shelter = await group('Shelter', [{ number: MOBILE }]);
    const own = await group('Own shelter', [{ uri: 'sip:shelter.example.com' }]);
    expect((await call('PUT', '/v1/disaster-plan', { inbound_group_id: shelter.id })).body).toMatchObject({ active: false, revision: 1 });
    expect(await targetsNow()).toEqual(OWN_ROUTE);
    const { body } = await call('POST', '/v1/disaster-plan/activate');
    expect(body).toMatchObject({ active: true, revision: 2, inbound_group_id: shelter.id });
    expect((await call('POST', '/v1/disaster-plan/activate')).body).toEqual(body);
    expect(await targetsNow()).toEqual([MOBILE]);
    await route({ disaster_group_id: own.id });
    expect(await targetsNow()).toEqual([`sip:${NUMBER}@shelter.example.com`]);
    expect((await call('DELETE', `/v1/inbound-groups/${shelter.id}`)).body.code).toBe('inbound_group.in_use');
    expect((await call('POST', '/v1/disaster-plan/deactivate')).body).toMatchObject({ active: false, activated_at: null });
    expect(await targetsNow()).toEqual(OWN_ROUTE);
    await route({});
  });

  it('made by two at the same time has a revision for each', async () => {
    const other = await api.tenant('Two plans');
    const made = (name: string) => other.call('POST', '/v1/inbound-groups', { name, targets: [{ uri: 'sip:a.example.com' }] });
    const groups = await Promise.all(['One', 'Two', 'Three', 'Four'].map(made));
    const plans = await Promise.all(groups.map(({ body }) => other.call('PUT', '/v1/disaster-plan', { inbound_group_id: body.id })));
    expect(plans.map(({ body }) => body.revision).sort()).toEqual([1, 2, 3, 4]);
  });

  it('made by several who read that there is none is made by one of them; the others are told', async () => {
    const other = await api.tenant('No plan yet');
    const made = (name: string) => other.call('POST', '/v1/inbound-groups', { name, targets: [{ uri: 'sip:a.example.com' }] });
    const groups = await Promise.all(['One', 'Two', 'Three', 'Four'].map(made));
    const { headers } = await other.call('GET', '/v1/disaster-plan');
    const known = { 'if-match': String(headers['etag']) };
    const plans = await Promise.all(groups.map(({ body }) => other.call('PUT', '/v1/disaster-plan', { inbound_group_id: body.id }, known)));
    expect(plans.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
    expect((await other.call('GET', '/v1/disaster-plan')).body.revision).toBe(1);
  });

  it('is written into the audit log and told', async () => {
    const { body } = await api.operator('GET', '/v1/audit-entries?limit=200', undefined, { 'trunkline-tenant': tenantId });
    const actions = body.data.map((e: { action: string }) => e.action);
    for (const action of ['disaster_plan.activated', 'disaster_plan.deactivated', 'number.rerouted', 'inbound_group.deleted', 'inbound_schedule.created'])
      expect(actions).toContain(action);
  }); // prettier-ignore
});
