import { EmulatedPortingCarrier, PortingCarrier } from '@trunkline/carriers/server';
import { SCENARIOS } from '@trunkline/carriers';
import type { Scenario } from '@trunkline/carriers';
import { fromPublicId, newId, toPublicId } from '@trunkline/kernel';
import { EmergencyProviderEmulator, ValidateAddress } from '@trunkline/emergency/server';
import { Database } from '@trunkline/platform';
import { ReceivePortEvent, SettlePortedNumber, SweepPorts } from '@trunkline/porting/server';
import type { PortOrderOut } from '@trunkline/porting/server';
import pg from 'pg';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { endedCall, storeCalls } from './store-calls.ts';

/** Numbers that come from another carrier, as a tenant and the operator see it: by the API alone. The carrier is emulated, time is a clock of ours. */
let api: ApiHarness;
let owner: pg.Client;
let ann: Awaited<ReturnType<ApiHarness['tenant']>>;
let bob: Awaited<ReturnType<ApiHarness['tenant']>>;
let trunk: string;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

beforeAll(async () => {
  api = await ApiHarness.start();
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
  [ann, bob] = [await api.tenant('Ann'), await api.tenant('Bob')];
  trunk = await trunkOf(ann.call);
  api.clock.set('2026-11-30T15:00:00Z');
});
afterAll(async () => {
  await owner?.end();
  await api?.stop();
});

const trunkOf = async (call: Call): Promise<string> =>
  (await call('POST', '/v1/trunks', { name: 'Office', country: 'US', channels_max: 2 })).body.id;
const portsOfStrangers = async (ports: 'reviewed' | 'refused') => {
  const unlimited = { channels_max: null, numbers_max: null, calls_per_second_max: null, countries: null };
  expect((await api.operator('PUT', '/v1/kyc-policy', { ...unlimited, ports })).body.ports).toBe(ports);
};
const verify = (until: string | null) => owner.query('UPDATE tenant_node SET verified_until = $1', [until]);

const FIELDS = {
  ...{ account_number: 'A1', billing_number: '+12125560001', remaining_numbers: 'none' },
  ...{ subscriber_name: 'Ann', signer_name: 'Ann', service_address: '1 Main St', city: 'New York', state: 'NY', postal_code: '10001' },
};
const BRITISH = { postal_code: 'SW1A 2AA', losing_provider_code: '001', range_holder_code: '001' };
const drafted = (numbers: readonly string[], over: object = {}, call = ann.call) =>
  call('POST', '/v1/port-projects', { numbers, trunk_id: trunk, fields: FIELDS, pin: '4711', ...over });
const ordersOf = async (project: string): Promise<PortOrderOut[]> =>
  (await ann.call('GET', `/v1/port-orders?project_id=${project}&limit=100`)).body.data;
const order = async (id: string): Promise<PortOrderOut> => (await ann.call('GET', `/v1/port-orders/${id}`)).body;
const command = (id: string, what: string, body?: object, call = ann.call) => call('POST', `/v1/port-orders/${id}/${what}`, body);
const advance = async (id: string): Promise<PortOrderOut> => (await api.operator('POST', `/v1/port-rehearsals/${id}/advance`)).body;
/** Tells and shows what an order still lacks. */
const complete = async ({ id, country }: PortOrderOut): Promise<void> => {
  if (country === 'GB') await ann.call('PATCH', `/v1/port-orders/${id}`, { fields: BRITISH });
  const { numbers_sha256 } = (await ann.call('GET', `/v1/port-orders/${id}/letter`)).body;
  await command(id, 'letter/sign', { signer_name: 'Ann', numbers_sha256 });
  const today = api.clock.now().toISOString().slice(0, 10);
  if ((await order(id)).state === 'incomplete')
    await ann.call('POST', `/v1/port-orders/${id}/documents?kind=bill&file_name=bill.pdf&dated_on=${today}`, Buffer.from('%PDF-1.7'));
};
/** A project whose numbers were checked, and which tells and shows all that it must: its orders. */
const checked = async (numbers: readonly string[], over: object = {}): Promise<{ project: string; orders: PortOrderOut[] }> => {
  const { body } = await drafted(numbers, over);
  await ann.call('POST', `/v1/port-projects/${body.id}/check`);
  await pass(MINUTE);
  for (const one of await ordersOf(body.id)) if (one.state === 'incomplete') await complete(one);
  return { project: body.id, orders: await ordersOf(body.id) };
};
const submitted = async (numbers: readonly string[], body: object = {}): Promise<string> => {
  const { project, orders } = await checked(numbers);
  expect((await ann.call('POST', `/v1/port-projects/${project}/submit`, body)).status).toBe(202);
  return orders[0]!.id;
};

