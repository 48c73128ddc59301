import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { CASE_GATEWAYS, caseIntent, passwordOf, trunkIds } from '@trunkline/edge-core/cases';
import { SipPeer, header, methodOf, type SipMessage } from '@trunkline/testing/sip';
import { KamailioRpc } from '../agent/kamailio-rpc.ts';
import { EdgeUnderTest, until } from './edge-under-test.ts';
import { RawPhone, relocated } from './raw-phone.ts';

/** How long a call may last, and how it ends when nobody says so. */
const NET = '127.0.60';
const AT = relocated(CASE_GATEWAYS, NET);
const world = relocated(caseIntent, NET);
const edge = new EdgeUnderTest('edge-1', `${NET}.204`, { EDGE_KEEPALIVE_SECS: '30' });
const rpc = new KamailioRpc(join(edge.dataDir, 'run/ctl.sock'));
const login = { username: 'us', password: passwordOf('us') };
let phone: RawPhone;
let carrier: SipPeer;

const answered = async (callId: string = randomUUID()) => {
  const call = await phone.call({ number: '+12125551234', login, callId });
  expect(call.status).toBe(200);
  return call;
};
const endsOf = (callId: string) => edge.gateway.records.filter((r) => r.kind === 'end' && r.callId === callId);
const byes = (peer: SipPeer) => peer.received.filter((m) => methodOf(m) === 'BYE');

beforeAll(async () => {
  phone = new RawPhone(await SipPeer.open(`${NET}.13`, 5060), edge.sip, '+12125550100');
  carrier = await SipPeer.open(AT.a, 5080);
  carrier.answer = phone.peer.answer = () => 200;
  await edge.start(world);
});
afterAll(async () => {
  rpc.close();
  [carrier, phone.peer].forEach((p) => p.close());
  await edge.stop();
});

describe('the longest time that a trunk allows a call', () => {
  it('ends it towards both, however often it is renewed', async () => {
    await edge.apply({ ...world, trunks: world.trunks.map((t) => (t.id === trunkIds.us ? { ...t, maxCallSecs: 2 } : t)) });
    const call = await answered();
    let cseq = 10;
    const renewal = setInterval(() => phone.peer.send(phone.within(call, 'INVITE', ++cseq), edge.sip), 500);
    await until(() => endsOf(call.callId).length > 0, 'its end').finally(() => clearInterval(renewal));
    const [end] = endsOf(call.callId);
    expect(end).toMatchObject({ outcome: 'answered', hangupBy: 'edge', estimated: false });
    expect(end!.endedAtMs! - end!.answeredAtMs!).toBeGreaterThanOrEqual(2000);
    await until(() => [phone.peer, carrier].every((p) => byes(p).length > 0), 'a BYE at both ends');
    await edge.apply(world);
  });
});

describe('a call whose end nobody told', () => {
  /** How each party answers the edge's questions about these calls; about all others it says that it is there. */
  const answersOf = (answers: Record<string, number | null>) => (request: SipMessage) => {
    const answer = methodOf(request) === 'OPTIONS' ? answers[header(request, 'call-id') ?? ''] : undefined;
    return answer === undefined ? 200 : answer;
  };
  const questions = (peer: SipPeer, callId: string) =>
    peer.received.filter((m) => methodOf(m) === 'OPTIONS' && header(m, 'call-id') === callId).length;

  it('is ended, and billed until the party that is gone was heard of last', async () => {
    phone.peer.answerOther = answersOf({ vanished: null });
    carrier.answerOther = answersOf({ forgotten: 481 });
    const [vanished] = [await answered('vanished'), await answered('forgotten'), await answered('alive')];
    await phone.peer.ask(phone.within(vanished, 'INFO', 20), edge.sip);
    const heardAtMs = Date.now();
    await until(() => ['vanished', 'forgotten'].every((id) => endsOf(id).length > 0), 'the ends of both', 170_000);

    const [first, second] = [endsOf('vanished'), endsOf('forgotten')].map(([end]) => end!);
    expect([first, second]).toMatchObject([1, 2].map(() => ({ outcome: 'answered', hangupBy: 'edge', estimated: true })));
    expect(second!.endedAtMs).toBe(second!.answeredAtMs);
    expect(first!.endedAtMs).toBeGreaterThanOrEqual(first!.answeredAtMs!);
    expect(first!.endedAtMs).toBeLessThanOrEqual(heardAtMs);
    await until(() => byes(carrier).some((m) => header(m, 'call-id') === 'vanished'), 'the BYE to whom is left');

    expect([questions(phone.peer, 'alive'), questions(carrier, 'alive')].every((n) => n > 0)).toBe(true);
    expect(endsOf('alive')).toEqual([]);
    const tag = (name: string) => /tag=([^;]+)/.exec(header(carrier.received.find(isAckOf('alive'))!, name) ?? '')?.[1] ?? '';
    await rpc.call('dlg.terminate_dlg', 'alive', tag('from'), tag('to'));
    await until(() => endsOf('alive').length > 0, 'the end of the one that lives');
    expect(endsOf('alive')[0]).toMatchObject({ hangupBy: 'edge', estimated: false });
    expect(edge.gateway.unreadable).toEqual([]);
  }, 180_000);

  const isAckOf = (callId: string) => (m: SipMessage) => methodOf(m) === 'ACK' && header(m, 'call-id') === callId;
});
