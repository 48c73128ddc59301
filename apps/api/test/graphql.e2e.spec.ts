import { randomBytes } from 'node:crypto';
import { jest } from '@jest/globals';
import { fromPublicId } from '@trunkline/kernel';
import pg from 'pg';
import { ask } from './graphql-queries.ts';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';
import { endedCall, storeCalls } from './store-calls.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await ApiHarness.start();
});
afterAll(() => api?.stop());

/** Trunks with so many numbers each, all of them another area's. */
let area = 200;
const order = async (call: Call, trunks: number, numbers: number): Promise<void> => {
  const prefix = `+1202${++area}`;
  const e164 = (i: number) => `${prefix}${String(i).padStart(4, '0')}`;
  const sheet = Array.from({ length: trunks * numbers }, (_, i) => e164(i)).join('\n');
  await api.operator('POST', '/v1/number-imports', `number,country\n${sheet.replaceAll('\n', ',US\n')},US\n`);
  for (let t = 0; t < trunks; t++) {
    const { body: trunk } = await call('POST', '/v1/trunks', { name: `trunk ${t}`, country: 'US', channels_max: 1 });
    for (let n = 0; n < numbers; n++) {
      const answer = await call('POST', '/v1/numbers', { number: e164(t * numbers + n), trunk_id: trunk.id });
      if (answer.status !== 201) throw new Error(`no number: ${JSON.stringify(answer.body)}`);
    }
  }
};