const HOME = { name: 'Ann', house_number: '350', street: 'Fifth Avenue', location: 'Floor 21', city: 'New York', region: 'NY', postal_code: '10118', country: 'US' }; // prettier-ignore
/** A place for emergency calls, that the provider has looked at. */
const addressOf = async (place: object): Promise<string> => {
  const { id } = (await ann.call('POST', '/v1/emergency-addresses', place)).body;
  const validate = new ValidateAddress(api.app.get(Database), api.clock, new EmergencyProviderEmulator());
  await validate.execute(fromPublicId('tenant', ann.id)!, fromPublicId('emergencyAddress', id)!);
  return id;
};
/** What the worker does for each number that came. */
const settle = async (): Promise<void> => {
  const { rows } = await owner.query(`SELECT tenant_id, payload FROM outbox WHERE type = 'number.ported_in'`);
  for (const { tenant_id: tenantId, payload } of rows) await api.app.get(SettlePortedNumber).execute(tenantId, payload.numberId);
};

/** What the edges are told of a number. */
const entry = async (e164: string): Promise<string | null> => {
  await api.compileEdges();
  const { rows } = await owner.query(`SELECT value FROM edge_entry WHERE kind = 'number' AND key = $1`, [e164.slice(1)]);
  return rows[0]?.value ?? null;
};
const ours = () => ({ tenantId: fromPublicId('tenant', ann.id), trunkId: fromPublicId('trunk', trunk) });

/** What the carrier has done by now comes as its messages do, by HTTP; then the worker does what is due. */
const work = async (): Promise<void> => {
  const carrier = api.app.get<PortingCarrier>(PortingCarrier) as EmulatedPortingCarrier;
  const { rows } = await owner.query(
    `SELECT DISTINCT ref FROM emulated_port, jsonb_array_elements(state -> 'steps') AS s WHERE (s ->> 'atMs')::bigint <= $1`,
    [api.clock.now().getTime()],
  );
  for (const { ref } of rows)
    for (const { body, signature } of await carrier.dueWebhooks(ref)) {
      const headers = { 'content-type': 'application/json', 'carrier-signature': signature };
      expect((await api.as(undefined)('POST', '/v1/carriers/port-events', Buffer.from(body), headers)).status).toBe(200);
    }
  const { rows: waiting } = await owner.query(`SELECT carrier, event_id FROM carrier_port_event WHERE processed_at IS NULL`);
  for (const { carrier: name, event_id: eventId } of waiting) await api.app.get(ReceivePortEvent).process(name, eventId);
  await api.app.get(SweepPorts).execute();
};
/** @param coarseMs polls and reminders in between may come so much later: the weeks pass sooner */
const passUntil = async (until: number, coarseMs = 0): Promise<void> => {
  for (let turns = 0; ; turns++) {
    const { rows } = await owner.query(
      `SELECT min(at) AS at FROM (SELECT min(due_at) AS at FROM port_timer UNION ALL
         SELECT to_timestamp(min((s ->> 'atMs')::bigint) / 1000.0) FROM emulated_port, jsonb_array_elements(state -> 'steps') AS s) t`,
    );
    const due = rows[0].at === null ? Infinity : rows[0].at.getTime();
    const soonest = api.clock.now().getTime() + (turns % 3 === 0 ? coarseMs : 0);
    api.clock.set(new Date(due > until ? until : Math.min(Math.max(due, soonest), until)));
    if (due > until) return;
    if (turns > 2_000) throw new Error('what is due stays due');
    await work();
  }
};
const pass = (ms: number, coarseMs = 0) => passUntil(api.clock.now().getTime() + ms, coarseMs);

