import { createHash, randomUUID } from 'node:crypto';
import type { Intent, TrunkIntent } from '@trunkline/edge-core';
import {
  CASE_GATEWAYS as AT,
  CASE_PBX,
  CASE_REALM,
  CASE_SOURCES,
  caseIntent,
  passwordOf,
  tenantIds,
  trunkIds,
} from '@trunkline/edge-core/cases';
import { SipPeer, digestAnswer, header, sippCall, statusOf, type SipMessage, type SippOptions } from '@trunkline/testing/sip';
import { EdgeUnderTest, until } from './edge-under-test.ts';
import { RawPhone, type Ask, type RawCall } from './raw-phone.ts';
import { registerFlood } from './register-flood.ts';

/** Who may call, as fast as what, and who is shut out. */
const edge = new EdgeUnderTest('edge-1', '127.0.20.1');
const US = '+12125550100';
const DIALLED = '+12125551234';
const FLOODER = '127.0.27.1';
const login = (username: string) => ({ username, password: passwordOf(username) });
const withTrunk = (name: keyof typeof trunkIds, over: Partial<TrunkIntent>): Intent => ({
  ...caseIntent,
  trunks: caseIntent.trunks.map((t) => (t.id === trunkIds[name] ? { ...t, ...over } : t)),
});
const roomy: Intent = {
  ...caseIntent,
  tenants: caseIntent.tenants.map((t) => ({ ...t, channelsMax: null })),
  trunks: caseIntent.trunks.map((t) => ({ ...t, channelsMax: 1000 })),
};
let carrier: SipPeer;
let services: SipPeer;

beforeAll(async () => {
  carrier = await SipPeer.open(AT.a, 5080);
  services = await SipPeer.open(AT.emergency, 5080);
  carrier.answer = services.answer = () => 200;
  await edge.start(caseIntent);
});
afterAll(async () => {
  [carrier, services].forEach((p) => p.close());
  await edge.stop();
});

/** SIPp, without credentials unless told otherwise. */
const play = async (local: string, over: Partial<SippOptions> = {}) => {
  const callIds = randomUUID();
  const options = { scenario: 'call', remote: edge.sip, number: DIALLED, keys: { from_user: US }, callIds, ...over } as const;
  const { statuses } = await sippCall({ ...options, local });
  const ends = () => edge.gateway.records.filter((r) => r.kind === 'end' && r.callId.startsWith(callIds));
  const all = async (count: number) => {
    await until(() => ends().length >= count, `${count} end records`);
    return ends();
  };
  return { statuses, all };
};

