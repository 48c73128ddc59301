import { EmergencyProviderEmulator, NotifyContacts, SweepEmergency, TellProvider, ValidateAddress } from '@trunkline/emergency/server';
import { fromPublicId } from '@trunkline/kernel';
import { PostMail } from '@trunkline/people/server';
import { Database, Log } from '@trunkline/platform';
import pg from 'pg';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { ask } from './graphql-queries.ts';

let api: ApiHarness;
let owner: pg.Client;
let validate: ValidateAddress;
let tell: TellProvider;
const provider = new EmergencyProviderEmulator();
let last = 12_025_550_200;

beforeAll(async () => {
  api = await ApiHarness.start();
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
  const db = api.app.get(Database);
  validate = new ValidateAddress(db, api.clock, provider);
  tell = new TellProvider(db, api.clock, provider);
  const numbers = Array.from({ length: 40 }, (_, i) => `+${last + i}`);
  await api.operator('POST', '/v1/number-imports', `number\n${numbers.join('\n')}\n`);
});
afterAll(async () => {
  await owner?.end();
  await api?.stop();
});

const HOME = { name: 'Acme', house_number: '350', street: 'Fifth Avenue', location: 'Floor 21', city: 'New York', region: 'NY', postal_code: '10118', country: 'US' }; // prettier-ignore
const uuidOf = (kind: Parameters<typeof fromPublicId>[0], id: string) => fromPublicId(kind, id) ?? '';
/** A tenant with a number, and an address that the provider has looked at. */
const settledIn = async (name: string, over: object = {}) => {
  const { id, call } = await api.tenant(name);
  const tenant = uuidOf('tenant', id);
  const number = `+${last++}`;
  const numberId = (await call('POST', '/v1/numbers', { number })).body.id as string;
  return { call, tenant, number, numberId, address: await addressOf(call, tenant, over) };
};
const addressOf = async (call: Call, tenant: string, over: object = {}) => {
  const { id } = (await call('POST', '/v1/emergency-addresses', { ...HOME, ...over })).body;
  await validate.execute(tenant, uuidOf('emergencyAddress', id));
  return id as string;
};
const place = (numberId: string) => `/v1/numbers/${numberId}/emergency-registration`;
const marks = async (e164: string) =>
  (await owner.query(`SELECT FROM edge_dirty WHERE resource_type = 'number' AND resource_id = $1`, [e164])).rowCount ?? 0;

it('is asked again for what the provider gave no answer to while there was a job', async () => {
  const { call, numberId, address } = await settledIn('Unanswered');
  const { id } = (await call('POST', '/v1/emergency-addresses', HOME)).body;
  const sweep = new SweepEmergency(api.app.get(Database), api.clock, api.app.get(Log), validate, tell);
  const state = async (url: string) => (await call('GET', url)).body.state;
  const sweptLater = async () => {
    await sweep.execute();
    const young = [await state(`/v1/emergency-addresses/${id}`), await state(place(numberId))];
    api.clock.advance({ seconds: 360 });
    await sweep.execute();
    return [young, [await state(`/v1/emergency-addresses/${id}`), await state(place(numberId))]];
  };
  await call('PUT', place(numberId), { address_id: address });
  expect(await sweptLater()).toEqual([['validating', 'provisioning'], ['valid', 'active']]); // prettier-ignore
  await call('DELETE', place(numberId));
  expect(await sweptLater()).toEqual([['valid', 'deprovisioning'], ['valid', 'none']]); // prettier-ignore
});

