import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { proof } from '@trunkline/testing';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

const { size, report } = proof(20, { short: { rounds: 3, cuts: 10 }, full: { rounds: 40, cuts: 100 } });
const AT_ONCE = 50;

let api: ApiHarness;
let other: Awaited<ReturnType<ApiHarness['startAnother']>>;
let tenant: Awaited<ReturnType<ApiHarness['tenant']>>;
let doors: readonly Call[];

beforeAll(async () => {
  api = await ApiHarness.start();
  other = await api.startAnother();
  tenant = await api.tenant();
  doors = [tenant.call, other.as(tenant.key)];
});
afterAll(async () => {
  await other?.stop();
  await api?.stop();
});

const trunk = (name: string) => ({ name, country: 'US', channels_max: 1 });
const named = async (name: string) => {
  const { body } = await tenant.call('GET', '/v1/trunks?limit=200');
  return body.data.filter((t: { name: string }) => t.name === name);
};

it(`${AT_ONCE} requests with one key at two APIs have one effect, and every answer is that one or 409`, async () => {
  for (let round = 1; round <= size.rounds; round += 1) {
    const headers = { 'idempotency-key': `once-${round}` };
    const ask = (i: number) => doors[i % 2]!('POST', '/v1/trunks', trunk(`Once ${round}`), headers);
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => ask(i)));
    const made = answers.filter((a) => a.status === 201);
    expect(answers.filter((a) => a.status !== 201).map((a) => [a.status, a.body.code])).toEqual(
      Array(AT_ONCE - made.length).fill([409, 'idempotency.in_flight']),
    );
    const [one, ...more] = await named(`Once ${round}`);
    expect(more).toEqual([]);
    for (const answer of [...made, await ask(0), await ask(1)]) expect([answer.status, answer.body.id]).toEqual([201, one.id]);
    expect(await doors[round % 2]!('POST', '/v1/trunks', trunk('Another'), headers)).toMatchObject({ status: 422 });
    expect(await named('Another')).toEqual([]);
    if (round > 1) await tenant.call('DELETE', `/v1/trunks/${one.id}`); // one page holds them all
  }
});

/** Sends the request and hangs up after so long, whether or not the answer is there. */
const cutOff = (port: number, key: string, name: string, afterMs: number): Promise<void> =>
  new Promise((done) => {
    const headers = { authorization: `Bearer ${tenant.key}`, 'content-type': 'application/json', 'idempotency-key': key };
    const call = request({ host: '127.0.0.1', port, method: 'POST', path: '/v1/trunks', headers });
    call.on('error', () => done()).on('response', (answer) => answer.resume().on('end', done).on('error', done));
    call.end(JSON.stringify(trunk(name)));
    setTimeout(() => call.destroy(), afterMs);
  });

it('a client that was cut off and asks again gets the one answer', async () => {
  await api.app.listen(0, '127.0.0.1');
  const { port } = api.app.getHttpServer().address() as AddressInfo;
  for (let n = 0; n < size.cuts; n += 1) {
    await cutOff(port, `cut-${n}`, `Cut ${n}`, n % 12);
    let again = await doors[1]!('POST', '/v1/trunks', trunk(`Cut ${n}`), { 'idempotency-key': `cut-${n}` });
    while (again.body.code === 'idempotency.in_flight')
      again = await doors[1]!('POST', '/v1/trunks', trunk(`Cut ${n}`), { 'idempotency-key': `cut-${n}` });
    expect(again.status).toBe(201);
    expect(await named(`Cut ${n}`)).toMatchObject([{ id: again.body.id }]);
    await tenant.call('DELETE', `/v1/trunks/${again.body.id}`);
  }
  report(
    `${size.rounds} × ${AT_ONCE} requests with one key at two APIs; ${size.cuts} clients cut off after 0 to 11 ms that ask again`,
    `${size.rounds + size.cuts} trunks made, one a key; other answers 409; another body 422`,
  );
});