describe('a caller known by its address', () => {
  it('calls without a password, as the trunk that named the address', async () => {
    const call = await play(`${CASE_SOURCES.own}:5070`);
    expect(call.statuses).toEqual({ 200: 1 });
    expect((await call.all(1))[0]).toMatchObject({
      ...{ direction: 'outbound', outcome: 'answered', tenantId: tenantIds.own, trunkId: trunkIds.own },
      ...{ callerId: US, destination: DIALLED, sourceAddress: CASE_SOURCES.own },
    });
  });

  it('is challenged at any other address', async () => {
    expect((await play(`${CASE_SOURCES.stranger}:5070`)).statuses).toEqual({ 407: 1 });
  });

  it('is no longer known when the address is taken away, and at once when it is given', async () => {
    const own = caseIntent.trunkAddresses.filter((a) => a.network !== CASE_SOURCES.own);
    await edge.apply({ ...caseIntent, trunkAddresses: own });
    expect((await play(`${CASE_SOURCES.own}:5070`)).statuses).toEqual({ 407: 1 });
    await edge.apply(caseIntent);
    expect((await play(`${CASE_SOURCES.own}:5070`)).statuses).toEqual({ 200: 1 });
  });

  it('is not taken for a carrier: calls may be sent to it', async () => {
    const pbx = await SipPeer.open(CASE_SOURCES.own, 5080);
    pbx.answer = () => 200;
    await edge.apply(withTrunk('gb', { inboundRoutes: [{ uri: `sip:${CASE_SOURCES.own}:5080`, priority: 1, weight: 1 }] }));
    const arriving = { edge: edge.sip, requestUser: '+442079460000', fromUser: '+13105550000' };
    expect(await carrier.call(arriving)).toMatchObject({ status: 200 });
    pbx.close();
    await edge.apply(caseIntent);
  });

  it.each([
    ['its address', CASE_SOURCES.own],
    ['its network', CASE_SOURCES.site],
  ])('by %s reaches 911 when there is no decision', async (_, address) => {
    const broken = (id: string) => edge.gateway.publishRaw({ kind: 'trunk', key: id, value: '{"enabled":"perhaps"}' });
    [trunkIds.own, trunkIds.site].forEach(broken);
    const { version } = edge.gateway;
    await until(() => edge.gateway.applied === version, 'the broken entries');
    expect((await play(`${address}:5070`)).statuses).toEqual({ 503: 1 });
    expect((await play(`${address}:5070`, { number: '911' })).statuses).toEqual({ 200: 1 });
    expect((await play(`${CASE_SOURCES.stranger}:5070`, { number: '911' })).statuses).toEqual({ 407: 1 });
    edge.gateway.reset();
    await until(() => edge.gateway.applied === edge.gateway.version, 'the full set');
    expect((await play(`${address}:5070`)).statuses).toEqual({ 200: 1 });
  });
});

describe('a password that is rotated', () => {
  it('is good beside the new one, for calls and registrations, and no longer when its time is over', async () => {
    const ha1Md5 = createHash('md5').update(`es:${CASE_REALM}:fresh`).digest('hex');
    const [old] = caseIntent.trunks.find((t) => t.id === trunkIds.es)!.credentials;
    const status = async (scenario: 'digest-call' | 'register', password: string) => {
      const keys = { from_user: scenario === 'register' ? 'es' : '+34912345678', contact: `${CASE_PBX}:5080` };
      return (await play(`${CASE_PBX}:5070`, { scenario, number: '+34911111111', login: { username: 'es', password }, keys })).statuses;
    };
    await edge.apply(withTrunk('es', { credentials: [old!, { username: 'es', ha1Md5 }] }));
    for (const password of [passwordOf('es'), 'fresh']) {
      expect(await status('digest-call', password)).toEqual({ 200: 1 });
      expect(await status('register', password)).toEqual({ 200: 1 });
    }
    await edge.apply(withTrunk('es', { credentials: [{ username: 'es', ha1Md5 }] }));
    expect(await status('digest-call', passwordOf('es'))).toEqual({ 407: 1 });
    expect(await status('register', passwordOf('es'))).toEqual({ 401: 1 });
    expect(await status('digest-call', 'fresh')).toEqual({ 200: 1 });
    await edge.apply(caseIntent);
  });
});

