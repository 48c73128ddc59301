import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CASE_GATEWAYS, caseIntent, passwordOf, tenantIds, trunkIds } from '@trunkline/edge-core/cases';
import { SipPeer, header, type CallOptions } from '@trunkline/testing/sip';
import { KamailioRpc } from '../agent/kamailio-rpc.ts';
import { EdgeUnderTest, until } from './edge-under-test.ts';
import { relocated } from './raw-phone.ts';

/** However a call ends, it leaves one record that says so and gives its channels back. */
const NET = '127.0.60';
const AT = relocated(CASE_GATEWAYS, NET);
const world = relocated(caseIntent, NET);
const roomy = {
  ...world,
  tenants: world.tenants.map((t) => ({ ...t, channelsMax: null })),
  trunks: world.trunks.map((t) => ({ ...t, channelsMax: 1000 })),
};
const edge = new EdgeUnderTest('edge-1', `${NET}.202`);
const rpc = new KamailioRpc(join(edge.dataDir, 'run/ctl.sock'));
let phone: SipPeer;
let carriers: SipPeer[];

const call = (callId: string, over: Partial<CallOptions> = {}) =>
  phone.call({
    ...{ edge: edge.sip, requestUser: '+12125551234', fromUser: '+12125550100', callId },
    ...{ login: { username: 'us', password: passwordOf('us') }, ...over },
  });
const channels = async (profile: 'trunk' | 'tenant', id: string): Promise<number> => {
  const [size] = await rpc.call('dlg.profile_get_size', profile, id);
  return Number(size);
};
const recordsOf = (callId: string, kind: 'start' | 'end') => edge.gateway.records.filter((r) => r.kind === kind && r.callId === callId);

beforeAll(async () => {
  phone = await SipPeer.open(`${NET}.11`, 5060);
  carriers = [await SipPeer.open(AT.a, 5080), await SipPeer.open(AT.b, 5080)];
  await edge.start(roomy);
});
afterAll(async () => {
  rpc.close();
  [phone, ...carriers].forEach((p) => p.close());
  await edge.stop();
});

describe('500 calls', () => {
  const answers: Record<string, () => number | null | Promise<number | null>> = {
    answered: () => 200,
    busy: () => 486,
    declined: () => 603,
    moved: () => 302,
    broken: () => 503,
    silent: () => null,
    rings: () => 180,
    late: () => sleep(20 + Math.random() * 20).then(() => 200),
  };
  const kinds = Object.keys(answers);

  it('of every kind leave one end each, agree with what the caller heard, and hold no channel', async () => {
    for (const carrier of carriers) carrier.answer = (invite) => answers[(header(invite, 'call-id') ?? '').split('-')[0]!]!();
    const heard = new Map<string, number>();
    const one = async (i: number) => {
      const kind = kinds[i % kinds.length]!;
      const cancelAfterMs = kind === 'rings' ? 50 : kind === 'late' ? 25 : undefined;
      const callId = `${kind}-${i}`;
      const { status } = await call(callId, { ...(cancelAfterMs === undefined ? {} : { cancelAfterMs }), holdMs: 20 });
      heard.set(callId, status);
    };
    await Promise.all([...Array(500)].map((_, i) => sleep(i * 15).then(() => one(i))));
    await until(() => [...heard.keys()].every((id) => recordsOf(id, 'end').length > 0), 'an end of each');
    for (const [callId, status] of heard) {
      const ends = recordsOf(callId, 'end');
      expect({ callId, ends: ends.length, code: ends[0]!.sipCode }).toEqual({ callId, ends: 1, code: status });
      expect(ends[0]!.outcome === 'answered').toBe(status === 200);
      expect(recordsOf(callId, 'start')).toHaveLength(status === 200 ? 1 : 0);
    }
    expect([await channels('trunk', trunkIds.us), await channels('tenant', tenantIds.own)]).toEqual([0, 0]);
    expect(edge.gateway.unreadable).toEqual([]);
  });
});

describe('a call that nobody ends', () => {
  it('is hung up by the edge towards both, and its record says so', async () => {
    carriers[0]!.answer = () => 200;
    phone.received.length = carriers[0]!.received.length = 0;
    const lost = call('lost', { holdMs: 3000 }).catch(() => undefined);
    await until(() => recordsOf('lost', 'start').length === 1, 'its start');
    const acknowledged = () => carriers[0]!.received.find((m) => m.startLine.startsWith('ACK'));
    await until(() => acknowledged() !== undefined, 'its ACK');
    const tagOf = (name: string) => /tag=([^;]+)/.exec(header(acknowledged()!, name) ?? '')?.[1] ?? '';
    await rpc.call('dlg.terminate_dlg', 'lost', tagOf('from'), tagOf('to')); // as its timeout would
    await until(() => recordsOf('lost', 'end').length === 1, 'its end');
    expect(recordsOf('lost', 'end')[0]).toMatchObject({ outcome: 'answered', hangupBy: 'edge' });
    await until(() => [phone, carriers[0]!].every((p) => p.received.some((m) => m.startLine.startsWith('BYE'))), 'a BYE at both ends');
    expect(await channels('trunk', trunkIds.us)).toBe(0);
    await lost;
    expect(recordsOf('lost', 'end')).toHaveLength(1);
  });
});
