import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { REJECT, compile } from '@trunkline/edge-core';
import {
  CASES,
  CASE_EDGE,
  CASE_GATEWAYS,
  CASE_NOW_SECS,
  CASE_PBX,
  CASE_PORT,
  CASE_SOURCES,
  caseIntent,
  passwordOf,
  trunkIds,
  type CallCase,
  type Expected,
} from '@trunkline/edge-core/cases';
import { SipPeer, header, requestUri } from '@trunkline/testing/sip';
import { KamailioRpc } from '../agent/kamailio-rpc.ts';
import { buildBundle } from './build-bundle.ts';
import { EdgeUnderTest } from './edge-under-test.ts';

const BUNDLE = new URL('../../../.data/edge/decision.js', import.meta.url);
const user = (value: string | undefined): string | undefined => /sips?:([^@>]*)@/.exec(value ?? '')?.[1];

beforeAll(buildBundle);

/** The very file that Kamailio loads, with its pseudo-variables in a map. */
describe('the bundle in Node', () => {
  const entries = new Map(compile(caseIntent).map((e) => [`${e.kind} ${e.key}`, e.value]));
  const ask = (c: CallCase): Map<string, unknown> => {
    const pvs = new Map<string, unknown>([
      ['$vn(edge)', CASE_EDGE.name],
      ['$si', c.source],
      ['$proto', 'udp'],
      ['$vn(proven)', c.login && trunkIds[c.login]],
      ['$vn(request_user)', encodeURIComponent(c.requestUser)],
      ['$vn(from_user)', encodeURIComponent(c.fromUser)],
      ['$vn(asserted_user)', c.assertedUser && encodeURIComponent(c.assertedUser)],
      ['$vn(draw)', c.draw ?? 0],
      ['$Ts', c.nowSecs ?? CASE_NOW_SECS],
    ]);
    const md5 = () =>
      createHash('md5')
        .update(String(pvs.get('$var(key)')))
        .digest('hex')
        .slice(0, 8);
    const set = (name: string, value: unknown) => void pvs.set(name, value);
    const KSR = {
      pv: { get: (name: string) => (name.includes('s.md5') ? md5() : (pvs.get(name) ?? null)), sets: set, seti: set },
      htable: {
        sht_get: (table: string, key: string) =>
          table === 'meta'
            ? '1'
            : table === 'health'
              ? c.down?.includes(key)
                ? 'down'
                : null
              : (entries.get(`${table} ${table === 'number' ? key.slice(0, -8) : key}`) ?? null),
      },
    };
    const context = createContext({ KSR });
    runInContext(readFileSync(BUNDLE, 'utf8'), context);
    runInContext('ksr_decide()', context);
    return pvs;
  };
  const answerOf = (c: CallCase): Expected => {
    const pvs = ask(c);
    const text = (name: string): string => String(pvs.get(name) ?? '');
    const action = text('$vn(act)');
    if (action === 'challenge') return { action };
    if (action === 'reject') return { action, code: text('$vn(why)'), sipCode: Number(pvs.get('$vn(code)')) };
    if (action === 'redirect') return { action, contact: text('$vn(contact)') };
    const uris = (text('$vn(targets)') || text('$vn(fallback)'))
      .split('|')
      .filter(Boolean)
      .map((t) => t.split('^')[0]!);
    return { action: 'route', uris, callerId: text('$vn(caller_id)') || null, destination: text('$vn(destination)') };
  };

  it.each(CASES.map((c) => [c.name, c] as const))('%s', (_, c) => expect(answerOf(c)).toEqual(c.expect));
});

