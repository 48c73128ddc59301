// What a reseller pays to see its subtree: the charges of a month of all tenants below it, read by the subtree's role in one statement, against the same read as
// each tenant by itself. And what an order pays for being counted: a claim with two tenants above it, against one with nobody above.
import pg from 'pg';
import { startBenchDatabase } from './bench-database.mjs';
import { median, report, say } from './report.mjs';

const SIZES = [1, 10, 100, 1_000, 10_000];
const OTHERS = 10_000; // tenants that are nobody's: rows to be kept out
const POSTINGS = 20; // of each tenant and month
const MONTH = '2026-11-01';
const ROUNDS = 9;
const SUMS = `SELECT tenant_id, kind, sum(amount_nanos) FROM posting WHERE month = '${MONTH}' GROUP BY tenant_id, kind`;

const database = await startBenchDatabase();
const owner = new pg.Client({ connectionString: database.ownerUrl });
const app = new pg.Client({ connectionString: database.appUrl });
await owner.connect();
await app.connect();

const plant = (parent, count, allotted = null) =>
  owner
    .query(
      `WITH t AS (INSERT INTO tenant (id, parent_id, name, country, currency, created_at, updated_at)
         SELECT gen_random_uuid(), $1, 'T', 'US', 'USD', now(), now() FROM generate_series(1, $2::int) RETURNING id)
       SELECT id FROM t`,
      [parent, count],
    )
    .then(async ({ rows }) => {
      const ids = rows.map((r) => r.id);
      await owner.query('UPDATE tenant_node SET tenants_allotted = $2 WHERE id = ANY ($1)', [ids, allotted]);
      return ids;
    });

const charge = (ids) =>
  owner.query(
    `INSERT INTO posting (tenant_id, id, kind, currency, month, posted_at, reference, count, seconds, debit, credit, amount_nanos)
     SELECT t, gen_random_uuid(), 'usage_outbound', 'USD', '${MONTH}', now(), n::text, 1, 60, 'customer', 'usage_revenue', 1000000 FROM unnest($1::uuid[]) t, generate_series(1, ${POSTINGS}) n`,
    [ids],
  );

/** One transaction as the door opens it. A claim is rolled back: what a commit costs is the disk's. */
const as = async (tenant, subtree, statement, end = 'COMMIT') => {
  await app.query(`BEGIN;SET LOCAL app.tenant_id='${tenant}'${subtree ? ';SET LOCAL ROLE trunkline_subtree' : ''}`);
  await app.query(statement);
  await app.query(end);
};

const timed = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};
const medianOf = async (work) => {
  await work();
  const times = [];
  for (let i = 0; i < ROUNDS; i++) times.push(await timed(work));
  return median(times);
};

const CLAIM = { name: 'claim', text: 'SELECT claim_own_allotment(1, 0, now())' };
const NOTHING = { name: 'nothing', text: 'SELECT 1' };
const CLAIMS = 200;
const claimCost = async (tenant) => {
  const of = (statement) =>
    medianOf(async () => {
      for (let i = 0; i < CLAIMS; i++) await as(tenant, false, statement, 'ROLLBACK');
    });
  return ((await of(CLAIM)) - (await of(NOTHING))) / CLAIMS;
};

try {
  await charge(await plant(null, OTHERS));
  const resellers = [];
  for (const size of SIZES) {
    const [top] = await plant(null, 1);
    const [middle] = await plant(top, 1); // half of them one level further down
    const below = [middle, ...(await plant(top, Math.floor((size - 1) / 2))), ...(await plant(middle, Math.ceil((size - 1) / 2)))];
    await charge(below);
    resellers.push({ size, top, below });
  }
  await owner.query('VACUUM ANALYZE');
  const figures = [];
  for (const { size, top, below } of resellers) {
    const together = await medianOf(() => as(top, true, SUMS));
    const sample = below.slice(0, 100);
    const each =
      (await medianOf(async () => {
        for (const id of sample) await as(id, false, SUMS);
      })) / sample.length;
    const look = await medianOf(() => as(top, true, 'SELECT id, name FROM tenant ORDER BY created_at DESC, id DESC LIMIT 51'));
    figures.push({ size, together, each });
    say(
      `${String(size).padStart(6)} below: all charges ${together.toFixed(2)} ms (${(together / size).toFixed(3)} ms a tenant); one tenant by itself ${each.toFixed(2)} ms; a page of tenants ${look.toFixed(2)} ms`,
    );
  }
  const [alone] = await plant(null, 1);
  const claims = { alone: await claimCost(alone), third: await claimCost(resellers.at(-1).below.at(-1)) };
  say(`a claim adds to a transaction: ${claims.alone.toFixed(3)} ms with nobody above, ${claims.third.toFixed(3)} ms with two above`);
  const { size, together, each } = figures.find((f) => f.size === 1_000);
  report({
    name: 'subtree',
    figure: together / size,
    unit: `ms a tenant for the charges of ${size} tenants in one statement`,
    yardstick: each,
    yardstick_name: 'ms for one tenant as itself',
    claim_ms: Number(claims.alone.toPrecision(3)),
    claim_of_third_level_ms: Number(claims.third.toPrecision(3)),
  });
} finally {
  await app.end();
  await owner.end();
  await database.stop();
}