describe('a trunk that says what proves its calls', () => {
  const call = async (from: string, user: string | null, over: Partial<SippOptions> = {}) =>
    (await play(`${from}:5070`, user === null ? over : { scenario: 'digest-call', login: login(user), ...over })).statuses;
  afterAll(() => edge.apply(caseIntent));

  it('by both: the password is good at its addresses alone, and an address alone is nothing; help is reached from anywhere', async () => {
    await edge.apply(withTrunk('us', { authMode: 'both', sourceNetworks: [CASE_SOURCES.stranger] }));
    expect(await call(CASE_PBX, 'us')).toEqual({ 403: 1 });
    expect(await call(CASE_SOURCES.stranger, 'us')).toEqual({ 200: 1 });
    expect(await call(CASE_SOURCES.stranger, null)).toEqual({ 407: 1 });
    expect(await call(CASE_PBX, 'us', { number: '911' })).toEqual({ 200: 1 });
    const register = { scenario: 'register', keys: { from_user: 'us', contact: `${CASE_PBX}:5080` } } as const;
    expect(await call(CASE_PBX, 'us', register)).toEqual({ 403: 1 });
  });

  it('by address alone: no password is good', async () => {
    await edge.apply(withTrunk('us', { authMode: 'ip' }));
    expect(await call(CASE_PBX, 'us')).toEqual({ 407: 1 });
  });

  it('by a user that it shares: the tech prefix tells whose call it is, and a registration is both trunks’', async () => {
    const trunks = [trunkIds.us, trunkIds.es].map((trunkId, i) => ({ trunkId, techPrefix: `7${i}` }));
    const ha1Md5 = [createHash('md5').update(`team:${CASE_REALM}:secret-team`).digest('hex')];
    const prefixed = caseIntent.trunks.map((t) => {
      const at = trunks.find(({ trunkId }) => trunkId === t.id);
      return at ? { ...t, techPrefix: at.techPrefix, inboundRoutes: [] } : t;
    });
    await edge.apply({ ...caseIntent, trunks: prefixed, sharedCredentials: [{ username: 'team', ha1Md5, trunks }] });
    const dial = (number: string, from_user: string) =>
      play(`${CASE_PBX}:5070`, {
        scenario: 'digest-call',
        login: { username: 'team', password: 'secret-team' },
        number,
        keys: { from_user },
      });
    expect((await (await dial(`70${DIALLED.slice(1)}`, US)).all(1))[0]).toMatchObject({ outcome: 'answered', trunkId: trunkIds.us });
    expect((await (await dial('7100' + DIALLED.slice(1), '+34912345678')).all(1))[0]).toMatchObject({ trunkId: trunkIds.es });
    const [lost] = await (await dial(DIALLED, US)).all(1);
    expect(lost).toMatchObject({ outcome: 'rejected', reason: 'trunk.tech_prefix_missing', tenantId: tenantIds.own, trunkId: null });
    const pbx = await SipPeer.open(CASE_PBX, 5080);
    pbx.answer = () => 200;
    const phone = new RawPhone(pbx, edge.sip, 'team');
    expect(statusOf(await register(phone, 'team'))).toBe(200);
    for (const requestUser of [US, '+34912345678'])
      expect(await carrier.call({ edge: edge.sip, requestUser, fromUser: '+13105550000' })).toMatchObject({ status: 200 });
    expect(statusOf(await register(phone, 'team', 0))).toBe(200);
    expect(await carrier.call({ edge: edge.sip, requestUser: US, fromUser: '+13105550000' })).toMatchObject({ status: 480 });
    pbx.close();
  });
});

/** With the contact that the phone has, answering the challenge. */
const register = async (phone: RawPhone, user: string, expiresSecs?: number, contact = phone.peer.contact): Promise<SipMessage> => {
  const asked: SipMessage['headers'] = [
    ['Contact', contact],
    ...(expiresSecs === undefined ? [] : [['Expires', String(expiresSecs)] as const]),
  ];
  const ask: Ask = { method: 'REGISTER', uri: `sip:${edge.sip}`, to: `<sip:${user}@${edge.sip}>`, callId: randomUUID(), extra: asked };
  const { challenge, uri } = await phone.challenge(ask);
  const authorization = ['Authorization', digestAnswer(challenge, 'REGISTER', uri, user, passwordOf(user))] as const;
  return (await phone.ask({ ...ask, cseq: 2, extra: [...asked, authorization] }))!;
};

