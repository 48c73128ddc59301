// A carrier that waits on the line for the answer to a request for a number, and the sweep of requests that wait for their tenants. Yardstick of the
// answer: one row inserted and committed. Beside it, what the sweep takes while nothing is due, with all of the requests open.
import 'reflect-metadata';
import { EmulatedPortOutCarrier, PortOutCarriers } from '@trunkline/carriers/server';
import type { CarrierPortOut } from '@trunkline/carriers';
import { SystemClock, newId } from '@trunkline/kernel';
import { Database, Log, Sealer } from '@trunkline/platform';
import pg from 'pg';
import { ReconcilePortOut } from '../../libs/porting/src/server/reconcile-port-out.ts';
import { SweepPortOuts } from '../../libs/porting/src/server/sweep-port-outs.ts';
import { TakePortOut, pinMacContext } from '../../libs/porting/src/server/take-port-out.ts';
import { TellPortOut } from '../../libs/porting/src/server/tell-port-out.ts';
import { startBenchDatabase } from './bench-database.mjs';
import { machine, median, quantile, report, say } from './report.mjs';

const [OPEN = 10_000, ANSWERS = 2_000, AT_ONCE = 8] = process.argv.slice(2).map(Number);
const AIM_MS = 200;
const DAY_MS = 86_400_000;
const tenantId = '01900000-0000-7000-8000-000000000001';
const KEY = Buffer.alloc(32, 7).toString('base64');

const database = await startBenchDatabase();
const db = new Database({ appUrl: database.appUrl, systemUrl: database.systemUrl, poolMax: AT_ONCE });
const owner = new pg.Client({ connectionString: database.ownerUrl });
await owner.connect();
const clock = new SystemClock();
const sealer = new Sealer(KEY);
const carrier = new EmulatedPortOutCarrier(db, clock, sealer, KEY);
const carriers = new PortOutCarriers(carrier);
const take = new TakePortOut(db, clock, sealer);
const tell = new TellPortOut(db, clock, carriers);
const sweep = new SweepPortOuts(db, clock, new Log('bench', 'silent'), carriers, new ReconcilePortOut(db, clock, carriers, take), tell);

const numberOf = (i: number): string => `+1212${String(2_000_000 + i)}`;
const request = (i: number, pin: string | null): CarrierPortOut => ({
  ...{ ref: newId(), version: 1, status: 'open', numbers: [numberOf(i)], pin, accountNumber: 'A-1001', postalCode: null },
  ...{ subscriberName: 'Ann Miller', purchaseOrder: null, winningCarrier: { id: null, name: 'Winner' } },
  ...{ deadline: new Date(Date.now() + DAY_MS), focAt: null },
});
const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};
/** So many at once, each after the one before it, and how long each took. */
const timesOf = async (count: number, work: (i: number) => Promise<unknown>): Promise<number[]> => {
  const times: number[] = [];
  let next = 0;
  const one = async (): Promise<void> => {
    for (let i = next++; i < count; i = next++) times.push(await timed(() => work(i)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return times;
};

try {
  say(`${machine()}; ${OPEN} requests open, ${ANSWERS} answered on the line, ${AT_ONCE} at once`);
  await owner.query(
    `INSERT INTO tenant (id, name, country, currency, created_at, updated_at) VALUES ($1, 'Bench', 'US', 'USD', now(), now())`,
    [tenantId],
  );
  await owner.query(
    `WITH n AS (SELECT '+1212' || (2000000 + i)::text AS e164 FROM generate_series(0, $1::int) AS i), stock AS (
       INSERT INTO number_inventory (e164, country, area_code, type, state, created_at) SELECT e164, 'US', '212', 'local', 'assigned', now() FROM n RETURNING e164)
     INSERT INTO number_assignment (tenant_id, id, e164, created_at, updated_at) SELECT $2, gen_random_uuid(), e164, now(), now() FROM stock`,
    [OPEN + ANSWERS, tenantId],
  );
  const mac = sealer.mac('4711', pinMacContext(tenantId));
  await owner.query(`INSERT INTO port_out_policy (tenant_id, pin_mac, account_number, updated_at) VALUES ($1, $2, 'A-1001', now())`, [
    tenantId,
    mac,
  ]);
  await timesOf(OPEN, (i) => take.execute(carrier, request(i, '4711'), false, 'bench'));
  await owner.query('ANALYZE');

  // every other one is refused: one in four for a lock, one in four without its PIN
  await owner.query(
    `INSERT INTO port_out_protection (tenant_id, number_id, locked, updated_at)
     SELECT tenant_id, id, true, now() FROM number_assignment WHERE e164 > $1 AND right(e164, 1) IN ('0', '4', '8')`,
    [numberOf(OPEN)],
  );
  const kinds = new Map<string, number>();
  const times = await timesOf(ANSWERS, async (i) => {
    const { kind } = await take.execute(carrier, request(OPEN + i + 1, i % 4 === 0 ? null : '4711'), true, 'bench');
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  });
  if (!kinds.get('authorized') || !kinds.get('rejected') || kinds.has('pending')) throw new Error('the carrier was not answered');
  await owner.query('CREATE TABLE plain (id UUID PRIMARY KEY, said TEXT)');
  const plain = new pg.Pool({ connectionString: database.ownerUrl, max: AT_ONCE });
  const rows = await timesOf(ANSWERS, () => plain.query('INSERT INTO plain VALUES ($1, $2)', [newId(), 'yes']));
  await plain.end();

  const sweeps: number[] = [];
  for (let i = 0; i < 20; i++) sweeps.push(await timed(() => sweep.execute()));
  const [p50, p99] = [quantile(times, 0.5), quantile(times, 0.99)];
  say(`an answer p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms (aim: ${AIM_MS} ms)`);
  say(`a sweep with ${OPEN} open p50 ${median(sweeps).toFixed(1)} ms, at most ${Math.max(...sweeps).toFixed(1)} ms`);
  report({
    name: 'port-out-answer',
    figure: p99,
    unit: 'ms to answer a carrier on the line, p99',
    yardstick: quantile(rows, 0.99),
    yardstick_name: 'ms to insert one row and commit, p99',
    p50: Number(p50.toPrecision(4)),
    p99: Number(p99.toPrecision(4)),
    sweep_ms: Number(median(sweeps).toPrecision(4)),
  });
} finally {
  await db.onApplicationShutdown();
  await owner.end();
  await database.stop();
}