describe('a port from its draft to its numbers', () => {
  let id = '';
  const numbers = ['+12125560001', '+12125561234'];

  it('is drafted, checked and submitted, looked at by the operator, and on its way', async () => {
    const { project, orders } = await checked(numbers, { emergency_address_id: await addressOf(HOME), caller_name: 'ANN INC' });
    expect(orders).toMatchObject([{ state: 'ready', losing_carrier: 'Emulated Bell', number_type: 'local', allowed_commands: ['submit', 'cancel'] }]); // prettier-ignore
    id = orders[0]!.id;
    await portsOfStrangers('refused');
    for (const until of [null, api.clock.now().toISOString()]) {
      await verify(until);
      const refused = await ann.call('POST', `/v1/port-projects/${project}/submit`, {});
      expect([refused.status, refused.body.code, refused.body.type]).toEqual([409, 'kyc.required', expect.stringMatching(/\/errors\/kyc\.required$/)]); // prettier-ignore
    }
    expect((await order(id)).state).toBe('ready');
    await portsOfStrangers('reviewed');
    const { status, body } = await ann.call('POST', `/v1/port-projects/${project}/submit`, {});
    expect([status, body.orders[0].state]).toEqual([202, 'in_review']); // the tenant is not verified
    expect((await api.operator('GET', '/v1/port-reviews')).body.data.map((o: PortOrderOut) => o.id)).toEqual([id]);
    expect((await api.operator('POST', `/v1/port-reviews/${id}/approve`)).body.state).toBe('submitting');
  });

  it('is refused and says why; what is sent again is what was named', async () => {
    expect((await advance(id)).state).toBe('submitted');
    const refused = await advance(id);
    expect([refused.state, refused.rejections]).toMatchObject(['exception', [{ code: 'NAME_MISMATCH', fixable_by: 'tenant', fields: ['subscriber_name'], carrier_code: '7519' }]]); // prettier-ignore
    const { status, body } = await command(id, 'resubmit');
    expect([status, body.code, body.errors[0].pointer]).toEqual([409, 'port_order.nothing_fixed', '/fields/subscriber_name']);
    await ann.call('PATCH', `/v1/port-orders/${id}`, { fields: { subscriber_name: 'Ann Miller' } });
    await portsOfStrangers('refused'); // who was known when it was submitted may not be any more
    expect((await command(id, 'resubmit')).body.code).toBe('kyc.required');
    await portsOfStrangers('reviewed');
    expect((await command(id, 'resubmit')).body.state).toBe('supplementing');
    expect((await advance(id)).state).toBe('submitted');
    expect(await advance(id)).toMatchObject({ state: 'foc_confirmed', foc_time_zone: 'America/New_York', rejections: [] });
    expect(await entry(numbers[0]!)).toBeNull();
  });

  it('comes at a word: calls first, then the numbers, their fees once', async () => {
    expect((await command(id, 'activate')).body.state).toBe('activating');
    const before = await entry(numbers[0]!);
    expect(JSON.parse(before ?? 'null')).toEqual(ours());
    await pass(61_000); // the carrier is told
    api.clock.advance({ seconds: 90 }); // it has moved them, and lost its message
    const calling = { uid: 'first', tenantId: ours().tenantId!, trunkId: ours().trunkId!, direction: 'inbound', destination: numbers[0]!, to: '12125560001' } as const; // prettier-ignore
    await storeCalls(api, endedCall(api, calling));
    await api.app.get(SweepPorts).execute(); // no poll is due for a quarter of an hour, but a call came
    expect((await order(id)).numbers.map((n) => n.state)).toEqual(['active', 'active']);
    expect([(await order(id)).state, await entry(numbers[0]!)]).toEqual(['completed', before]);
    expect((await ann.call('GET', '/v1/numbers')).body.data.map((n: { number: string }) => n.number).sort()).toEqual(numbers);
    expect((await ann.call('GET', '/v1/balance')).body.balance.amount).toBe('-1.50'); // 0.50 for each channel of the trunk, 0.25 for each number
    const { body } = await ann.call('GET', `/v1/port-orders/${id}/history`);
    expect(body.data.slice(-2)).toMatchObject([{ event: 'called', numbers: [numbers[0]] }, { event: 'all_active' }]);
    const moves = body.data.map((e: { state: string }) => e.state);
    expect(moves.filter((state: string, i: number) => state !== moves[i - 1])).toEqual([
      ...['draft', 'validating', 'incomplete', 'ready', 'in_review', 'submitting', 'submitted', 'exception', 'supplementing', 'submitted'],
      ...['foc_confirmed', 'activating', 'completed'],
    ]);
  });

  it('have from then on the place they call for help from, and their name', async () => {
    await settle();
    for (const { id: number } of (await ann.call('GET', '/v1/numbers')).body.data) {
      expect((await ann.call('GET', `/v1/numbers/${number}/emergency-registration`)).body).toMatchObject({
        state: 'provisioning',
      });
      expect((await ann.call('GET', `/v1/numbers/${number}/caller-name`)).body).toMatchObject({ name: 'ANN INC', state: 'requested' });
    }
    await settle(); // once more: it changes nothing
    expect((await ann.call('GET', `/v1/port-orders/${id}/history`)).body.data.at(-1).event).toBe('all_active');
  });

  it('say in the history what could not follow, and why', async () => {
    const address = await addressOf({ ...HOME, house_number: '0' });
    const { orders, project } = await checked(['+12125561240'], { emergency_address_id: address, caller_name: 'ANN INC' });
    await ann.call('POST', `/v1/port-projects/${project}/submit`, {});
    await api.operator('POST', `/v1/port-reviews/${orders[0]!.id}/approve`);
    for (let i = 0; i < 3; i++) await advance(orders[0]!.id);
    await settle();
    const { body } = await ann.call('GET', `/v1/port-orders/${orders[0]!.id}/history`);
    expect(body.data.at(-1)).toMatchObject({
      event: 'left_undone',
      state: 'completed',
      numbers: ['+12125561240'],
      reason: 'The address is invalid',
    });
  });

  it('400: an address that is not the tenant’s, a name that no network takes, a URL on an inner network', async () => {
    const foreign = { emergency_address_id: toPublicId('emergencyAddress', newId()) };
    for (const [over, pointer] of [
      [foreign, '/emergency_address_id'],
      [{ caller_name: 'ann' }, '/caller_name'],
      [{ webhook_url: 'https://10.0.0.1/' }, '/webhook_url'],
    ] as const)
      // prettier-ignore
      expect((await drafted(['+12125561241'], over)).body).toMatchObject({ status: 400, errors: [{ pointer }] });
  });

  it('409: it takes no command any more but to go back', async () => {
    for (const what of ['cancel', 'resubmit', 'activate']) {
      const { status, body } = await command(id, what);
      expect([what, status, body.code, body.allowed]).toEqual([what, 409, 'port_order.command_refused', ['reverse']]);
    }
  });
});

