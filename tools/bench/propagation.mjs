// From the moment a customer has the 201 for a number until the edge takes the first call to it: api, worker, agent and Kamailio as they
// run in an installation, a durable Postgres, 10,000 numbers there already. Yardstick: the floor of any such mechanism, measured in turns.
import { SipPeer } from '@trunkline/testing/sip';
import { until } from '../demo/api-client.mjs';
import { ThrowAwayPlatform } from '../throw-away-platform.mjs';
import { startBenchDatabase } from './bench-database.mjs';
import { commitYardstick } from './commit-yardstick.mjs';
import { inviteProbe } from './invite-probe.mjs';
import { machine, quantile, report, say } from './report.mjs';

const [SAMPLES = 300, LOADED = 10_000] = process.argv.slice(2).map(Number);
const WARM_UP = 20;
const TENANTS = 20;
const AT_ONCE = 16;
const EDGE = '127.0.54.1:5060';
const CARRIER = '127.0.54.2:5080';
const PBX = '127.0.54.3:5080';
const ENV = { API_HOST: '127.0.54.9', GATEWAY_HOST: '127.0.54.9', API_PORT: '28520', GATEWAY_PORT: '28521', WORKER_HEALTH_PORT: '28522', STRIPE_EMULATOR_PORT: '28523' }; // prettier-ignore
const DECLINED = 603; // an answer that no edge gives by itself
const FEES = { channel_monthly: '4.00', channel_setup: '0.00', number_monthly: '1.50', number_setup: '0.50' };
const SCOPES = ['trunks:read', 'trunks:write', 'numbers:read', 'numbers:write'];
const IN_BULK_ABOVE = 50_000; // ordering a million one by one would take half an hour
const ORDERED = LOADED > IN_BULK_ABOVE ? 0 : LOADED;
const IN_BULK = LOADED - ORDERED;
const NUMBERS = Array.from({ length: ORDERED + WARM_UP + SAMPLES }, (_, i) => `+1202${String(2_000_000 + i)}`);

/** A carrier whose calls come from the probe, a plan, and the inventory. @returns the plan's id */
async function stock(operator) {
  const carrier = await operator('POST', '/v1/carriers', { name: 'Bench' });
  await operator('POST', `/v1/carriers/${carrier.id}/gateways`, { uri: `sip:${CARRIER}`, source_addresses: [CARRIER.split(':')[0]] });
  const deck = await operator('POST', '/v1/decks', { name: 'Bench', currency: 'USD' });
  const { imported } = await operator('POST', '/v1/number-imports', `number\n${NUMBERS.join('\n')}\n`);
  if (imported !== NUMBERS.length) throw new Error(`${imported} numbers imported of ${NUMBERS.length}`);
  return (await operator('POST', '/v1/plans', { name: 'Bench', currency: 'USD', ...FEES, outbound_deck_id: deck.id })).id;
}

/** A tenant with a trunk towards the PBX. @returns `(number) → orders it onto that trunk` */
async function customer(platform, planId, name) {
  const tenant = await platform.operator()('POST', '/v1/tenants', { name, country: 'US', currency: 'USD' });
  await platform.operator()('POST', '/v1/plan-assignments', { tenant_id: tenant.id, plan_id: planId });
  const { secret } = await platform.operator(tenant.id)('POST', '/v1/api-keys', { name: 'bench', scopes: SCOPES });
  const api = platform.api(secret);
  const inbound_routes = [{ uri: `sip:${PBX}`, priority: 1 }];
  const trunk = await api('POST', '/v1/trunks', { name: 'Bench', country: 'US', channels_max: 1000, inbound_routes });
  if (IN_BULK > 0) await holdInBulk(platform, name);
  return (number) => api('POST', '/v1/numbers', { number, trunk_id: trunk.id });
}

