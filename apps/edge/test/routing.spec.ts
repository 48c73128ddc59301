import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InboundGroupIntent, RegistrarIntent, TrunkIntent } from '@trunkline/edge-core';
import { CASE_GATEWAYS, carrierIds, caseIntent, groupIds, tenantIds, trunkIds } from '@trunkline/edge-core/cases';
import { SipPeer, header, methodOf, requestUri, statusOf, type SipMessage } from '@trunkline/testing/sip';
import { EdgeUnderTest, until } from './edge-under-test.ts';
import { RawPhone, relocated } from './raw-phone.ts';
import { RegistrarPeer, ha1Of } from './registrar-peer.ts';

/** Which targets an inbound call is offered to, and when the next one gets its chance. */
const NET = '127.0.60';
const AT = relocated(CASE_GATEWAYS, NET);
const world = relocated(caseIntent, NET);
const SPLIT = '+12125550400'; // two routes of one priority, weights 1 and 3, and a place for disasters
const SPARE = '+12125550500'; // no route, a place for disasters
const edge = new EdgeUnderTest('edge-1', `${NET}.205`);
type Place = 'pbxOne' | 'pbxTwo' | 'recovery';
let carrier: RawPhone;
let places: Record<Place, SipPeer>;

const answerWith = (answers: Record<Place, number | null>) => {
  for (const [name, peer] of Object.entries(places)) {
    peer.answer = () => answers[name as Place];
    peer.received.length = 0;
  }
};
const offered = () => Object.entries(places).flatMap(([name, peer]) => (peer.invites().length > 0 ? [name] : []));
/** A call for a number: what the carrier hears, who was asked, and its record. */
const callFor = async (number: string) => {
  const call = await carrier.invite({ number, callId: randomUUID() });
  if (call.status < 300) await carrier.hangUp(call);
  const { attempts, gateway, outcome } = await edge.endOf(call.callId);
  return { status: call.status, offered: offered(), attempts, outcome, gateway: /@([^:]+)/.exec(gateway ?? '')?.[1] };
};
const settle = (name: keyof typeof trunkIds, over: Partial<TrunkIntent>) =>
  edge.apply({ ...world, trunks: world.trunks.map((t) => (t.id === trunkIds[name] ? { ...t, ...over } : t)) });
const inOrder = [
  { uri: `sip:${AT.pbxOne}:5080`, priority: 1, weight: 1 },
  { uri: `sip:${AT.pbxTwo}:5080`, priority: 2, weight: 1 },
];

beforeAll(async () => {
  carrier = new RawPhone(await SipPeer.open(AT.a, 5080), edge.sip, '+13105550000');
  places = {
    pbxOne: await SipPeer.open(AT.pbxOne, 5080),
    pbxTwo: await SipPeer.open(AT.pbxTwo, 5080),
    recovery: await SipPeer.open(AT.recovery, 5080),
  };
  await edge.start(world);
});
afterAll(async () => {
  [carrier.peer, ...Object.values(places)].forEach((p) => p.close());
  await edge.stop();
});

describe('routes of equal priority', () => {
  it('share calls by weight', async () => {
    answerWith({ pbxOne: 200, pbxTwo: 200, recovery: 200 });
    for (let i = 0; i < 40; i++) await callFor(SPLIT);
    const [one, two] = [places.pbxOne.invites().length, places.pbxTwo.invites().length];
    expect(one + two).toBe(40);
    expect(one).toBeGreaterThanOrEqual(1); // ten are to be expected; either bound fails once in 100,000 times
    expect(one).toBeLessThanOrEqual(23);
    expect(places.recovery.invites()).toEqual([]);
  });
});

it.each([
  ['id', undefined],
  ['none', '<sip:+13105550000@carrier.example>'],
])('shows the callee the number that the network asserts, unless its owner stays unknown (Privacy: %s)', async (privacy, shown) => {
  answerWith({ pbxOne: 200, pbxTwo: 200, recovery: 200 });
  const extra = [['P-Asserted-Identity', '<sip:+13105550000@carrier.example>'], ['Privacy', privacy]] as const; // prettier-ignore
  await carrier.hangUp(await carrier.invite({ number: SPLIT, callId: randomUUID(), extra }));
  const [invite] = Object.values(places).flatMap((peer) => peer.invites());
  expect(header(invite!, 'p-asserted-identity')).toBe(shown);
});

