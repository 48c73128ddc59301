import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Intent } from '@trunkline/edge-core';
import { CASE_GATEWAYS as AT, CASE_PBX, caseIntent, passwordOf, trunkIds } from '@trunkline/edge-core/cases';
import { Sipp, SipPeer, sippCall, type SippOptions } from '@trunkline/testing/sip';
import { EdgeUnderTest, until } from './edge-under-test.ts';

/** What must not matter: the gateway gone, the agent killed, Kamailio killed, everything killed. */
const edge = new EdgeUnderTest('edge-1', '127.0.20.1');
const US = '+12125550100';
let carrier: Sipp;

const outbound = (callIds: string, over: Partial<SippOptions> = {}) =>
  sippCall({
    ...{ scenario: 'digest-call', local: `${CASE_PBX}:5070`, remote: edge.sip, number: '+12125551234' },
    ...{ login: { username: 'us', password: passwordOf('us') }, keys: { from_user: US }, callIds, ...over },
  });
/**
 * The records as the control plane keeps them. An agent that dies between sending a batch and hearing that it was stored sends it again: the
 * same bytes are the same record, anything that differs counts twice.
 */
const recordsOf = (callIds: string, kind: 'start' | 'end') => {
  const sent = edge.gateway.records.filter((r) => r.kind === kind && r.callId.startsWith(callIds));
  return [...new Map(sent.map((record) => [JSON.stringify(record), record])).values()];
};
const arrive = async (callIds: string, count: number) => {
  await until(() => recordsOf(callIds, 'end').length >= count, `${count} end records; unreadable: ${edge.gateway.unreadable.join()}`);
  for (const kind of ['start', 'end'] as const) {
    const uids = recordsOf(callIds, kind).map((r) => r.uid);
    expect(uids).toHaveLength(count);
    expect(new Set(uids).size).toBe(count);
  }
};
const mainPid = () => Number(readFileSync(join(edge.dataDir, 'run/kamailio.pid'), 'utf8'));
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const disabled: Intent = { ...caseIntent, trunks: caseIntent.trunks.map((t) => (t.id === trunkIds.us ? { ...t, enabled: false } : t)) };

beforeAll(async () => {
  carrier = await Sipp.start({ scenario: 'answer', local: `${AT.a}:5080` });
  await edge.start(caseIntent);
});
afterAll(async () => {
  await edge.stop();
  await carrier.stop();
});

describe('an edge', () => {
  it('completes calls while the gateway is gone; their records arrive afterwards, once', async () => {
    await edge.gateway.close();
    expect((await outbound('cut', { calls: 20, perSecond: 25, holdMs: 200 })).statuses).toEqual({ 200: 20 });
    expect(recordsOf('cut', 'end')).toEqual([]);
    await edge.gateway.open();
    await arrive('cut', 20);
  });

  it('sends a batch again that the gateway did not confirm', async () => {
    edge.gateway.storeCdrs = false;
    await outbound('doubt', { calls: 3 });
    await edge.gateway.close();
    edge.gateway.storeCdrs = true;
    await edge.gateway.open();
    await arrive('doubt', 3);
  });

  it('applies a change that was made while it was cut off, and a full set as a whole', async () => {
    await edge.gateway.close();
    edge.gateway.publish([]);
    await edge.gateway.open();
    await edge.apply(disabled);
    expect((await outbound('disabled')).statuses).toEqual({ 403: 1 });
    await edge.apply(caseIntent);
    edge.gateway.reset();
    expect((await outbound('enabled')).statuses).toEqual({ 200: 1 });
    await arrive('enabled', 1);
  });

  it('keeps its Kamailio when the agent is killed: the next agent adopts it and calls live on', async () => {
    const before = mainPid();
    const call = outbound('adopted', { holdMs: 3000 });
    await until(() => recordsOf('adopted', 'start').length === 1, 'the start record');
    await edge.killAgent();
    edge.startAgent();
    await edge.apply(disabled);
    expect(mainPid()).toBe(before);
    expect((await outbound('refused-now', { local: `${CASE_PBX}:5072` })).statuses).toEqual({ 403: 1 });
    await edge.apply(caseIntent);
    expect((await call).statuses).toEqual({ 200: 1 });
    await arrive('adopted', 1);
  });

  it('restarts a killed Kamailio; calls that were up end properly and count once', async () => {
    const calls = outbound('killed', { calls: 10, perSecond: 100, holdMs: 4000 });
    await until(() => recordsOf('killed', 'start').length === 10, 'ten start records');
    const before = mainPid();
    process.kill(before, 'SIGKILL');
    await until(() => !isAlive(before) && edge.output.split('kamailio started').length > 2, 'another kamailio');
    expect((await calls).statuses).toEqual({ 200: 10 });
    await arrive('killed', 10);
    expect(recordsOf('killed', 'end').every((r) => r.hangupBy === 'caller' && r.outcome === 'answered')).toBe(true);
    await until(() => edge.gateway.status?.active_calls === 0, 'no call left');
  });

  it('replaces a Kamailio that runs and answers nothing; its calls live on', async () => {
    const hung = mainPid();
    const call = outbound('hung', { holdMs: 25_000 });
    await until(() => recordsOf('hung', 'start').length === 1, 'the start record');
    edge.output = '';
    process.kill(-hung, 'SIGSTOP');
    await until(() => edge.output.includes('kamailio does not answer') && edge.output.includes('kamailio started'), 'another', 90_000);
    expect(isAlive(hung)).toBe(false);
    expect((await call).statuses).toEqual({ 200: 1 });
    await arrive('hung', 1);
  });

  it('routes after a kill -9 of everything, with nothing else there', async () => {
    const registered = await sippCall({
      ...{ scenario: 'register', local: '127.0.24.1:5062', remote: edge.sip, login: { username: 'es', password: passwordOf('es') } },
      keys: { from_user: 'es', contact: '127.0.24.1:5080' },
    });
    expect(registered.statuses).toEqual({ 200: 1 });
    await edge.gateway.close();
    const pid = mainPid();
    await edge.killAgent();
    process.kill(-pid, 'SIGKILL');
    await until(() => !isAlive(pid), 'kamailio gone');
    edge.output = '';
    edge.startAgent();
    await until(() => edge.output.includes('kamailio started'), 'kamailio');
    expect((await outbound('alone', { calls: 5, perSecond: 50 })).statuses).toEqual({ 200: 5 });
    const pbx = await Sipp.start({ scenario: 'answer', local: '127.0.24.1:5080' });
    const inbound = await sippCall({
      scenario: 'call',
      local: `${AT.a}:5071`,
      remote: edge.sip,
      number: '+34912345678',
      callIds: 'reached',
    });
    expect(inbound.statuses).toEqual({ 200: 1 });
    await pbx.stop();
    await edge.gateway.open();
    await arrive('alone', 5);
    await arrive('reached', 1);
  });

  it('reports the checksums of what it has', async () => {
    edge.gateway.reset();
    await until(() => edge.gateway.status?.kamailio === 'up', 'a status');
    expect(edge.gateway.status?.checksums).toEqual(edge.gateway.checksums());
  });
});