describe('what a tenant reads', () => {
  let call: Call;
  beforeAll(async () => {
    call = (await api.tenant('Reader')).call;
    await order(call, 3, 2);
  });

  it('is what REST says', async () => {
    const { body: rest } = await call('GET', '/v1/trunks');
    const { body: numbers } = await call('GET', `/v1/numbers?trunk_id=${rest.data[0].id}`);
    const { data, errors } = await ask(
      call,
      `{ trunks { nodes { id name channelsMax createdAt provisioning { state } numbers { nodes { id number state trunk { id } } } } pageInfo { hasNextPage } } }`,
    );
    expect(errors).toEqual([]);
    expect(data.trunks.pageInfo.hasNextPage).toBe(false);
    expect(data.trunks.nodes.map((t: { id: string }) => t.id)).toEqual(rest.data.map((t: { id: string }) => t.id));
    expect(data.trunks.nodes[0]).toEqual({
      id: rest.data[0].id,
      name: rest.data[0].name,
      channelsMax: 1,
      createdAt: rest.data[0].created_at,
      provisioning: { state: 'pending' },
      numbers: {
        nodes: numbers.data.map((n: { id: string; number: string }) => ({
          id: n.id,
          number: n.number,
          state: 'active',
          trunk: { id: rest.data[0].id },
        })),
      },
    });
  });

  it('comes page by page with the cursors of REST', async () => {
    const query = `query($after: String) { trunks(first: 1, after: $after) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } } }`;
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more;) {
      const answer: Awaited<ReturnType<typeof ask>> = await ask(call, query, { after });
      const { trunks } = answer.data;
      const { body: rest } = await call('GET', `/v1/trunks?limit=1${after === null ? '' : `&cursor=${after}`}`);
      expect(trunks.edges[0].node.id).toBe(rest.data[0].id);
      seen.push(trunks.edges[0].node.id);
      ({ endCursor: after, hasNextPage: more } = trunks.pageInfo);
      if (more) expect(after).toBe(rest.next_cursor);
    }
    expect(new Set(seen).size).toBe(3);
  });

  it('pages through the numbers of all trunks at once', async () => {
    const query = `query($after: String) { trunks { nodes { numbers(first: 1, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } } } }`;
    const { data } = await ask(call, query);
    expect(data.trunks.nodes.map((t: any) => [t.numbers.nodes.length, t.numbers.pageInfo.hasNextPage])).toEqual(Array(3).fill([1, true])); // eslint-disable-line @typescript-eslint/no-explicit-any -- answers are checked field by field
    const first = data.trunks.nodes[0].numbers;
    const second = (await ask(call, query, { after: first.pageInfo.endCursor })).data.trunks.nodes[0].numbers;
    expect(second.nodes).toHaveLength(1);
    expect(second.nodes[0].id).not.toBe(first.nodes[0].id);
    expect(second.pageInfo.hasNextPage).toBe(false);
  });

  it('is found by its id alone, as the type it has', async () => {
    const { body: rest } = await call('GET', '/v1/trunks?limit=1');
    const { data } = await ask(call, `query($id: ID!) { node(id: $id) { __typename id ... on Trunk { name } } }`, { id: rest.data[0].id });
    expect(data.node).toEqual({ __typename: 'Trunk', id: rest.data[0].id, name: rest.data[0].name });
  });

  it('may have been filtered: calls by trunk, number, direction and time', async () => {
    const { id, call: caller } = await api.tenant('Caller');
    const { body: trunk } = await caller('POST', '/v1/trunks', { name: 'calls', country: 'US', channels_max: 1 });
    const at = api.clock.now();
    const common = { tenantId: fromPublicId('tenant', id) ?? '', trunkId: fromPublicId('trunk', trunk.id) ?? null };
    await storeCalls(
      api,
      endedCall(api, { uid: `out-${id}`, ...common }),
      endedCall(api, { uid: `in-${id}`, ...common, direction: 'inbound', trunkId: null }),
    );
    const count = async (args: string) =>
      (await ask(caller, `{ calls(${args}) { nodes { direction durationSecs trunk { name } } } }`)).data.calls.nodes.length;
    const { data } = await ask(
      caller,
      `{ calls(direction: outbound) { nodes { durationSecs trunk { name } rating { state amount { amount } } } } }`,
    );
    expect(data.calls.nodes).toEqual([
      { durationSecs: 61, trunk: { name: 'calls' }, rating: { state: 'rated', amount: { amount: '0.66' } } },
    ]);
    expect(await count('outcome: answered, sipClass: 2, minDurationSecs: 60, ratingState: rated')).toBe(1);
    expect(await count('first: 10')).toBe(2);
    expect(await count(`trunkId: "${trunk.id}"`)).toBe(1);
    expect(await count(`number: "+12025550199"`)).toBe(2);
    expect(await count(`number: "+12025550198"`)).toBe(0);
    expect(await count(`from: "${at.toISOString()}"`)).toBe(2);
    expect(await count(`to: "${at.toISOString()}"`)).toBe(0);
  });

  it('has the money of REST: balance, open month, invoices with their lines', async () => {
    const { call: payer } = await api.tenant('Payer');
    await payer('POST', '/v1/trunks', { name: 'paid', country: 'US', channels_max: 2 });
    const month = api.clock.now().toISOString().slice(0, 7);
    api.clock.advance({ days: 32 });
    await api.operator('POST', '/v1/invoice-runs', { month });
    const { data, errors } = await ask(
      payer,
      `{ balance { balance { amount } owed { amount currency } } upcomingInvoice { total { amount } lines { category } } invoices { nodes { id state total { amount } amountDue { amount } attempts lines { position category amount { amount } } } } }`,
    );
    expect(errors).toEqual([]);
    const { body: balance } = await payer('GET', '/v1/balance');
    const { body: upcoming } = await payer('GET', '/v1/invoices/upcoming');
    const { body: list } = await payer('GET', '/v1/invoices');
    const { body: invoice } = await payer('GET', `/v1/invoices/${list.data[0].id}`);
    expect(data.balance).toEqual({ balance: { amount: balance.balance.amount }, owed: balance.owed });
    expect(data.upcomingInvoice.total.amount).toBe(upcoming.total.amount);
    expect(data.invoices.nodes).toEqual([
      {
        id: invoice.id,
        state: invoice.state,
        amountDue: { amount: invoice.amount_due.amount },
        attempts: invoice.attempts,
        total: { amount: invoice.total.amount },
        lines: invoice.lines.map((l: any) => ({ position: l.position, category: l.category, amount: { amount: l.amount.amount } })), // eslint-disable-line @typescript-eslint/no-explicit-any -- answers are checked field by field
      },
    ]);
    expect(invoice.lines.length).toBeGreaterThan(1);
  });
});

