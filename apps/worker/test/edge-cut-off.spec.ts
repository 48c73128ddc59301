import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { INestApplicationContext } from '@nestjs/common';
import { EdgeGateway } from '@trunkline/edge/server';
import { fromPublicId } from '@trunkline/kernel';
import { NetProxy, proof } from '@trunkline/testing';
import { SipPeer } from '@trunkline/testing/sip';
import { ApiHarness, type Call } from '../../api/test/harness.ts';
// eslint-disable-next-line @nx/enforce-module-boundaries -- looks into the real edge's memory as its agent does
import { KamailioRpc } from '../../edge/agent/kamailio-rpc.ts';
import { startWorker } from './start-worker.ts';

/** The control plane's changes, a network that fails between, and a real edge: API, compiler, gateway, agent and Kamailio, all in one story. */
const NET = '127.0.62';
const { size, report } = proof(5, { short: { changes: 500 }, full: { changes: 2_000 } });
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const METRICS = `${NET}.1:9090`;
let api: ApiHarness;
let worker: INestApplicationContext;
let proxy: NetProxy;
let agent: ChildProcess;
let rpc: KamailioRpc;
let phone: SipPeer;
let carrier: SipPeer;
let customer: { id: string; call: Call };
let trunk: { id: string };
let login: { username: string; password: string };
const dataDir = mkdtempSync(join(tmpdir(), 'tl-cut-'));

beforeAll(async () => {
  api = await ApiHarness.start();
  worker = await startWorker(api, { GATEWAY_HOST: `${NET}.2`, EDGE_LOST_AFTER_SECS: 3_600 });
  proxy = await NetProxy.open(`${NET}.2:${worker.get(EdgeGateway).port}`, `${NET}.2`);
  [phone, carrier] = [await SipPeer.open(`${NET}.3`, 5060), await SipPeer.open(`${NET}.4`, 5080)];
  carrier.answer = () => 200;
  const { body: edge } = await api.operator('POST', '/v1/edges', { name: 'one', sip_address: `${NET}.1:5060` });
  agent = startAgent(edge.enrol_token);
  rpc = new KamailioRpc(join(dataDir, 'run/ctl.sock'));
  await routes();
  await customers();
}, 120_000);
afterAll(async () => {
  rpc?.close();
  agent?.kill('SIGTERM');
  if (agent && agent.exitCode === null) await once(agent, 'exit');
  [phone, carrier].forEach((p) => p?.close());
  await proxy?.close();
  await worker?.close();
  await api?.stop();
  rmSync(dataDir, { recursive: true, force: true });
}, 60_000);

const startAgent = (token: string): ChildProcess =>
  spawn(process.execPath, ['--conditions=@trunkline/source', '--import', './tools/source-hook.mjs', 'apps/edge/agent/main.ts'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      EDGE_DATA_DIR: dataDir,
      EDGE_SIP_ADDRESS: `${NET}.1:5060`,
      EDGE_GATEWAY_URL: `ws://${proxy.address}`,
      EDGE_ENROL_TOKEN: token,
      EDGE_METRICS_ADDRESS: METRICS,
      NODE_OPTIONS: '',
    },
  });
const routes = async () => {
  const { body } = await api.operator('POST', '/v1/carriers', { name: 'Carrier' });
  const addresses = { uri: `sip:${NET}.4:5080`, source_addresses: [`${NET}.4`] };
  const { body: gateway } = await api.operator('POST', `/v1/carriers/${body.id}/gateways`, addresses);
  await api.operator('POST', '/v1/carrier-routes', { kind: 'pstn', prefix: '1', gateway_id: gateway.id, priority: 1 });
};
const customers = async () => {
  customer = await api.tenant('Customer');
  const settings = { name: 'PBX', country: 'US', channels_max: 10, allowed_countries: ['US'] };
  trunk = (await customer.call('POST', '/v1/trunks', settings)).body;
  login = (await customer.call('POST', `/v1/trunks/${trunk.id}/credentials`)).body;
  await api.operator('POST', '/v1/number-imports', 'number\n+12025550142\n');
  await customer.call('POST', '/v1/numbers', { number: '+12025550142', trunk_id: trunk.id });
  await live();
};
const eventually = async <T>(ask: () => Promise<T>, test: (answer: T) => boolean): Promise<T> => {
  for (;;) {
    const answer = await ask();
    if (test(answer)) return answer;
    await sleep(20);
  }
};
const live = () =>
  eventually(async () => (await customer.call('GET', `/v1/trunks/${trunk.id}`)).body.provisioning, (p) => p.state === 'applied'); // prettier-ignore