describe('all that the emulated carrier does, over weeks', () => {
  const ids = new Map<Scenario, string>();
  const first = new Map<Scenario, string>(SCENARIOS.map((s, i) => [s, `+1212557${String(i).padStart(4, '0')}`]));
  const BESIDE: { readonly [S in Scenario]?: string } = { partial: '+12125579999', split: '+12125579998' }; // of the same project
  /** What becomes of each: the states that its history shows. (`activating` too, unless the carrier was there at the very minute.) */
  const GO: { readonly [S in Scenario]?: readonly string[] } = {
    happy: ['submitting', 'submitted', 'foc_confirmed', 'completed'],
    reject_name: [...['submitting', 'submitted', 'exception', 'supplementing', 'submitted', 'foc_confirmed'], 'completed'],
    reject_pin: [...['submitting', 'submitted', 'exception', 'supplementing', 'submitted', 'foc_confirmed'], 'completed'],
    foc_moved: ['submitting', 'submitted', 'foc_confirmed', 'completed'],
    partial: ['submitting', 'submitted', 'foc_confirmed', 'partially_activated', 'completed'],
    duplicates: ['submitting', 'submitted', 'foc_confirmed', 'completed'],
    lost_events: ['submitting', 'submitted', 'foc_confirmed', 'completed'],
    cancel_too_late: ['submitting', 'submitted', 'cancel_requested', 'submitted', 'foc_confirmed', 'completed'],
    conflict_resolved: ['submitting', 'submitted', 'foc_confirmed', 'exception', 'completed'],
    snapback: ['submitting', 'submitted', 'foc_confirmed', 'completed', 'reversing', 'reversed'],
    errors_first: ['submitting', 'submitted', 'foc_confirmed', 'completed'],
    split: ['submitting', 'submitted', 'foc_confirmed', 'completed'],
    silent: ['submitting'],
  };
  const states = async (id: string): Promise<string[]> => {
    const { body } = await ann.call('GET', `/v1/port-orders/${id}/history`);
    const all: string[] = body.data.map((e: { state: string }) => e.state).filter((s: string) => s !== 'activating');
    return all.filter((state, i) => state !== all[i - 1]).slice(4); // after it was ready
  };
  /** By number, those that the edges take the calls of; all of them for this tenant. */
  const taken = async (): Promise<string[]> => {
    await api.compileEdges();
    const { rows } = await owner.query(
      `SELECT key, value FROM edge_entry WHERE kind = 'number' AND value IS NOT NULL AND key LIKE '1212557%' ORDER BY key`,
    );
    for (const { value } of rows) expect(JSON.parse(value)).toEqual(ours());
    return rows.map(({ key }) => `+${key}`);
  };

  it('are found by what the tenant calls the project', async () => {
    const { body } = await drafted(['+12125561299'], { external_reference: 'PO 7' });
    const found = async (reference: string) =>
      (await ann.call('GET', `/v1/port-projects?external_reference=${reference}`)).body.data.map((p: { id: string }) => p.id);
    expect([await found('PO%207'), await found('PO%208')]).toEqual([[body.id], []]);
  });

  it('are checked and submitted; what cannot come is told number by number', async () => {
    await verify('2100-01-01');
    for (const scenario of SCENARIOS) {
      const numbers = [
        first.get(scenario)!,
        ...(BESIDE[scenario] ? [BESIDE[scenario]] : []),
        ...(scenario === 'split' ? ['+442079460018'] : []),
      ];
      const { project, orders } = await checked(numbers);
      const mine = orders.find((o) => o.numbers.some((n) => n.number === first.get(scenario)))!;
      ids.set(scenario, mine.id);
      if (scenario === 'split') expect(orders.map((o) => `${o.country} ${o.losing_carrier}`).sort()).toEqual(['GB Emulated Bell', 'US Emulated Bell', 'US Emulated Valley Telephone']); // prettier-ignore
      if (scenario === 'not_portable')
        expect(mine).toMatchObject({ state: 'not_portable', allowed_commands: [], numbers: [{ reason: 'TN_NOT_PORTABLE' }] }); // prettier-ignore
      else expect((await ann.call('POST', `/v1/port-projects/${project}/submit`, {})).status).toBe(202);
    }
    await pass(20 * MINUTE);
    expect((await command(ids.get('cancel_too_late')!, 'cancel')).body.state).toBe('cancel_requested');
  });

  it('mended where they were refused, they have a firm date, and no call is taken yet', async () => {
    await pass(HOUR, 4 * MINUTE); // whose events are lost is asked five minutes before its date is firm
    await pass(3 * HOUR, 10 * MINUTE);
    for (const [scenario, mended] of [
      ['reject_name', { fields: { subscriber_name: 'Ann Miller' } }],
      ['reject_pin', { pin: '1234' }],
    ] as const) {
      const id = ids.get(scenario)!;
      expect((await order(id)).allowed_commands).toEqual(['resubmit', 'cancel']);
      expect((await ann.call('PATCH', `/v1/port-orders/${id}`, mended)).status).toBe(200);
      expect((await command(id, 'resubmit')).status).toBe(202);
    }
    await pass(3 * HOUR, 10 * MINUTE);
    const firm = (await Promise.all([...ids].map(async ([scenario, id]) => [scenario, (await order(id)).state] as const))).filter(([, state]) => state === 'foc_confirmed'); // prettier-ignore
    expect(firm.map(([scenario]) => scenario)).toEqual(SCENARIOS.filter((s) => s !== 'not_portable' && s !== 'silent'));
    expect(await taken()).toEqual([]);
  });

  it('are taken calls for from 15 minutes before their dates, each, and not before', async () => {
    const from = new Map<string, number>(); // by number, when its calls begin
    for (const [scenario, id] of ids) {
      const { foc_at: at } = await order(id);
      if (at)
        for (const n of [first.get(scenario)!, ...(BESIDE[scenario] ? [BESIDE[scenario]] : [])]) from.set(n, Date.parse(at) - 15 * MINUTE);
    }
    const instants = [...from.values()].flatMap((at) => [at - 1_000, at, at + 17 * MINUTE]);
    for (const at of [...new Set(instants)].sort((a, b) => a - b)) {
      await passUntil(at, HOUR);
      const isGone = (n: string, since: number) => n === BESIDE.partial && at >= since + DAY; // the carrier gave the rest up
      const open = [...from].filter(([n, since]) => since <= at && !isGone(n, since)).map(([n]) => n);
      expect([at, await taken()]).toEqual([at, open.sort()]);
    }
  });

  it('end as the carrier says, and so do the edges', async () => {
    expect((await command(ids.get('snapback')!, 'reverse', { reason: 'Ported by mistake' })).body.state).toBe('reversing');
    await pass(21 * DAY, 8 * HOUR);
    for (const [scenario, id] of ids)
      if (scenario !== 'not_portable') expect([scenario, await states(id)]).toEqual([scenario, GO[scenario]]);
    const gone: Scenario[] = ['not_portable', 'silent', 'snapback'];
    expect(await taken()).toEqual(
      SCENARIOS.filter((s) => !gone.includes(s))
        .map((s) => first.get(s))
        .concat('+12125579998'),
    );
    expect((await order(ids.get('partial')!)).numbers.map((n) => n.state)).toEqual(['active', 'cancelled']);
  });

  it('cost each number’s fee once, and none that did not come', async () => {
    const { rows } = await owner.query(
      `SELECT split_part(reference, ':', 1) AS id, count(*)::int FROM posting WHERE kind = 'setup_number' GROUP BY 1`,
    );
    const { rows: came } = await owner.query(`SELECT id FROM port_number WHERE state IN ('active', 'reversed')`);
    expect(rows.map((r) => r.id).sort()).toEqual(came.map((r) => r.id).sort());
    expect(rows.every((r) => r.count === 1)).toBe(true);
  });

  it('are counted by reason and losing carrier, for the operator', async () => {
    const { body } = await api.operator('GET', '/v1/port-rejection-counts?days=60');
    expect(body.data).toEqual([
      { code: 'NAME_MISMATCH', losing_carrier: 'Emulated Bell', count: 2 },
      { code: 'PIN_INVALID', losing_carrier: 'Emulated Bell', count: 1 },
    ]);
    expect((await ann.call('GET', '/v1/port-rejection-counts')).status).toBe(403);
  });

  it('go back within 72 hours, later at the operator’s word only', async () => {
    const { status, body } = await command(ids.get('happy')!, 'reverse', { reason: 'Too late' });
    expect([status, body.code]).toEqual([409, 'port_order.too_late']);
  });
});

