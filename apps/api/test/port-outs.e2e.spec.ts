import { randomUUID } from 'node:crypto';
import { EmergencyJobsModule } from '@trunkline/emergency/server';
import { IdentityJobsModule } from '@trunkline/identity/server';
import { fromPublicId } from '@trunkline/kernel';
import { Processor } from '@trunkline/platform';
import { TellPortNote } from '@trunkline/porting/server';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { memberOf, outbox, staff } from './people.ts';

let api: ApiHarness;
let acme: Call;
let acmeId: string;
let other: Call;
let numbers: readonly string[];
let numberId: string;

beforeAll(async () => {
  api = await ApiHarness.start();
  ({ call: acme, id: acmeId } = await api.tenant('Acme'));
  other = (await api.tenant('Other')).call;
  numbers = Array.from({ length: 8 }, (_, i) => `+1202555016${i}`);
  await api.operator('POST', '/v1/number-imports', `number\n${numbers.join('\n')}\n`);
  for (const number of numbers) numberId = (await acme('POST', '/v1/numbers', { number })).body.id;
});
afterAll(() => api?.stop());

/** The emulated carrier asks for a number. */
const ask = (number: string, other: object = {}) =>
  api.operator('POST', '/v1/port-out-rehearsals', { numbers: [number], ...other }, once());
const asked = async (number: string) => {
  expect((await ask(number)).status).toBe(201);
  return (await acme('GET', '/v1/port-outs')).body.data[0];
};
const advance = (id: string, step: string) => api.operator('POST', `/v1/port-out-rehearsals/${id}/advance`, { step }, once());
/** As the command line and the client ask. */
const once = () => ({ 'idempotency-key': randomUUID() });

describe('a request of another carrier', () => {
  it('is listed and told to its tenant alone, with what happened to it', async () => {
    const { id } = await asked(numbers[0]!);
    const { status, body } = await acme('GET', `/v1/port-outs/${id}`);
    expect([status, body]).toMatchObject([200, { state: 'pending_tenant', numbers: [numbers[0]], decided_by: null, on_the_line: false }]);
    expect((await acme('GET', `/v1/port-outs/${id}/history`)).body.data.map((e: { state: string }) => e.state)).toEqual([
      'received',
      'pending_tenant',
    ]);
    expect((await acme('GET', '/v1/port-outs?state=rejected')).body.data).toEqual([]);
    expect((await acme('GET', '/v1/port-outs?state=gone')).status).toBe(400);
    expect((await other('GET', `/v1/port-outs/${id}`)).status).toBe(404);
    expect((await other('GET', '/v1/port-outs')).body.data).toEqual([]);
  });

  it('is rejected for a reason and with evidence, or not; and once', async () => {
    const { id } = await asked(numbers[1]!);
    const reject = (body: object) => acme('POST', `/v1/port-outs/${id}/reject`, body);
    const debt = await reject({ reason: 'DEBT', evidence: 'They owe us three months' });
    expect([debt.status, debt.body.errors[0].pointer]).toEqual([400, '/reason']);
    expect((await reject({ reason: 'NAME_MISMATCH', evidence: 'no' })).body.errors[0].pointer).toBe('/evidence');
    expect((await reject({ reason: 'PORT_LOCK', evidence: 'It is locked, we believe' })).body.code).toBe('port_out.reason_refuted');
    const { status, body } = await reject({ reason: 'NAME_MISMATCH', evidence: 'The account is of Ann Miller' });
    expect([status, body]).toMatchObject([200, { state: 'rejected', decided_by: 'tenant', reason: 'NAME_MISMATCH' }]);
    expect((await acme('POST', `/v1/port-outs/${id}/authorize`)).body.code).toBe('port_out.decided');
  });

  it('is authorized, and the numbers leave when the carrier says so; that can be disputed', async () => {
    const { id } = await asked(numbers[2]!);
    expect((await acme('POST', `/v1/port-outs/${id}/dispute`, { reason: 'Not ours' })).body.code).toBe('port_out.not_disputable');
    expect((await acme('POST', `/v1/port-outs/${id}/authorize`)).body).toMatchObject({ state: 'authorized', decided_by: 'tenant' });
    expect((await advance(id, 'schedule')).body).toMatchObject({ state: 'foc_scheduled' });
    expect((await advance(id, 'port')).body).toMatchObject({ state: 'completed' });
    expect((await advance(id, 'port')).body.code).toBe('port_out.not_rehearsable');
    expect((await acme('GET', '/v1/numbers')).body.data.map((n: { number: string }) => n.number)).not.toContain(numbers[2]);
    const disputed = await acme('POST', `/v1/port-outs/${id}/dispute`, { reason: 'Nobody here asked for it' });
    expect([disputed.status, disputed.body.state]).toEqual([202, 'disputed']);
    const settle = (call: Call, body: object) => call('POST', `/v1/port-out-disputes/${id}/settle`, body);
    const said = { outcome: 'restored', reason: 'Their support, by mail' };
    expect((await settle(acme, said)).status).toBe(403);
    expect((await settle(api.operator, { ...said, outcome: 'lost' })).body.errors[0].pointer).toBe('/outcome');
    expect((await api.operator('GET', '/v1/port-out-disputes')).body.data.map((p: { id: string }) => p.id)).toEqual([id]);
    const settled = await settle(api.operator, said);
    expect([settled.status, settled.body.state]).toEqual([200, 'restored']);
    expect((await acme('GET', '/v1/numbers')).body.data.map((n: { number: string }) => n.number)).toContain(numbers[2]);
    const again = `mutation { settlePortOutDispute(id: "${id}", input: { outcome: upheld, reason: "no" }) { state } }`;
    expect((await api.operator('POST', '/graphql', { query: again })).body.errors[0].extensions.code).toBe('port_out.not_disputed');
    const audited = (await api.operator('GET', '/v1/audit-entries', undefined, { 'trunkline-tenant': acmeId })).body.data;
    expect(audited.find((e: { action: string }) => e.action === 'port_out.restored').actor.type).toBe('operator');
  });

  it('has emergency registrations and caller names of numbers that left removed, as of those that are given back', () => {
    for (const [module, queue] of [
      [EmergencyJobsModule, 'emergency-registrations'],
      [IdentityJobsModule, 'caller-names'],
    ] as const) {
      const providers = Reflect.getMetadata('providers', module) as readonly unknown[];
      const processors = providers.flatMap((p) => (typeof p === 'function' ? [Reflect.getMetadata(Processor.KEY, p)] : []));
      const heard = processors.find((p) => p?.queue === queue)?.events;
      expect([queue, heard]).toEqual([queue, expect.arrayContaining(['number.released', 'number.ported_out'])]);
    }
  });

  it('on the line is answered from what is stored', async () => {
    expect((await ask(numbers[3]!, { on_the_line: true })).body.answer).toMatchObject({ answer: 'authorized', reason: null });
    await acme('PATCH', `/v1/numbers/${numberId}/port-out-protection`, { locked: true });
    expect((await ask(numbers.at(-1)!, { on_the_line: true })).body.answer).toMatchObject({ answer: 'rejected', reason: 'PORT_LOCK' });
  });

  it('400: with a signature that does not fit, and nothing is kept', async () => {
    const { status, body } = await api.as(undefined)('POST', '/v1/carriers/port-out-requests', { ref: 'x' }, { 'carrier-signature': 'no' });
    expect([status, body.code]).toEqual([400, 'porting.bad_signature']);
  });
});