describe('the table through a real edge', () => {
  const edge = new EdgeUnderTest(CASE_EDGE.name, '127.0.20.1');
  const rpc = new KamailioRpc(join(edge.dataDir, 'run/ctl.sock'));
  const peers = new Map<string, SipPeer>();
  const carriers: string[] = Object.values(CASE_GATEWAYS);

  beforeAll(async () => {
    for (const address of [CASE_PBX, ...carriers, ...Object.values(CASE_SOURCES)])
      peers.set(address, await SipPeer.open(address, CASE_PORT));
    await edge.start(caseIntent);
  });
  afterAll(async () => {
    rpc.close();
    peers.forEach((p) => p.close());
    await edge.stop();
  });

  /** What came of a call, in the table's words; the carriers decline (603), which ends the list at its first target. */
  const play = async (c: CallCase): Promise<{ answer: Expected; callId: string }> => {
    const { login, ...call } = c;
    const { status, callId, contact, reason } = await peers
      .get(c.source)!
      .call({ ...call, edge: edge.sip, login: login && { username: login, password: passwordOf(login) } });
    if (status === 407) return { answer: { action: 'challenge' }, callId };
    if (status === 302) return { answer: { action: 'redirect', contact: contact ?? '' }, callId };
    const [invite] = [...peers.values()].flatMap((p) => p.invites()).filter((m) => header(m, 'call-id') === callId);
    if (!invite) return { answer: { action: 'reject', code: reason ?? '', sipCode: status }, callId };
    expect(status).toBe(603);
    const presented =
      c.expect.action === 'route' && carriers.includes(c.source)
        ? c.expect.callerId
        : (user(header(invite, 'p-asserted-identity')) ?? null);
    const destination = c.expect.action === 'route' ? c.expect.destination : '';
    return { answer: { action: 'route', uris: [requestUri(invite)], callerId: presented, destination }, callId };
  };

  /** Of what can be arranged here: a contact would have to be registered, and dice and clock are Kamailio's. */
  const needsContact = ({ expect: e }: CallCase) => e.action === 'route' && (e.uris.length === 0 || e.uris[0]!.startsWith('contact:'));
  const playable = CASES.filter((c) => !needsContact(c) && c.draw === undefined && c.nowSecs === undefined);

  /** Calls of one state of health at a time, and eight of those: fewer than any cap. */
  const played = new Map<CallCase, Awaited<ReturnType<typeof play>>>();
  beforeAll(async () => {
    for (const [down, calls] of Map.groupBy(playable, (c) => c.down?.join() ?? '')) {
      const targets = down.split(',').filter(Boolean);
      for (const target of targets) await rpc.call('htable.sets', 'health', target, 'down');
      const left = [...calls];
      const line = async () => {
        for (let c = left.shift(); c; c = left.shift()) played.set(c, await play(c));
      };
      await Promise.all(Array.from({ length: 8 }, line));
      for (const target of targets) await rpc.call('htable.delete', 'health', target);
    }
  });

  it('has at least 150 calls', () => expect(playable.length).toBeGreaterThanOrEqual(150));

  it.each(playable.map((c) => [c.name, c] as const))('%s', async (_, c) => {
    const { answer, callId } = played.get(c)!;
    const expected = c.expect.action === 'route' ? { ...c.expect, uris: c.expect.uris.slice(0, 1) } : c.expect;
    expect(answer).toEqual(expected);
    if (expected.action === 'challenge') return;
    const record = await edge.endOf(callId);
    expect(record).toMatchObject({ from: c.fromUser, to: c.requestUser, sourceAddress: c.source });
    if (expected.action === 'reject')
      expect(record).toMatchObject({ outcome: 'rejected', reason: expected.code, sipCode: expected.sipCode });
    if (expected.action === 'route')
      expect(record).toMatchObject({ outcome: 'failed', sipCode: 603, gateway: expected.uris[0], callerId: expected.callerId });
  });

  it('speaks only of reasons that the table knows', () => {
    const codes = new Set(Object.values(REJECT).map((r) => r.code));
    for (const file of ['decision.cfg', 'emergency.cfg', 'register.cfg', 'caps.cfg', 'cdr.cfg']) {
      const text = readFileSync(new URL(`../kamailio/${file}`, import.meta.url), 'utf8');
      for (const [, code] of text.matchAll(/\$vn\(why\) = "([a-z_.]+)"/g)) expect(codes).toContain(code);
    }
  });
});