describe('a trunk with limits of registration', () => {
  it('answers a time that is too brief with 423, shortens one that is too long, and takes no more contacts than it may', async () => {
    await edge.apply(withTrunk('us', { registration: { contactsMax: 1, expiresMinSecs: 120, expiresMaxSecs: 300 } }));
    const [phone, other] = [await SipPeer.open(CASE_PBX, 5081), await SipPeer.open(CASE_PBX, 5082)].map(
      (p) => new RawPhone(p, edge.sip, 'us'),
    );
    const brief = await register(phone!, 'us', 60);
    expect([statusOf(brief), header(brief, 'min-expires')]).toEqual([423, '120']);
    expect(statusOf(await register(phone!, 'us', undefined, `${phone!.peer.contact};expires=60`))).toBe(423);
    for (const granted of [
      await register(phone!, 'us', 3000),
      await register(phone!, 'us', undefined, `${phone!.peer.contact};expires=3000`),
    ]) {
      expect(statusOf(granted)).toBe(200);
      expect(Number(/expires=([0-9]+)/.exec(header(granted, 'contact')!)![1])).toBeLessThanOrEqual(300);
    }
    expect(statusOf(await register(other!, 'us', 200))).toBe(503);
    expect(statusOf(await register(phone!, 'us', 0))).toBe(200);
    expect(statusOf(await register(other!, 'us', 200))).toBe(200);
    expect(statusOf(await register(other!, 'us', 0))).toBe(200);
    [phone, other].forEach((p) => p!.peer.close());
    await edge.apply(caseIntent);
  });
});

describe('a trunk that restricts media', () => {
  const sdp = (profile: string, payloads: string) =>
    `v=0\r\no=- 1 1 IN IP4 ${CASE_SOURCES.own}\r\ns=-\r\nc=IN IP4 ${CASE_SOURCES.own}\r\nt=0 0\r\nm=audio 4000 ${profile} ${payloads}\r\na=rtpmap:101 telephone-event/8000\r\n`;
  let phone: RawPhone;
  beforeAll(async () => {
    phone = new RawPhone(await SipPeer.open(CASE_SOURCES.own, 5090), edge.sip, US);
  });
  afterAll(async () => {
    phone.peer.close();
    await edge.apply(caseIntent);
  });
  const offer = (body: string | undefined, number = DIALLED) =>
    phone.invite({ number, callId: randomUUID(), ...(body === undefined ? {} : { sdp: body }) });
  const hangUp = async (call: RawCall) => expect(statusOf((await phone.peer.ask(phone.within(call, 'BYE', 9), edge.sip))!)).toBe(200);

  it('sends the codecs on that it allows, in its order, and refuses a call with none of them', async () => {
    await edge.apply(withTrunk('own', { codecs: ['pcma', 'pcmu'] }));
    carrier.received.length = 0;
    const call = await offer(sdp('RTP/AVP', '18 0 8 101'));
    expect(call.status).toBe(200);
    const [sent] = carrier.received.filter((m) => m.startLine.startsWith('INVITE'));
    expect(sent!.body).toBe(sdp('RTP/AVP', '8 0 101'));
    expect(sent!.headers.filter(([name]) => name === 'content-type')).toEqual([['content-type', 'application/sdp']]);
    await hangUp(call);
    const refused = await offer(sdp('RTP/AVP', '18 101'));
    expect(refused).toMatchObject({ status: 488, reason: 'trunk.codec_not_allowed' });
    expect(await edge.endOf(refused.callId)).toMatchObject({ outcome: 'rejected', sipCode: 488, reason: 'trunk.codec_not_allowed' });
    await hangUp(await offer(undefined));
    await hangUp(await offer(sdp('RTP/AVP', '18'), '911'));
  });

  it('asks for encryption, from the first offer to the last', async () => {
    await edge.apply(withTrunk('own', { srtp: 'required' }));
    expect(await offer(sdp('RTP/AVP', '0'))).toMatchObject({ status: 488, reason: 'trunk.srtp_required' });
    expect(await offer(undefined)).toMatchObject({ status: 488 });
    const call = await offer(sdp('RTP/SAVP', '0'));
    expect(call.status).toBe(200);
    const again = (profile: string, cseq: number) =>
      phone.peer.ask(phone.within(call, 'INVITE', cseq, { sdp: sdp(profile, '0') }), edge.sip);
    expect(statusOf((await again('RTP/AVP', 2))!)).toBe(488);
    expect(statusOf((await again('RTP/SAVP', 3))!)).toBe(200);
    await hangUp(call);
  });

  it('or for none', async () => {
    await edge.apply(withTrunk('own', { srtp: 'disabled' }));
    expect(await offer(sdp('RTP/SAVP', '0'))).toMatchObject({ status: 488, reason: 'trunk.srtp_not_allowed' });
    await hangUp(await offer(sdp('RTP/AVP', '0')));
  });
});