describe('an address', () => {
  it('is as good as the provider says, who may know what was meant', async () => {
    const { call, tenant } = await settledIn('Addressed');
    const { body: created } = await call('POST', '/v1/emergency-addresses', { ...HOME, house_number: '0' });
    expect(created).toMatchObject({ object: 'emergency_address', state: 'validating', validated_at: null });
    await validate.execute(tenant, uuidOf('emergencyAddress', created.id));
    expect((await call('GET', `/v1/emergency-addresses/${created.id}`)).body).toMatchObject({
      state: 'invalid',
      reason: 'There is no such house in the street',
      candidates: [{ house_number: '1', street: 'Fifth Avenue' }],
    });
    expect((await call('GET', '/v1/emergency-addresses')).body.data.map((a: { state: string }) => a.state)).toEqual(['invalid', 'valid']);
  });

  it('400: names the field that cannot be right', async () => {
    const { call } = await api.tenant('Misspelt');
    for (const [over, pointer] of [
      [{ postal_code: '1' }, '/postal_code'],
      [{ region: 'New York' }, '/region'],
      [{ name: '' }, '/name'],
    ] as const)
      // prettier-ignore
      expect((await call('POST', '/v1/emergency-addresses', { ...HOME, ...over })).body).toMatchObject({ errors: [{ pointer }] });
  });

  it('409: stays while a number is registered there', async () => {
    const { call, numberId, address } = await settledIn('In use');
    await call('PUT', place(numberId), { address_id: address });
    expect((await call('DELETE', `/v1/emergency-addresses/${address}`)).body.code).toBe('emergency_address.in_use');
    const spare = (await call('POST', '/v1/emergency-addresses', HOME)).body.id;
    expect((await call('DELETE', `/v1/emergency-addresses/${spare}`)).status).toBe(204);
    expect((await call('GET', `/v1/emergency-addresses/${spare}`)).status).toBe(404);
  });
});

describe('a registration', () => {
  it('counts when the provider has it, and moves without a gap', async () => {
    const { call, tenant, number, numberId, address } = await settledIn('Registered');
    const told = () => tell.execute(tenant, uuidOf('number', numberId));
    expect((await call('GET', place(numberId))).body).toMatchObject({ state: 'none', address_id: null, waiver: null });
    expect((await call('PUT', place(numberId), { address_id: address })).body).toMatchObject({
      state: 'provisioning',
      registered_at: null,
    });
    const before = await marks(number);
    await told();
    await told();
    expect(await marks(number)).toBe(before + 1);
    expect((await call('GET', place(numberId))).body).toMatchObject({ state: 'active', address_id: address });
    const next = await addressOf(call, tenant, { house_number: '351' });
    expect((await call('PUT', place(numberId), { address_id: next })).body).toMatchObject({ state: 'updating', address_id: address });
    expect((await call('PUT', place(numberId), { address_id: address })).body.code).toBe('emergency_registration.busy');
    await told();
    expect((await call('GET', place(numberId))).body).toMatchObject({ state: 'active', address_id: next, next_address_id: null });
    const nowhere = await addressOf(call, tenant, { city: 'Nowhere' });
    await call('PUT', place(numberId), { address_id: nowhere });
    await told();
    expect((await call('GET', place(numberId))).body).toMatchObject({ state: 'active', address_id: next, reason: expect.any(String) });
    expect((await call('DELETE', place(numberId))).status).toBe(204);
    await told();
    expect((await call('GET', place(numberId))).body.state).toBe('none');
  });

  it('409: needs a valid address; 400: one of the tenant’s own', async () => {
    const { call, numberId } = await settledIn('Unsettled');
    const { address: foreign } = await settledIn('Elsewhere');
    const fresh = (await call('POST', '/v1/emergency-addresses', HOME)).body.id;
    expect((await call('PUT', place(numberId), { address_id: fresh })).body.code).toBe('emergency_address.not_valid');
    expect((await call('PUT', place(numberId), { address_id: foreign })).body).toMatchObject({ errors: [{ pointer: '/address_id' }] });
  });

  it('goes with the number that is given back, as its waiver does', async () => {
    const { call, tenant, numberId, address } = await settledIn('Leaving');
    await call('PUT', place(numberId), { address_id: address });
    await tell.execute(tenant, uuidOf('number', numberId));
    await call('PUT', `/v1/numbers/${numberId}/emergency-waiver`, { signed_by: 'Jane Doe', statement: 'It sends alarms.' });
    await call('POST', `/v1/numbers/${numberId}/release`);
    await tell.released(tenant, uuidOf('number', numberId));
    await tell.released(tenant, uuidOf('number', numberId));
    const { rows } = await owner.query(
      `SELECT number_id FROM emergency_registration WHERE tenant_id = $1 UNION ALL SELECT number_id FROM emergency_waiver WHERE tenant_id = $1`,
      [tenant],
    );
    expect(rows).toEqual([]);
    expect((await call('GET', place(numberId))).status).toBe(404);
  });
});

