import { CallerNameProviderEmulator, MoveCallerName, SweepCallerNames } from '@trunkline/identity/server';
import { fromPublicId, systemContext } from '@trunkline/kernel';
import { Database, Log, sql } from '@trunkline/platform';
import { ask } from './graphql-queries.ts';
import { ApiHarness } from './harness.ts';

let api: ApiHarness;
let mover: MoveCallerName;
let last = 12_025_550_300;

beforeAll(async () => {
  api = await ApiHarness.start();
  mover = new MoveCallerName(api.app.get(Database), api.clock, new CallerNameProviderEmulator());
  await api.operator(
    'POST',
    '/v1/number-imports',
    `number\n${Array.from({ length: 5 }, (_, i) => `+${last + i}`).join('\n')}\n+4930901820\n`,
  );
});
afterAll(() => api?.stop());

const numbered = async (number = `+${last++}`) => {
  const { id, call } = await api.tenant('Named');
  const numberId = (await call('POST', '/v1/numbers', { number })).body.id as string;
  const url = `/v1/numbers/${numberId}/caller-name`;
  const move = (type = 'caller_name.changed') =>
    mover.process({
      data: { eventId: '', type, tenantId: fromPublicId('tenant', id)!, data: { numberId: fromPublicId('number', numberId) } },
    });
  return { call, numberId, url, move, state: async () => (await call('GET', url)).body.state };
};

it('is asked for and given up by the graph, too', async () => {
  const { call, numberId } = await numbered();
  const change = async (field: string) => (await ask(call, `mutation { it: ${field} { name state } }`)).data.it;
  expect(await change(`requestCallerName(numberId: "${numberId}", input: { name: "ACME INC" })`)).toEqual({
    name: 'ACME INC',
    state: 'requested',
  });
  expect(await change(`removeCallerName(numberId: "${numberId}")`)).toMatchObject({ state: expect.stringMatching(/^(none|removing)$/) });
});

it('a name goes to the provider step by step, and is shown or rejected with a reason', async () => {
  const { call, url, move, state } = await numbered();
  expect((await call('GET', url)).body).toMatchObject({ object: 'caller_name', name: null, state: 'none' });
  expect((await call('PUT', url, { name: 'ACME INC' })).body).toMatchObject({ name: 'ACME INC', state: 'requested' });
  await move();
  expect(await state()).toBe('submitted');
  expect((await call('PUT', url, { name: 'OTHER' })).body.code).toBe('caller_name.busy');
  await move();
  await move();
  expect(await state()).toBe('active');
  await call('PUT', url, { name: 'REJECT ME' });
  await move();
  await move();
  expect((await call('GET', url)).body).toMatchObject({ state: 'rejected', reason: 'The name is not that of the business' });
  expect((await call('DELETE', url)).status).toBe(204);
  await move();
  expect(await state()).toBe('none');
});

it('is asked for again, on its way in and out, when the provider was away for longer than a job tries', async () => {
  const { call, url, move, state } = await numbered();
  const provider = new (class extends CallerNameProviderEmulator {
    isAway = true;
    override async submit(...asked: Parameters<CallerNameProviderEmulator['submit']>) {
      if (this.isAway) throw new Error('away');
      return super.submit(...asked);
    }
  })();
  const db = api.app.get(Database);
  const sweep = new SweepCallerNames(db, api.clock, api.app.get(Log), new MoveCallerName(db, api.clock, provider));
  const sweptLater = async () => {
    await sweep.process();
    const young = await state();
    api.clock.advance({ seconds: 360 });
    await sweep.process();
    return [young, await state()];
  };
  await call('PUT', url, { name: 'ACME INC' });
  expect(await sweptLater()).toEqual(['requested', 'requested']); // it is told in the log, and the next is asked for
  provider.isAway = false;
  expect(await sweptLater()).toEqual(['submitted', 'active']);
  await call('DELETE', url);
  expect(await sweptLater()).toEqual(['removing', 'none']);
  await move(); // the job that comes after all finds nothing to do
  expect(await state()).toBe('none');
});

it('400: of fifteen plain characters, and no authority’s; 409: beside numbers of North America alone', async () => {
  const { call, url } = await numbered();
  for (const name of ['Acme', 'NYC POLICE', ' ACME'])
    expect((await call('PUT', url, { name })).body).toMatchObject({ errors: [{ pointer: '/name' }] });
  const german = await numbered('+4930901820');
  expect((await german.call('PUT', german.url, { name: 'ACME' })).body.code).toBe('caller_name.not_here');
});

it('goes with the number that is given back', async () => {
  const { call, numberId, url, move } = await numbered();
  await call('PUT', url, { name: 'ACME' });
  await call('POST', `/v1/numbers/${numberId}/release`);
  await move('number.released');
  const left = sql('left', 'SELECT FROM caller_name WHERE number_id = $1');
  const rows = await api.app.get(Database).read(systemContext('test'), (tx) => tx.query(left, fromPublicId('number', numberId)));
  expect(rows).toEqual([]);
});
