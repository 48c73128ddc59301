import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASE_GATEWAYS, caseIntent, passwordOf, tenantIds, trunkIds } from '@trunkline/edge-core/cases';
import { SipPeer, Sipp, sippCall, type CallOptions } from '@trunkline/testing/sip';
import { KamailioRpc } from '../agent/kamailio-rpc.ts';
import { EdgeUnderTest, until } from './edge-under-test.ts';
import { relocated } from './raw-phone.ts';

/** What an edge remembers when it is stopped, politely or not, with calls up: the calls, their channels, their ids, who is registered. */
const NET = '127.0.61';
const CALLS = 20;
const CAP = 30;
const AT = relocated(CASE_GATEWAYS, NET);
const world = relocated(caseIntent, NET);
const capped = {
  ...world,
  tenants: world.tenants.map((t) => ({ ...t, channelsMax: null })),
  trunks: world.trunks.map((t) => ({ ...t, channelsMax: CAP })),
};
const edge = new EdgeUnderTest('edge-1', `${NET}.201`);
const rpc = new KamailioRpc(join(edge.dataDir, 'run/ctl.sock'));
let phone: SipPeer;
let carrier: SipPeer;

beforeAll(async () => {
  phone = await SipPeer.open(`${NET}.11`, 5060);
  carrier = await SipPeer.open(AT.a, 5080);
  carrier.answer = () => 200;
  await edge.start(capped);
});
afterAll(async () => {
  rpc.close();
  [phone, carrier].forEach((p) => p.close());
  await edge.stop();
});

const call = (callId: string, over: Partial<CallOptions> = {}) =>
  phone.call({
    ...{ edge: edge.sip, requestUser: '+12125551234', fromUser: '+12125550100', callId },
    ...{ login: { username: 'us', password: passwordOf('us') }, ...over },
  });
const channels = async (): Promise<number[]> => {
  const sizes = [
    await rpc.call('dlg.profile_get_size', 'trunk', trunkIds.us),
    await rpc.call('dlg.profile_get_size', 'tenant', tenantIds.own),
  ];
  return sizes.map(([size]) => Number(size));
};
/** As the control plane keeps them: the same bytes sent again are the same record. */
const idsOf = (prefix: string, kind: 'start' | 'end') => {
  const sent = edge.gateway.records.filter((r) => r.kind === kind && r.callId.startsWith(prefix));
  return [...new Map(sent.map((r) => [JSON.stringify(r), r])).values()].map((r) => `${r.callId} ${r.uid}`).toSorted();
};
const mainPid = () => Number(readFileSync(join(edge.dataDir, 'run/kamailio.pid'), 'utf8'));
const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};
/** Until another Kamailio than this one carries calls. */
const restarted = async (pid: number): Promise<void> => {
  await until(() => isGone(pid) && edge.output.includes('kamailio started'), 'another kamailio', 60_000);
  await until(() => edge.gateway.status?.kamailio === 'up' && mainPid() !== pid, 'its report');
};

const STOPS: Record<string, (pid: number) => Promise<void>> = {
  'a TERM of Kamailio': async (pid) => void process.kill(pid, 'SIGTERM'),
  'a kill -9 of Kamailio': async (pid) => void process.kill(-pid, 'SIGKILL'),
  'a TERM of the whole edge': async () => {
    await edge.signalAgent('SIGTERM');
    edge.startAgent();
  },
  'a kill -9 of everything': async (pid) => {
    await edge.killAgent();
    process.kill(-pid, 'SIGKILL');
    edge.startAgent();
  },
};

describe.each(Object.entries(STOPS))('after %s', (name, stop) => {
  const prefix = name.replaceAll(' ', '-');

  it('calls are up and counted, so that the cap holds; each ends in the record that belongs to its start', async () => {
    let hangUp = (): void => undefined;
    const holdUntil = new Promise<void>((resolve) => (hangUp = resolve));
    const wave = (n: number) => [...Array(CALLS)].map((_, i) => call(`${prefix}-${n}-${i}`, { holdUntil }));
    const first = wave(1);
    await until(() => idsOf(`${prefix}-1`, 'start').length === CALLS, 'a start of each call');
    const pid = mainPid();
    edge.output = '';
    edge.gateway.status = undefined;
    await stop(pid);
    await restarted(pid);
    expect(await channels()).toEqual([CALLS, CALLS]);

    const refused: number[] = [];
    const second = wave(2).map((c) => c.then(({ status }) => void (status === 200 || refused.push(status))));
    const answered = () => idsOf(`${prefix}-2`, 'start').length;
    await until(() => answered() + refused.length === CALLS, 'an answer to each call of the second wave');
    expect([answered(), refused]).toEqual([CAP - CALLS, Array(2 * CALLS - CAP).fill(480)]);
    expect(await channels()).toEqual([CAP, CAP]);

    hangUp();
    expect((await Promise.all(first)).map((r) => r.status)).toEqual(Array(CALLS).fill(200));
    await Promise.all(second);
    await until(() => idsOf(`${prefix}-1`, 'end').length === CALLS && idsOf(`${prefix}-2`, 'end').length === CALLS, 'an end of each call');
    expect(idsOf(`${prefix}-1`, 'start')).toEqual(idsOf(`${prefix}-1`, 'end'));
    expect(idsOf(prefix, 'start')).toHaveLength(CAP);
    expect(await channels()).toEqual([0, 0]);
    expect(edge.gateway.unreadable).toEqual([]);
  });

  it('a registered PBX is still found', async () => {
    const contact = `${NET}.24:5080`;
    const registered = await sippCall({
      ...{ scenario: 'register', local: `${NET}.24:5062`, remote: edge.sip, login: { username: 'es', password: passwordOf('es') } },
      keys: { from_user: 'es', contact },
    });
    expect(registered.statuses).toEqual({ 200: 1 });
    const pid = mainPid();
    edge.output = '';
    edge.gateway.status = undefined;
    await stop(pid);
    await restarted(pid);
    const pbx = await Sipp.start({ scenario: 'answer', local: contact });
    const inbound = await carrier.call({ edge: edge.sip, requestUser: '+34912345678', fromUser: '+34600000001' });
    await pbx.stop();
    expect(inbound.status).toBe(200);
  });
});
