import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeCdrLine } from '@trunkline/edge-core';
import { createTestDatabase, proof } from '@trunkline/testing';
import type { TestDatabase } from '@trunkline/testing';
import pg from 'pg';
import { seedTenants, tenantId } from '../test-support/seed-tenants.ts';
import { failedCall, sentCall } from '../test-support/sent-call.ts';

const { size, report } = proof(1, { short: { calls: 50_000, kills: 20 }, full: { calls: 1_000_000, kills: 100 } });
const { calls: CALLS, kills: KILLS } = size;
const TENANTS = 100;
const BATCH = 500; // small enough that the kills are over long before the lines are
const ROOT = join(import.meta.dirname, '../../../..');

type Expected = { readonly balances: Map<string, bigint>; seconds: number; charged: number; unrated: number };

/** The lines, and what they come to: computed here with numbers of the deck written out, not by the code under test. */
const makeLines = (): { lines: string[]; expected: Expected } => {
  const expected: Expected = { balances: new Map(), seconds: 0, charged: 0, unrated: 0 };
  const start = Date.now() - 7_200_000;
  const lines: string[] = [];
  for (let n = 0; n < CALLS; n += 1) {
    const tenant = tenantId(1 + ((n * 37) % TENANTS));
    const talk = 1 + ((n * 7919) % 900); // whole seconds
    const base = { tenantId: tenant, startedAtMs: start + n };
    const times = { ...base, answeredAtMs: base.startedAtMs + 1_000, endedAtMs: base.startedAtMs + 1_000 + talk * 1_000 };
    const charge = (billed: number, nanos: bigint) => {
      expected.balances.set(tenant, (expected.balances.get(tenant) ?? 0n) + nanos);
      expected.seconds += billed;
      expected.charged += 1;
    };
    const uid = `k${n}`;
    if (n % 10 === 0) lines.push(encodeCdrLine(failedCall(uid, base)));
    else if (n % 10 === 1) {
      lines.push(encodeCdrLine(sentCall(uid, { ...times, destination: '+33123456789' })));
      expected.unrated += 1;
    } else if (n % 10 < 4) {
      lines.push(encodeCdrLine(sentCall(uid, { ...times, direction: 'inbound' }))); // 0.003 a minute, 60/60
      const minutes = Math.ceil(talk / 60);
      charge(minutes * 60, 3_000_000n * BigInt(minutes));
    } else if (n % 10 < 6) {
      lines.push(encodeCdrLine(sentCall(uid, { ...times, destination: '+4930123456' }))); // 0.001 + 0.012 a minute, 1/1: 200 micros a second
      charge(talk, 1_000_000n + 200_000n * BigInt(talk));
    } else {
      lines.push(encodeCdrLine(sentCall(uid, times))); // 0.006 a minute, 60/6: 600 micros for each 6 s
      const billed = talk <= 60 ? 60 : 60 + Math.ceil((talk - 60) / 6) * 6;
      charge(billed, 600_000n * BigInt(billed / 6));
    }
  }
  lines.splice(20_000, 0, 'v=1&k=end&broken=1');
  lines.splice(30_000, 0, encodeCdrLine(sentCall('k7', { tenantId: tenantId(1 + ((7 * 37) % TENANTS)), startedAtMs: start + 7 })));
  return { lines, expected };
};

/** A storing process, and the last batch that it said was stored. */
class Worker {
  stored = -1;
  private readonly child: ChildProcess;
  private readonly ready: Promise<void>;

  constructor(
    database: TestDatabase,
    file: string,
    readonly name: string,
  ) {
    const as = (url: string) => `${url}?application_name=${name}`;
    const hook = ['--conditions=@trunkline/source', '--import', './tools/source-hook.mjs'];
    const args = [
      ...hook,
      join(import.meta.dirname, '../test-support/store-batches.ts'),
      as(database.appUrl),
      as(database.systemUrl),
      file,
      `${BATCH}`,
    ];
    const { NODE_OPTIONS: _, ...env } = process.env; // Jest's own
    this.child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: this.child.stdout! });
    this.ready = new Promise((done) => lines.once('line', () => done()));
    lines.on('line', (line) => (this.stored = line.startsWith('stored') ? Number(line.split(' ')[1]) : this.stored));
  }

  async begin(batch: number): Promise<void> {
    this.stored = batch - 1;
    await this.ready;
    this.child.stdin!.write(`${batch}`);
  }

  async end(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.exitCode;
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    this.child.kill(name);
  }
}

