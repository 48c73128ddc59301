import { createHash, randomUUID } from 'node:crypto';
import { NO_CAPS } from '@trunkline/edge-core';
import type { CdrRecord, ChannelGroupIntent, Intent, NumberChannelsIntent, TrunkIntent } from '@trunkline/edge-core';
import {
  CASE_GATEWAYS as AT,
  CASE_PBX,
  CASE_REALM,
  carrierIds,
  caseIntent,
  passwordOf,
  tenantIds,
  trunkIds,
} from '@trunkline/edge-core/cases';
import { Sipp, SipPeer, sippCall, type CallOptions, type SippOptions, type SippScenario } from '@trunkline/testing/sip';
import { EdgeUnderTest, until } from './edge-under-test.ts';

/** Calls placed by SIPp through a real agent and a real Kamailio. */
const edge = new EdgeUnderTest('edge-1', '127.0.20.1');
const US = '+12125550100';
const DIALLED = '+12125551234';
const servers: Sipp[] = [];

const serve = async (address: string, scenario: SippScenario = 'answer', code = 503): Promise<Sipp> => {
  const server = await Sipp.start({ scenario, local: `${address}:5080`, code });
  servers.push(server);
  return server;
};
const login = (name: string) => ({ username: name, password: passwordOf(name) });
/** Plays calls and finds their records. */
const play = async (options: Omit<SippOptions, 'remote' | 'callIds'>) => {
  const callIds = randomUUID();
  const { statuses } = await sippCall({ ...options, remote: edge.sip, callIds });
  const records = (kind: 'start' | 'end') => edge.gateway.records.filter((r) => r.kind === kind && r.callId.startsWith(callIds));
  const ends = async (count: number) => {
    await until(() => records('end').length >= count, `${count} end records; unreadable: ${edge.gateway.unreadable.join()}`);
    return records('end');
  };
  return { statuses, ends, end: async () => (await ends(1))[0]!, starts: () => records('start') };
};
const outbound = (over: Partial<SippOptions> = {}) =>
  play({ scenario: 'digest-call', local: `${CASE_PBX}:5070`, number: DIALLED, login: login('us'), keys: { from_user: US }, ...over });
const inbound = (number: string, over: Partial<SippOptions> = {}) =>
  play({ scenario: 'call', local: `${AT.a}:5071`, number, keys: { from_user: '+13105550000' }, ...over });
const withTrunk = (name: keyof typeof trunkIds, over: Partial<TrunkIntent>, intent = caseIntent): Intent => ({
  ...intent,
  trunks: intent.trunks.map((t) => (t.id === trunkIds[name] ? { ...t, ...over } : t)),
});
const withHold = (tenantId: string): Intent => ({
  ...caseIntent,
  tenants: caseIntent.tenants.map((t) => (t.id === tenantId ? { ...t, holds: [{ kind: 'billing', stops: 'all' } as const] } : t)),
});
beforeAll(async () => {
  await edge.start(caseIntent);
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((s) => s.stop()));
  expect(edge.gateway.unreadable).toEqual([]);
});
afterAll(() => edge.stop());