describe('a trunk that takes no caller who withholds its number', () => {
  beforeAll(() => settle('split', { rejectAnonymous: true }));
  afterAll(() => edge.apply(world));
  const NAMED = '<sip:+13105550000@carrier.example>';
  const asserted = ['P-Asserted-Identity', NAMED] as const;
  const ring = (from: string, privacy?: string) => {
    const extra = [asserted, ...(privacy === undefined ? [] : [['Privacy', privacy] as const])];
    return carrier.invite({ number: SPLIT, callId: randomUUID(), from, extra });
  };

  it('refuses it before anybody is asked, and writes down why', async () => {
    answerWith({ pbxOne: 200, pbxTwo: 200, recovery: 200 });
    for (const [from, privacy] of [
      ['"Anonymous" <sip:anonymous@anonymous.invalid>', undefined],
      ['<sip:anonymous@carrier.example>', undefined],
      ['<sip:unknown@anonymous.invalid>', undefined],
      ['<sip:unknown@Anonymous.Invalid>', 'none'],
      [NAMED, 'id'],
      [NAMED, 'critical; id'],
    ] as const) {
      const { status, reason, callId } = await ring(from, privacy);
      expect({ from, privacy, status, reason }).toEqual({ from, privacy, status: 433, reason: 'trunk.anonymous_not_allowed' });
      expect(await edge.endOf(callId)).toMatchObject({ outcome: 'rejected', sipCode: 433, reason, trunkId: trunkIds.split });
    }
    expect(offered()).toEqual([]);
  });

  it('takes everybody else, in each of the workers that refused one, and anybody once the trunk does', async () => {
    answerWith({ pbxOne: 200, pbxTwo: 200, recovery: 200 });
    for (let i = 0; i < 12; i++) expect((await ring(NAMED, 'id')).status).toBe(433);
    for (let i = 0; i < 8; i++) {
      const call = await ring(NAMED, i % 2 === 0 ? undefined : 'none');
      expect(call.status).toBe(200);
      await carrier.hangUp(call);
    }
    await edge.apply(world);
    const call = await ring('<sip:anonymous@anonymous.invalid>', 'id');
    expect(call.status).toBe(200);
    await carrier.hangUp(call);
  });
});

describe('an answer of the first route', () => {
  afterAll(() => edge.apply(world));

  it.each([
    [null, 503, ['pbxOne', 'pbxTwo']],
    [null, 486, ['pbxOne']],
    [null, 603, ['pbxOne']],
    [null, 404, ['pbxOne']],
    [[404, 486, 603], 404, ['pbxOne', 'pbxTwo']],
    [[404, 486, 603], 486, ['pbxOne', 'pbxTwo']],
    [[404, 486, 603], 603, ['pbxOne', 'pbxTwo']],
    [[404, 486, 603], 500, ['pbxOne']],
    [[302], 302, ['pbxOne', 'pbxTwo']],
    [[], 503, ['pbxOne']],
  ])('reroute codes %j, answer %i: %j', async (rerouteCodes, code, expected) => {
    await settle('split', { inboundRoutes: inOrder, rerouteCodes });
    answerWith({ pbxOne: code, pbxTwo: 200, recovery: 200 });
    const call = await callFor(SPLIT);
    expect(call).toMatchObject({ offered: expected, attempts: expected.slice(1).map(() => code) });
    expect(call.status === 200).toBe(expected.length === 2);
  });
});

