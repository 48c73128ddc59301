import type { INestApplicationContext } from '@nestjs/common';
import { encodeCdrLine } from '@trunkline/edge-core';
import type { CdrRecord } from '@trunkline/edge-core';
import { FakeClock, createTestContext, createTestDatabase } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { EDGE_ID, OUTBOUND_DECK, seedTenants, tenantId, uuid } from '../test-support/seed-tenants.ts';
import { failedCall, sentCall } from '../test-support/sent-call.ts';
import { CdrIntakeModule } from './cdr-intake.module.ts';
import { StoreCdrs } from './store-cdrs.ts';

let database: TestDatabase;
let context: INestApplicationContext;
let owner: pg.Client;

beforeEach(async () => {
  database = await createTestDatabase();
  await seedTenants(database.ownerUrl, 3);
  context = await createTestContext(database, [CdrIntakeModule], new FakeClock('2026-11-23T10:00:00Z'));
  owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
});
afterEach(async () => {
  await owner.end();
  await context.close();
  await database.drop();
});

const store = (...records: (CdrRecord | string)[]) =>
  context.get(StoreCdrs).execute(
    { id: EDGE_ID },
    records.map((r) => (typeof r === 'string' ? r : encodeCdrLine(r))),
  );
const rows = async (text: string): Promise<unknown[]> => (await owner.query(text)).rows;
const balances = () => rows(`SELECT tenant_id AS t, amount_nanos AS n FROM balance ORDER BY 1`);
const postings = () => rows(`SELECT tenant_id AS t, kind, month::text, count, seconds::int FROM posting ORDER BY 1, 2, 3`);
const none = { stored: 0, repeated: 0, unrated: 0, conflicts: 0, quarantined: 0, starts: 0, rejects: 0 };