describe('an outbound call', () => {
  it('with the right password goes through and leaves a start and an end', async () => {
    await serve(AT.a);
    const call = await outbound({ holdMs: 300 });
    expect(call.statuses).toEqual({ 200: 1 });
    const end = await call.end();
    expect(end).toMatchObject({ direction: 'outbound', outcome: 'answered', sipCode: 200, hangupBy: 'caller', attempts: [], reason: null });
    expect(end).toMatchObject({
      tenantId: tenantIds.own,
      trunkId: trunkIds.us,
      carrierId: carrierIds.a,
      gateway: `sip:${DIALLED}@${AT.a}:5080`,
    });
    expect(end).toMatchObject({ from: US, to: DIALLED, callerId: US, destination: DIALLED, sourceAddress: CASE_PBX });
    expect(end.endedAtMs! - end.answeredAtMs!).toBeGreaterThanOrEqual(300);
    expect(call.starts()[0]).toMatchObject({ uid: end.uid, startedAtMs: end.startedAtMs, answeredAtMs: end.answeredAtMs, endedAtMs: null });
  });

  it('with a wrong password is challenged again', async () => {
    expect((await outbound({ login: { username: 'us', password: 'wrong' } })).statuses).toEqual({ 407: 1 });
  });

  it.each([
    ['a foreign caller ID', { keys: { from_user: '+13105550000' } }, 'trunk.caller_id_not_allowed'],
    ['a closed country', { number: '+33123456789' }, 'trunk.destination_not_allowed'],
  ])('with %s is refused', async (_, over, reason) => {
    const call = await outbound(over);
    expect(call.statuses).toEqual({ 403: 1 });
    expect(await call.end()).toMatchObject({ outcome: 'rejected', sipCode: 403, reason, hangupBy: 'edge' });
  });

  it('of a tenant on hold is refused, but 911 passes; lifting the hold restores it', async () => {
    await Promise.all([serve(AT.a), serve(AT.emergency)]);
    await edge.apply(withHold(tenantIds.own));
    expect((await outbound()).statuses).toEqual({ 403: 1 });
    expect((await outbound({ number: '911' })).statuses).toEqual({ 200: 1 });
    await edge.apply(caseIntent);
    expect((await outbound()).statuses).toEqual({ 200: 1 });
  });

  it('takes the next carrier on 503', async () => {
    await Promise.all([serve(AT.a, 'refuse'), serve(AT.b)]);
    const call = await outbound();
    expect(call.statuses).toEqual({ 200: 1 });
    expect(await call.end()).toMatchObject({ outcome: 'answered', attempts: [503], carrierId: carrierIds.b });
  });

  it('takes the answer "busy" for an answer', async () => {
    await Promise.all([serve(AT.a, 'refuse', 486), serve(AT.b)]);
    const call = await outbound();
    expect(call.statuses).toEqual({ 486: 1 });
    expect(await call.end()).toMatchObject({ outcome: 'failed', sipCode: 486, attempts: [], carrierId: carrierIds.a, hangupBy: 'callee' });
  });

  it.each([1, 2])('never exceeds its channels under 200 INVITEs at 1,000 a second (wave %d)', async () => {
    const cap = 7;
    const carrier = await serve(AT.a);
    await edge.apply(withTrunk('us', { channelsMax: cap }));
    const calls = await outbound({ calls: 200, perSecond: 1000, holdMs: 4000 });
    expect(calls.statuses).toEqual({ 200: cap, 480: 200 - cap });
    expect((await carrier.stop()).statuses).toEqual({ 200: cap });
    const ends = await calls.ends(200);
    expect(new Set(ends.map((r) => r.uid)).size).toBe(200);
    expect(ends.filter((r) => r.reason === 'trunk.channels_exhausted')).toHaveLength(200 - cap);
    await edge.apply(caseIntent);
  });

  it('is held to the channels of the tenant too', async () => {
    await serve(AT.a);
    await edge.apply({ ...caseIntent, tenants: caseIntent.tenants.map((t) => (t.id === tenantIds.own ? { ...t, channelsMax: 1 } : t)) });
    const call = await outbound({ calls: 3, perSecond: 100, holdMs: 1000 });
    expect(call.statuses).toEqual({ 200: 1, 480: 2 });
    expect((await call.ends(3)).filter((r) => r.reason === 'tenant.channels_exhausted')).toHaveLength(2);
    await edge.apply(caseIntent);
  });
});

it('is held to the caps of its trunk’s directions, each by itself, and counts calls from before there were any', async () => {
  await Promise.all([serve(AT.a), serve(AT.pbxTwo)]);
  const inboundRoutes = [{ uri: `sip:${AT.pbxTwo}:5080`, priority: 1, weight: 1 }];
  const capped = (channelCaps: TrunkIntent['channelCaps']) =>
    withTrunk('us', { channelsMax: 10, inboundRoutes, channelCaps: channelCaps ?? null });
  await edge.apply(capped(null));
  const started = () => edge.gateway.records.filter((r) => r.kind === 'start').length;
  const before = started();
  const early = outbound({ calls: 2, perSecond: 100, holdMs: 6000 });
  await until(() => started() === before + 2, 'two calls up');
  await edge.apply(capped({ inbound: 1, outbound: 3 }));
  const [out, back] = await Promise.all([
    outbound({ local: `${CASE_PBX}:5072`, calls: 4, perSecond: 100, holdMs: 1500 }),
    inbound(US, { calls: 3, perSecond: 100, holdMs: 1500 }),
  ]);
  expect([out.statuses, back.statuses]).toEqual([{ 200: 1, 480: 3 }, { 200: 1, 486: 2 }]); // prettier-ignore
  expect((await out.ends(4)).filter((r) => r.reason === 'trunk.channels_exhausted')).toHaveLength(3);
  expect((await early).statuses).toEqual({ 200: 2 });
  await edge.apply(caseIntent);
});

