import { createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import { SipPeer, requestUri, sippCall } from '@trunkline/testing/sip';
import type { CallOptions, SippOptions } from '@trunkline/testing/sip';
import { startSoftphone } from './softphone.ts';
import { AT, Customer, eventually, platformFor, priceOf, stock } from './customers.ts';
import type { Platform, Trunk } from './customers.ts';
import { byClient, byCommandLine } from './first-call.ts';

/** Everything for real: api, worker, Postgres, two edges with Kamailio, telephones; the payment provider is our emulator. Driven by the public API. */
const EDGES = [
  { name: 'one', sipAddress: '127.0.50.1:5060' },
  { name: 'two', sipAddress: '127.0.50.2:5060' },
];
const PORTS = { API_PORT: '28510', GATEWAY_PORT: '28511', WORKER_HEALTH_PORT: '28512', STRIPE_EMULATOR_PORT: '28513' };
const PBX = '127.0.52.1';
const FROM_CARRIER = '127.0.51.1:5090'; // a port of its address that no call is sent to
const SHORTEST = { outbound: 60_000_000n, inbound: 6_000_000n }; // nanos: six seconds of 0.60 and of 0.06 a minute

let database: TestDatabase;
let platform: Platform;
let planId: string;
let phone: SipPeer; //   a customer's PBX, placing calls
let pbx: SipPeer; //     a customer's PBX, taking calls
let carrier: SipPeer; // takes calls, and brings them
let anna: Customer;
let office: Trunk;
let ben: Customer; //    at home on the other edge
let shop: Trunk;
const own = new Map<Customer, string>(); // one number each

beforeAll(async () => {
  database = await createTestDatabase();
  platform = platformFor({ database, env: { API_HOST: '127.0.50.9', GATEWAY_HOST: '127.0.50.9', ...PORTS } });
  await platform.startControlPlane();
  await platform.startEdges(EDGES);
  planId = await stock(platform.operator());
  const open = async (address: string, answer: number): Promise<SipPeer> => {
    const [ip = '', port] = address.split(':');
    const peer = await SipPeer.open(ip, Number(port));
    peer.answer = () => answer;
    return peer;
  };
  [phone, pbx, carrier] = [await open(`${PBX}:5060`, 603), await open(AT.pbx, 200), await open(AT.carrier, 200)];
  [anna, ben] = [await Customer.signUp(platform, planId, 'Anna'), await Customer.signUp(platform, planId, 'Ben')];
  [office, shop] = [await anna.orderTrunk('Office', 30), await ben.orderTrunk('Shop', 30)];
  for (const [customer, trunk] of [[anna, office], [ben, shop]] as const) own.set(customer, await customer.orderNumber(trunk)); // prettier-ignore
}, 120_000);
afterAll(async () => {
  [phone, pbx, carrier].forEach((peer) => peer?.close());
  await platform?.stop();
  await database?.drop();
}, 60_000);

const trunkOf = (customer: Customer): Trunk => (customer === anna ? office : shop);
const call = (customer: Customer, requestUser: string, over: Partial<CallOptions> = {}) =>
  phone.call({ edge: customer.home, requestUser, fromUser: own.get(customer)!, login: trunkOf(customer).login, ...over });
const burst = (customer: Customer, trunk: Trunk, over: Partial<SippOptions> & { readonly local: string }) =>
  sippCall({ scenario: 'digest-call', remote: customer.home, login: trunk.login, keys: { from_user: own.get(customer)! }, ...over });

describe('a trunk ordered by API', () => {
  it('is live on both edges, each tenant at home on one of them', () => {
    const addresses = EDGES.map((e) => e.sipAddress);
    expect([anna.home, anna.away].toSorted()).toEqual(addresses);
    expect([ben.home, ben.away]).toEqual([anna.away, anna.home]);
  });

  it('places a call: stored once, rated as it explains, and charged', async () => {
    const before = await anna.balance();
    expect(await call(anna, '+12125550001', { holdMs: 200 })).toMatchObject({ status: 200 });
    const calls = await anna.calls('+12125550001', 1);
    expect(calls).toMatchObject([{ direction: 'outbound', outcome: 'answered', billed_secs: 6, hangup_by: 'caller' }]);
    expect([priceOf(calls), before - (await anna.balance())]).toEqual([SHORTEST.outbound, SHORTEST.outbound]);
    const { rating } = await anna.api('GET', `/v1/calls/${calls[0].id}`);
    expect(rating).toMatchObject({ state: 'rated', amount: { amount: '0.06', currency: 'USD' } });
    expect(rating.explanation.rate).toMatchObject({
      prefix: '1',
      destination: 'North America',
      rate_per_minute: { amount: '0.60' },
      initial_secs: 6,
      increment_secs: 6,
    });
    expect(rating.explanation.steps.length).toBeGreaterThan(1);
  });

  it('takes a call: stored once, rated by the other deck, and charged', async () => {
    const before = await anna.balance();
    const arriving = { edge: anna.home, requestUser: own.get(anna)!, fromUser: '+12125550002' };
    expect(await carrier.call({ ...arriving, holdMs: 200 })).toMatchObject({ status: 200 });
    expect(requestUri(pbx.invites().at(-1)!)).toBe(`sip:${own.get(anna)}@${AT.pbx}`);
    const calls = await anna.calls('+12125550002', 1);
    expect(calls).toMatchObject([{ direction: 'inbound', outcome: 'answered', billed_secs: 6, destination: own.get(anna) }]);
    expect([priceOf(calls), before - (await anna.balance())]).toEqual([SHORTEST.inbound, SHORTEST.inbound]);
  });
});

describe('the first call', () => {
  it.each([
    ['the command line', byCommandLine],
    ['the client', byClient],
  ])('is made, from a tenant to its next invoice, by %s alone', async (_, setUp) => {
    const { login, number, home, calls, balance, upcoming } = await setUp(platform);
    expect(await phone.call({ edge: home, requestUser: '+12125550044', fromUser: number, login, holdMs: 200 })).toMatchObject({
      status: 200,
    });
    const { data } = await eventually('the call stored', calls, (page) => page.data.length > 0);
    const price = { amount: '0.06', currency: 'USD' };
    expect(data).toMatchObject([{ direction: 'outbound', outcome: 'answered', billed_secs: 6, rating: { amount: price } }]);
    expect((await balance()).balance).toEqual({ ...price, amount: '-0.06' });
    expect(await upcoming()).toMatchObject({ total: price });
  });
});

describe('a number that comes from another carrier', () => {
  const number = '+12125550100';
  const FIELDS = { account_number: 'A1', subscriber_name: 'Anna', service_address: '1 Main St', postal_code: '10001', signer_name: 'Anna' };
  const ring = () => carrier.call({ edge: anna.home, requestUser: number, fromUser: '+12125550777', holdMs: 20 });

  it('has every call taken from before it is here on, by its tenant alone', async () => {
    const operator = platform.operator();
    const project = await anna.api('POST', '/v1/port-projects', { numbers: [number], trunk_id: office.id, fields: FIELDS });
    await anna.api('POST', `/v1/port-projects/${project.id}/check`);
    const path = `/v1/port-projects/${project.id}`;
    const { orders } = await eventually('the check', () => anna.api('GET', path), (p) => p.orders[0].state === 'incomplete'); // prettier-ignore
    const order = orders[0].id;
    const { numbers_sha256 } = await anna.api('GET', `/v1/port-orders/${order}/letter`);
    await anna.api('POST', `/v1/port-orders/${order}/letter/sign`, { signer_name: 'Anna', numbers_sha256 });
    await anna.api('POST', `${path}/submit`, {});
    await operator('POST', `/v1/port-reviews/${order}/approve`);
    const advance = () => operator('POST', `/v1/port-rehearsals/${order}/advance`);
    await eventually('the firm date', advance, ({ state }) => state === 'foc_confirmed');
    expect(await ring()).toMatchObject({ status: 404 }); // it is still at the other carrier

    await anna.api('POST', `/v1/port-orders/${order}/activate`);
    await eventually('the first call', ring, ({ status }) => status === 200);
    const burst = { scenario: 'call', local: FROM_CARRIER, remote: anna.home, number, calls: 8, perSecond: 8, keys: { from_user: '+12125550778' } } as const; // prettier-ignore
    let isHere = false;
    const coming = eventually('the end', advance, ({ state }) => state === 'completed').then(() => (isHere = true));
    const bursts = [];
    while (!isHere) bursts.push(await sippCall(burst)); // before it is here, while it comes
    await coming;
    bursts.push(await sippCall(burst)); // and after
    expect(bursts.map(({ statuses }) => statuses)).toEqual(bursts.map(() => ({ 200: burst.calls })));
    const all = bursts.length * burst.calls + 1;
    const answered = (await anna.calls(number, all)).filter((c: { outcome: string }) => c.outcome === 'answered');
    expect(new Set(answered.map((c: { trunk_id: string }) => c.trunk_id))).toEqual(new Set([office.id]));
    expect(answered.length).toBe(all);
    expect((await ben.api('GET', `/v1/calls?number=${encodeURIComponent(number)}`)).data).toEqual([]);
    expect((await anna.api('GET', '/v1/numbers')).data.map((n: { number: string }) => n.number)).toContain(number);
  });
});

describe('who may call', () => {
  const credentials = () => `/v1/trunks/${office.id}/credentials`;
  const status = async (password: string) => (await call(anna, '+12125550010', { login: { ...office.login, password } })).status;

  it('is whoever calls from an address that the trunk names, for as long as it does', async () => {
    const desk = await SipPeer.open('127.0.52.9', 5060);
    const bare = () => desk.call({ edge: anna.home, requestUser: '+12125550011', fromUser: own.get(anna)! });
    expect(await bare()).toMatchObject({ status: 407 });
    await anna.api('PATCH', `/v1/trunks/${office.id}`, { ip_addresses: ['127.0.52.8/29'] });
    await eventually('the address live', bare, (c) => c.status === 200);
    expect(await anna.calls('+12125550011', 1)).toMatchObject([{ direction: 'outbound', outcome: 'answered', trunk_id: office.id }]);
    await anna.api('PATCH', `/v1/trunks/${office.id}`, { ip_addresses: [] });
    await eventually('the address given back', bare, (c) => c.status === 407);
    desk.close();
  });

  it('is whoever knows the password, the old one as well while it is rotated', async () => {
    const [{ id }] = (await anna.api('GET', credentials())).data;
    const { password } = await anna.api('POST', `${credentials()}/${id}/rotate`, { overlap_secs: 3600 });
    await eventually('the new password live', () => status(password), (s) => s === 200); // prettier-ignore
    expect(await status(office.login.password)).toBe(200);
    const { password: last } = await anna.api('POST', `${credentials()}/${id}/rotate`, { overlap_secs: 1 });
    await eventually('the last password live', () => status(last), (s) => s === 200); // prettier-ignore
    expect(await status(office.login.password)).toBe(407);
    await eventually('the one before forgotten', () => status(password), (s) => s === 407); // prettier-ignore
    office = { ...office, login: { ...office.login, password: last } };
  });
});

describe('the other edge', () => {
  it('sends the caller home, and so a carrier', async () => {
    const contact = (user: string) => ({ status: 302, contact: `sip:${user}@${anna.home}` });
    expect(await call(anna, '+12125550003', { edge: anna.away })).toMatchObject(contact('+12125550003'));
    const arriving = { edge: anna.away, requestUser: own.get(anna)!, fromUser: '+12125550004' };
    expect(await carrier.call(arriving)).toMatchObject(contact(own.get(anna)!));
  });

  it('adds no channels: 200 INVITEs at once to both, over two trunks, stay below the caps of trunks and tenant', async () => {
    const tenantCap = 5;
    const carla = await Customer.signUp(platform, planId, 'Carla', tenantCap);
    const trunks = [
      { trunk: await carla.orderTrunk('Three', 3), cap: 3, dialled: '+12125550031' },
      { trunk: await carla.orderTrunk('Four', 4), cap: 4, dialled: '+12125550041' },
    ];
    own.set(carla, await carla.orderNumber(trunks[0]!.trunk));
    const common = { calls: 50, perSecond: 500, holdMs: 3000 };
    const edges = [carla.home, carla.away];
    const results = await Promise.all(
      trunks.flatMap(({ trunk, dialled }, i) =>
        edges.map((remote, j) => burst(carla, trunk, { ...common, remote, number: dialled, local: `127.0.52.${2 + i}:${5070 + j}` })),
      ),
    );
    const [three, threeAway, four, fourAway] = results.map((r) => r.statuses);
    expect([threeAway, fourAway]).toEqual([{ 302: 50 }, { 302: 50 }]);
    const answered = trunks.map(({ dialled }) => carrier.invites().filter((m) => requestUri(m).includes(dialled)).length);
    expect([three![200], four![200]]).toEqual(answered);
    expect(answered[0]).toBeLessThanOrEqual(3);
    expect(answered[1]).toBeLessThanOrEqual(4);
    expect(answered[0]! + answered[1]!).toBe(tenantCap);
    expect([three![480], four![480]]).toEqual(answered.map((n) => 50 - n));
  });
});

describe('with the control plane killed', () => {
  it('calls complete on both edges; their records arrive exactly once when it is back', async () => {
    const dialled = '+12125550005';
    const before = [await anna.balance(), await ben.balance()];
    await platform.kill('api', 'worker');
    const played = await Promise.all(
      [anna, ben].map((customer, i) =>
        burst(customer, trunkOf(customer), { calls: 25, perSecond: 25, holdMs: 200, number: dialled, local: `${PBX}:${5070 + i}` }),
      ),
    );
    expect(played.map((p) => p.statuses)).toEqual([{ 200: 25 }, { 200: 25 }]);
    await platform.startControlPlane();
    for (const [i, customer] of [anna, ben].entries()) {
      await customer.calls(dialled, 25);
      // spools are first in, first out: behind a later call nothing earlier is still under way
      expect(await call(customer, '+12125550006')).toMatchObject({ status: 200 });
      const later = await customer.calls('+12125550006', 1);
      const calls = await customer.calls(dialled, 25);
      expect([calls.length, priceOf(calls)]).toEqual([25, 25n * SHORTEST.outbound]);
      expect(before[i]! - (await customer.balance())).toBe(priceOf([...calls, ...later]));
    }
  });
});

describe('a From that a caller may send', () => {
  const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
  let dialledLast = 12125556000;
  it.each([
    ['an apostrophe', "o'hara"],
    ['quotes', 'say"hi"'],
    ['percent signs', '%41%27'],
    ['an escaped NUL', 'nul%00byte'],
    ['an escaped line break', 'a%0D%0Ab'],
    ['UTF-8', utf8('Grüße€😀')],
    ['bytes that are no UTF-8', '\u00ff\u00fe\u0080x'],
    ['a control character', 'ctl\u0001here'],
    ['a tab', 'tab\there'],
    ['a backslash', 'back\\slash'],
    ['the end of an SQL statement', "x');drop table cdr;--"],
    ['what a spreadsheet would run', '=1+cmd|calc'],
  ])('with %s is either refused with 400 or comes back exactly as sent', async (_, fromUser) => {
    const dialled = `+${++dialledLast}`;
    const { status } = await call(anna, dialled, { fromUser });
    if (status === 400) return;
    const calls = await anna.calls(dialled, 1);
    expect(calls.map((c: { from: string }) => c.from)).toEqual([asText(fromUser)]);
  });

  /** What the bytes mean: UTF-8 when they are that, else one character a byte. */
  const asText = (bytes: string): string => {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bytes, 'latin1'));
    } catch {
      return bytes;
    }
  };
});