describe('before its date', () => {
  /** A Wednesday, so that the losing carrier works. */
  const inTenDays = () => {
    const at = new Date(api.clock.now().getTime() + 10 * DAY);
    at.setUTCDate(at.getUTCDate() + ((3 - at.getUTCDay() + 7) % 7));
    at.setUTCHours(15);
    return { requested_foc_at: at.toISOString() };
  };

  it('a port is moved to another one, or cancelled when the carrier agrees; its number may be tried again', async () => {
    const id = await submitted(['+12125580100'], inTenDays());
    await pass(3 * HOUR, 10 * MINUTE);
    const { foc_at: before } = await order(id);
    const later = { requested_foc_at: new Date(Date.parse(before!) + 7 * DAY).toISOString() };
    expect((await command(id, 'reschedule', later)).body.state).toBe('supplementing');
    await pass(3 * HOUR, 10 * MINUTE);
    expect(await order(id)).toMatchObject({ state: 'foc_confirmed', foc_at: later.requested_foc_at });
    expect((await command(id, 'cancel')).body.state).toBe('cancel_requested');
    await pass(HOUR);
    expect([(await order(id)).state, await entry('+12125580100')]).toEqual(['cancelled', null]);
    expect((await drafted(['+12125580100'], { trunk_id: null }, bob.call)).status).toBe(201);
  });

  it('409: nothing is moved or cancelled in the last 24 hours', async () => {
    const id = await submitted(['+12125580101'], inTenDays());
    await pass(3 * HOUR, 10 * MINUTE);
    await passUntil(Date.parse((await order(id)).foc_at!) - 24 * HOUR, 8 * HOUR);
    for (const [what, body] of [
      ['cancel', undefined],
      ['reschedule', inTenDays()],
    ] as const)
      // prettier-ignore
      expect((await command(id, what, body)).body.code).toBe('port_order.too_late');
    expect((await order(id)).state).toBe('foc_confirmed');
  });

  it('404: to another tenant there is no such order, whatever it asks', async () => {
    const [{ id } = { id: '' }] = (await ann.call('GET', '/v1/port-orders?state=foc_confirmed')).body.data;
    for (const what of ['cancel', 'resubmit', 'activate']) expect((await command(id, what, undefined, bob.call)).status).toBe(404);
  });
});

describe('a number that two tenants want', () => {
  it('409: is being ported, or is here, and nobody is told whose it is', async () => {
    await drafted(['+12125580200']);
    const being = await drafted(['+12125580201', '+12125580200'], { trunk_id: null }, bob.call);
    const here = await drafted(['+12125580201', first()], { trunk_id: null }, bob.call);
    const told = ({ status, body }: typeof being) => ({ status, ...body, request_id: '', instance: '', errors: body.errors.map((e: object) => ({ ...e, detail: '' })) }); // prettier-ignore
    expect(told(here)).toEqual(told(being));
    expect(told(being)).toMatchObject({ status: 409, code: 'port_order.number_unavailable', errors: [{ pointer: '/numbers/1', code: 'unavailable' }] }); // prettier-ignore
    expect(JSON.stringify([being.body, here.body])).not.toContain(ann.id);
    expect((await bob.call('GET', '/v1/port-orders')).body.data.map((o: PortOrderOut) => o.numbers[0]?.number)).toEqual(['+12125580100']);
  });
  const first = () => '+12125560001'; // ported in above
});
