import { createHash, randomUUID } from 'node:crypto';
import type { Intent } from '@trunkline/edge-core';
import { CASE_GATEWAYS, CASE_REALM, caseIntent, passwordOf, trunkIds } from '@trunkline/edge-core/cases';
import { SipPeer, digestAnswer, header, headers, methodOf, requestUri, statusOf, type SipMessage } from '@trunkline/testing/sip';
import { EdgeUnderTest, until } from './edge-under-test.ts';
import { RawPhone, relocated, type Ask, type RawCall } from './raw-phone.ts';

/** Whoever wants free calls, somebody else's identity, or an edge that no longer works. */
const NET = '127.0.60';
const AT = relocated(CASE_GATEWAYS, NET);
const world = relocated(caseIntent, NET);
const edge = new EdgeUnderTest('edge-1', `${NET}.201`);
const US = '+12125550100';
const DIALLED = '+12125551234';
const login = { username: 'us', password: passwordOf('us') };
let phone: RawPhone;
let carrier: SipPeer;
let stranger: SipPeer;
let inboundPbx: SipPeer;

/** The emergency services' gateway, for as long as it is needed. */
const withServices = async (work: (services: SipPeer) => Promise<void>): Promise<void> => {
  const services = await SipPeer.open(AT.emergency, 5080);
  await work(services).finally(() => services.close());
};
const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const heard = (peer: SipPeer, method: string) => peer.received.filter((m) => methodOf(m) === method);
const answered = async (over = {}): Promise<RawCall> => {
  carrier.answer = () => 200;
  const call = await phone.call({ number: DIALLED, login, ...over });
  expect(call.status).toBe(200);
  return call;
};
const endsOf = (callId: string) => edge.gateway.records.filter((r) => r.kind === 'end' && r.callId === callId);
const withTrunk = (id: string, over: Partial<Intent['trunks'][number]>): Intent => ({
  ...world,
  trunks: world.trunks.map((t) => (t.id === id ? { ...t, ...over } : t)),
});

beforeAll(async () => {
  const open = async (address: string, port: number) => SipPeer.open(address, port);
  phone = new RawPhone(await open(`${NET}.10`, 5060), edge.sip, US);
  [carrier, stranger, inboundPbx] = [await open(AT.a, 5080), await open(`${NET}.66`, 5060), await open(AT.pbxTwo, 5080)];
  await edge.start(world);
});
beforeEach(() => [carrier, stranger, inboundPbx, phone.peer].forEach((p) => (p.received.length = 0)));
afterAll(async () => {
  [carrier, stranger, inboundPbx, phone.peer].forEach((p) => p.close());
  await edge.stop();
});

describe('a stranger', () => {
  const toTag = { to: `<sip:${DIALLED}@${AT.a}>;tag=made-up` };
  it.each([
    ['INVITE', [['Route', `<sip:${NET}.201;lr>`]]],
    [
      'INVITE',
      [
        ['Route', `<sip:${NET}.201;lr;did=1.1>`],
        ['Route', `<sip:${AT.a}:5080;lr>`],
      ],
    ],
    ['INVITE', [['Route', `<sip:${AT.a}:5080;lr>`]]],
    ['MESSAGE', [['Route', `<sip:${NET}.201;lr>`]]],
    ['BYE', [['Route', `<sip:${NET}.201;lr>`]]],
    ['REFER', [['Route', `<sip:${NET}.201;lr>`]]],
    ['ACK', [['Route', `<sip:${NET}.201;lr>`]]],
    ['ACK', [['Route', `<sip:${AT.a}:5080;lr>`]]],
  ] as [string, SipMessage['headers']][])('gets no %s relayed that looks as if inside a dialog (%j)', async (method, extra) => {
    const other = new RawPhone(stranger, edge.sip, 'mallory');
    const final = await other.ask({ method, uri: `sip:${DIALLED}@${AT.a}:5080`, ...toTag, extra }, method === 'ACK' ? 300 : 1500);
    expect(final && statusOf(final)).toBe(method === 'ACK' ? undefined : 481);
    expect(carrier.received).toEqual([]);
  });

  it.each(['MESSAGE', 'SUBSCRIBE', 'PUBLISH', 'REFER', 'NOTIFY', 'INFO', 'UPDATE', 'PRACK', 'OPTIONS'])(
    'gets no %s out of a dialog relayed',
    async (method) => {
      const other = new RawPhone(stranger, edge.sip, 'mallory');
      const final = await other.ask({ method, uri: `sip:${DIALLED}@${AT.a}:5080`, extra: [['Route', `<sip:${NET}.201;lr>`]] });
      expect(final && statusOf(final)).toBe(405);
      expect(carrier.received).toEqual([]);
    },
  );

  it('does not get a carrier or a customer shut out by spoofing its address', async () => {
    const asCarrier = new RawPhone(carrier, edge.sip, 'x');
    await asCarrier.ask({ number: US, extra: [['User-Agent', 'friendly-scanner']] }, 300);
    for (let i = 0; i < 60; i++) {
      const wrong = `Digest username="us", realm="sip.trunkline.test", nonce="x", uri="sip:x", response="${'0'.repeat(32)}"`;
      carrier.send(asCarrier.request({ method: 'REGISTER', uri: `sip:${NET}.201`, extra: [['Authorization', wrong]] }), edge.sip);
    }
    await pause(300);
    const call = await asCarrier.invite({ number: '+12125559999', callId: randomUUID() });
    expect(call).toMatchObject({ status: 404, reason: 'number.unknown' });
    const other = new RawPhone(stranger, edge.sip, 'mallory');
    await other.ask({ number: US, extra: [['User-Agent', 'friendly-scanner']] }, 300);
    expect(statusOf((await other.ask({ number: DIALLED }))!)).toBe(407);
  });
});