describe('killing the process that stores CDRs', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let dir: string;
  const workers: Worker[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    await seedTenants(database.ownerUrl, TENANTS);
    owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    dir = mkdtempSync(join(tmpdir(), 'trunkline-kill-'));
  });
  afterAll(async () => {
    for (const worker of workers) worker.signal('SIGKILL');
    await Promise.all(workers.map((w) => w.end()));
    await owner?.end();
    rmSync(dir, { recursive: true, force: true });
    await database?.drop();
  });

  const one = async (text: string, values: unknown[] = []) => (await owner.query(text, values)).rows[0] as Record<string, string>;
  const spawnWorker = (file: string): Worker => {
    const worker = new Worker(database, file, `storing-${workers.length}`);
    workers.push(worker);
    return worker;
  };

  /** Stops the process, and if it stands inside a transaction that has written, kills it there. Returns that transaction's id, or undefined. */
  const killInTransaction = async (worker: Worker): Promise<string | undefined> => {
    worker.signal('SIGSTOP');
    const open = await one(
      `SELECT backend_xid::text AS xid FROM pg_stat_activity
       WHERE application_name = $1 AND backend_xid IS NOT NULL AND state IN ('active', 'idle in transaction') AND query <> 'COMMIT'`,
      [worker.name],
    );
    worker.signal(open ? 'SIGKILL' : 'SIGCONT');
    if (open) await worker.end();
    return open?.['xid'];
  };

  /** Lets the process store a few batches and kills it in the middle of one. */
  const killOnce = async (worker: Worker, until: number): Promise<string> => {
    while (worker.stored < until && !worker.ended) await sleep(1);
    for (;;) {
      await sleep(Math.random() * 40);
      if (worker.ended) throw new Error(`the process ended by itself at batch ${worker.stored}`);
      const xid = await killInTransaction(worker);
      if (xid !== undefined) return xid;
    }
  };

  /** What became of a transaction once its server process has noticed that its client is gone. */
  const outcome = async (xid: string): Promise<string> => {
    for (;;) {
      const { status } = await one('SELECT pg_xact_status($1::xid8) AS status', [xid]);
      if (status !== 'in progress') return status!;
      await sleep(2);
    }
  };

  it(`loses and doubles nothing over ${KILLS} kills, each inside an open transaction`, async () => {
    const { lines, expected } = makeLines();
    const file = join(dir, 'lines');
    writeFileSync(file, lines.join('\n'));
    const aborted = new Set<string>();
    let kills = 0;
    let next = 0;
    let standby = spawnWorker(file);
    while (aborted.size < KILLS) {
      const worker = standby;
      standby = spawnWorker(file);
      await worker.begin(Math.max(0, next - 1)); // what the edge has no acknowledgement of, and one batch more
      const xid = await killOnce(worker, next + (aborted.size % 3) - 1);
      kills += 1;
      // The last statement and COMMIT leave in one packet: a process may be dead whose commit was on its way. That is one more
      // kind of kill to survive, but only the others count.
      if ((await outcome(xid)) === 'aborted') aborted.add(xid);
      next = Math.max(next, worker.stored + 1);
    }
    await standby.begin(0); // all of it once more
    expect(await standby.end()).toBe(0);

    const money = [...expected.balances.values()].reduce((sum, n) => sum + n, 0n);
    expect(
      await one(
        `SELECT count(*)::int AS n, sum(billed_seconds)::int AS seconds, sum(amount_nanos)::text AS nanos, count(*) FILTER (WHERE rating_state = 'unrated')::int AS unrated FROM cdr`,
      ),
    ).toEqual({
      n: CALLS,
      seconds: expected.seconds,
      nanos: String(money),
      unrated: expected.unrated,
    });
    const { rows: balances } = await owner.query<{ t: string; n: string }>('SELECT tenant_id AS t, amount_nanos AS n FROM balance');
    expect(new Map(balances.map((b) => [b.t, BigInt(b.n)]))).toEqual(expected.balances);
    expect(await one('SELECT sum(count)::int AS n, sum(seconds)::int AS seconds FROM posting')).toEqual({
      n: expected.charged,
      seconds: expected.seconds,
    });
    expect(
      await one(
        `SELECT sum(amount_nanos) FILTER (WHERE debit = 'customer')::text AS owed, sum(amount_nanos) FILTER (WHERE credit = 'usage_revenue')::text AS earned FROM posting`,
      ),
    ).toEqual({ owed: String(money), earned: String(money) });
    expect((await owner.query('SELECT kind FROM cdr_issue ORDER BY kind')).rows).toEqual([{ kind: 'conflict' }, { kind: 'unparseable' }]);
    report(
      `${kills} kill -9 of the storing process over ${CALLS} CDRs, ${KILLS} of them on a transaction that was rolled back`,
      `0 lost, 0 doubled; ${expected.seconds} s, ${money} nanos and ${balances.length} balances exact; 1 conflict, 1 unparseable kept`,
    );
  }, 900_000);
});
