import type { INestApplicationContext } from '@nestjs/common';
import { encodeCdrLine } from '@trunkline/edge-core';
import type { CdrRecord } from '@trunkline/edge-core';
import { systemContext } from '@trunkline/kernel';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { EDGE_ID, seedTenants, tenantId } from '../test-support/seed-tenants.ts';
import { failedCall, sentCall } from '../test-support/sent-call.ts';
import { CallQueries } from './call-queries.ts';
import { callDetailToWire } from './calls.schema.ts';
import { CdrIntakeModule } from './cdr-intake.module.ts';
import { CdrJobsModule } from './cdr.module.ts';
import { EnforceRetention } from './enforce-retention.ts';
import { StoreCdrs } from './store-cdrs.ts';

const DAY_MS = 86_400_000;
const NOW = Date.parse('2026-11-23T10:00:00.000Z');
const ctx = systemContext('test');

let database: TestDatabase;
let context: INestApplicationContext;
let owner: pg.Client;
let clock: FakeClock;

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await seedTenants(database.ownerUrl, 3);
  clock = new FakeClock(new Date(NOW));
  context = await createTestContext(database, [CdrIntakeModule, CdrJobsModule.of({ keptMonths: 13 })], clock);
});
afterAll(async () => {
  await context?.close();
  await owner?.end();
  await database?.drop();
});
beforeEach(async () => {
  clock.set(new Date(NOW));
  await owner.query('TRUNCATE cdr, cdr_issue, call_settings, posting, audit_entry CASCADE');
  await owner.query(`SELECT ensure_cdr_partitions('2025-06-01', 20)`); // a run before may have dropped some
});

const store = (...records: CdrRecord[]) => context.get(StoreCdrs).execute({ id: EDGE_ID }, records.map(encodeCdrLine));
const daysAgo = (days: number, uid: string, change: Partial<CdrRecord> = {}): CdrRecord =>
  sentCall(uid, { ...change, startedAtMs: NOW - days * DAY_MS });
/** Nobody answered, so it is free, whatever plan there was. */
const missed = (days: number, uid: string, tenant = tenantId(1)): CdrRecord =>
  failedCall(uid, { tenantId: tenant, startedAtMs: NOW - days * DAY_MS });
const retain = () => context.get(EnforceRetention).execute(ctx);
const settings = (tenant: string, masked: number | null, retention: number | null) =>
  owner.query('INSERT INTO call_settings VALUES ($1, $2, $3, now())', [tenant, masked, retention]);
const rows = async (query: string, ...values: unknown[]): Promise<unknown[]> => (await owner.query(query, values)).rows;
const numbers = () =>
  rows(
    `SELECT "from" AS f, "to" AS t, caller_id AS c, destination AS d, masked_at IS NOT NULL AS m FROM cdr ORDER BY started_at DESC, direction`,
  );

const whole = { f: '+12025550100', t: '12025550123', c: '+12025550100', d: '+12025550123', m: false };

describe('numbers of calls', () => {
  it('lose their last four digits after 90 days, the other party’s only, and the count proves it', async () => {
    await store(daysAgo(89, 'young'), daysAgo(91, 'out'), daysAgo(92, 'in', { direction: 'inbound' }), daysAgo(93, 'emergency', { direction: 'emergency', to: '911', destination: null })); // prettier-ignore
    expect(await context.get(EnforceRetention).report(ctx)).toMatchObject({ unmaskedOverdue: 3 });
    expect(await retain()).toMatchObject({ unmaskedOverdue: 0, unratedOverdue: 0 });
    expect(await numbers()).toEqual([
      whole,
      { ...whole, t: '1202555', d: '+1202555', m: true },
      { ...whole, f: '+1202555', c: '+1202555', m: true },
      { ...whole, t: '911', d: null, m: true },
    ]);
  });

  it('do so when their tenant wants it', async () => {
    await settings(tenantId(1), 7, null);
    await settings(tenantId(2), 365, null);
    await store(
      daysAgo(6, 'a'),
      daysAgo(8, 'b'),
      daysAgo(200, 'c', { tenantId: tenantId(2) }),
      daysAgo(200, 'd', { tenantId: tenantId(3) }),
    );
    expect(await retain()).toMatchObject({ unmaskedOverdue: 0 });
    expect(await rows(`SELECT tenant_id AS t, count(masked_at)::int AS masked FROM cdr GROUP BY 1 ORDER BY 1`)).toEqual([
      { t: tenantId(1), masked: 1 },
      { t: tenantId(2), masked: 0 },
      { t: tenantId(3), masked: 1 },
    ]);
  });

  it('are kept while a rate is needed, and that is counted too', async () => {
    await store(daysAgo(100, 'france', { destination: '+33123456789' }));
    expect(await retain()).toMatchObject({ unmaskedOverdue: 0, unratedOverdue: 1 });
    expect(await numbers()).toEqual([{ ...whole, d: '+33123456789' }]);
  });

  it('are all done, however many there are, also those that come late', async () => {
    await store(...Array.from({ length: 2_500 }, (_, n) => failedCall(`n${n}`, { startedAtMs: NOW - 100 * DAY_MS + n })));
    expect(await retain()).toMatchObject({ unmaskedOverdue: 0 });
    await store(daysAgo(120, 'late'));
    expect(await context.get(EnforceRetention).report(ctx)).toMatchObject({ unmaskedOverdue: 1 });
    expect(await retain()).toMatchObject({ unmaskedOverdue: 0 });
    expect(await rows('SELECT count(*)::int AS n FROM cdr WHERE masked_at IS NULL')).toEqual([{ n: 0 }]);
  });
});