describe('a customer', () => {
  it.each([
    ['rings', 600],
    ['is up', 0],
  ])('pays for a second call under the Call-ID and tag of one that %s', async (_, ringsMs) => {
    carrier.answer = (invite) => {
      setTimeout(() => carrier.reply(invite, 200), ringsMs);
      return 180;
    };
    const callId = randomUUID();
    const first = phone.call({ number: DIALLED, login, callId });
    await until(() => carrier.invites().length === 1 && (ringsMs > 0 || heard(carrier, 'ACK').length === 1), 'the first');
    const second = phone.call({ number: '+12125554321', login, callId, cseq: 20 });
    const calls = await Promise.all([first, second]);
    expect(calls.map((c) => c.status)).toEqual([200, 200]);
    await until(() => edge.gateway.status?.active_calls === 2, 'two calls counted', 8000);
    for (const [i, call] of calls.entries()) await phone.peer.ask(phone.within(call, 'BYE', 90 + i), edge.sip);
    await until(() => endsOf(callId).length === 2, 'two records');
    const dialled = endsOf(callId).map((r) => r.destination);
    expect(dialled.sort()).toEqual([DIALLED, '+12125554321']);
  });

  it.each([
    ['an address of its own', () => ({ uri: `sip:peer@${stranger.address}:5060` })],
    ['another port', () => ({ uri: `sip:peer@${AT.a}:5099` })],
    ['an alias', (c) => ({ uri: `${c.contact};alias=${stranger.address}~5060~1` })],
    ['a further Route', (c) => ({ extra: [...c.routes, ['Route', `<sip:${stranger.address};lr>`]] })],
    ['nothing but a Route of its own', () => ({ extra: [['Route', `<sip:${stranger.address};lr>`]] })],
    ['an extension nobody has', (c) => ({ extra: [...c.routes, ['Require', 'nonsense']] })],
    ['an old CSeq', () => ({ cseq: 2 })],
    ['its last hop', (c) => ({ extra: [...c.routes, ['Max-Forwards', '1']] })],
  ] as [string, (call: RawCall) => Partial<Ask>][])('cannot hang up for the edge alone by a BYE with %s', async (_, change) => {
    const call = await answered();
    await phone.peer.ask(phone.within(call, 'BYE', 50, change(call)), edge.sip);
    await pause(300);
    expect(stranger.received).toEqual([]);
    const atCarrier = heard(carrier, 'BYE').filter((m) => requestUri(m) === call.contact && header(m, 'require') === undefined);
    expect(endsOf(call.callId)).toHaveLength(atCarrier.length);
    await phone.hangUp(call);
    await until(() => endsOf(call.callId).length === 1, 'its record');
  });

  it('reaches nobody else through a call that is up', async () => {
    const call = await answered();
    for (const uri of [
      `sip:+19005551234@${AT.b}:5080`,
      `sip:x@${stranger.address}:5060`,
      `${call.contact};alias=${stranger.address}~5060~1`,
    ]) {
      await phone.peer.ask(phone.within(call, 'INVITE', 50, { uri }), edge.sip);
    }
    await pause(200);
    expect(stranger.received).toEqual([]);
    await phone.hangUp(call);
    await until(() => endsOf(call.callId).length === 1, 'its record');
  });

  it('cannot send a call for its number on to a carrier', async () => {
    carrier.answer = () => 200;
    const second = await SipPeer.open(AT.b, 5080);
    await edge.apply(withTrunk(trunkIds.gb, { inboundRoutes: [{ uri: `sip:+19005551234@${AT.b}:5080`, priority: 1, weight: 1 }] }));
    const call = await new RawPhone(carrier, edge.sip, '+13105550000').invite({ number: '+442079460000', callId: randomUUID() });
    expect(call.status).toBe(480);
    expect(second.received).toEqual([]);
    second.close();
    await edge.apply(world);
  });

  it('writes its own record alone when its last route does not exist', async () => {
    carrier.answer = () => 200;
    inboundPbx.answer = () => 503;
    const live = await Promise.all([...Array(8)].map(() => answered({ callId: randomUUID(), fromTag: randomUUID() })));
    const inboundRoutes = [
      { uri: `sip:${AT.pbxTwo}:5080`, priority: 1, weight: 1 },
      { uri: 'sip:nowhere.invalid', priority: 2, weight: 1 },
    ];
    await edge.apply(withTrunk(trunkIds.gb, { inboundRoutes }));
    for (let i = 0; i < 8; i++) {
      const callId = randomUUID();
      const lost = await new RawPhone(carrier, edge.sip, '+13105550000').invite({ number: '+442079460000', callId, fromTag: callId });
      expect(lost.status).toBe(480);
      await until(() => endsOf(callId).length === 1, 'its record');
      expect(endsOf(callId)[0]).toMatchObject({
        outcome: 'rejected',
        sipCode: 480,
        reason: 'carrier.unreachable',
        attempts: [503],
        trunkId: trunkIds.gb,
      });
    }
    for (const call of live) await phone.hangUp(call);
    for (const call of live) await until(() => endsOf(call.callId).length === 1, 'a record');
    expect(live.map((c) => endsOf(c.callId)[0]!.outcome)).toEqual(live.map(() => 'answered'));
    await edge.apply(world);
  });

  it('shows no number but its own to the carrier', async () => {
    const foreign = '<sip:+13105550000@victim.example>';
    const extra = ['Remote-Party-ID', 'P-Asserted-Identity', 'P-Preferred-Identity', 'P-Charge-Info', 'Diversion'].map(
      (n) => [n, foreign] as const,
    );
    const call = await answered({ extra });
    await phone.peer.ask(phone.within(call, 'INVITE', 60, { extra: [...call.routes, ...extra] }), edge.sip);
    await phone.hangUp(call);
    expect(carrier.invites()).toHaveLength(2);
    for (const invite of carrier.invites()) expect(JSON.stringify(invite)).not.toContain('3105550000');
  });

  it.each([
    ['by a Privacy header', { extra: [['Privacy', 'id;critical']] as const }],
    ['by a From that says so', { from: '"Anonymous" <sip:anonymous@anonymous.invalid>' }],
  ])('keeps the number of a caller who stays unknown between the networks: %s', async (_, ask) => {
    const call = await answered(ask);
    await phone.hangUp(call);
    const [invite] = carrier.invites();
    expect(header(invite!, 'from')).toMatch(/^"?Anonymous"? <sip:anonymous@anonymous\.invalid>/);
    expect(header(invite!, 'p-asserted-identity')).toMatch(/^<sip:\+12125550100@/);
    expect(header(invite!, 'privacy')).toBe('id');
    await until(() => endsOf(call.callId).length === 1, 'a record');
    expect(endsOf(call.callId)[0]).toMatchObject({ callerId: US, attestation: 'A' });
  });

  it('shows emergency services who calls, whatever the caller asks', async () => {
    await withServices(async (services) => {
      await phone.call({ number: '911', login, extra: [['Privacy', 'id']] });
      expect(header(services.invites()[0]!, 'from')).toContain('+12125550100');
      expect(header(services.invites()[0]!, 'privacy')).toBeUndefined();
    });
  });

  it('does not leave its own Route with the carrier', async () => {
    const call = await answered({
      extra: [
        ['Route', `<sip:${NET}.201;lr>`],
        ['Route', `<sip:${stranger.address};lr>`],
      ],
    });
    expect(header(carrier.invites()[0]!, 'route')).toBeUndefined();
    await phone.hangUp(call);
  });

  it('shows emergency services no foreign number', async () => {
    await withServices(async (services) => {
      const gb = { username: 'gb', password: passwordOf('gb') };
      await phone.call({ number: '999', login: gb, from: '"Victim" <sip:+13105550000@victim.example>' });
      expect(services.invites()).toHaveLength(1);
      expect(JSON.stringify(services.invites())).not.toMatch(/3105550000|[Vv]ictim/);
    });
  });

  it.each(['911', '911;phone-context=+1', '+911', '911;ext=900'])('reaches 911 as %s', async (number) => {
    await withServices(async (services) => {
      await phone.call({ number, login });
      expect(requestUri(services.invites()[0]!)).toBe(`sip:911@${AT.emergency}:5080`);
    });
  });

  it('reaches 911 by a tel URI', async () => {
    await withServices(async (services) => {
      await phone.call({ uri: 'tel:911', login });
      expect(requestUri(services.invites()[0]!)).toBe(`sip:911@${AT.emergency}:5080`);
    });
  });

  it.each(['9115551234567', '911900', '+9119005551234', '91100', '%39%31%31900', '1-9-1-1'])(
    'reaches nothing dearer by dialling %s',
    async (number) => {
      const call = await phone.call({ number, login: { username: 'closed', password: passwordOf('closed') } });
      expect([403, 484]).toContain(call.status);
      expect(carrier.received).toEqual([]);
    },
  );
});

