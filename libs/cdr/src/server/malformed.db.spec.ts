import type { INestApplicationContext } from '@nestjs/common';
import { encodeCdrLine } from '@trunkline/edge-core';
import { FakeClock, createTestContext, createTestDatabase, proof } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import fc from 'fast-check';
import pg from 'pg';
import { EDGE_ID, seedTenants } from '../test-support/seed-tenants.ts';
import { sentCall } from '../test-support/sent-call.ts';
import { CdrIntakeModule } from './cdr-intake.module.ts';
import { StoreCdrs } from './store-cdrs.ts';

const { size, report } = proof(8, { short: { lines: 4_000 }, full: { lines: 100_000 } });
const SEED = 20261126;
const BATCH = 1_000;
const GOOD_IN = 10; // one line in ten is good

let database: TestDatabase;
let context: INestApplicationContext;
let owner: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  await seedTenants(database.ownerUrl, 3);
  context = await createTestContext(database, [CdrIntakeModule], new FakeClock('2026-11-23T10:00:00Z'));
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterAll(async () => {
  await owner?.end();
  await context?.close();
  await database?.drop();
});

type Damage = { readonly at: number; readonly drop: number; readonly insert: string };
const damage: fc.Arbitrary<readonly Damage[]> = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
    drop: fc.oneof(fc.nat(3), fc.nat(400)),
    insert: fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('&', '=', '%', '%00', '&v=1', '\n', "'", '\ud800')),
  }),
  { minLength: 1, maxLength: 3 },
);
const damaged = (line: string, damages: readonly Damage[]): string =>
  damages.reduce((text, { at, drop, insert }) => {
    const where = Math.floor(at * text.length);
    return text.slice(0, where) + insert + text.slice(where + drop);
  }, line);

it('stores every good line, keeps every bad one with its reason, and accounts for each', async () => {
  const damages = fc.sample(damage, { seed: SEED, numRuns: size.lines });
  const lines = damages.map((d, n) => {
    const line = encodeCdrLine(sentCall(n % GOOD_IN === 0 ? `good-${n}` : `bad-${n}`));
    return n % GOOD_IN === 0 ? line : damaged(line, d);
  });
  const sums: Record<string, number> = {};
  for (let at = 0; at < lines.length; at += BATCH) {
    const result = await context.get(StoreCdrs).execute({ id: EDGE_ID }, lines.slice(at, at + BATCH));
    for (const [name, n] of Object.entries(result)) sums[name] = (sums[name] ?? 0) + n;
  }
  expect(Object.values(sums).reduce((a, b) => a + b, 0)).toBe(lines.length);
  const { rows } = await owner.query(
    `SELECT (SELECT count(*)::int FROM cdr WHERE call_id LIKE 'good-%') AS good,
       count(*)::int AS kept, count(*) FILTER (WHERE reason = '')::int AS unexplained FROM cdr_issue`,
  );
  expect(rows).toEqual([{ good: lines.length / GOOD_IN, kept: sums['quarantined']! + sums['conflicts']!, unexplained: 0 }]);
  report(
    `${lines.length} call records, nine in ten damaged at up to three places`,
    `${sums['stored']} stored, among them all ${lines.length / GOOD_IN} good ones; ${sums['quarantined']} kept with a reason; ${sums['starts']} read as starts, ${sums['rejects']} as rejects, ${sums['repeated']} as repeats`,
  );
}, 600_000);
