import pg from 'pg';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

const ORDERS = 200;
const CHANNELS = 60;
const NUMBERS = 25;

let api: ApiHarness;
let other: Awaited<ReturnType<ApiHarness['startAnother']>>;
let owner: pg.Client;
let reseller: { id: string; call: Call };
let doors: Call[];
const numbers = Array.from({ length: ORDERS / 2 }, (_, i) => `+1202557${1000 + i}`);

beforeAll(async () => {
  api = await ApiHarness.start();
  other = await api.startAnother();
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
  await api.operator('POST', '/v1/number-imports', `number\n${numbers.join('\n')}\n`);
  reseller = await api.tenant('Reseller', undefined, { allotment: { channels: CHANNELS, numbers: NUMBERS, tenants: 10 } });
  doors = [];
  for (let i = 0; i < 4; i += 1) {
    // every other one hangs below the one before, and the first two have a limit of their own
    const above: string = i % 2 ? (await api.operator('GET', '/v1/tenants?limit=1')).body.data[0].id : reseller.id;
    const allotment = { tenants: 1, ...(i < 2 && { channels: 20, numbers: 10 }) };
    const { call, key } = await api.tenant(`Child ${i}`, undefined, { parent_id: above, allotment });
    doors.push(call, other.as(key));
  }
});
afterAll(async () => {
  await owner?.end();
  await other?.stop();
  await api?.stop();
});

const COUNTED = `SELECT n.id, n.channels_used, n.numbers_used, n.channels_allotted, n.numbers_allotted,
    (SELECT coalesce(sum(t.channels_max), 0)::int FROM trunk t JOIN tenant_node b ON b.id = t.tenant_id WHERE n.id = ANY (b.path) AND t.deleted_at IS NULL) AS channels,
    (SELECT count(*)::int FROM number_assignment a JOIN tenant_node b ON b.id = a.tenant_id WHERE n.id = ANY (b.path) AND a.released_at IS NULL) AS numbers
  FROM tenant_node n ORDER BY cardinality(n.path)`;

it(`${ORDERS} orders at once, at two APIs, at three levels: what is allotted is used up to the last, and never exceeded`, async () => {
  const order = (i: number) => {
    const door = doors[i % doors.length]!;
    return i % 2
      ? door('POST', '/v1/numbers', { number: numbers[(i - 1) / 2] })
      : door('POST', '/v1/trunks', { name: `Trunk ${i}`, country: 'US', channels_max: 1 + (i % 3) });
  };
  const answers = await Promise.all(Array.from({ length: ORDERS }, (_, i) => order(i)));
  const outcomes = new Set(answers.map(({ status, body }) => `${status} ${status === 201 ? '' : body.code}`.trim()));
  expect([...outcomes].sort()).toEqual(['201', '409 tenant.allotment_used_up']);
  const { rows } = await owner.query(COUNTED);
  for (const row of rows) {
    expect([row.channels_used, row.numbers_used]).toEqual([row.channels, row.numbers]);
    expect(row.channels).toBeLessThanOrEqual(row.channels_allotted ?? Infinity);
    expect(row.numbers).toBeLessThanOrEqual(row.numbers_allotted ?? Infinity);
  }
  const [top] = rows;
  expect(top.numbers).toBe(NUMBERS);
  expect(CHANNELS - top.channels).toBeLessThan(3); // the least that one more trunk of those refused would have needed
});

it('orders, resizes, releases and new tenants side by side leave counts that are the sums', async () => {
  const held = await Promise.all(
    doors
      .filter((_, i) => i % 2 === 0)
      .map(async (door) => ({
        door,
        trunks: (await door('GET', '/v1/trunks')).body.data,
        numbers: (await door('GET', '/v1/numbers')).body.data,
      })),
  );
  const work = held.flatMap(({ door, trunks, numbers: own }) => [
    ...trunks.slice(0, 3).map((t: { id: string }) => door('DELETE', `/v1/trunks/${t.id}`)),
    ...trunks.slice(3, 6).map((t: { id: string }, i: number) => door('PATCH', `/v1/trunks/${t.id}`, { channels_max: 1 + i })),
    ...own.slice(0, 3).map((n: { id: string }) => door('POST', `/v1/numbers/${n.id}/release`)),
    ...numbers.slice(-5).map((number) => door('POST', '/v1/numbers', { number })),
  ]);
  const births = [1, 2].map((i) => reseller.call('POST', '/v1/tenants', { name: `Late ${i}`, country: 'US', currency: 'USD' }));
  const answers = await Promise.all([...work, ...births]);
  expect(answers.filter((a) => a.status >= 500).map((a) => a.body)).toEqual([]);
  const { rows } = await owner.query(COUNTED);
  for (const row of rows) expect([row.channels_used, row.numbers_used]).toEqual([row.channels, row.numbers]);
});