it('a waiver says who signed it, and marks the number for the edges when it comes and goes', async () => {
  const { call, number, numberId } = await settledIn('Waived');
  const before = await marks(number);
  const url = `/v1/numbers/${numberId}/emergency-waiver`;
  const signed = { signed_by: 'Jane Doe, CEO', statement: 'No person calls from this number.' };
  expect((await call('PUT', url, signed)).body).toMatchObject({ state: 'none', waiver: { ...signed, signed_at: expect.any(String) } });
  expect((await call('DELETE', url)).status).toBe(204);
  expect((await call('DELETE', url)).status).toBe(404);
  expect(await marks(number)).toBe(before + 2);
});

it('is all done by the graph, too', async () => {
  const { call, tenant, numberId, address } = await settledIn('Graphed');
  const change = async (field: string, selection = '{ state waiver { signedBy } }') =>
    (await ask(call, `mutation { it: ${field} ${selection} }`)).data.it;
  const of = (input = '') => `(numberId: "${numberId}"${input && `, input: ${input}`})`;
  expect(await change(`registerEmergencyAddress${of(`{ addressId: "${address}" }`)}`)).toMatchObject({ state: 'provisioning' });
  await tell.execute(tenant, uuidOf('number', numberId));
  expect((await call('GET', place(numberId))).body).toMatchObject({ state: 'active' });
  expect(await change(`deregisterEmergencyAddress${of()}`)).toMatchObject({ state: 'deprovisioning' });
  expect(await change(`signEmergencyWaiver${of('{ signedBy: "Jane Doe", statement: "Alarms" }')}`)).toMatchObject({ waiver: { signedBy: 'Jane Doe' } }); // prettier-ignore
  expect(await change(`withdrawEmergencyWaiver${of()}`)).toMatchObject({ waiver: null });
  expect(await change('replaceEmergencyContacts(input: { emails: ["Desk@acme.example"] })', '{ emails }')).toEqual({ emails: ['desk@acme.example'] }); // prettier-ignore
  const spare = await addressOf(call, tenant, { location: 'Floor 3' });
  expect(await change(`deleteEmergencyAddress(id: "${spare}")`, '')).toBe(spare);
});

it('the operator says where an address is required, and all numbers there are told anew', async () => {
  const { number } = await settledIn('Required');
  const before = await marks(number);
  const set = (required_countries: string[]) => api.operator('PUT', '/v1/emergency-policy', { required_countries });
  expect((await set(['US', 'CA', 'US'])).body).toEqual({ object: 'emergency_policy', required_countries: ['CA', 'US'] });
  expect(await marks(number)).toBe(before + 1);
  await set(['US']);
  expect(await marks(number)).toBe(before + 1);
  await set([]);
  expect([await marks(number), (await api.operator('GET', '/v1/emergency-policy')).body.required_countries]).toEqual([before + 2, []]);
});

it('contacts are told of a call for help: who, from where, and how to call back', async () => {
  const { call, tenant, number, numberId, address } = await settledIn('Helped');
  await call('PUT', place(numberId), { address_id: address });
  await tell.execute(tenant, uuidOf('number', numberId));
  const emails = ['desk@acme.example', 'Guard@acme.example'];
  expect((await call('PUT', '/v1/emergency-contacts', { emails })).body.emails).toEqual(['desk@acme.example', 'guard@acme.example']);
  const notify = new NotifyContacts(api.app.get(Database), api.clock, api.app.get(PostMail));
  await notify.execute(tenant, { callerId: number, destination: '911', trunkId: null, startedAt: '2026-11-26T10:00:00.000Z' });
  const { body: page } = await api.operator('GET', '/dev/mail');
  for (const part of [`Emergency call to 911 from ${number}`, 'desk@acme.example', 'guard@acme.example', 'Floor 21', '350 Fifth Avenue'])
    expect(String(page)).toContain(part);
  await call('PUT', '/v1/emergency-contacts', { emails: [] });
  expect((await call('GET', '/v1/emergency-contacts')).body.emails).toEqual([]);
});