describe('inside a call', () => {
  it('a request before the answer reaches the callee, and only the callee', async () => {
    const ringing = new RawPhone(phone.peer, edge.sip, US);
    carrier.answer = (invite) => {
      setTimeout(() => carrier.reply(invite, 486), 1200);
      return 180;
    };
    const callId = randomUUID();
    const call = ringing.call({ number: DIALLED, login, callId });
    const provisional = () => phone.peer.replies.find((m) => statusOf(m) === 180 && header(m, 'call-id') === callId);
    await until(() => provisional() !== undefined, 'the ringing');
    const routes = headers(provisional()!, 'record-route').map(([, value]) => ['Route', value] as const);
    for (const uri of [`sip:peer@${AT.a}:5080`, `sip:x@${stranger.address}`]) {
      const final = await phone.ask({ method: 'PRACK', uri, callId, cseq: 5, to: header(provisional()!, 'to')!, extra: routes });
      expect(final && statusOf(final)).toBe(200);
    }
    expect(heard(carrier, 'PRACK').map(requestUri)).toEqual([`sip:peer@${AT.a}:5080`, `sip:peer@${AT.a}:5080`]);
    expect(stranger.received).toEqual([]);
    expect((await call).status).toBe(486);
  });

  it('the callee’s requests find a telephone behind NAT', async () => {
    const call = await answered({ extra: [['Contact', '<sip:peer@10.0.0.5:5060>']] });
    const [invite] = carrier.invites();
    expect(header(invite!, 'contact')).toContain('alias=');
    carrier.hangUp(invite!);
    await until(() => heard(phone.peer, 'BYE').length === 1, 'the BYE');
    await until(() => endsOf(call.callId).length === 1, 'its record');
    expect(endsOf(call.callId)[0]).toMatchObject({ hangupBy: 'callee' });
  });

  it('a second INVITE and its BYE pass', async () => {
    const call = await answered();
    const final = await phone.peer.ask(phone.within(call, 'INVITE', 30), edge.sip);
    expect(statusOf(final!)).toBe(200);
    await phone.hangUp(call);
    expect(heard(carrier, 'BYE')).toHaveLength(1);
    await until(() => endsOf(call.callId).length === 1, 'its record');
  });
});