describe('the place for disasters', () => {
  it('gets the call when every route failed', async () => {
    answerWith({ pbxOne: 503, pbxTwo: 500, recovery: 200 });
    const call = await callFor(SPLIT);
    expect(call).toMatchObject({ status: 200, offered: ['pbxOne', 'pbxTwo', 'recovery'], gateway: AT.recovery });
    expect([...call.attempts].sort()).toEqual([500, 503]);
  });

  it('does not when one was busy, unless busy is a reroute code', async () => {
    answerWith({ pbxOne: 486, pbxTwo: 486, recovery: 200 });
    expect((await callFor(SPLIT)).status).toBe(486);
    expect(places.recovery.invites()).toEqual([]);
    await settle('split', { rerouteCodes: [486] });
    answerWith({ pbxOne: 486, pbxTwo: 486, recovery: 200 });
    expect(await callFor(SPLIT)).toMatchObject({ status: 200, attempts: [486, 486], gateway: AT.recovery });
    await edge.apply(world);
  });

  it('gets the call when nobody is registered, and when the one that is fails', async () => {
    answerWith({ pbxOne: null, pbxTwo: 200, recovery: 200 });
    expect(await callFor(SPARE)).toMatchObject({ status: 200, attempts: [], gateway: AT.recovery });
    const phone = new RawPhone(places.pbxOne, edge.sip, 'recover');
    expect(await phone.register({ username: 'recover', password: 'secret-recover' })).toBe(200);
    for (const [code, expected] of [
      [200, ['pbxOne']],
      [486, ['pbxOne']],
      [503, ['pbxOne', 'recovery']],
      [null, ['pbxOne', 'recovery']],
    ] as const) {
      answerWith({ pbxOne: code, pbxTwo: 200, recovery: 200 });
      const call = await callFor(SPARE);
      expect({ code, offered: call.offered, status: call.status }).toEqual({ code, offered: expected, status: code === 486 ? 486 : 200 });
    }
  });

  it('leaves the caller with its answer when it fails, too', async () => {
    answerWith({ pbxOne: 503, pbxTwo: 503, recovery: 480 });
    expect(await callFor(SPLIT)).toMatchObject({ status: 480, attempts: [503, 503], outcome: 'failed' });
  });
});

describe('how long a trunk lets an inbound call ring', () => {
  const RING_SECS = 2;
  /** Says again and again that it rings, and answers after so long, or never. */
  const ringing = (peer: SipPeer, answersAfterMs?: number) => {
    peer.answer = (invite) => {
      const again = setInterval(() => {
        peer.reply(invite, 180);
        if (heard(peer, 'CANCEL').length > 0) clearInterval(again);
      }, 300);
      setTimeout(() => clearInterval(again), answersAfterMs ?? 8000).unref();
      if (answersAfterMs !== undefined) setTimeout(() => peer.reply(invite, 200), answersAfterMs);
      return 180;
    };
  };
  const heard = (peer: SipPeer, method: string) => peer.received.filter((m) => methodOf(m) === method);
  beforeAll(() => settle('split', { inboundRoutes: inOrder, maxRingSecs: RING_SECS }));
  afterAll(() => edge.apply(world));

  it('ends it then, however often it is said to ring, at that place and for good', async () => {
    answerWith({ pbxOne: 503, pbxTwo: null, recovery: 200 });
    ringing(places.pbxTwo);
    const beganAt = performance.now();
    expect(await callFor(SPLIT)).toMatchObject({ status: 408, offered: ['pbxOne', 'pbxTwo'], attempts: [503], outcome: 'failed' });
    const tookMs = performance.now() - beganAt;
    expect(tookMs).toBeGreaterThan(RING_SECS * 1000 - 500);
    expect(tookMs).toBeLessThan(RING_SECS * 1000 + 3000);
    await until(() => heard(places.pbxTwo, 'CANCEL').length === 1, 'the CANCEL');
  });

  it('is the same at a registered PBX', async () => {
    await settle('recover', { maxRingSecs: RING_SECS });
    const phone = new RawPhone(places.pbxOne, edge.sip, 'recover');
    expect(await phone.register({ username: 'recover', password: 'secret-recover' })).toBe(200);
    answerWith({ pbxOne: null, pbxTwo: 200, recovery: 200 });
    ringing(places.pbxOne);
    expect(await callFor(SPARE)).toMatchObject({ status: 408, offered: ['pbxOne'], outcome: 'failed' });
    await settle('split', { inboundRoutes: inOrder, maxRingSecs: RING_SECS });
  });

  it('leaves one that was answered in time alone', async () => {
    answerWith({ pbxOne: null, pbxTwo: 200, recovery: 200 });
    ringing(places.pbxOne, 1000);
    const call = await carrier.invite({ number: SPLIT, callId: randomUUID() });
    expect(call.status).toBe(200);
    await sleep(RING_SECS * 1000);
    expect(edge.gateway.records.some((r) => r.callId === call.callId && r.kind === 'end')).toBe(false);
    await carrier.hangUp(call);
    expect(await edge.endOf(call.callId)).toMatchObject({ outcome: 'answered', hangupBy: 'caller' });
  });

  it('says nothing about calls that go out', async () => {
    await settle('us', { maxRingSecs: RING_SECS });
    answerWith({ pbxOne: 200, pbxTwo: 200, recovery: 200 });
    ringing(carrier.peer, (RING_SECS + 2) * 1000);
    const phone = new RawPhone(places.recovery, edge.sip, '+12125550100');
    const call = await phone.call({ number: '+12125551234', login: { username: 'us', password: 'secret-us' } });
    expect(call.status).toBe(200);
    await phone.hangUp(call);
  });
});