describe('what an operator reads', () => {
  it('is what REST says of edges and carriers', async () => {
    const { body: edge } = await api.operator('POST', '/v1/edges', { name: 'fra-1', sip_address: '198.51.100.7:5060' });
    const { body: carrier } = await api.operator('POST', '/v1/carriers', { name: 'Carrier' });
    await api.operator('POST', `/v1/carriers/${carrier.id}/gateways`, { uri: 'sip:198.51.100.9:5060', source_addresses: ['198.51.100.9'] });
    const { data, errors } = await ask(
      api.operator,
      `{ edges { id name sipAddress state connected tenants configuration { desiredVersion lag lagSecs driftKinds drifts } status { kamailio } }
         carriers { nodes { id name gateways { uri sourceAddresses health } } } edge(id: "${edge.id}") { name } carrier(id: "${carrier.id}") { name } }`,
    );
    expect(errors).toEqual([]);
    const { body: rest } = await api.operator('GET', `/v1/edges/${edge.id}`);
    expect(data.edges).toEqual([
      {
        id: edge.id,
        name: 'fra-1',
        sipAddress: '198.51.100.7:5060',
        state: rest.state,
        connected: false,
        tenants: 0,
        configuration: {
          desiredVersion: rest.configuration.desired_version,
          lag: rest.configuration.lag,
          lagSecs: rest.configuration.lag_secs,
          driftKinds: [],
          drifts: 0,
        },
        status: null,
      },
    ]);
    expect(data.carriers.nodes).toEqual([
      {
        id: carrier.id,
        name: 'Carrier',
        gateways: [{ uri: 'sip:198.51.100.9:5060', sourceAddresses: ['198.51.100.9'], health: 'unknown' }],
      },
    ]);
    expect([data.edge, data.carrier]).toEqual([{ name: 'fra-1' }, { name: 'Carrier' }]);
  });
});

describe('arguments', () => {
  it.each([
    ['trunks(first: 0)', '/first', 'request.invalid'],
    ['trunks(first: 201)', '/first', 'request.invalid'],
    ['calls(number: "12")', '/number', 'request.invalid'],
    ['numbers(trunkId: "ten_1")', '/trunkId', 'request.invalid'],
    [`trunks(after: "${'x'.repeat(201)}")`, '/after', 'request.invalid'],
  ])('%s is refused by name, and the rest is answered', async (field, pointer, code) => {
    const { call } = await api.tenant();
    const { status, data, body } = await ask(call, `{ ${field} { nodes { id } } viewer { kind } }`);
    expect([status, data.viewer]).toEqual([200, { kind: 'tenant' }]);
    expect(body.errors[0].extensions).toMatchObject({ code, status: 400, errors: [{ pointer }] });
  });
  it('a cursor that no list gave out is refused', async () => {
    const { call } = await api.tenant();
    for (const list of ['trunks', 'numbers', 'calls', 'invoices', 'postings'])
      expect((await ask(call, `{ ${list}(after: "bad") { nodes { id } } }`)).codes).toEqual(['request.bad_cursor']);
  });
});