describe('what keeps numbers', () => {
  it('is a PIN and a lock, of all or of one, and the PIN is never told', async () => {
    const { status, body } = await acme('PATCH', '/v1/port-out-policy', { pin: '4711', account_number: 'A-1001' });
    expect([status, body]).toMatchObject([200, { has_pin: true, locked: false, account_number: 'A-1001', pin_blocked_until: null }]);
    expect(JSON.stringify((await acme('GET', '/v1/port-out-policy')).body)).not.toContain('4711');
    const own = await acme('PATCH', `/v1/numbers/${numberId}/port-out-protection`, { pin: '4712', locked: null });
    expect(own.body).toMatchObject({ has_pin: true, locked: null });
    expect((await acme('GET', `/v1/numbers/${numberId}/port-out-protection`)).body).toEqual(own.body);
    expect((await acme('PATCH', '/v1/port-out-policy', { pin: '1' })).body.errors[0].pointer).toBe('/pin');
    expect((await other('GET', `/v1/numbers/${numberId}/port-out-protection`)).status).toBe(404);
  });
});

describe('what is said about a request', () => {
  const asOperator: Call = (method, url, body, headers) => api.operator(method, url, body, { 'trunkline-tenant': acmeId, ...headers });
  const bodies = (answer: { body: { data: { text: string }[] } }) => answer.body.data.map((note) => note.text);

  it('is said by both sides; what the operator notes for itself is no tenant’s', async () => {
    const { id } = await asked(numbers[4]!);
    const url = `/v1/port-outs/${id}/notes`;
    const first = await acme('POST', url, { text: 'Nobody here knows of it' });
    expect([first.status, first.body]).toMatchObject([201, { side: 'tenant', audience: 'all', author_name: null, mentions: [] }]);
    await asOperator('POST', url, { text: 'We ask the carrier' });
    expect((await asOperator('POST', url, { text: 'Third time this week', audience: 'internal' })).status).toBe(201);
    expect(bodies(await acme('GET', url))).toEqual(['Nobody here knows of it', 'We ask the carrier']);
    expect(bodies(await asOperator('GET', url))).toEqual(['Nobody here knows of it', 'We ask the carrier', 'Third time this week']);
    expect((await acme('POST', url, { text: 'Mine alone', audience: 'internal' })).body.errors[0].pointer).toBe('/audience');
    expect((await acme('POST', url, { text: 'To them', audience: 'carrier' })).body).toMatchObject({ audience: 'carrier', side: 'tenant' });
    for (const verb of ['GET', 'POST'] as const)
      expect((await other(verb, url, verb === 'POST' ? { text: 'x' } : undefined)).status).toBe(404);
    const query = `{ portOut(id: "${id}") { notes { text side } } }`;
    const notes = async (call: Call) => (await call('POST', '/graphql', { query })).body.data.portOut.notes.length as number;
    expect([await notes(acme), await notes(asOperator)]).toEqual([3, 4]);
    const audited = JSON.stringify((await asOperator('GET', '/v1/audit-entries')).body);
    expect([audited.includes('port_note.added'), audited.includes('added_internally')]).toEqual([true, false]);
  });

  it('mails whoever is mentioned, of the tenant or of the operator, and nobody else can be', async () => {
    const { id } = await asked(numbers[5]!);
    const url = `/v1/port-outs/${id}/notes`;
    const ann = await memberOf(api, acmeId, 'admin', 'ann@acme.test');
    const olga = await staff(api, 'support', 'olga@operator.test');
    const from = await olga.call('POST', url, { text: 'Is this yours?' }, { 'trunkline-tenant': acmeId });
    expect(from.body).toMatchObject({ side: 'operator', author_name: 'olga@operator.test' });
    const { body: members } = await acme('GET', '/v1/members');
    const annId = members.data.find((m: { email: string }) => m.email === 'ann@acme.test').id;
    const note = await ann.call('POST', url, { text: 'It is not', mentions: [from.body.author_member_id, annId] });
    expect(note.status).toBe(201);
    await api.app.get(TellPortNote).mention(fromPublicId('tenant', acmeId)!, fromPublicId('portNote', note.body.id)!);
    const mails = (await outbox(api)).filter(({ subject }) => subject.includes('mentioned'));
    expect(mails.map(({ to }) => to).sort()).toEqual(['ann@acme.test', 'olga@operator.test']);
    expect(mails[0]?.body).toContain('It is not');
    const wrong = await other('GET', '/v1/members');
    expect(wrong.status).toBe(200);
    const nobody = await acme('POST', url, { text: 'You?', mentions: [annId, 'mbr_01j00000000000000000000000'] });
    expect([nobody.status, nobody.body.errors[0].pointer]).toEqual([400, '/mentions/1']);
    const inside = await asOperator('POST', url, { text: 'Hm', audience: 'internal', mentions: [annId] });
    expect([inside.status, inside.body.errors[0].pointer]).toEqual([400, '/mentions/0']);
  });

  it('is said in the graph too, and requests are answered there', async () => {
    const graph = async (query: string) => (await acme('POST', '/graphql', { query })).body;
    const policy = await graph('mutation { updatePortOutPolicy(input: { pin: null, accountNumber: null }) { accountNumber hasPin } }');
    expect(policy.data.updatePortOutPolicy).toEqual({ accountNumber: null, hasPin: false });
    const { id } = await asked(numbers[6]!);
    const said = await graph(`mutation { addPortOutNote(id: "${id}", input: { text: "Ours" }) { text side } }`);
    expect(said.data.addPortOutNote).toEqual({ text: 'Ours', side: 'tenant' });
    const rejected = await graph(
      `mutation { rejectPortOut(id: "${id}", input: { reason: "NAME_MISMATCH", evidence: "The account is of Ann Miller" }) { state } }`,
    );
    expect(rejected.data.rejectPortOut).toEqual({ state: 'rejected' });
    const twice = await graph(`mutation { authorizePortOut(id: "${id}") { state } }`);
    expect(twice.errors[0].extensions.code).toBe('port_out.decided');
  });
});