/** Puts this tenant's share of a large stock straight into the tables, without charges, and marks it for the edges as an order does. */
async function holdInBulk(platform, tenantName) {
  const share = Math.floor(IN_BULK / TENANTS);
  const first = 3_000_000_000 + share * Number(tenantName.split(' ')[1]);
  await platform.asOwner(
    `WITH stock AS (
       INSERT INTO number_inventory (e164, country, area_code, type, state, created_at)
       SELECT '+44' || n, 'GB', '', 'geographic', 'assigned', now() FROM generate_series($2::bigint, $2::bigint + $3 - 1) AS n RETURNING e164
     ), held AS (
       INSERT INTO number_assignment (tenant_id, id, e164, trunk_id, revision, created_at, updated_at)
       SELECT k.tenant_id, gen_random_uuid(), s.e164, k.id, 1, now(), now() FROM stock s, trunk k JOIN tenant t ON t.id = k.tenant_id WHERE t.name = $1
     )
     INSERT INTO edge_dirty (resource_type, resource_id, created_at) SELECT 'number', e164, now() FROM stock`,
    [tenantName, first, share],
  );
  await platform.asOwner(`NOTIFY edge_dirty`);
}

/** Orders as a customer would, `AT_ONCE` at a time. */
async function load(orders, numbers) {
  const queue = numbers.map((number, i) => () => orders[i % orders.length](number));
  const work = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await next();
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

const settled = (platform) =>
  until(
    'the edge up to date',
    () => platform.operator()('GET', '/v1/edges'),
    ({ data }) => data[0].configuration.desired_version >= LOADED && data[0].configuration.lag === 0,
    { timeoutMs: 900_000, everyMs: 200 },
  );
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function measure({ orders, probe, yardstick, numbers }) {
  const figures = { taken: [], floor: [], invites: 0 };
  for (const [i, number] of numbers.entries()) {
    await orders[i % orders.length](number);
    const { ms, invites } = await probe.untilTaken(number);
    await pause(20 + Math.random() * 60); // out of step with every timer, and the last probes' answers are in
    const floor = await yardstick.measure();
    if (i < WARM_UP) continue;
    figures.taken.push(ms);
    figures.floor.push(floor);
    figures.invites += invites;
  }
  return figures;
}

const stops = [];
let interrupted = false;
let ending = Promise.resolve();
const stopAll = () =>
  (ending = ending.then(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  }));
/** Remembers how to stop what was just started. */
const started = (stop) => {
  stops.push(stop);
  if (interrupted) throw new Error('interrupted');
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    interrupted = true;
    void stopAll();
  });
try {
  const database = await startBenchDatabase();
  started(() => database.stop());
  const platform = new ThrowAwayPlatform({ database, env: ENV });
  started(() => platform.stop());
  await platform.startControlPlane();
  await platform.startEdges([{ name: 'bench', sipAddress: EDGE }]);
  const pbx = await SipPeer.open(...PBX.split(':').map((part, i) => (i === 0 ? part : Number(part))));
  pbx.answer = () => DECLINED; // the call is over at once
  started(() => pbx.close());
  const probe = await inviteProbe({ from: CARRIER, edge: EDGE, declined: DECLINED });
  started(() => probe.stop());
  const yardstick = await commitYardstick(database.ownerUrl);
  started(() => yardstick.stop());

  const planId = await stock(platform.operator());
  const orders = [];
  const began = performance.now();
  for (let i = 0; i < TENANTS; i++) orders.push(await customer(platform, planId, `Bench ${i}`));
  await load(orders, NUMBERS.slice(0, ORDERED));
  await settled(platform);
  say(`${machine()}; ${LOADED} numbers of ${TENANTS} tenants ${IN_BULK > 0 ? 'loaded by SQL' : 'ordered by POST /v1/numbers'} and live after ${Math.round((performance.now() - began) / 1000)} s`); // prettier-ignore
  const { taken, floor, invites } = await measure({ orders, probe, yardstick, numbers: NUMBERS.slice(ORDERED) });
  const [p50, p99] = [quantile(taken, 0.5), quantile(taken, 0.99)];
  say(`${taken.length} numbers ordered one by one (after ${WARM_UP} to warm up), an INVITE every 2 ms from the 201 on, ${invites} in all`);
  say(`201 → first INVITE taken: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, worst ${Math.max(...taken).toFixed(1)} ms`);
  say(`COMMIT → heard by another process: p50 ${quantile(floor, 0.5).toFixed(1)} ms, p99 ${quantile(floor, 0.99).toFixed(1)} ms`);
  report({
    name: 'propagation',
    figure: p99,
    unit: 'ms, p99, 201 received to first INVITE accepted',
    yardstick: quantile(floor, 0.99),
    yardstick_name: 'p99 from COMMIT to its NOTIFY heard by another process, ms',
    p50: Number(p50.toFixed(1)),
    p99: Number(p99.toFixed(1)),
  });
} finally {
  await stopAll();
}