describe('a test call', () => {
  const test = async (over: object) => {
    const id = randomUUID();
    const order = {
      target: 'number',
      trunk_id: trunkIds.us,
      from: US,
      to: DIALLED,
      talk_secs: 1,
      codecs: ['pcma'],
      secure: false,
      ...over,
    };
    edge.gateway.say(JSON.stringify({ type: 'test_call', id, ...order }));
    const mine = () => edge.gateway.tested.find((t) => t.id === id);
    await until(() => mine() !== undefined, 'the result of a test call');
    return mine()!;
  };
  const heard = (method: string) => carrier.received.filter((m) => m.startLine.startsWith(method));
  beforeEach(() => carrier.received.splice(0));

  it('to a number goes as the trunk’s calls go, without its password, and is recorded as one', async () => {
    await edge.apply(withTrunk('us', { authMode: 'both', sourceNetworks: ['192.0.2.1'], tlsRequired: true }));
    const result = await test({});
    expect(result).toMatchObject({ sip_code: 200, reason: null, answered: true, media_packets: 0 });
    expect(result.duration_ms).toBeGreaterThanOrEqual(900);
    expect(await edge.endOf(result.sip_call_id)).toMatchObject({
      ...{ direction: 'outbound', outcome: 'answered', trunkId: trunkIds.us, callerId: US, destination: DIALLED, hangupBy: 'caller' },
    });
    expect([heard('INVITE').length, heard('ACK').length, heard('BYE').length]).toEqual([1, 1, 1]);
    expect(heard('INVITE')[0]!.headers.filter(([name]) => name.startsWith('x-'))).toEqual([]);
    await edge.apply(caseIntent);
  });

  it('that the trunk may not make is refused for the reason that any other would be', async () => {
    const result = await test({ to: '+33123456789' });
    expect(result).toMatchObject({ sip_code: 403, reason: 'trunk.destination_not_allowed', answered: false, duration_ms: null });
    expect(await edge.endOf(result.sip_call_id)).toMatchObject({ outcome: 'rejected', reason: 'trunk.destination_not_allowed' });
  });

  it('to the PBX comes as from the network', async () => {
    const pbx = await SipPeer.open(AT.pbxTwo, 5080);
    pbx.answer = () => 200;
    const result = await test({ target: 'pbx', trunk_id: trunkIds.gb, from: '+13105550000', to: '+442079460000' });
    expect(result).toMatchObject({ sip_code: 200, answered: true });
    expect(await edge.endOf(result.sip_call_id)).toMatchObject({
      direction: 'inbound',
      trunkId: trunkIds.gb,
      carrierId: null,
      destination: '+442079460000',
    });
    pbx.close();
  });

  it('cannot be forged: a token is good from the edge alone', async () => {
    const phone = new RawPhone(await SipPeer.open(CASE_PBX, 5083), edge.sip, US);
    const forged = await phone.ask({ number: DIALLED, extra: [['X-Trunkline-Test', 'a'.repeat(32)]] });
    expect(statusOf(forged!)).toBe(407);
    phone.peer.close();
  });
});