describe('a key', () => {
  it('that lacks a scope gets the other fields, and the code of REST for this one', async () => {
    const { call } = await api.tenant('Narrow', ['trunks:read', 'trunks:write']);
    await call('POST', '/v1/trunks', { name: 'narrow', country: 'US', channels_max: 1 });
    const { status, data, errors } = await ask(call, `{ trunks { nodes { name numbers { nodes { id } } } } balance { owed { amount } } }`);
    expect(status).toBe(200);
    expect(data).toEqual({ trunks: { nodes: [{ name: 'narrow', numbers: null }] }, balance: null });
    expect(errors.map((e) => [e.path?.join('.'), e.extensions.code])).toEqual(
      expect.arrayContaining([
        ['trunks.nodes.0.numbers', 'auth.scope_missing'],
        ['balance', 'auth.scope_missing'],
      ]),
    );
  });
  it('of a tenant does not reach the operator’s fields', async () => {
    const { call } = await api.tenant();
    const { data, codes } = await ask(call, `{ tenants { nodes { id } } edges { id } carriers { nodes { id } } }`);
    expect(data).toEqual({ tenants: { nodes: [] }, edges: null, carriers: null }); // of tenants those below it
    expect(codes).toEqual(Array(2).fill('auth.operator_only'));
  });
  it('of an operator names the tenant it acts on', async () => {
    const { id, call } = await api.tenant('Named');
    await call('POST', '/v1/trunks', { name: 'seen', country: 'US', channels_max: 1 });
    const query = `query($id: ID!) { viewer { kind tenant { id } } node(id: $id) { ... on Tenant { name state } } tenants(first: 1) { nodes { id } } trunks { nodes { name } } }`;
    const acting = await ask(api.operator, query, { id }, { 'trunkline-tenant': id });
    expect(acting.errors).toEqual([]);
    expect(acting.data).toMatchObject({ viewer: { kind: 'operator', tenant: { id } }, node: { name: 'Named', state: 'active' } });
    expect(acting.data.trunks).toEqual({ nodes: [{ name: 'seen' }] });
    const alone = await ask(api.operator, query, { id });
    expect(alone.data).toMatchObject({ viewer: { tenant: null }, node: { name: 'Named' }, trunks: null });
    expect(alone.codes).toEqual(['auth.tenant_required']);
  });
  it('of an operator that names no tenant there is finds none', async () => {
    const { status, body } = await api.operator('POST', '/graphql', { query: '{ viewer { kind } }' }, { 'trunkline-tenant': 'ten_x' });
    expect([status, body.code]).toEqual([404, 'resource.not_found']);
  });
  it('that is none is refused as by REST', async () => {
    const { status, body } = await api.as(`tl_live_${randomBytes(15).toString('hex')}`)('POST', '/graphql', {
      query: '{ viewer { kind } }',
    });
    expect([status, body.code]).toEqual([401, 'auth.invalid_key']);
  });
});

it('answers a query that it knows as it did the first time', async () => {
  const { call } = await api.tenant('Again', ['trunks:read', 'trunks:write', 'numbers:read']);
  await call('POST', '/v1/trunks', { name: 'again', country: 'US', channels_max: 1 });
  const query = `query A($n: Int!, $id: ID!) { trunks(first: $n) { edges { cursor node { ... on Node { id } ...T } } } node(id: $id) { __typename id } balance { owed { amount } } }
    fragment T on Trunk { name createdAt provisioning { state edges { edge } } few: numbers(first: 1) { nodes { id } } numbers { pageInfo { hasNextPage } } }`;
  const { body } = await call('GET', '/v1/trunks');
  const strip = ({ status, data, errors }: Awaited<ReturnType<typeof ask>>) => ({
    status,
    data,
    errors: errors.map(({ message, path, extensions: { code } }) => ({ message, path, code })),
  });
  const answers = [];
  for (let i = 0; i < 5; i++) answers.push(strip(await ask(call, query, { n: 3, id: body.data[0].id })));
  expect(answers[0]).toMatchObject({
    status: 200,
    data: { node: { __typename: 'Trunk' } },
    errors: [{ code: 'auth.scope_missing', path: ['balance'] }],
  });
  for (const answer of answers) expect(answer).toEqual(answers[0]);
  const faulty = [];
  for (let i = 0; i < 5; i++)
    faulty.push(strip(await ask(call, query, { n: 'x', id: 'y' })), strip(await ask(call, query, { n: 0, id: 'y' })));
  expect(faulty.slice(0, 2)).toMatchObject([{ status: 400 }, { status: 200, data: { trunks: null, node: null } }]);
  expect(faulty).toEqual(Array(5).fill(faulty.slice(0, 2)).flat());
});

