import { join } from 'node:path';
import type { Intent } from '@trunkline/edge-core';
import { CASE_GATEWAYS as AT, CASE_PBX, caseIntent, passwordOf, trunkIds } from '@trunkline/edge-core/cases';
import { proof } from '@trunkline/testing';
import { fullDisk } from '@trunkline/testing/faults';
import type { FullDisk } from '@trunkline/testing/faults';
import { Sipp, sippCall, type SippOptions } from '@trunkline/testing/sip';
import { KamailioRpc } from '../agent/kamailio-rpc.ts';
import { EdgeUnderTest, until } from './edge-under-test.ts';
import { kamailioWith } from './kamailio-with.ts';

const { size, report } = proof(26, { short: { calls: 20 }, full: { calls: 400 } });
const edge = new EdgeUnderTest('edge-1', '127.0.21.1');
let disk: FullDisk;
let carrier: Sipp;

beforeAll(async () => {
  disk = fullDisk(edge.dataDir);
  carrier = await Sipp.start({ scenario: 'answer', local: `${AT.a}:5080` });
  await edge.start(caseIntent, { LD_PRELOAD: disk.library, EDGE_KAMAILIO: kamailioWith({ LD_PRELOAD: disk.library }, edge.dataDir) });
}, 120_000);
afterAll(async () => {
  disk?.free();
  await edge.stop();
  await carrier?.stop();
  disk?.remove();
});

const US = '+12125550100';
const calls = (callIds: string, over: Partial<SippOptions> = {}) =>
  sippCall({
    ...{ scenario: 'digest-call', local: `${CASE_PBX}:5070`, remote: edge.sip, number: '+12125551234' },
    ...{ login: { username: 'us', password: passwordOf('us') }, keys: { from_user: US }, callIds, ...over },
  });
const ends = (callIds: string) => edge.gateway.records.filter((r) => r.kind === 'end' && r.callId.startsWith(callIds));
const disabled: Intent = { ...caseIntent, trunks: caseIntent.trunks.map((t) => (t.id === trunkIds.us ? { ...t, enabled: false } : t)) };

/** As Kamailio counts them. */
const recordsWithoutRoom = async (): Promise<number> => {
  const rpc = new KamailioRpc(join(edge.dataDir, 'run/ctl.sock'));
  const [reply] = await rpc.call('htable.get', 'refused', 'spool');
  rpc.close();
  return Number((reply as { item: { value: number } }).item.value);
};

it('an edge whose disk is full carries calls, says so, and afterwards has every record and every change', async () => {
  expect((await calls('before', { calls: 3 })).statuses).toEqual({ 200: 3 });
  await until(() => ends('before').length === 3, 'records');
  disk.fill();
  const played = await calls('full', { calls: size.calls, perSecond: 20, holdMs: 200 });
  expect(played.statuses).toEqual({ 200: size.calls });
  const version = edge.gateway.publish([]); // a change that cannot be kept is not acknowledged
  await until(() => edge.output.includes('full'), 'a word about the disk'); // SQLite's: database or disk is full
  expect(edge.gateway.applied).toBeLessThan(version);
  const without = await recordsWithoutRoom();
  expect(without).toBeGreaterThan(0);
  disk.free();
  await edge.apply(disabled);
  await until(() => new Set(ends('full').map((r) => r.uid)).size === size.calls, `${size.calls} records`, 60_000);
  expect((await calls('refused')).statuses).toEqual({ 403: 1 });
  await edge.apply(caseIntent);
  expect((await calls('after')).statuses).toEqual({ 200: 1 });
  expect(ends('full').every((r) => r.outcome === 'answered' && !r.estimated)).toBe(true);
  report(
    `an edge's disk full while ${size.calls} calls were made and its configuration changed`,
    `calls that failed 0, records lost 0, ${without} of which found no room at first; the change was not acknowledged before it was kept`,
  );
}, 300_000);