describe('an unpaid invoice', () => {
  const operator = (): ReturnType<Platform['operator']> => platform.operator();
  const untilCall = (status: number) =>
    eventually(`a call answered ${status}`, () => call(ben, '+12125550009'), (c) => c.status === status); // prettier-ignore
  const holds = async (wanted: string[]) => {
    const ask = () => operator()('GET', `/v1/tenants/${ben.id}`);
    await eventually(`holds ${wanted}`, ask, (t) => String(t.holds) === String(wanted));
  };
  /** Only a finished month can be closed, and the processes go by the real time: what Ben has held and used moves to the past. */
  const moveBack = async (): Promise<void> => {
    const uuid = (await platform.asOwner(`SELECT id FROM tenant WHERE name = 'Ben'`))[0]!['id'];
    await platform.asOwner(`UPDATE recurring_item SET "from" = "from" - interval '2 months' WHERE tenant_id = $1`, [uuid]);
    await platform.asOwner(`UPDATE posting SET month = month - interval '2 months' WHERE tenant_id = $1`, [uuid]);
  };
  const thatMonth = (): string => {
    const now = new Date();
    return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 2, 1)).toISOString().slice(0, 7);
  };

  it('stops the calls, but not those for help', async () => {
    await ben.api('PUT', '/v1/payment-method', { payment_method_id: 'pm_card_chargeCustomerFail' });
    expect((await call(ben, '+12125550007')).status).toBe(200);
    await ben.calls('+12125550007', 1);
    await moveBack();
    expect(await operator()('POST', '/v1/invoice-runs', { month: thatMonth() })).toMatchObject({ failed: 0 });
    await holds(['billing']);
    expect((await untilCall(403)).reason).toBe('tenant.restricted');
    expect((await call(ben, '911')).status).toBe(200);
    expect((await call(anna, '+12125550008')).status).toBe(200);
    const heard = () => platform.asOwner(`SELECT 1 FROM payment_event WHERE type = 'invoice.payment_failed' AND processed_at IS NOT NULL`);
    await eventually('the webhook of the failure', heard, (rows) => rows.length > 0);
  });

  it('paid by another card, lets them through again', async () => {
    await ben.api('PUT', '/v1/payment-method', { payment_method_id: 'pm_card_visa' });
    const { data } = await ben.api('GET', '/v1/invoices');
    expect(data).toMatchObject([{ state: 'payment_failed' }]);
    expect(await ben.api('POST', `/v1/invoices/${data[0].id}/pay`)).toMatchObject({ state: 'paid' });
    await holds([]);
    await untilCall(200);
    expect((await call(ben, '+12125550010')).status).toBe(200);
    const later = await ben.calls('+12125550010', 1);
    const sinceInvoice = [...(await ben.calls('+12125550009', 2)), ...later];
    expect(await ben.balance()).toBe(-priceOf(sinceInvoice));
  });
});