describe('the number of SQL statements', () => {
  /** What a process asks once in a while, whatever it is asked for. */
  const NOW_AND_THEN = ['api-key-find', 'rate-bucket-lease', 'outbox-since', 'live-interest-renew'];
  const nameOf = (args: readonly unknown[]) => (args[0] as { readonly name?: string } | undefined)?.name ?? '';
  const count = async (work: () => Promise<unknown>): Promise<number> => {
    const spy = jest.spyOn(pg.Client.prototype, 'query');
    try {
      await work();
      return spy.mock.calls.filter((args) => !NOW_AND_THEN.includes(nameOf(args))).length;
    } finally {
      spy.mockRestore();
    }
  };
  const TRUNKS = `{ trunks(first: 50) { nodes { id provisioning { state edges { edge } } credentials(first: 10) { nodes { username } }
    numbers(first: 10) { nodes { id provisioning { state } trunk { id name } } } } } }`;

  it('is the same for 1 trunk and for 50, with their numbers', async () => {
    const { call: one } = await api.tenant('One');
    const { call: fifty } = await api.tenant('Fifty');
    await order(one, 1, 1);
    await order(fifty, 50, 2);
    const ofOne = await count(() => ask(one, TRUNKS));
    let answer: Awaited<ReturnType<typeof ask>> | undefined;
    const ofFifty = await count(async () => (answer = await ask(fifty, TRUNKS)));
    expect(answer?.errors).toEqual([]);
    expect(answer?.data.trunks.nodes.map((t: { numbers: { nodes: unknown[] } }) => t.numbers.nodes.length)).toEqual(Array(50).fill(2));
    expect(ofOne).toBeGreaterThan(5); // the spy sees them
    expect(ofFifty).toBe(ofOne);
  });

  it('is the same for the lines of 1 invoice and of 3, and for the trunks of 1 call and of 20', async () => {
    const { id, call } = await api.tenant('Months');
    const tenantId = fromPublicId('tenant', id) ?? '';
    const MONTHS = `{ invoices { nodes { id lines { position } creditNotes { number } } }
      calls { nodes { trunk { id } rating { explanation { steps rate { destination } } } } } }`;
    const trunkId = async (name: string) =>
      fromPublicId('trunk', (await call('POST', '/v1/trunks', { name, country: 'US', channels_max: 1 })).body.id) ?? null;
    const closeMonth = async () => {
      const month = api.clock.now().toISOString().slice(0, 7);
      api.clock.advance({ days: 32 });
      await api.operator('POST', '/v1/invoice-runs', { month });
    };
    const storeSome = async (n: number) => {
      for (let i = 0; i < n; i++)
        await storeCalls(api, endedCall(api, { uid: `${n}-${i}`, tenantId, trunkId: await trunkId(`${n}-${i}`) }));
    };
    await trunkId('billed');
    await closeMonth();
    await storeSome(1);
    const few = await count(() => ask(call, MONTHS));
    await closeMonth();
    await closeMonth();
    await storeSome(20); // the first is before the days that are looked at
    let answer: Awaited<ReturnType<typeof ask>> | undefined;
    const many = await count(async () => (answer = await ask(call, MONTHS)));
    expect([answer?.data.invoices.nodes.length, answer?.data.calls.nodes.length]).toEqual([3, 20]);
    expect(many).toBe(few);
  });

  it('is the same for 1 delivery and for 50 with what was sent and answered, and for the versions of 1 deck and of many', async () => {
    const { call } = await api.tenant('Sender');
    const { body: endpoint } = await call('POST', '/v1/webhook-endpoints', { url: 'https://sender.example/hook' });
    for (let i = 0; i < 50; i++) await call('POST', `/v1/webhook-endpoints/${endpoint.id}/ping`);
    await api.prices();
    for (let i = 0; i < 4; i++) await api.operator('POST', '/v1/decks', { name: `deck ${i}`, currency: 'USD' });
    for (const [who, query] of [
      [call, 'query($n: Int!) { it: webhookDeliveries(first: $n) { nodes { id eventType body attempts { number } } } }'],
      [api.operator, 'query($n: Int!) { it: decks(first: $n) { nodes { id name versions { version ratesCount } } } }'],
    ] as const) {
      let answer: Awaited<ReturnType<typeof ask>> | undefined;
      const few = await count(async () => (answer = await ask(who, query, { n: 1 })));
      expect(answer?.data.it.nodes).toHaveLength(1);
      const many = await count(async () => (answer = await ask(who, query, { n: 50 })));
      expect(answer?.errors).toEqual([]);
      expect(answer?.data.it.nodes.length).toBeGreaterThan(4);
      expect(many).toBe(few);
    }
  });
});