describe('a registration', () => {
  const registered = async (over: Ask, user = 'es') => {
    const uri = `sip:${NET}.201`;
    const ask: Ask = { method: 'REGISTER', uri, to: `<sip:${user}@${NET}.201>`, callId: randomUUID(), ...over };
    const { challenge } = await phone.challenge(ask);
    const answer = digestAnswer(challenge, 'REGISTER', uri, 'es', passwordOf('es'));
    const extra = [['Authorization', answer] as const, ...(over.extra ?? [])];
    return phone.peer.ask(phone.request({ ...ask, cseq: 2, extra }), edge.sip);
  };
  const contact = (text: string): Ask => ({ extra: [['Contact', text]] });
  const contactsOf = (m: SipMessage | undefined) =>
    headers(m!, 'contact')
      .map(([, value]) => value)
      .join();
  const clear = () => registered({ extra: [['Contact', '*'], ['Expires', '0']] }); // prettier-ignore

  it('takes no other trunk’s address of record', async () => {
    expect(statusOf((await registered(contact(`<sip:x@${stranger.address}>`), 'gb'))!)).toBe(403);
  });

  it('keeps no more than five contacts, none longer than an hour', async () => {
    for (let i = 0; i < 5; i++) {
      const final = await registered(contact(`<sip:c${i}@${stranger.address}:506${i}>;expires=99999999`));
      expect(statusOf(final!)).toBe(200);
      expect([...contactsOf(final).matchAll(/expires=(\d+)/g)].every(([, n]) => Number(n) <= 3600)).toBe(true);
    }
    expect(statusOf((await registered(contact(`<sip:c6@${stranger.address}>`)))!)).toBe(503);
    const many = [...Array(6)].map((_, i) => `<sip:m${i}@${stranger.address}:507${i}>`).join(', ');
    expect(statusOf((await registered(contact(many)))!)).toBe(503);
    expect(statusOf((await clear())!)).toBe(200);
  });

  it.each([
    ['a carrier', () => `<sip:+19005551234@${AT.a}:5080>`],
    ['the edge itself', () => `<sip:+19005551234@${NET}.201:5060>`],
    ['a carrier by an alias', () => `<sip:x@${stranger.address};alias=${AT.a}~5080~1>`],
  ])('brings no call to %s', async (_, address) => {
    await registered(contact(address()));
    const call = await new RawPhone(carrier, edge.sip, '+13105550000').invite({ number: '+34912345678', callId: randomUUID() });
    expect(call.status).toBeGreaterThanOrEqual(400);
    expect(carrier.invites()).toEqual([]);
    await until(() => endsOf(call.callId).length === 1, 'its record');
    await clear();
  });

  it('with a contact of any length leaves each call its record', async () => {
    const long = `<sip:${'!'.repeat(200)}@${stranger.address}:5060;x=${"'".repeat(200)}>`;
    const accepted = statusOf((await registered(contact(long)))!) === 200;
    const call = await new RawPhone(carrier, edge.sip, '+13105550000').invite({ number: '+34912345678', callId: randomUUID() });
    expect(call.status).toBe(accepted ? 603 : 480);
    await until(() => endsOf(call.callId).length === 1, 'its record');
    const tooLong = await registered(contact(`<sip:${'!'.repeat(900)}@${stranger.address}:5060>`));
    expect(statusOf(tooLong!)).toBeGreaterThanOrEqual(400);
    await clear();
  });
});

