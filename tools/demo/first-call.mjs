// The first call: from nothing to a rated, invoiced call in both directions, with the time each step took.
import { join } from 'node:path';
import { apiClient, until } from './api-client.mjs';
import { ADDRESSES, createEdges, orderTrunk, signUp, stockPlatform } from './demo-platform.mjs';
import { sipp } from './sipp.mjs';

const TALK_MS = 2_000;
const row = (what, value) => console.log(`  ${what.padEnd(48)}${value}`);
const money = ({ amount, currency }) => `${amount} ${currency}`;

/** One call end to end: the far side answers, the near side calls, talks and hangs up. @returns when it was hung up (ms) */
async function play({ caller, callee, dataDir }) {
  const answering = sipp({ scenario: 'answer', ...callee, cwd: join(dataDir, 'demo') });
  await new Promise((r) => setTimeout(r, 300)); // SIPp says nowhere that it listens
  const calling = sipp({ ...caller, args: [...caller.args, '-d', String(TALK_MS)], cwd: join(dataDir, 'demo') });
  const { exitCode, status } = await calling.done;
  const endedAt = Date.now();
  answering.stop();
  if (exitCode !== 0 || status !== 200)
    throw new Error(`the call was answered with ${status ?? 'nothing'} instead of 200 (SIPp exit code ${exitCode})`);
  return endedAt;
}

async function stored({ customer, direction, endedAt }) {
  const { data } = await until(
    `the ${direction} call record`,
    () => customer('GET', `/v1/calls?direction=${direction}&limit=1`),
    (page) => page.data.length > 0,
  );
  return { call: await customer('GET', `/v1/calls/${data[0].id}`), seconds: (Date.now() - endedAt) / 1000 };
}

function report(direction, { call, seconds }) {
  const setupMs = new Date(call.answered_at) - new Date(call.started_at);
  row(`${direction} call answered`, `${setupMs} ms after its INVITE, ${call.duration_secs} s long`);
  row('  its record stored', `${seconds.toFixed(2)} s after hang-up`);
  row('  rated', `${money(call.rating.amount)} for ${call.billed_secs} s`);
}

/** @param context `{apiUrl, operatorKey, dataDir, ports, startEdge}` */
export async function firstCall({ apiUrl, operatorKey, dataDir, ports, startEdge }) {
  console.log('The first call, by the public API and real SIP:');
  const operator = apiClient(apiUrl, operatorKey);
  await createEdges({ operator, ports, startEdge });
  await until(
    'both edges connected',
    () => operator('GET', '/v1/edges'),
    (page) => page.data.filter((e) => e.status?.kamailio === 'up').length === 2,
    { timeoutMs: 60_000, everyMs: 200 },
  );
  row('two SIP edges enrolled and up', ADDRESSES.edges.map((ip) => `${ip}:${ports.sip}`).join(', '));
  const plan = await stockPlatform({ operator, ports });
  const customer = await signUp({ apiUrl, operatorKey, operator, plan });
  row('tenant, key, plan and decks created', 'Demo customer on plan Business');

  const { trunk, credential, number } = await orderTrunk({ customer, ports });
  const createdAt = Date.now();
  const live = await until(
    'the trunk live on every edge',
    () => customer('GET', `/v1/trunks/${trunk.id}`),
    (t) => t.provisioning.state === 'applied',
  );
  await until(
    'the number live on every edge',
    () => customer('GET', `/v1/numbers/${number.id}`),
    (n) => n.provisioning.state === 'applied',
  );
  row('trunk and number: created → live on both edges', `${Date.now() - createdAt} ms`);

  const home = live.provisioning.edges.find((e) => e.home) ?? live.provisioning.edges[0];
  const pbx = { ip: ADDRESSES.pbx, port: ports.sip };
  const carrier = { ip: ADDRESSES.carrier, port: ports.sip };
  const credentials = ['-au', credential.username, '-ap', credential.password, '-key', 'from_user', number.number, '-s', '+12025550199'];
  const outEnded = await play({
    caller: { scenario: 'digest-call', ...pbx, remote: home.sip_address, args: credentials },
    callee: carrier,
    dataDir,
  });
  report('outbound', await stored({ customer, direction: 'outbound', endedAt: outEnded }));
  const fromCarrier = ['-key', 'from_user', '+12025550177', '-s', number.number];
  const inEnded = await play({
    caller: { scenario: 'call', ...carrier, remote: home.sip_address, args: fromCarrier },
    callee: pbx,
    dataDir,
  });
  report('inbound', await stored({ customer, direction: 'inbound', endedAt: inEnded }));

  const { balance } = await customer('GET', '/v1/balance');
  const invoice = await customer('GET', '/v1/invoices/upcoming');
  row('balance', money(balance));
  row('upcoming invoice', money(invoice.total));
  for (const line of invoice.lines) row(`  ${line.description}`, money(line.amount));
}
