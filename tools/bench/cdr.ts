// CDRs stored, rated and charged per second, against a bare insert of the very rows that came out, into a table with the same columns,
// indexes and partitions. Durable PostgreSQL, two connections for both, batches of 2,000 lines, a tenth of the lines replays.
import 'reflect-metadata';
import { encodeCdrLine } from '@trunkline/edge-core';
import { SystemClock } from '@trunkline/kernel';
import { Database, Log, Metrics } from '@trunkline/platform';
import pg from 'pg';
import { DeckCache } from '../../libs/cdr/src/server/deck-cache.ts';
import { StoreCdrs } from '../../libs/cdr/src/server/store-cdrs.ts';
import { EDGE_ID, seedTenants, tenantId } from '../../libs/cdr/src/test-support/seed-tenants.ts';
import { failedCall, sentCall } from '../../libs/cdr/src/test-support/sent-call.ts';
import { startBenchDatabase } from './bench-database.mjs';
import { machine, median, quantile, report, say } from './report.mjs';

const [ROUNDS = 7, BATCHES = 20] = process.argv.slice(2).map(Number);
const TENANTS = 1000;
const BATCH = 2000;
const REPLAYED = BATCH / 10;
const CONNECTIONS = 2;

type Row = Record<string, unknown>;
type Batch = { readonly lines: readonly string[]; readonly callIds: readonly string[] };

let calls = 0;
/** One call in eight fails, one in three comes in; tenants, numbers and talk times are spread evenly. */
const nextCall = (): { line: string; callId: string } => {
  const n = ++calls;
  const startedAtMs = Date.now() - ((n * 7919) % 3_600_000) - 3_600_000;
  const base = {
    tenantId: tenantId(1 + ((n * 613) % TENANTS)),
    direction: n % 3 === 0 ? 'inbound' : 'outbound',
    startedAtMs,
    destination: `+1202555${String(n % 10_000).padStart(4, '0')}`,
  } as const;
  const uid = `bench-${n}`;
  const record =
    n % 8 === 0
      ? failedCall(uid, base)
      : sentCall(uid, { ...base, answeredAtMs: startedAtMs + 2000, endedAtMs: startedAtMs + 2000 + ((n * 331) % 600_000) });
  return { line: encodeCdrLine(record), callId: record.callId };
};

type Call = ReturnType<typeof nextCall>;
/** Batches of which a tenth is sent again, once the first time is over: an edge repeats what it has no acknowledgement of, and sends one batch at a time. */
const makeRound = (): Batch[] => {
  const sent: Call[][] = [];
  return Array.from({ length: BATCHES }, (_, n) => {
    const again = sent[n - 2 * CONNECTIONS]?.slice(0, REPLAYED) ?? [];
    const fresh = Array.from({ length: BATCH - again.length }, nextCall);
    sent.push(fresh);
    const batch = [...fresh, ...again];
    return { lines: batch.map((b) => b.line), callIds: batch.map((b) => b.callId) };
  });
};

/** Runs the jobs, `CONNECTIONS` at a time, and returns the seconds that all and each took. */
const timed = async <T>(jobs: readonly T[], run: (job: T) => Promise<unknown>): Promise<{ seconds: number; each: number[] }> => {
  const queue = [...jobs];
  const each: number[] = [];
  const start = performance.now();
  const work = async () => {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      const began = performance.now();
      await run(job);
      each.push(performance.now() - began);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, work));
  return { seconds: (performance.now() - start) / 1000, each };
};

/** An empty table like `cdr`, and the statement that fills it from one array a column. */
const makeYardstick = async (pool: pg.Pool) => {
  await pool.query('CREATE TABLE bare (LIKE cdr INCLUDING ALL) PARTITION BY RANGE (started_at)');
  const { rows: parts } = await pool.query<{ name: string; bounds: string }>(
    `SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'cdr'::regclass`,
  );
  for (const { name, bounds } of parts) await pool.query(`CREATE TABLE bare_${name} PARTITION OF bare ${bounds}`);
  const { rows: columns } = await pool.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, NULL) AS type FROM pg_attribute WHERE attrelid = 'cdr'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
  );
  // char(3) without its length is char(1), and an array inside an array would be unnested too: both travel as text
  const sent = columns.map(({ name, type }) => ({ name, type, as: type.endsWith('[]') || type === 'character' ? 'text' : type }));
  const text = `INSERT INTO bare (${sent.map((c) => `"${c.name}"`).join(', ')})
    SELECT ${sent.map((c) => `"${c.name}"${c.type.endsWith('[]') ? `::${c.type}` : ''}`).join(', ')} FROM unnest(${sent.map((c, i) => `$${i + 1}::${c.as}[]`).join(', ')}) AS u (${sent.map((c) => `"${c.name}"`).join(', ')})
    ON CONFLICT DO NOTHING`;
  const asText = `SELECT ${columns.map((c) => `"${c.name}"::text`).join(', ')} FROM cdr WHERE call_id = ANY ($1)`;
  return { text, asText, columns: columns.map((c) => c.name) };
};

const db = await startBenchDatabase();
const pool = new pg.Pool({ connectionString: db.ownerUrl, max: CONNECTIONS });
pool.on('error', () => {}); // the server may stop before an idle connection is closed
const database = new Database({ appUrl: db.appUrl, systemUrl: db.systemUrl, poolMax: CONNECTIONS });
try {
  await seedTenants(db.ownerUrl, TENANTS);
  const store = new StoreCdrs(database, new SystemClock(), new DeckCache(), new Log('bench', 'silent'), new Metrics());
  const bare = await makeYardstick(pool);
  say(`${machine()}; ${ROUNDS} rounds of ${BATCHES} batches of ${BATCH} lines, ${TENANTS} tenants, ${CONNECTIONS} connections`);
  const ours: number[] = [];
  const yardstick: number[] = [];
  const batchMs: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const batches = makeRound();
    const fresh = new Set(batches.flatMap((b) => b.callIds)).size;
    const a = await timed(batches, (b) => store.execute({ id: EDGE_ID }, b.lines));
    const { rows } = await pool.query<Row>(bare.asText, [batches.flatMap((b) => b.callIds)]);
    if (rows.length !== fresh) throw new Error(`${rows.length} rows stored of ${fresh}`);
    const byId = new Map(rows.map((r) => [r['call_id'], r]));
    const values = batches.map((b) => bare.columns.map((c) => b.callIds.map((id) => byId.get(id)?.[c])));
    const z = await timed(values, (v) => pool.query({ name: 'bare', text: bare.text, values: v }));
    if (round === 0) continue; // warms caches, plans and the JIT
    ours.push(fresh / a.seconds);
    yardstick.push(fresh / z.seconds);
    batchMs.push(...a.each);
    say(`round ${round}: ${Math.round(fresh / a.seconds)} CDR/s, bare insert ${Math.round(fresh / z.seconds)} rows/s`);
  }
  report({
    name: 'cdr',
    figure: median(ours),
    unit: 'CDR/s',
    yardstick: median(yardstick),
    yardstick_name: 'bare unnest insert, rows/s',
    p50: Math.round(quantile(batchMs, 0.5)),
    p99: Math.round(quantile(batchMs, 0.99)),
  });
} finally {
  await database.onApplicationShutdown();
  await pool.end();
  await db.stop();
}