describe('an inbound group', () => {
  const MOBILE = '+447700900123';
  let network: SipPeer;
  beforeAll(async () => {
    network = await SipPeer.open(AT.b, 5080);
    network.answer = () => 200;
  });
  afterAll(async () => {
    network.close();
    await edge.apply(world);
  });

  const ringing = (peer: SipPeer) => (invite: SipMessage) => {
    peer.reply(invite, 180);
    return null;
  };
  const regroup = (name: keyof typeof groupIds, over: Partial<InboundGroupIntent>) =>
    edge.apply({ ...world, inboundGroups: world.inboundGroups.map((g) => (g.id === groupIds[name] ? { ...g, ...over } : g)) });
  const targetsOf = (name: keyof typeof groupIds) => world.inboundGroups.find((g) => g.id === groupIds[name])!.targets;
  const dial = async (number: string) => {
    network.received.length = 0;
    const call = await carrier.invite({ number, callId: randomUUID() });
    if (call.status < 300) await carrier.hangUp(call);
    return call;
  };
  /** The final records of a call: its own, and that of a leg to the network. */
  const recordsOf = async (callId: string) => {
    const own = () => edge.gateway.records.filter((r) => r.callId === callId && r.kind === 'end' && r.direction === 'inbound');
    await until(() => own().length > 0, `the record of ${callId}`);
    const ends = edge.gateway.records.filter((r) => r.callId === callId && r.kind === 'end');
    return { own: own(), legs: ends.filter((r) => r.direction === 'outbound') };
  };

  it('follows somebody: from a telephone that rings unheard to a mobile, which the tenant pays for as a call of its own', async () => {
    answerWith({ pbxOne: 200, pbxTwo: null, recovery: 200 });
    places.pbxTwo.answer = ringing(places.pbxTwo);
    await regroup('followMe', { targets: targetsOf('followMe').map((t) => (t.uri === null ? t : { ...t, ringSecs: 1 })) });
    const call = await dial('+12125550600');
    expect(call.status).toBe(200);
    const [invite] = network.invites();
    expect(requestUri(invite!)).toBe(`sip:${MOBILE}@${AT.b}:5080`);
    expect(header(invite!, 'p-asserted-identity')).toContain('sip:+12125550600@');
    expect(header(invite!, 'diversion')).toContain('sip:+12125550600@');
    expect(header(invite!, 'from')).toContain('+13105550000');
    const { own, legs } = await recordsOf(call.callId);
    expect(own).toMatchObject([{ outcome: 'answered', attempts: [408], carrierId: carrierIds.a, destination: '+12125550600' }]);
    expect(legs).toMatchObject([
      {
        outcome: 'answered',
        tenantId: tenantIds.own,
        trunkId: trunkIds.us,
        callerId: '+12125550600',
        destination: MOBILE,
        carrierId: carrierIds.b,
      },
    ]);
    expect([legs[0]!.answeredAtMs, legs[0]!.endedAtMs]).toEqual([own[0]!.answeredAtMs, own[0]!.endedAtMs]);
    expect(legs[0]!.uid).not.toBe(own[0]!.uid);
  });

  it('goes on when one is busy, and pays for nothing that the network did not answer', async () => {
    answerWith({ pbxOne: 200, pbxTwo: 486, recovery: 200 });
    network.answer = () => 486;
    const phone = new RawPhone(places.pbxOne, edge.sip, 'us');
    expect(await phone.register({ username: 'us', password: 'secret-us' })).toBe(200);
    carrier.peer.answer = () => 486; // the mobile by its second carrier
    const call = await dial('+12125550600');
    network.answer = () => 200;
    expect([call.status, offered()]).toEqual([200, ['pbxOne', 'pbxTwo']]);
    expect(requestUri(places.pbxOne.invites()[0]!)).toMatch(/^sip:\+12125550600@/);
    const { own, legs } = await recordsOf(call.callId);
    expect([own[0]!.attempts, legs]).toEqual([[486, 486, 486], []]);
  });

  it('rings all at once: the first to answer has the call, the others stop', async () => {
    answerWith({ pbxOne: null, pbxTwo: null, recovery: 200 });
    places.pbxOne.answer = ringing(places.pbxOne);
    places.pbxTwo.answer = async () => {
      await until(() => places.pbxOne.invites().length > 0, 'that the other rings, too');
      return 200;
    };
    const call = await dial('+12125550601');
    expect([call.status, offered()]).toEqual([200, ['pbxOne', 'pbxTwo']]);
    await until(() => places.pbxOne.received.some((m) => m.startLine.startsWith('CANCEL')), 'that the other stops');
    const { own, legs } = await recordsOf(call.callId);
    expect(own).toMatchObject([{ outcome: 'answered', gateway: `sip:${AT.pbxTwo}:5080` }]);
    expect(legs).toEqual([]);
  });

  it('has one answer when two answer at the same moment: the other is told that it is over', async () => {
    answerWith({ pbxOne: null, pbxTwo: null, recovery: 200 });
    const rung: (() => void)[] = [];
    const together = () =>
      new Promise<number>((resolve) => {
        rung.push(() => resolve(200));
        if (rung.length === 2) rung.splice(0).forEach((answer) => answer());
      });
    places.pbxOne.answer = places.pbxTwo.answer = together;
    const answered = (callId: string) =>
      carrier.peer.replies.filter((m) => statusOf(m) === 200 && header(m, 'call-id') === callId && header(m, 'cseq') === '1 INVITE');
    for (let i = 0; i < 10; i++) {
      const call = await dial('+12125550601');
      const heard = (peer: SipPeer) =>
        peer.received.filter((m) => header(m, 'call-id') === call.callId && methodOf(m) !== 'CANCEL').map(methodOf);
      await until(() => [places.pbxOne, places.pbxTwo].every((p) => heard(p).includes('BYE')), 'that it is over for both');
      await until(() => [places.pbxOne, places.pbxTwo].every((p) => heard(p).includes('ACK')), 'that both know it'); // an ACK may be passed by its BYE
      expect([places.pbxOne, places.pbxTwo].map((p) => heard(p).toSorted())).toEqual(Array(2).fill(['ACK', 'BYE', 'INVITE']));
      expect(new Set(answered(call.callId).map((m) => header(m, 'to')))).toEqual(new Set([call.to]));
      const [winner] = [places.pbxOne, places.pbxTwo].filter((p) => call.contact.includes(p.address));
      expect((await recordsOf(call.callId)).own).toMatchObject([{ hangupBy: 'caller', gateway: `sip:${winner!.address}:5080` }]);
    }
    await until(() => edge.gateway.status?.active_calls === 0, 'no call left');
  });

  it('rings a mobile beside the desk, and pays for it only when it answers', async () => {
    const [desk] = targetsOf('atOnce');
    const mobile = { ...desk!, uri: null, number: MOBILE };
    await regroup('atOnce', { targets: [mobile, desk!] });
    answerWith({ pbxOne: null, pbxTwo: 200, recovery: 200 });
    places.pbxOne.answer = ringing(places.pbxOne);
    const taken = await dial('+12125550601');
    expect((await recordsOf(taken.callId)).legs).toMatchObject([{ destination: MOBILE, carrierId: carrierIds.b }]);
    network.answer = ringing(network);
    places.pbxOne.answer = async () => {
      await until(() => network.invites().length > 0, 'that the mobile rings, too');
      return 200;
    };
    const atDesk = await dial('+12125550601');
    network.answer = () => 200;
    expect(atDesk.status).toBe(200);
    expect((await recordsOf(atDesk.callId)).legs).toEqual([]);
  });

  it('reaches no carrier but by the leg that is paid for', async () => {
    const [desk] = targetsOf('atOnce');
    const thief = { ...desk!, uri: `sip:+33123456789@${AT.b}:5080` };
    await regroup('atOnce', { targets: [thief, { ...desk!, uri: null, number: MOBILE }] });
    await dial('+12125550601');
    expect(network.invites().map(requestUri)).toEqual([`sip:${MOBILE}@${AT.b}:5080`]);
  });

  it('goes to the place for disasters when nobody answers, and says so when there is nobody', async () => {
    answerWith({ pbxOne: 486, pbxTwo: 486, recovery: 200 });
    const trunks = world.trunks.map((t) => (t.id === trunkIds.us ? { ...t, disasterRecoveryUri: `sip:${AT.recovery}:5080` } : t));
    await edge.apply({ ...world, trunks });
    expect((await dial('+12125550601')).status).toBe(200);
    expect(offered()).toEqual(['pbxOne', 'pbxTwo', 'recovery']);
    await edge.apply(world);
    const call = await dial('+12125550606');
    expect((await recordsOf(call.callId)).own).toMatchObject([{ outcome: 'rejected', sipCode: 480, reason: 'trunk.not_registered' }]);
    expect(call.status).toBe(480);
  });

  it('takes all calls of a tenant while its disaster plan is in force, by one entry', async () => {
    answerWith({ pbxOne: 200, pbxTwo: 200, recovery: 200 });
    const before = edge.gateway.version;
    await edge.apply({
      ...world,
      tenants: world.tenants.map((t) => (t.id === tenantIds.own ? { ...t, disasterGroupId: groupIds.night } : t)),
    });
    expect(edge.gateway.version - before).toBe(1);
    for (const number of ['+12125550100', '+12125550601', SPLIT]) await dial(number);
    expect([offered(), places.recovery.invites().length]).toEqual([['recovery'], 3]);
    await edge.apply(world);
    await dial('+12125550100');
    expect(offered()).toEqual(['pbxOne', 'recovery']);
  });
});