describe('days that carriers keep', () => {
  it('move the dates of ports, for all carriers or for one', async () => {
    const date = async (more = '') => (await acme('GET', `/v1/port-dates?number=%2B12125550123&country=US${more}`)).body.date as string;
    const before = await date();
    const closed = { country: 'US', date: before, name: 'Closed' };
    const { status, body } = await api.operator('POST', '/v1/carrier-holidays', closed);
    expect([status, body]).toMatchObject([201, { object: 'carrier_holiday', date: before, closed: true, losing_carrier_id: null }]);
    expect((await date()) > before).toBe(true);
    await api.operator('POST', '/v1/carrier-holidays', { ...closed, losing_carrier_id: 'EM02', closed: false });
    expect([await date('&losing_carrier_id=EM02'), (await date('&losing_carrier_id=EM01')) > before]).toEqual([before, true]);
    expect((await api.operator('POST', '/v1/carrier-holidays', closed)).body.code).toBe('carrier_holiday.exists');
    expect((await api.operator('GET', '/v1/carrier-holidays?country=US')).body.data).toHaveLength(2);
    expect((await api.operator('DELETE', `/v1/carrier-holidays/${body.id}`)).status).toBe(204);
    expect((await api.operator('DELETE', `/v1/carrier-holidays/${body.id}`)).status).toBe(404);
    expect(await date()).toBe(before);
    expect((await acme('GET', '/v1/carrier-holidays')).status).toBe(403);
  });
});