describe('channels of a pool', () => {
  const POOL = randomUUID();
  const GROUP = randomUUID();
  /** The trunk `us` in a group; its number as it is told. */
  const pooled = (channels: number, group: Partial<ChannelGroupIntent>, number: Partial<NumberChannelsIntent> = {}): Intent => {
    const own = { poolId: POOL, dedicated: 0, direction: 'both' as const, groupId: null, caps: NO_CAPS, ...number };
    const shared = { id: GROUP, poolId: POOL, shared: 0, meteredMax: 0, direction: 'both' as const, caps: NO_CAPS };
    const intent = withTrunk('us', { channelsMax: 100, channels: { groupId: GROUP, caps: NO_CAPS } });
    return {
      ...intent,
      tenants: intent.tenants.map((t) => ({ ...t, channelsMax: null })),
      numbers: intent.numbers.map((n) => (n.e164 === US ? { ...n, channels: own } : n)),
      channelPools: [{ id: POOL, channels, includedPerNumber: 1 }],
      channelGroups: [{ ...shared, ...group }],
    };
  };
  const kindsOf = (ends: readonly CdrRecord[]) => {
    const of = (kind: string) => ends.filter((r) => r.channel?.kind === kind && r.channel.poolId === POOL).length;
    return { included: of('included'), dedicated: of('dedicated'), shared: of('shared'), metered: of('metered') };
  };
  afterAll(() => edge.apply(caseIntent));

  it('are used up in their order, under 100 INVITEs at 1,000 a second; status and record say which carry the calls', async () => {
    await serve(AT.a);
    await edge.apply(pooled(5, { shared: 3, meteredMax: 4 }, { dedicated: 2 }));
    const load = outbound({ calls: 100, perSecond: 1000, holdMs: 6000 }); // the edge says it every five seconds
    const inUse = () => edge.gateway.status?.channels?.uses.filter((u) => u.pool_id === POOL) ?? [];
    await until(() => inUse().reduce((sum, u) => sum + u.calls, 0) === 10, 'all ten in the status');
    const said = Object.fromEntries(inUse().map(({ kind, calls }) => [kind, calls]));
    expect([said, inUse()[0]?.tenant_id]).toEqual([{ included: 1, dedicated: 2, shared: 3, metered: 4 }, tenantIds.own]);
    const calls = await load;
    expect(calls.statuses).toEqual({ 200: 10, 480: 90 });
    const ends = await calls.ends(100);
    expect(kindsOf(ends)).toEqual({ included: 1, dedicated: 2, shared: 3, metered: 4 });
    expect(ends.filter((r) => r.reason === 'channel.none_free' && r.channel === undefined)).toHaveLength(90);
  });

  it('are not what a call for another direction gets; full, they are 486 to a carrier', async () => {
    await serve(AT.pbxOne);
    await edge.apply(
      pooled(5, { shared: 3, direction: 'outbound' }, { dedicated: 1, direction: 'inbound', caps: { ...NO_CAPS, inbound: 3 } }),
    );
    const calls = await inbound(US, { calls: 5, perSecond: 100, holdMs: 2000 });
    expect(calls.statuses).toEqual({ 200: 2, 486: 3 });
    expect(kindsOf(await calls.ends(5))).toMatchObject({ included: 1, dedicated: 1, shared: 0 });
  });

  it.each([
    ['bought with the trunk', (n: number) => withTrunk('us', { channelsMax: n }), 'trunk.channels_exhausted'],
    ['of a pool', (n: number) => pooled(n - 1, { shared: n - 1 }), 'channel.none_free'],
  ])('%s: resized under load, never more are answered than there are, and more at once when there are more', async (_, sized, reason) => {
    await serve(AT.a);
    await edge.apply(sized(8));
    const total = 260;
    const before = edge.gateway.records.length;
    const seen = () => edge.gateway.records.slice(before).filter((r) => r.kind === 'end').length;
    const load = outbound({ calls: total, perSecond: 40, holdMs: 700 });
    await until(() => seen() >= 50, 'calls under way');
    await edge.apply(sized(3));
    const smaller = Date.now();
    await until(() => seen() >= 140, 'calls after the first resize');
    const growing = Date.now() - 200; // what began a moment before may be decided after
    await edge.apply(sized(10));
    const larger = Date.now();
    const ends = await (await load).ends(total);
    const answered = ends.filter((r) => r.outcome === 'answered');
    /** How many are up when one is answered that came in that time. An end is written a moment after its channel is free again. */
    const up = (since: number, upTo = Infinity) =>
      answered
        .filter((r) => r.startedAtMs > since && r.startedAtMs <= upTo)
        .map(({ answeredAtMs: at }) => answered.filter((o) => o.answeredAtMs! <= at! && o.endedAtMs! - 100 > at!).length);
    expect(Math.max(...up(smaller, growing))).toBe(3);
    expect(Math.max(...up(larger))).toBe(10);
    expect(Math.max(...up(0))).toBe(10);
    expect(ends.filter((r) => r.outcome !== 'answered').every((r) => r.reason === reason)).toBe(true);
  });
});