const edge = async () => (await api.operator('GET', '/v1/edges')).body.data[0];
const calls = () => phone.call({ edge: `${NET}.1:5060`, requestUser: '+12125550001', fromUser: '+12025550142', login });
/** What Kamailio has in its memory. */
const inMemory = async (table: string, key: string): Promise<string> => {
  const [reply] = await rpc.call('htable.get', table, key);
  return String((reply as { item: { value: string | number } }).item.value);
};
const channelsInMemory = async () => JSON.parse(await inMemory('trunk', fromPublicId('trunk', trunk.id)!)).channelsMax as number;
const versionInMemory = async () => Number(await inMemory('meta', 'version'));

describe('an edge that is cut off', () => {
  it('carries calls meanwhile, has the last of many changes afterwards, and never an older one over a newer', async () => {
    expect((await calls()).status).toBe(200);
    const before = await edge();
    proxy.cut();
    const statuses: number[] = [];
    for (let i = 1; i <= size.changes; i++) {
      await customer.call('PATCH', `/v1/trunks/${trunk.id}`, { channels_max: 10 + (i % 900) });
      if (i % 50 === 0) statuses.push((await calls()).status);
    }
    expect(statuses).toEqual(Array(size.changes / 50).fill(200));
    expect([await channelsInMemory(), await versionInMemory()]).toEqual([10, before.configuration.applied_version]);
    const { configuration } = await edge();
    expect(configuration.lag).toBeGreaterThan(0);

    const last = 10 + (size.changes % 900);
    const seen: [version: number, channels: number][] = [];
    proxy.become({ bytesPerSecond: 20_000 });
    await eventually(
      async () => {
        seen.push([await versionInMemory(), await channelsInMemory()]);
        return edge();
      },
      (e) => e.configuration.lag === 0,
    );
    seen.push([await versionInMemory(), await channelsInMemory()]);
    expect(seen.at(-1)).toEqual([(await edge()).configuration.desired_version, last]);
    expect(seen).toEqual(seen.toSorted(([a], [b]) => a - b)); // versions only grow
    expect(seen.map(([, channels]) => channels).filter((n) => n !== 10 && n !== last)).toEqual([]); // nothing between, and in that order:
    expect(seen.findLastIndex(([, n]) => n === 10)).toBeLessThan(seen.findIndex(([, n]) => n === last));
    proxy.become({});
    expect(await live()).toMatchObject({ revision: size.changes + 1 });
    report(
      `an edge cut off while ${size.changes} changes were made and calls placed`,
      `calls that failed 0; versions applied out of order 0; entries behind at the end 0`,
    );
  });

  it('follows change by change over a line that breaks again and again, always forward', async () => {
    const seen: number[] = [];
    let following = true;
    const follow = (async () => {
      for (; following; await sleep(5)) seen.push(await channelsInMemory());
    })();
    for (let i = 1; i <= 60; i++) {
      await customer.call('PATCH', `/v1/trunks/${trunk.id}`, { channels_max: 1_000 + i });
      if (i % 15 === 0) proxy.cut();
      if (i % 15 === 5) proxy.become({ latencyMs: 5 });
    }
    proxy.become({});
    await live();
    following = false;
    await follow;
    const changes = seen.filter((n) => n > 1_000);
    expect(changes).toEqual(changes.toSorted((a, b) => a - b));
    expect([await channelsInMemory(), (await calls()).status]).toEqual([1_060, 200]);
  });

  it('shows its own figures meanwhile, Kamailio’s among them', async () => {
    proxy.cut();
    const text = await eventually(
      async () => (await fetch(`http://${METRICS}/metrics`)).text(),
      (t) => /^edge_link_up 0$/m.test(t),
    );
    expect(text).toMatch(new RegExp(`^edge_applied_version ${await versionInMemory()}$`, 'm'));
    for (const name of [
      'edge_kamailio_up 1',
      'edge_active_calls 0',
      'kamailio_dialog_processed_dialogs \\d+',
      'kamailio_core_rcv_requests_invite [1-9]\\d*',
      'kamailio_registrar_accepted_regs 0',
    ])
      // prettier-ignore
      expect(text).toMatch(new RegExp(`^${name}$`, 'm'));
    expect(text.split('\n').filter((line) => line.includes('{'))).toEqual([]);
    expect((await fetch(`http://${METRICS}/`)).status).toBe(404);
    proxy.become({});
    await eventually(async () => (await fetch(`http://${METRICS}/metrics`)).text(), (t) => /^edge_link_up 1$/m.test(t)); // prettier-ignore
  });
});
