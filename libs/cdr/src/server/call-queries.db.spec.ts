import type { INestApplicationContext } from '@nestjs/common';
import { encodeCdrLine } from '@trunkline/edge-core';
import { tenantContext } from '@trunkline/kernel';
import { Database, sql } from '@trunkline/platform';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { EDGE_ID, seedTenants, tenantId } from '../test-support/seed-tenants.ts';
import { sentCall } from '../test-support/sent-call.ts';
import { CallQueries } from './call-queries.ts';
import { callSearch } from './call-search.sql.ts';
import { CdrIntakeModule } from './cdr-intake.module.ts';
import { CdrJobsModule } from './cdr.module.ts';
import { StoreCdrs } from './store-cdrs.ts';

const NOW = Date.parse('2026-11-23T10:00:00.000Z');
const ctx = tenantContext(tenantId(1), { type: 'system', id: 'test' }, 'req');

let database: TestDatabase;
let context: INestApplicationContext;
let owner: pg.Client;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await seedTenants(database.ownerUrl, 2);
  context = await createTestContext(database, [CdrIntakeModule, CdrJobsModule.of({ keptMonths: 13 })], new FakeClock(new Date(NOW)));
  const hours = Array.from({ length: 72 }, (_, n) => sentCall(`h${n}`, { startedAtMs: NOW - n * 3_600_000 }));
  const other = sentCall('other', { tenantId: tenantId(2), startedAtMs: NOW });
  await context.get(StoreCdrs).execute({ id: EDGE_ID }, [...hours, other].map(encodeCdrLine));
});
afterAll(async () => {
  await context?.close();
  await owner?.end();
  await database?.drop();
});

it('reads an export piece by piece, newest first, each call of the tenant once', async () => {
  const starts: number[] = [];
  for await (const piece of context.get(CallQueries).pieces(ctx, {}, 7)) {
    expect(piece.length).toBeLessThanOrEqual(7);
    starts.push(...piece.map((call) => call.startedAt.getTime()));
  }
  expect(starts).toEqual(Array.from({ length: 72 }, (_, n) => NOW - n * 3_600_000));
});

it('holds no transaction while nobody asks for the next piece', async () => {
  const pieces = context.get(CallQueries).pieces(ctx, {}, 7);
  await pieces.next();
  const { rows } = await owner.query(`SELECT state FROM pg_stat_activity WHERE usename = 'trunkline_app' AND datname = current_database()`);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.filter((row: { state: string }) => row.state !== 'idle')).toEqual([]);
  expect((await pieces.next()).value).toHaveLength(4); // the rest of the day: 11 calls from midnight to 10:00
  await pieces.return(undefined);
});

it('reads one call by a plan that is made once, not anew for each', async () => {
  const queries = context.get(CallQueries);
  const { data } = await queries.list(ctx, { limit: 20 });
  const plans = sql<{ once: bigint; anew: bigint }>(
    'test-plans',
    `SELECT generic_plans AS once, custom_plans AS anew FROM pg_prepared_statements WHERE name = 'call-one'`,
  );
  const made = await context.get(Database).read(ctx, async (tx) => {
    for (const { id } of data) expect((await queries.byId(ctx, id)).call.id).toBe(id);
    return (await tx.query(plans))[0];
  });
  expect(made).toMatchObject({ anew: 5n }); // Postgres tries five before it compares
  expect(made?.once).toBeGreaterThanOrEqual(15n);
});

describe('a page of many', () => {
  const CALLS = 5_000;
  const plan = async (position: Date) => {
    const [{ text }, ...values] = callSearch(
      tenantId(2),
      {},
      { from: new Date(NOW - 30 * 86_400_000), to: new Date(NOW + 1) },
      { startedAt: position, id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' },
      51,
    );
    await app.query(`BEGIN; SET LOCAL app.tenant_id = '${tenantId(2)}'`);
    await app.query({ name: 'as-it-is-asked', text, values: [...values] });
    const { rows } = await app.query({ text: `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values: [...values] });
    await app.query('COMMIT');
    return nodesOf(rows[0]['QUERY PLAN'][0].Plan);
  };
  type Node = {
    'Node Type': string;
    'Actual Rows': number;
    'Actual Loops': number;
    'Rows Removed by Filter'?: number;
    Plans?: Node[];
    'Shared Hit Blocks': number;
    'Shared Read Blocks': number;
  };
  const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];
  let app: pg.Client;

  beforeAll(async () => {
    app = new pg.Client({ connectionString: database.appUrl });
    await app.connect();
    await owner.query(
      `INSERT INTO cdr SELECT r.* FROM cdr c, generate_series(1, $2::int) n,
         LATERAL jsonb_populate_record(NULL::cdr, to_jsonb(c) || jsonb_build_object('id', gen_random_uuid(), 'started_at', c.started_at - n * interval '1 minute')) r
       WHERE c.tenant_id = $1`,
      [tenantId(2), CALLS],
    );
    await owner.query('ANALYZE cdr');
  });
  afterAll(() => app?.end());

  it('is read from the index in its order, as many rows as it shows, at whatever depth', async () => {
    const depths = [0, 1_000, CALLS / 2].map((minutes) => new Date(NOW - minutes * 60_000));
    const blocks: number[] = [];
    for (const position of depths) {
      const nodes = await plan(position);
      // a month without calls may be scanned and sorted as it likes
      const rowsOf = (kinds: RegExp) =>
        nodes
          .filter((node) => kinds.test(node['Node Type']))
          .reduce((sum, node) => sum + (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'], 0);
      expect(rowsOf(/^Index Scan$/)).toBeGreaterThanOrEqual(51);
      expect(rowsOf(/Scan$/)).toBeLessThanOrEqual(51 + 1);
      expect(rowsOf(/Sort$/)).toBe(0);
      blocks.push((nodes[0]?.['Shared Hit Blocks'] ?? 0) + (nodes[0]?.['Shared Read Blocks'] ?? 0));
    }
    expect(Math.max(...blocks)).toBeLessThan(3 * 51);
  });

  it('shows every call once, page after page', async () => {
    const two = tenantContext(tenantId(2), { type: 'system', id: 'test' }, 'req');
    const seen = new Set<string>();
    for (let cursor: string | undefined, pages = 0; pages < 20; pages += 1) {
      const page = await context.get(CallQueries).list(two, { limit: 50, cursor });
      page.data.forEach((call) => seen.add(call.id));
      expect(page.data.map((call) => call.startedAt.getTime())).toEqual(
        page.data.map((call) => call.startedAt.getTime()).toSorted((x, y) => y - x),
      );
      cursor = page.nextCursor ?? undefined;
    }
    expect(seen.size).toBe(20 * 50);
  });
});