describe('an edge that is drained', () => {
  it('lets the calls that are up finish, sends new ones to the other edge, and takes its tenants back', async () => {
    const operator = platform.operator();
    const { id } = (await operator('GET', '/v1/edges')).data.find((e: { sip_address: string }) => e.sip_address === anna.home);
    const state = async (): Promise<string> => (await operator('GET', `/v1/edges/${id}`)).state;
    let hangUp = (): void => undefined;
    const up = call(anna, '+12125550081', { holdUntil: new Promise<void>((resolve) => (hangUp = resolve)) });
    await eventually('the call', async () => carrier.invites(), (invites) => invites.some((m) => requestUri(m).includes('12125550081'))); // prettier-ignore

    await operator('POST', `/v1/edges/${id}/drain`);
    const sent = await eventually('a redirection', () => call(anna, '+12125550082'), (c) => c.status === 302); // prettier-ignore
    expect(sent.contact).toBe(`sip:+12125550082@${anna.away}`);
    await eventually('a call at the other edge', () => call(anna, '+12125550083', { edge: anna.away }), (c) => c.status === 200); // prettier-ignore
    expect((await call(anna, '911')).status).toBe(200);
    expect(await state()).toBe('draining');
    const { provisioning } = await anna.api('GET', `/v1/trunks/${office.id}`);
    expect(provisioning.edges.filter((e: { home: boolean }) => e.home)).toMatchObject([{ sip_address: anna.away, state: 'active' }]);

    hangUp();
    expect((await up).status).toBe(200);
    expect(await anna.calls('+12125550081', 1)).toMatchObject([{ outcome: 'answered', hangup_by: 'caller' }]);
    await eventually('an empty edge', state, (s) => s === 'drained', 45_000);
    await operator('POST', `/v1/edges/${id}/activate`, { return_tenants: true });
    await eventually('a call at home', () => call(anna, '+12125550084'), (c) => c.status === 200); // prettier-ignore
  });
});