describe('a digest', () => {
  const authorized = async (change: (answer: string) => string, number = DIALLED) => {
    const callId = randomUUID();
    const { challenge, uri } = await phone.challenge({ number, callId });
    const answer = change(digestAnswer(challenge, 'INVITE', uri, login.username, login.password));
    return { callId, answer };
  };
  const status = async (answer: string, number = DIALLED) =>
    (await phone.invite({ number, callId: randomUUID(), cseq: 2, extra: [['Proxy-Authorization', answer]] })).status;

  it('counts once', async () => {
    carrier.answer = () => 603;
    const { answer } = await authorized((a) => a);
    expect([await status(answer), await status(answer)]).toEqual([603, 407]);
  });

  it('without qop, which carries no count, counts once', async () => {
    carrier.answer = () => 603;
    const { challenge, uri } = await phone.challenge({ number: DIALLED });
    const nonce = /nonce="([^"]*)"/.exec(challenge)![1]!;
    const response = md5(`${md5(`us:${CASE_REALM}:${passwordOf('us')}`)}:${nonce}:${md5(`INVITE:${uri}`)}`);
    const answer = `Digest username="us", realm="${CASE_REALM}", nonce="${nonce}", uri="${uri}", response="${response}"`;
    expect([await status(answer), await status(answer)]).toEqual([603, 407]);
  });

  it('of another realm or user does not count', async () => {
    const { answer } = await authorized((a) => a.replace('realm="sip.trunkline.test"', 'realm="elsewhere"'));
    expect(await status(answer)).toBe(407);
    for (const name of ['gb', 'US', 'us ', '%75s', "us' or 1=1", '']) {
      const { answer } = await authorized((a) => a.replace('username="us"', `username="${name}"`));
      expect(await status(answer)).toBe(407);
    }
  });

  it('is worth nothing where an entry holds no password', async () => {
    edge.gateway.publishRaw({ kind: 'credential', key: 'empty', value: `{"trunkId":"${trunkIds.us}","ha1":[]}` });
    await pause(300);
    for (const ha1 of ['none', '', '0']) {
      const { challenge, uri } = await phone.challenge({ number: DIALLED });
      const nonce = /nonce="([^"]*)"/.exec(challenge)![1]!;
      const response = md5(`${ha1}:${nonce}:00000001:c0ffee:auth:${md5(`INVITE:${uri}`)}`);
      const answer = `Digest username="empty", realm="${CASE_REALM}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="c0ffee"`;
      expect(await status(answer)).toBe(407);
    }
  });
});