describe('a trunk that is registered at a PBX', () => {
  const login = { username: 'trunkline', password: 'made-at-the-pbx' };
  let pbx: RegistrarPeer;
  let phone: RawPhone;
  const home = { name: 'edge-1', sipAddress: edge.sip };
  const worldWith = (over: Partial<TrunkIntent>, homeEdge = home) => ({
    ...world,
    tenants: world.tenants.map((t) => (t.id === tenantIds.own ? { ...t, homeEdge } : t)),
    trunks: world.trunks.map((t) => (t.id === trunkIds.recover ? { ...t, ...over } : t)),
  });
  const registered = (over: Partial<RegistrarIntent> = {}): Partial<TrunkIntent> => ({
    allowedCountries: ['US'],
    defaultCallerId: SPARE,
    registrar: { uri: pbx.uri, username: login.username, realm: pbx.realm, ha1Md5: ha1Of(login, pbx.realm), expiresSecs: 60, ...over },
  });
  const reported = () => edge.gateway.status?.registrations?.find((r) => r.trunk_id === trunkIds.recover);
  const isUp = () => until(() => reported()?.state === 'registered', `that it is registered; ${JSON.stringify(reported())}`);
  beforeAll(async () => {
    pbx = await RegistrarPeer.open(`${NET}.240`, 5080, login);
    phone = new RawPhone(pbx.peer, edge.sip, SPARE);
    await edge.apply(worldWith(registered()));
    await isUp();
  });
  afterAll(async () => {
    pbx.peer.close();
    await edge.apply(world);
  });

  it('proves its password there and leaves its own address', () => {
    expect(reported()).toMatchObject({ state: 'registered', sip_code: 200 });
    expect([...pbx.contacts]).toEqual([[login.username, `sip:${trunkIds.recover}@${edge.sip}`]]);
  });

  it('gets the calls for its number, though the PBX asks for the password', async () => {
    answerWith({ pbxOne: 200, pbxTwo: 200, recovery: 200 });
    const call = await callFor(SPARE);
    expect(call).toMatchObject({ status: 200, offered: [], outcome: 'answered', attempts: [] });
    expect(pbx.peer.invites().map(requestUri)).toEqual([`sip:${SPARE}@${pbx.peer.address}:5080`, `sip:${SPARE}@${pbx.peer.address}:5080`]);
  });

  it('is known by a call to the address that it left, from there alone', async () => {
    const ask = { uri: `sip:${trunkIds.recover}@${edge.sip}`, to: `<sip:+12125551234@${edge.ip}>` };
    carrier.peer.answer = () => 200;
    const call = await phone.invite({ ...ask, callId: randomUUID() });
    expect(call.status).toBe(200);
    await phone.hangUp(call);
    expect(await edge.endOf(call.callId)).toMatchObject({ trunkId: trunkIds.recover, direction: 'outbound', destination: '+12125551234' });
    const stranger = new RawPhone(places.pbxTwo, edge.sip, SPARE);
    expect((await stranger.invite({ ...ask, callId: randomUUID() })).status).toBe(407);
  });

  it('is registered again when the edge starts anew', async () => {
    const before = pbx.registers().length;
    await edge.signalAgent('SIGTERM');
    edge.startAgent();
    await until(() => pbx.registers().length >= before + 2, 'the question and its answer');
    await isUp();
  });

  it('takes its registration back when its home is elsewhere', async () => {
    await edge.apply(worldWith(registered(), { name: 'edge-2', sipAddress: `${NET}.206:5060` }));
    await until(() => pbx.contacts.size === 0, 'that it is gone');
    await until(() => reported() === undefined, 'that nothing is said of it');
  });

  it('says what the PBX answers when it refuses', async () => {
    pbx.refuses = 403;
    await edge.apply(worldWith(registered({ expiresSecs: 61 })));
    await until(() => reported()?.state === 'failing', 'that it fails');
    expect(reported()).toMatchObject({ state: 'failing', sip_code: 403 });
  });
});