describe('a batch of CDR lines', () => {
  it('is stored, rated and charged', async () => {
    const inbound = sentCall('b', { direction: 'inbound' });
    const german = sentCall('c', { tenantId: tenantId(2), destination: '+4930123456' });
    expect(await store(sentCall('a'), inbound, german, failedCall('d'))).toEqual({ ...none, stored: 4 });
    expect(
      await rows(
        `SELECT direction, rating_state AS s, amount_nanos AS n, billed_seconds AS b, prefix, deck_version_id AS v FROM cdr WHERE content_hash IS NOT NULL ORDER BY call_id`,
      ),
    ).toEqual([
      { direction: 'outbound', s: 'rated', n: '6600000', b: 66, prefix: '1', v: OUTBOUND_DECK.versionId },
      { direction: 'inbound', s: 'rated', n: '6000000', b: 120, prefix: '1', v: expect.any(String) },
      { direction: 'outbound', s: 'rated', n: '13200000', b: 61, prefix: '49', v: OUTBOUND_DECK.versionId },
      { direction: 'outbound', s: 'free', n: '0', b: 0, prefix: null, v: null },
    ]);
    expect(await balances()).toEqual([
      { t: tenantId(1), n: '12600000' },
      { t: tenantId(2), n: '13200000' },
    ]);
    expect(await postings()).toEqual([
      { t: tenantId(1), kind: 'usage_inbound', month: '2026-11-01', count: 1, seconds: 120 },
      { t: tenantId(1), kind: 'usage_outbound', month: '2026-11-01', count: 1, seconds: 66 },
      { t: tenantId(2), kind: 'usage_outbound', month: '2026-11-01', count: 1, seconds: 61 },
    ]);
  });

  it('keeps of each call whether its end is estimated', async () => {
    await store(sentCall('a'), sentCall('b', { estimated: true }));
    expect(await rows('SELECT estimated FROM cdr ORDER BY call_id')).toEqual([{ estimated: false }, { estimated: true }]);
  });

  it('keeps of each call how far its caller ID was vouched for', async () => {
    await store(sentCall('a', { attestation: 'A' }), sentCall('b'));
    expect(await rows('SELECT attestation FROM cdr ORDER BY call_id')).toEqual([{ attestation: 'A' }, { attestation: null }]);
  });

  it('tells of a call for help once, by its start if there is one', async () => {
    const help = { direction: 'emergency', destination: '911', uid: 'help' } as const;
    const placed = () => rows(`SELECT payload->>'destination' AS destination FROM outbox WHERE type = 'emergency_call.placed'`);
    await store(sentCall('x', { ...help, kind: 'start', endedAtMs: null }), sentCall('y'));
    expect(await placed()).toEqual([{ destination: '911' }]);
    await store(sentCall('x', help));
    await store(sentCall('z', { ...help, uid: 'other' }), sentCall('u', { ...help, uid: 'stray', tenantId: uuid(9, 9) }));
    expect(await placed()).toHaveLength(2);
  });

  it('changes nothing when it is sent again, whole, in part, or twice in itself', async () => {
    const batch = [sentCall('a'), sentCall('b'), failedCall('c'), 'garbage', sentCall('u', { tenantId: uuid(9, 9) })];
    expect(await store(...batch, sentCall('a'))).toEqual({ ...none, stored: 3, repeated: 1, quarantined: 2 });
    const before = [await balances(), await postings()];
    expect(await store(...batch)).toEqual({ ...none, repeated: 5 });
    expect(await store(sentCall('b'), sentCall('e', { direction: 'emergency' }))).toEqual({ ...none, stored: 1, repeated: 1 });
    expect([await balances(), await postings()]).toEqual(before);
    expect(await rows('SELECT count(*)::int AS n FROM cdr_issue')).toEqual([{ n: 2 }]);
  });

  it('keeps what was stored first when another content comes for the same call, and keeps that too', async () => {
    await store(sentCall('a'));
    const longer = sentCall('a', { endedAtMs: Date.parse('2026-11-23T09:30:00Z') });
    expect(await store(longer, sentCall('b'), sentCall('b', { sipCode: 202 }))).toEqual({ ...none, stored: 1, conflicts: 2 });
    expect(await store(longer)).toEqual({ ...none, repeated: 1 });
    expect(await balances()).toEqual([{ t: tenantId(1), n: '13200000' }]);
    const issues = await rows('SELECT kind, line, reason FROM cdr_issue ORDER BY line');
    expect(issues).toContainEqual({ kind: 'conflict', line: encodeCdrLine(longer), reason: expect.stringMatching(/stored as cdr_/) });
  });

  it('stores the good lines between those that cannot be read or attributed', async () => {
    const foreign = sentCall('b', { tenantId: uuid(9, 9) });
    const result = await store('x=1\0', sentCall('a'), foreign, sentCall('n', { from: 'a\0b' }), sentCall('z'), '');
    expect(result).toEqual({ ...none, stored: 2, quarantined: 4 });
    expect(await rows('SELECT kind, line FROM cdr_issue ORDER BY kind, line')).toEqual([
      { kind: 'unattributed', line: encodeCdrLine(foreign) },
      { kind: 'unparseable', line: '' },
      { kind: 'unparseable', line: encodeCdrLine(sentCall('n', { from: 'a\0b' })) },
      { kind: 'unparseable', line: 'x=1%00' },
    ]);
  });

  it('leaves unrated what has no rate: neither free nor lost', async () => {
    expect(await store(sentCall('a', { destination: '+33123456789' }))).toEqual({ ...none, stored: 1, unrated: 1 });
    expect(await rows('SELECT rating_state AS s, amount_nanos AS n FROM cdr')).toEqual([{ s: 'unrated', n: null }]);
    expect(await balances()).toEqual([]);
  });

  it('takes late calls, into the month in which they were answered', async () => {
    await rows(`SELECT ensure_cdr_partitions('2026-11-01', 1)`);
    const late = Date.parse('2026-02-28T23:59:59.500Z');
    await store(sentCall('a', { startedAtMs: late }), sentCall('b'));
    expect(await rows(`SELECT tableoid::regclass::text AS p FROM cdr ORDER BY started_at`)).toEqual([
      { p: 'cdr_default' },
      { p: 'cdr_2026_11' },
    ]);
    expect(await postings()).toMatchObject([{ month: '2026-03-01' }, { month: '2026-11-01' }]);
    expect(await store(sentCall('a', { startedAtMs: late }))).toEqual({ ...none, repeated: 1 });
  });

  it('keeps texts exactly as callers sent them', async () => {
    const from = `"Bobby 🐳'; DROP TABLE cdr; --"\r\n\t\u0001\u007f\\,{NULL}`;
    await store(sentCall('a', { from, to: 'NULL', callId: '{"a","b"}' }));
    expect(await rows('SELECT "from", "to", call_id AS c FROM cdr')).toEqual([{ from, to: 'NULL', c: '{"a","b"}' }]);
  });

  it('counts starts and attempts without a tenant, and stores neither', async () => {
    const reject = failedCall('r', { tenantId: null, outcome: 'rejected', sipCode: 404, reason: 'number.unknown' });
    const start = sentCall('s', { kind: 'start', endedAtMs: null });
    expect(await store(reject, { ...reject, uid: 'r2' }, start)).toEqual({ ...none, starts: 1, rejects: 2 });
    expect(await rows('SELECT edge_id AS e, day::text, reason, count::int FROM cdr_reject_count')).toEqual([
      { e: EDGE_ID, day: '2026-11-23', reason: 'number.unknown', count: 2 },
    ]);
    expect(await rows('SELECT count(*)::int AS n FROM cdr')).toEqual([{ n: 0 }]);
  });

  it('is charged once when two connections bring it at the same time', async () => {
    const batch = Array.from({ length: 200 }, (_, i) => sentCall(`u${i}`, { tenantId: tenantId((i % 3) + 1) }));
    const results = await Promise.all([store(...batch), store(...batch.toReversed()), store(...batch)]);
    expect(results.reduce((sum, r) => sum + r.stored, 0)).toBe(200);
    expect(await rows('SELECT sum(amount_nanos)::text AS n FROM balance')).toEqual([{ n: String(200 * 6_600_000) }]);
  });

  it('is rated by the deck version in force when the call was answered', async () => {
    const next = uuid(4, 9);
    await owner.query(
      `INSERT INTO deck_version (id, deck_id, version, effective_from, rates_count, created_at) VALUES ($1, $2, 2, '2026-11-23T09:30:00Z', 1, now())`,
      [next, OUTBOUND_DECK.id],
    );
    await owner.query(`INSERT INTO deck_rate VALUES ($1, '1', 'US', 60000000, 0, 60, 6)`, [next]);
    await store(sentCall('a'), sentCall('b', { startedAtMs: Date.parse('2026-11-23T09:30:00Z') }));
    expect(await rows('SELECT deck_version_id AS v, amount_nanos AS n FROM cdr ORDER BY started_at')).toEqual([
      { v: OUTBOUND_DECK.versionId, n: '6600000' },
      { v: next, n: '66000000' },
    ]);
  });
});
