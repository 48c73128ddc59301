import { randomUUID } from 'node:crypto';
import { CASE_GATEWAYS, caseIntent, passwordOf, trunkIds } from '@trunkline/edge-core/cases';
import { SipPeer, methodOf } from '@trunkline/testing/sip';
import { EdgeUnderTest, until } from './edge-under-test.ts';
import { RawPhone, relocated } from './raw-phone.ts';

/** How long a call may last, and how it ends when nobody says so. */
const NET = '127.0.60';
const AT = relocated(CASE_GATEWAYS, NET);
const world = relocated(caseIntent, NET);
const edge = new EdgeUnderTest('edge-1', `${NET}.204`);
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
    expect(end).toMatchObject({ outcome: 'answered', hangupBy: 'edge' });
    expect(end!.endedAtMs! - end!.answeredAtMs!).toBeGreaterThanOrEqual(2000);
    await until(() => [phone.peer, carrier].every((p) => byes(p).length > 0), 'a BYE at both ends');
    await edge.apply(world);
  });
});