describe('a masked call', () => {
  it('is still the call it was: sent again it is known, sent differently it is a conflict', async () => {
    await store(daysAgo(100, 'a'));
    await retain();
    expect(await store(daysAgo(100, 'a'))).toMatchObject({ stored: 0, repeated: 1, conflicts: 0 });
    expect(await store(daysAgo(100, 'a', { sipCode: 202 }))).toMatchObject({ stored: 0, conflicts: 1 });
    expect(await numbers()).toMatchObject([{ m: true }]);
  });

  it('still explains its price', async () => {
    const tenant = { kind: 'tenant', tenantId: tenantId(1), actor: { type: 'system', id: 'test' }, requestId: 'req' } as const;
    await store(daysAgo(100, 'a'));
    const explained = async () => {
      const [id] = (await rows('SELECT id FROM cdr')) as { id: string }[];
      const { call, rate } = await context.get(CallQueries).byId(tenant, id?.id ?? '');
      return callDetailToWire(call, rate).rating;
    };
    const before = await explained();
    await retain();
    expect(await explained()).toEqual(before);
    expect(before.explanation.steps.length).toBeGreaterThan(1);
  });

  it('changes nothing in the books', async () => {
    await store(daysAgo(100, 'a'), daysAgo(1, 'b'));
    const books = () => rows('SELECT sum(amount_nanos)::text AS n FROM posting UNION ALL SELECT sum(amount_nanos)::text FROM cdr');
    const before = await books();
    await retain();
    expect(await books()).toEqual(before);
  });
});

describe('calls', () => {
  const left = () => rows(`SELECT (started_at AT TIME ZONE 'UTC')::date::text AS day FROM cdr ORDER BY 1`);
  const months = async () =>
    ((await rows(`SELECT min(relname) AS n FROM pg_class WHERE relname ~ '^cdr_[0-9]{4}_[0-9]{2}$'`)) as { n: string }[])[0]?.n;

  it('are gone with their month, and with them months that nobody keeps', async () => {
    await store(missed(500, 'old'), missed(410, 'kept'), missed(1, 'new'));
    expect(await months()).toBe('cdr_2025_06');
    expect(await retain()).toMatchObject({ oldestPartition: 'cdr_2025_10' });
    expect(await left()).toEqual([{ day: '2025-10-09' }, { day: '2026-11-22' }]);
    expect(await rows(`SELECT data->'months'->>0 AS m FROM audit_entry WHERE action = 'calls.months_dropped'`)).toEqual([
      { m: 'cdr_2025_06' },
    ]);
  });

  it('stay as long as their tenant wants, which others do not', async () => {
    await settings(tenantId(2), null, 600);
    await settings(tenantId(3), null, 30);
    await store(missed(500, 'a'), missed(500, 'b', tenantId(2)), missed(31, 'c', tenantId(3)), missed(29, 'd', tenantId(3)));
    await retain();
    expect(await rows(`SELECT tenant_id AS t FROM cdr ORDER BY started_at`)).toEqual([{ t: tenantId(2) }, { t: tenantId(3) }]);
    expect(await months()).toBe('cdr_2025_06');
  });

  it('of the default partition are deleted too', async () => {
    await store(missed(3_000, 'ancient'));
    expect(await rows('SELECT count(*)::int AS n FROM cdr_default')).toEqual([{ n: 1 }]);
    await retain();
    expect(await left()).toEqual([]);
  });

  it('without a rate are not, nor is their month', async () => {
    await store(daysAgo(500, 'a'), missed(500, 'b'));
    await retain();
    expect(await rows('SELECT rating_state AS s FROM cdr')).toEqual([{ s: 'unrated' }]);
    expect(await rows(`SELECT to_regclass('cdr_2025_07') IS NOT NULL AS kept, to_regclass('cdr_2025_06') IS NULL AS dropped`)).toEqual([{ kept: true, dropped: true }]); // prettier-ignore
  });

  it('of somebody who is reading them do not make the others wait: the months are left for the next run', async () => {
    const reader = new pg.Client({ connectionString: database.ownerUrl });
    await reader.connect();
    await reader.query('BEGIN; SELECT count(*) FROM cdr');
    await retain();
    expect(await months()).toBe('cdr_2025_06');
    await reader.query('ROLLBACK');
    await reader.end();
    await retain();
    expect(await months()).toBe('cdr_2025_10');
  });
});

it('empties lines that were settled long ago, and no others', async () => {
  await owner.query(
    `INSERT INTO cdr_issue (id, edge_id, kind, line_hash, line, reason, received_at, resolution, resolved_at) VALUES
     (gen_random_uuid(), $1, 'unparseable', '\\x01', 'old', 'r', '2026-01-01', 'discarded', '2026-08-01'),
     (gen_random_uuid(), $1, 'unparseable', '\\x02', 'recent', 'r', '2026-01-01', 'discarded', '2026-11-01'),
     (gen_random_uuid(), $1, 'unparseable', '\\x03', 'open', 'r', '2026-01-01', NULL, NULL)`,
    [EDGE_ID],
  );
  await retain();
  expect(await rows('SELECT line FROM cdr_issue ORDER BY line_hash')).toEqual([{ line: '' }, { line: 'recent' }, { line: 'open' }]);
});