describe('a target that does not answer OPTIONS', () => {
  const asking = new EdgeUnderTest('edge-1', `${NET}.206`, { EDGE_PROBE_SECS: '0.5' });
  const down = () => asking.gateway.status?.targets?.down ?? [];
  afterAll(() => asking.stop());

  it('comes last, and first again once it answers', async () => {
    const trunks = world.trunks.map((t) => (t.id === trunkIds.split ? { ...t, inboundRoutes: inOrder } : t));
    await asking.start({ ...world, trunks });
    const phone = new RawPhone(carrier.peer, asking.sip, '+13105550000');
    const call = async () => {
      answerWith({ pbxOne: 200, pbxTwo: 200, recovery: 200 });
      const made = await phone.invite({ number: SPLIT, callId: randomUUID() });
      await phone.hangUp(made);
      return { status: made.status, offered: offered(), attempts: (await asking.endOf(made.callId)).attempts };
    };
    await until(() => asking.gateway.status?.targets?.unknown.length === 0, 'every target asked');
    expect(down()).not.toContain(`${AT.pbxOne}:5080`);
    expect(await call()).toEqual({ status: 200, offered: ['pbxOne'], attempts: [] });
    places.pbxOne.close();
    await until(() => down().includes(`${AT.pbxOne}:5080`), 'that it is down');
    expect(await call()).toEqual({ status: 200, offered: ['pbxTwo'], attempts: [] });
    places.pbxOne = await SipPeer.open(AT.pbxOne, 5080);
    await until(() => !down().includes(`${AT.pbxOne}:5080`), 'that it is up');
    expect(await call()).toEqual({ status: 200, offered: ['pbxOne'], attempts: [] });
  });

  it('is tried all the same when nothing else is left', async () => {
    places.recovery.answerOther = ({ startLine }) => (startLine.startsWith('OPTIONS') ? 503 : 200);
    await until(() => down().includes(`${AT.recovery}:5080`), 'that it is down');
    answerWith({ pbxOne: null, pbxTwo: null, recovery: 200 });
    const phone = new RawPhone(carrier.peer, asking.sip, '+13105550000');
    const call = await phone.invite({ number: SPARE, callId: randomUUID() });
    expect(call.status).toBe(200);
    await phone.hangUp(call);
    expect(down()).toContain(`${AT.recovery}:5080`);
    places.recovery.answerOther = () => 200;
  });
});