describe('an inbound call', () => {
  it('for a number that is not here gets 404', async () => {
    const call = await inbound('+12125559999');
    expect(call.statuses).toEqual({ 404: 1 });
    expect(await call.end()).toMatchObject({ direction: 'inbound', reason: 'number.unknown', carrierId: carrierIds.a, tenantId: null });
  });

  it('reaches the contact that the trunk registered, and 480 before', async () => {
    expect((await inbound('+34912345678')).statuses).toEqual({ 480: 1 });
    await serve('127.0.24.1');
    const registration = await sippCall({
      ...{ scenario: 'register', local: '127.0.24.1:5062', remote: edge.sip, login: login('es') },
      keys: { from_user: 'es', contact: '127.0.24.1:5080' },
    });
    expect(registration.statuses).toEqual({ 200: 1 });
    const call = await inbound('+34912345678');
    expect(call.statuses).toEqual({ 200: 1 });
    expect(await call.end()).toMatchObject({ direction: 'inbound', outcome: 'answered', trunkId: trunkIds.es, carrierId: carrierIds.a });
  });

  it('takes the second route when the first is dead', async () => {
    await serve(AT.pbxTwo);
    const call = await inbound(US);
    expect(call.statuses).toEqual({ 200: 1 });
    expect(await call.end()).toMatchObject({ outcome: 'answered', attempts: [408], gateway: `sip:reception@${AT.pbxTwo}:5080` });
  });

  it('beyond the channels gets 486', async () => {
    await serve(AT.pbxTwo);
    await edge.apply(withTrunk('gb', { channelsMax: 1 }));
    expect((await inbound('+442079460000', { calls: 2, perSecond: 100, holdMs: 1000 })).statuses).toEqual({ 200: 1, 486: 1 });
    await edge.apply(caseIntent);
  });
});

