import { proof } from '@trunkline/testing';
import pg from 'pg';
import { ApiHarness } from './harness.ts';
import type { Call } from './harness.ts';

const { size, report } = proof(19, { short: { rounds: 3, buyers: 40 }, full: { rounds: 20, buyers: 200 } });
const TENANTS = 8;
const numbers = Array.from({ length: size.rounds }, (_, i) => `+1202556${1000 + i}`);

let api: ApiHarness;
let other: Awaited<ReturnType<ApiHarness['startAnother']>>;
let owner: pg.Client;
let buyers: { readonly id: string; readonly doors: readonly [Call, Call] }[];

beforeAll(async () => {
  api = await ApiHarness.start();
  other = await api.startAnother();
  owner = new pg.Client({ connectionString: api.database.ownerUrl });
  await owner.connect();
  await api.operator('POST', '/v1/number-imports', `number\n${numbers.join('\n')}\n`);
  buyers = [];
  for (let n = 0; n < TENANTS; n += 1) {
    const { id, key, call } = await api.tenant(`Buyer ${n}`);
    buyers.push({ id, doors: [call, other.as(key)] });
  }
});
afterAll(async () => {
  await owner?.end();
  await other?.stop();
  await api?.stop();
});

const count = async (text: string, values: unknown[] = []) => Number((await owner.query<{ n: string }>(text, values)).rows[0]!.n);

describe(`${size.buyers} buyers of one number, at two APIs`, () => {
  it.each(numbers)('%s is sold once and charged once', async (number) => {
    const attempts = Array.from({ length: size.buyers }, (_, i) => buyers[i % TENANTS]!.doors[i % 2]!('POST', '/v1/numbers', { number }));
    const answers = await Promise.all(attempts);
    expect(answers.filter((a) => a.status === 201)).toHaveLength(1);
    expect(answers.filter((a) => a.status === 409 && a.body.code === 'number.not_available')).toHaveLength(size.buyers - 1);
    expect(await count('SELECT count(*) AS n FROM number_assignment WHERE e164 = $1', [number])).toBe(1);
  });

  it('leave books in which every balance is the sum of its postings', async () => {
    const wrong = `SELECT count(*) AS n FROM balance b WHERE b.amount_nanos <> (SELECT coalesce(sum(CASE WHEN p.debit = 'customer' THEN p.amount_nanos ELSE 0 END
      - CASE WHEN p.credit = 'customer' THEN p.amount_nanos ELSE 0 END), 0) FROM posting p WHERE p.tenant_id = b.tenant_id AND p.currency = b.currency)`;
    expect(await count(wrong)).toBe(0);
    expect(await count(`SELECT count(*) AS n FROM posting WHERE kind LIKE '%setup%'`)).toBe(size.rounds);
    report(
      `${size.rounds} × ${size.buyers} orders of one number by ${TENANTS} tenants at two APIs`,
      `${size.rounds} sold, each once; ${size.rounds} set-up fees; every balance is the sum of its postings`,
    );
  });
});
