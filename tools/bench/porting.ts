// Ten thousand open port orders: what the sweep of a minute costs, in which one in sixty is polled, and what a carrier's message costs from its arrival
// until its order is written. Yardstick: a row updated by its key in a transaction of its own. PostgreSQL is durable; the carrier is the emulated one.
import 'reflect-metadata';
import { EmulatedPortingCarrier, PortingCarrier, asReceived } from '@trunkline/carriers/server';
import { newId, systemContext, tenantContext } from '@trunkline/kernel';
import { Database } from '@trunkline/platform';
import { PortQueries, PortingModule, ReceivePortEvent, SweepPorts } from '@trunkline/porting/server';
import { AssignPlan, CreateDeck, CreatePlan, RatingModule } from '@trunkline/rating/server';
import { CreateTenant, TenancyModule } from '@trunkline/tenancy/server';
import { FakeClock, createTestContext } from '@trunkline/testing';
import pg from 'pg';
import { CheckPortProject } from '../../libs/porting/src/server/check-port-project.ts';
import { CreatePortProject } from '../../libs/porting/src/server/create-port-project.ts';
import { SendPort } from '../../libs/porting/src/server/send-port.ts';
import { SubmitPortProject } from '../../libs/porting/src/server/submit-port-project.ts';
import { completePort } from '../../libs/porting/test-support/complete-port.ts';
import { startBenchDatabase } from './bench-database.mjs';
import { machine, median, quantile, report, say } from './report.mjs';

const [ORDERS = 10_000, MINUTES = 15, EVENTS = 300] = process.argv.slice(2).map(Number);
const DAY = 86_400_000;
const system = systemContext('bench');
const clock = new FakeClock('2026-11-23T10:00:00Z');
const FIELDS = { account_number: 'A1', subscriber_name: 'Ann', service_address: '1 Main St', postal_code: '10001', signer_name: 'Ann' };

const msOf = async (work: () => Promise<unknown>): Promise<number> => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};

const database = await startBenchDatabase();
const app = await createTestContext(database, [TenancyModule, RatingModule, PortingModule], clock);
const owner = new pg.Client({ connectionString: database.ownerUrl });
await owner.connect();
const carrier = app.get<PortingCarrier>(PortingCarrier) as EmulatedPortingCarrier;

/** One order that waits for its firm date, made as all are. */
const makeTemplate = async (): Promise<{ tenantId: string; id: string }> => {
  const deck = await app.get(CreateDeck).execute(system, { name: 'Deck', currency: 'USD' });
  const fees = { channelMonthlyNanos: 0n, channelSetupNanos: 0n, numberMonthlyNanos: 2_000_000_000n, numberSetupNanos: 250_000_000n };
  const plan = { name: 'Plan', currency: 'USD', ...fees, outboundDeckId: deck.id, inboundDeckId: null };
  const { id: planId } = await app.get(CreatePlan).execute(system, plan);
  const input = { name: 'Bench', country: 'US', currency: 'USD', channelsMax: null, parentId: null, externalReference: null };
  const { id: tenantId } = await app.get(CreateTenant).execute(system, input);
  await app.get(AssignPlan).execute(system, { tenantId, planId });
  await owner.query(`UPDATE tenant_node SET verified_until = '2100-01-01'`);
  const trunkId = newId();
  await owner.query(
    `INSERT INTO trunk (tenant_id, id, name, country, channels_max, allowed_countries, inbound_routes, created_at, updated_at)
     VALUES ($1, $2, 'T', 'US', 2, '{US}', '[]', now(), now())`,
    [tenantId, trunkId],
  );
  const ctx = tenantContext(tenantId, { type: 'api_key', id: newId() }, 'bench');
  const drafted = { numbers: ['+12120000000' as const], trunkId, fields: FIELDS, pin: '4711', externalReference: null };
  const project = await app.get(CreatePortProject).execute(ctx, { ...drafted, numbers: ['+12125550000'] });
  await app.get(CheckPortProject).execute(ctx, project.id);
  const [{ id } = { id: '' }] = (await app.get(PortQueries).orders(ctx, { limit: 1, projectId: project.id })).data;
  await app.get(SendPort).execute(tenantId, id);
  await completePort(app, owner, ctx, id, clock.now());
  await app.get(SubmitPortProject).execute(ctx, project.id, new Date(clock.now().getTime() + 21 * DAY)); // a Monday
  await app.get(SendPort).execute(tenantId, id);
  for (let hour = 0; hour < 3; hour += 1) {
    clock.advance({ hours: 1.5 });
    await app.get(SweepPorts).execute();
  }
  const { state } = await app.get(PortQueries).order(ctx, id);
  if (state !== 'foc_confirmed') throw new Error(`the template is ${state}`);
  return { tenantId, id };
};

/** All columns of a table, some of them told otherwise. */
const copied = async (table: string, otherwise: Readonly<Record<string, string>>, from: string): Promise<void> => {
  const { rows } = await owner.query('SELECT column_name AS name FROM information_schema.columns WHERE table_name = $1', [table]);
  const names = rows.map(({ name }) => `"${name}"`);
  const values = rows.map(({ name }) => otherwise[name] ?? `t."${name}"`);
  await owner.query(
    `INSERT INTO ${table} (${names.join()}) SELECT ${values.join()} FROM ${table} t, generate_series(1, ${ORDERS - 1}) AS g WHERE ${from}`,
  );
};