describe('how a call ends', () => {
  let phone: SipPeer;
  let carrier: SipPeer;
  const call = (over: Partial<CallOptions> = {}) =>
    phone.call({ edge: edge.sip, requestUser: DIALLED, fromUser: US, login: login('us'), ...over });
  beforeAll(async () => {
    phone = await SipPeer.open('127.0.25.3', 5060);
    carrier = await SipPeer.open(AT.a, 5080);
  });
  afterAll(() => [phone, carrier].forEach((p) => p.close()));

  it('given up by the caller: 487, one record', async () => {
    carrier.answer = () => 180;
    const { status, callId } = await call({ cancelAfterMs: 300 });
    expect(status).toBe(487);
    expect(await edge.endOf(callId)).toMatchObject({ outcome: 'failed', sipCode: 487, hangupBy: 'caller', answeredAtMs: null });
  });

  it('hung up by the callee', async () => {
    carrier.answer = (invite) => {
      setTimeout(() => carrier.hangUp(invite), 200);
      return 200;
    };
    const { callId } = await call({ holdMs: 600 });
    expect(await edge.endOf(callId)).toMatchObject({ outcome: 'answered', hangupBy: 'callee' });
  });

  it('refused by every carrier: the caller and the record see the same code', async () => {
    const second = await SipPeer.open(AT.b, 5080);
    carrier.answer = second.answer = () => 503;
    const { status, callId } = await call();
    expect(await edge.endOf(callId)).toMatchObject({ outcome: 'failed', attempts: [503], sipCode: status, carrierId: carrierIds.b });
    second.close();
  });

  it('passes over a target whose name does not exist', async () => {
    const inboundRoutes = [
      { uri: 'sip:nowhere.invalid', priority: 1, weight: 1 },
      { uri: `sip:${AT.pbxTwo}:5080`, priority: 2, weight: 1 },
    ];
    await edge.apply(withTrunk('gb', { inboundRoutes }));
    await serve(AT.pbxTwo);
    const found = await inbound('+442079460000');
    expect(found.statuses).toEqual({ 200: 1 });
    expect(await found.end()).toMatchObject({ outcome: 'answered', attempts: [478] });
    await edge.apply(withTrunk('gb', { inboundRoutes: inboundRoutes.slice(0, 1) }));
    const lost = await inbound('+442079460000');
    expect(lost.statuses).toEqual({ 480: 1 });
    expect(await lost.end()).toMatchObject({ outcome: 'rejected', reason: 'carrier.unreachable' });
    await edge.apply(caseIntent);
  });

  it('accepts both passwords while one is rotated, and no third', async () => {
    carrier.answer = () => 603;
    const ha1Md5 = createHash('md5').update(`us:${CASE_REALM}:fresh`).digest('hex');
    const us = caseIntent.trunks.find((t) => t.id === trunkIds.us)!;
    await edge.apply(withTrunk('us', { credentials: [...us.credentials, { username: 'us', ha1Md5 }] }));
    for (const [password, status] of [
      ['secret-us', 603],
      ['fresh', 603],
      ['stale', 407],
    ] as const) {
      expect((await call({ login: { username: 'us', password } })).status).toBe(status);
    }
    await edge.apply(caseIntent);
    expect((await call({ login: { username: 'us', password: 'fresh' } })).status).toBe(407);
  });

  it('is refused when a user part would not fit its record', async () => {
    expect((await call({ fromUser: 'x'.repeat(2000) })).status).toBe(400);
  });
});

describe('what a caller may put into From', () => {
  const utf8 = (text: string): string => Buffer.from(text).toString('latin1');
  let phone: SipPeer;
  beforeAll(async () => void (phone = await SipPeer.open('127.0.25.1', 5060)));
  afterAll(() => phone.close());

  it.each([
    ['an apostrophe', "o'hara"],
    ['percent signs', '%41%27'],
    ['an escaped NUL', 'nul%00byte'],
    ['separators of ours', 'pipe|a&b=c^d~e'],
    ['a pseudo-variable', '$var(x)$(ru)'],
    ['UTF-8', utf8('Grüße€😀')],
    ['bytes that are no UTF-8', '\u00ff\u00fe\u0080x'],
    ['a quote', 'say"hi"'],
    ['a backslash', 'back\\slash'],
    ['braces', '{"a":1}'],
    ['the end of an SQL statement', "x');drop table spool;--"],
    ['a tab', 'tab\there'],
    ['a control character', 'ctl\u0001here'],
    ['a DEL', 'del\u007fhere'],
  ])('%s is either refused with 400 or arrives in the CDR exactly as sent', async (_, fromUser) => {
    const { status, callId } = await phone.call({ edge: edge.sip, requestUser: DIALLED, fromUser, login: login('gb') });
    if (status === 400) return;
    const { from, reason } = await edge.endOf(callId);
    expect({ from, status, reason }).toEqual({
      from: decodeUtf8(fromUser),
      status: 403,
      reason: 'trunk.destination_not_allowed' === reason ? reason : 'trunk.caller_id_not_allowed',
    });
  });

  /** What the bytes mean: UTF-8 when they are that, else one character a byte. */
  const decodeUtf8 = (bytes: string): string => {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bytes, 'latin1'));
    } catch {
      return bytes;
    }
  };
});