describe('two edges', () => {
  const other = new EdgeUnderTest('edge-2', '127.0.20.2');
  beforeAll(() => other.start(caseIntent));
  afterAll(() => other.stop());

  it('serve the same trunks; a tenant at home on one is sent there by the other', async () => {
    const phone = await SipPeer.open('127.0.25.2', 5060);
    const callOf = (target: EdgeUnderTest, login: string, fromUser: string) =>
      phone.call({ edge: target.sip, requestUser: '+12125551234', fromUser, login: { username: login, password: passwordOf(login) } });
    expect(await callOf(edge, 'us', US)).toMatchObject({ status: 200 });
    expect(await callOf(other, 'us', US)).toMatchObject({ status: 200 });
    expect(await callOf(edge, 'away', '+12125550300')).toMatchObject({ status: 302, contact: 'sip:+12125551234@127.0.20.2:5060' });
    const home = await callOf(other, 'away', '+12125550300');
    expect(home.status).toBe(200);
    expect(await other.endOf(home.callId)).toMatchObject({ outcome: 'answered' });
    phone.close();
  });
});

describe('without a configuration', () => {
  const empty = new EdgeUnderTest('edge-3', '127.0.20.3');
  afterAll(() => empty.stop());

  it('an edge refuses every call with 503', async () => {
    empty.startAgent();
    await until(() => empty.output.includes('kamailio started'), 'kamailio');
    const { statuses } = await outbound('empty', { remote: empty.sip });
    expect(statuses).toEqual({ 503: 1 });
  });

  it('does not adopt a Kamailio that listens elsewhere', async () => {
    await empty.killAgent();
    empty.output = '';
    empty.startAgent(`${empty.ip}:5070`);
    await until(() => empty.output.includes('kamailio started'), 'another kamailio');
    expect((await outbound('moved', { remote: `${empty.ip}:5070` })).statuses).toEqual({ 503: 1 });
  });
});

describe('without a decision', () => {
  const broken = new EdgeUnderTest('edge-4', '127.0.20.4');
  afterAll(() => broken.stop());

  it('calls are refused with 503 and emergency calls still routed', async () => {
    const emergency = await Sipp.start({ scenario: 'answer', local: `${AT.emergency}:5080` });
    await broken.start(caseIntent);
    broken.gateway.publishRaw({ kind: 'trunk', key: trunkIds.us, value: '{"channelsMax":"abc"' });
    expect((await outbound('undecided', { remote: broken.sip })).statuses).toEqual({ 503: 1 });
    expect((await outbound('undecided', { remote: broken.sip, number: '911', callIds: 'sos' })).statuses).toEqual({ 200: 1 });
    await until(() => broken.gateway.records.some((r) => r.kind === 'end' && r.callId.startsWith('sos')), 'its record');
    expect(broken.gateway.records.find((r) => r.callId.startsWith('sos'))).toMatchObject({
      direction: 'emergency',
      trunkId: trunkIds.us,
      destination: '911',
    });
    await emergency.stop();
  });
});