/** As many orders with the same history, each with a number of its own, polled at some moment of the last hour. */
const multiply = async ({ id }: { id: string }): Promise<void> => {
  const made = (what: string) => `md5('${what}' || g)::uuid`;
  const [order, number, ref] = [made('order'), `'+1' || (2130000000 + g)`, `'em_' || ${made('order')}`];
  await copied('port_order', { id: order, carrier_ref: ref }, `t.id = '${id}'`);
  await copied('port_number', { id: made('number'), order_id: order, e164: number }, `t.order_id = '${id}'`);
  const data = `CASE WHEN t.data ? 'carrierRef' THEN jsonb_set(t.data, '{carrierRef}', to_jsonb(${ref})) ELSE t.data END`;
  const numbers = `CASE WHEN t.numbers = '{}' THEN t.numbers ELSE ARRAY[${number}] END`;
  await copied('port_event', { order_id: order, data, numbers }, `t.order_id = '${id}'`);
  await copied('port_timer', { order_id: order }, `t.order_id = '${id}'`);
  const books = `jsonb_set(jsonb_set(t.state, '{ref}', to_jsonb(${ref})), '{numbers,0,e164}', to_jsonb(${number}))`;
  await copied('emulated_port', { ref, state: books }, `t.ref = 'em_${id}'`);
  await owner.query(`UPDATE port_timer SET due_at = $1::timestamptz + random() * interval '1 hour' WHERE kind = 'poll'`, [clock.now()]);
  await owner.query('VACUUM ANALYZE');
};

try {
  say(`${machine()}; ${ORDERS} open orders`);
  const template = await makeTemplate();
  await multiply(template);
  const sweep = app.get(SweepPorts);
  await sweep.execute();
  const idle: number[] = [];
  const busy: number[] = [];
  let polled = 0;
  for (let minute = 0; minute < MINUTES; minute += 1) {
    clock.advance({ seconds: 60 });
    busy.push(await msOf(async () => (polled += await sweep.execute())));
    idle.push(await msOf(() => sweep.execute()));
  }
  say(
    `a sweep of a minute: median ${median(busy).toFixed(0)} ms, longest ${Math.max(...busy).toFixed(0)} ms, ${(polled / MINUTES).toFixed(0)} orders polled in it`,
  );
  say(`a sweep with nothing due: median ${median(idle).toFixed(1)} ms`);

  // the carrier moves the dates of some orders, one after another, and says so
  await owner.query('CREATE TABLE plain (id INT PRIMARY KEY, n INT NOT NULL)');
  await owner.query('INSERT INTO plain SELECT g, 0 FROM generate_series(1, 10000) AS g');
  const events: number[] = [];
  const commits: number[] = [];
  const { rows } = await owner.query(`SELECT ref FROM emulated_port WHERE ref <> $1 ORDER BY random() LIMIT ${EVENTS}`, [
    `em_${template.id}`,
  ]);
  for (const [i, { ref }] of rows.entries()) {
    const step = [{ atMs: clock.now().getTime(), step: 'move_foc' }];
    await owner.query(`UPDATE emulated_port SET state = jsonb_set(state, '{steps}', $2) WHERE ref = $1`, [ref, JSON.stringify(step)]);
    const [message] = await carrier.dueWebhooks(ref);
    if (!message) throw new Error('the carrier has nothing to say');
    const { event_id: eventId } = JSON.parse(Buffer.from(message.body).toString('utf8'));
    const receive = app.get(ReceivePortEvent);
    events.push(
      await msOf(async () => {
        await receive.execute(asReceived(message), 'bench');
        await receive.process('emulated', eventId);
      }),
    );
    commits.push(await msOf(() => owner.query('UPDATE plain SET n = n + 1 WHERE id = $1', [1 + i])));
  }
  const { rows: moved } = await owner.query(`SELECT count(*)::int AS n FROM port_event WHERE event = 'foc_changed'`);
  if (moved[0].n !== rows.length) throw new Error(`${moved[0].n} of ${rows.length} dates were moved`);
  say(`a carrier's message: p50 ${median(events).toFixed(1)} ms, p99 ${quantile(events, 0.99).toFixed(1)} ms`);
  report({
    name: 'porting',
    figure: median(events),
    unit: 'ms from a carrier’s message to its order written, median',
    yardstick: median(commits),
    yardstick_name: 'ms to update a row by its key, committed',
    p99: Number(quantile(events, 0.99).toPrecision(4)),
    sweep_ms: Number(median(busy).toPrecision(4)),
    sweep_longest_ms: Number(Math.max(...busy).toPrecision(4)),
    idle_sweep_ms: Number(median(idle).toPrecision(4)),
    polled_per_sweep: Math.round(polled / MINUTES),
  });
} finally {
  await app.get(Database).onApplicationShutdown();
  await app.close();
  await owner.end();
  await database.stop();
}