describe('a trunk with a rate', () => {
  const rate = 5;
  beforeAll(() => edge.apply(withTrunk('own', { callsPerSecondMax: rate, channelsMax: 1000 })));
  afterAll(() => edge.apply(caseIntent));

  it('begins no more calls in any second, and again as many in the next', async () => {
    const calls = 120;
    const burst = await play(`${CASE_SOURCES.own}:5070`, { calls, perSecond: 40 });
    const ends = await burst.all(calls);
    const passed = ends.filter((r) => r.outcome === 'answered').map((r) => r.startedAtMs);
    expect(burst.statuses).toEqual({ 200: passed.length, 480: calls - passed.length });
    expect(ends.filter((r) => r.reason === 'trunk.rate_exceeded' && r.sipCode === 480)).toHaveLength(calls - passed.length);
    const seconds = (Math.max(...passed) - Math.min(...passed)) / 1000;
    expect(passed.length).toBeGreaterThan(rate);
    expect(passed.length).toBeLessThanOrEqual(rate * (Math.floor(seconds) + 1));
  });

  it('takes no channel with a call that it refuses, and limits neither 911 nor what comes in', async () => {
    await play(`${CASE_SOURCES.own}:5070`, { calls: 40, perSecond: 400 });
    expect((await play(`${CASE_SOURCES.own}:5070`, { calls: 40, perSecond: 400, number: '911' })).statuses).toEqual({ 200: 40 });
    await until(() => edge.gateway.status?.active_calls === 0, 'no call left');
    const pbx = await SipPeer.open(AT.pbxTwo, 5080);
    pbx.answer = () => 200;
    await edge.apply(withTrunk('gb', { callsPerSecondMax: 1 }));
    const inbound = await play(`${AT.a}:5071`, { calls: 9, perSecond: 400, number: '+442079460000', keys: { from_user: '+13105550000' } });
    expect(inbound.statuses).toEqual({ 200: 9 });
    pbx.close();
  });
});