describe('a telephone that somebody sets up by the connection sheet alone', () => {
  it('registers, is rung by a test call and heard, and calls out', async () => {
    const { id } = await anna.api('POST', '/v1/trunks', {
      name: 'Softphone',
      country: 'US',
      channels_max: 1,
      allowed_countries: ['US'],
      codecs: ['pcma'],
      called_number_in: 'to',
    });
    const { password } = await anna.api('POST', `/v1/trunks/${id}/credentials`);
    const number = await anna.orderNumber({ id, login: { username: '', password } });
    await anna.api('PATCH', `/v1/trunks/${id}`, { default_caller_id: number });
    await eventually('the trunk live', () => anna.api('GET', `/v1/trunks/${id}`), (t) => t.provisioning.state === 'applied'); // prettier-ignore
    const sheet = await anna.api('GET', `/v1/trunks/${id}/connection-sheet?pbx=generic`);
    const [{ text }] = sheet.snippets;
    const account = text.trim().replace('PASSWORD', password);
    const softphone = startSoftphone(account);
    const test = async () => {
      const { id: testId } = await anna.api('POST', `/v1/trunks/${id}/test-calls`, { talk_secs: 2 });
      const over = (t: { readonly state: string; readonly media_packets: number | null }) =>
        t.state === 'completed' || t.state === 'failed';
      return eventually('the test call over', () => anna.api('GET', `/v1/test-calls/${testId}`), over);
    };
    await eventually('registered', () => Promise.resolve(softphone.output()), (said) => said.includes('200 OK')); // prettier-ignore
    const result = await test();
    expect(result).toMatchObject({ state: 'completed', target: 'pbx', to: number, sip_code: 200, answered: true });
    expect(result.media_packets).toBeGreaterThan(0);
    expect(await anna.calls(number, 1)).toMatchObject([{ direction: 'inbound', outcome: 'answered', trunk_id: id, hangup_by: 'caller' }]);
    await softphone.stop();
    expect(await test()).toMatchObject({ state: 'completed', sip_code: 480, reason: 'trunk.not_registered', answered: false });

    carrier.echoes = true;
    const dialling = startSoftphone(account, '+12125550077');
    await eventually('the carrier’s answer', () => Promise.resolve(dialling.output()), (said) => /call established/i.test(said)); // prettier-ignore
    await dialling.stop();
    expect(await anna.calls('+12125550077', 1)).toMatchObject([
      { direction: 'outbound', outcome: 'answered', trunk_id: id, caller_id: number },
    ]);
  });
});