describe('a stranger', () => {
  const bare = (user: string): Ask => ({ method: 'REGISTER', uri: `sip:${edge.sip}`, to: `<sip:${user}@${edge.sip}>` });
  /** Asks until there is no answer. @returns how often there was one */
  const answersTo = async (phone: RawPhone, ask: () => Ask, most: number): Promise<number> => {
    for (let i = 0; i < most; i++) if ((await phone.ask(ask(), 1000)) === undefined) return i;
    return most;
  };

  it('who floods REGISTER gets no more answers, and nobody else notices', async () => {
    const phone = new RawPhone(await SipPeer.open(FLOODER, 5060), edge.sip, 'mallory');
    const answered = await answersTo(phone, () => bare(['us', 'nobody'][Math.round(Math.random())]!), 450);
    expect(answered).toBeGreaterThanOrEqual(200);
    expect(answered).toBeLessThan(450);
    expect(await phone.ask({ number: DIALLED }, 1000)).toBeUndefined();
    expect((await play(`${CASE_SOURCES.own}:5070`)).statuses).toEqual({ 200: 1 });
    const digest = { scenario: 'digest-call', login: login('us') } as const;
    expect((await play(`${CASE_PBX}:5070`, digest)).statuses).toEqual({ 200: 1 });
    await edge.apply({ ...caseIntent, allowList: [...caseIntent.allowList, FLOODER] });
    expect(statusOf((await phone.ask(bare('us')))!)).toBe(401);
    await edge.apply(caseIntent);
    phone.peer.close();
  });

  it('who sends REGISTER a hundred times a second is shut out, and every call of the others is answered meanwhile', async () => {
    await edge.apply(roomy);
    const from = '127.0.27.5';
    const [flood, calls] = await Promise.all([
      registerFlood('asks', { from, edge: edge.sip, perSecond: 100, seconds: 6 }),
      play(`${CASE_PBX}:5070`, { scenario: 'digest-call', login: login('us'), calls: 60, perSecond: 10 }),
    ]);
    expect(calls.statuses).toEqual({ 200: 60 });
    expect(flood.sent).toBe(600);
    expect(flood.answered).toBeGreaterThan(0);
    expect(flood.answered).toBeLessThanOrEqual(400); // 200 in each ten seconds of the clock, of which a flood that began late sees two
    const phone = new RawPhone(await SipPeer.open(from, 5060), edge.sip, 'mallory');
    expect(await phone.ask(bare('us'), 1000)).toBeUndefined();
    phone.peer.close();
    await edge.apply(caseIntent);
  });

  it('who guesses passwords gets fifty wrong ones in, and then no answer to anything', async () => {
    const phone = new RawPhone(await SipPeer.open('127.0.27.6', 5060), edge.sip, 'mallory');
    const guess = async (): Promise<boolean> => {
      const ask = { ...bare('us'), callId: randomUUID() };
      const { challenge, uri } = await phone.challenge(ask);
      const extra = [['Authorization', digestAnswer(challenge, 'REGISTER', uri, 'us', randomUUID())] as const];
      return (await phone.ask({ ...ask, cseq: 2, extra }, 1000)) !== undefined;
    };
    let wrong = 0;
    while (wrong < 100 && (await guess())) wrong++;
    expect(wrong).toBe(50);
    expect(await phone.ask({ method: 'OPTIONS', uri: `sip:${edge.sip}` }, 1000)).toBeUndefined();
    expect((await play(`${CASE_SOURCES.own}:5070`)).statuses).toEqual({ 200: 1 });
    phone.peer.close();
  });

  it('who forges an address does not keep its owner from calling', async () => {
    const forger = await SipPeer.open(CASE_SOURCES.site, 5060);
    const phone = new RawPhone(forger, edge.sip, US);
    expect(await answersTo(phone, () => bare('us'), 450)).toBeLessThan(450);
    expect((await play(`${CASE_SOURCES.site}:5070`)).statuses).toEqual({ 200: 1 });
    forger.close();
  });

  it('on the allow-list is always answered', async () => {
    const phone = new RawPhone(await SipPeer.open(CASE_SOURCES.shared, 5060), edge.sip, 'tester');
    expect(await answersTo(phone, () => bare('us'), 300)).toBe(300);
    phone.peer.close();
  });

  it('who proves a password each time is none', async () => {
    const phone = new RawPhone(await SipPeer.open('127.0.27.2', 5060), edge.sip, 'es');
    for (let i = 0; i < 230; i++) {
      const ask = { ...bare('es'), callId: randomUUID() };
      const { challenge, uri } = await phone.challenge(ask);
      const extra = [['Authorization', digestAnswer(challenge, 'REGISTER', uri, 'es', passwordOf('es'))] as const];
      expect(statusOf((await phone.ask({ ...ask, cseq: 2, extra }))!)).toBe(200);
    }
    phone.peer.close();
  });

  it.each(['REGISTER', 'INVITE'])('cannot tell by %s which users exist', async (method) => {
    const phone = new RawPhone(await SipPeer.open('127.0.27.3', 5060), edge.sip, 'mallory');
    const shapeOf = async (user: string, password: string | null) => {
      const uri = `sip:${DIALLED}@${edge.sip}`;
      const ask: Ask = { method, uri, to: `<sip:${user}@${edge.sip}>`, callId: randomUUID() };
      const name = method === 'REGISTER' ? 'Authorization' : 'Proxy-Authorization';
      const { challenge } = await phone.challenge(ask);
      const extra = password === null ? [] : [[name, digestAnswer(challenge, method, uri, user, password)] as const];
      const final = (await phone.ask({ ...ask, cseq: 2, extra }))!;
      const asked = header(final, 'www-authenticate') ?? header(final, 'proxy-authenticate') ?? '';
      return [final.startLine, final.headers.map(([n]) => n), asked.replace(/nonce="[^"]*"/, '')];
    };
    expect(await shapeOf('us', null)).toEqual(await shapeOf('nobody', null));
    expect(await shapeOf('us', 'wrong')).toEqual(await shapeOf('nobody', 'wrong'));
    phone.peer.close();
  });
});
