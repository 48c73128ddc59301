import fc from 'fast-check';
import { CASES, caseIntent, inputOf, trunkIds, type CallCase, type Expected } from '../cases/cases.ts';
import { compile } from '../entries/compile.ts';
import type { CallInput, Decision, Lookup } from './call.ts';
import { decide } from './decide.ts';

const US = '+12125550100';
const entries = new Map(compile(caseIntent).map((e) => [`${e.kind} ${e.key}`, e.value]));
const lookup: Lookup = (kind, key) => (kind === 'meta' ? '1' : (entries.get(`${kind} ${key}`) ?? null));
const lookupOf =
  (c: CallCase): Lookup =>
  (kind, key) =>
    kind === 'health' ? (c.down?.includes(key) ? 'down' : null) : lookup(kind, key);
const summary = (d: Decision): Expected => {
  if (d.action === 'reject') return { action: 'reject', code: d.reason.code, sipCode: d.sipCode };
  if (d.action === 'redirect') return { action: 'redirect', contact: d.contact };
  if (d.action === 'challenge') return d;
  const targets = d.fallback === null ? d.targets : [d.fallback];
  return { action: 'route', uris: targets.map((t) => t.uri), callerId: d.call.callerId, destination: d.call.destination ?? '' };
};

describe('decide', () => {
  it.each(CASES.map((c) => [c.name, c] as const))('%s', (_, c) => expect(summary(decide(inputOf(c), lookupOf(c)))).toEqual(c.expect));

  it('is asked nothing twice by the table', () => {
    const questions = CASES.map((c) => JSON.stringify({ ...c, name: '', expect: '' }));
    expect(questions.filter((q, i) => questions.indexOf(q) !== i)).toEqual([]);
    expect(new Set(CASES.map((c) => c.name)).size).toBe(CASES.length);
  });

  it('refuses everything while the edge has no configuration', () => {
    for (const c of CASES) expect(decide(inputOf(c), () => null)).toMatchObject({ action: 'reject', sipCode: 503 });
  });

  it('caps trunk and tenant, but never an emergency call', () => {
    const caps = (name: string) => decide(inputOf(CASES.find((c) => c.name === name)!), lookup);
    expect(caps('E.164 with plus')).toMatchObject({ caps: { trunk: { max: 10 }, tenant: { max: 20 } } });
    expect(caps('911')).toMatchObject({ caps: null });
  });

  it('says how far the platform vouches for the caller ID, and nothing of calls that come in or go for help', () => {
    const attestation = (name: string, over: Partial<CallInput> = {}) => {
      const decision = decide({ ...inputOf(CASES.find((c) => c.name === name)!), ...over }, lookup);
      return decision.action === 'challenge' ? undefined : decision.call.attestation;
    };
    expect(attestation('E.164 with plus')).toEqual({ level: 'A', reason: 'number_own' });
    expect(attestation('so is its network', { fromUser: US })).toEqual({ level: 'A', reason: 'number_own' });
    expect(attestation('local presence, the callee’s area')).toEqual({ level: 'A', reason: 'number_own' });
    expect(attestation('a verified caller ID passes where that is the policy')).toEqual({ level: 'A', reason: 'number_verified' });
    expect(attestation('one verified by papers does, too')).toEqual({ level: 'B', reason: 'number_documented' });
    expect(attestation('nine digits are national in Spain')).toEqual({ level: 'C', reason: 'customer_unverified' });
    expect(attestation('911')).toBeNull();
    expect(attestation('caller ID of nobody')).toBeNull();
    expect(attestation('own number, routes by priority')).toBeNull();
  });

  it('limits how fast a trunk begins calls, but no emergency call and none that comes in', () => {
    const rate = (name: string) => decide(inputOf(CASES.find((c) => c.name === name)!), lookup);
    expect(rate('E.164 with plus')).toMatchObject({ rate: { max: 2000 } });
    expect(rate('911')).toMatchObject({ rate: null });
    expect(rate('own number without plus')).toMatchObject({ rate: null });
  });

  it('lets a trunk that takes TLS only call over TLS, with its own number alone', () => {
    const call = inputOf(CASES.find((c) => c.name === 'a trunk that takes TLS only, over UDP')!);
    expect(summary(decide({ ...call, transport: 'tls' }, lookup))).toMatchObject({ action: 'route', callerId: '+12125550100' });
    const foreignDefault = decide({ ...call, transport: 'tls', fromUser: 'secure' }, lookup);
    expect(summary(foreignDefault)).toMatchObject({ code: 'trunk.caller_id_not_allowed' });
  });

  it('sends a caller home over the transport it came by', () => {
    const call = inputOf(CASES.find((c) => c.name === 'home is another edge')!);
    expect(decide({ ...call, transport: 'tls' }, lookup)).toMatchObject({ contact: 'sip:+12125551234@127.0.20.2:5061;transport=tls' });
  });

  it('reads an entry that was written before there were rates, policies, prefixes and TLS as it was meant', () => {
    const older: Lookup = (kind, key) => {
      const value = lookup(kind, key);
      if (kind !== 'trunk' || value === null) return value;
      const { callsPerSecondMax, callerIdPolicy, techPrefix, tlsRequired, ...rest } = JSON.parse(value);
      expect([callsPerSecondMax, callerIdPolicy, techPrefix, tlsRequired]).not.toContain(undefined);
      return JSON.stringify(rest);
    };
    const ask = (name: string) => decide(inputOf(CASES.find((c) => c.name === name)!), older);
    expect(ask('E.164 with plus')).toMatchObject({ action: 'route', rate: null });
    expect(ask('caller ID of nobody')).toMatchObject({ action: 'reject' });
  });

  it('hands the longest duration on, but not to an emergency call; an entry without the field has none', () => {
    const routed = (name: string, maxCallSecs?: number) =>
      decide(inputOf(CASES.find((c) => c.name === name)!), (kind, key) => {
        const value = lookup(kind, key);
        return kind === 'trunk' && value !== null ? JSON.stringify({ ...JSON.parse(value), maxCallSecs }) : value;
      });
    expect(routed('E.164 with plus', 600)).toMatchObject({ maxCallSecs: 600 });
    expect(routed('own number, routes by priority', 600)).toMatchObject({ maxCallSecs: 600 });
    expect(routed('911', 600)).toMatchObject({ action: 'route', maxCallSecs: null });
    expect(routed('E.164 with plus')).toMatchObject({ action: 'route', maxCallSecs: null });
  });

  it('hands on how long a call that comes in may ring, and one that goes out rings as ever; so does an entry without the field', () => {
    const routed = (name: string, maxRingSecs?: number) =>
      decide(inputOf(CASES.find((c) => c.name === name)!), (kind, key) => {
        const value = lookup(kind, key);
        return kind === 'trunk' && value !== null ? JSON.stringify({ ...JSON.parse(value), maxRingSecs }) : value;
      });
    expect(routed('own number, routes by priority', 20)).toMatchObject({ maxRingSecs: 20 });
    expect(routed('E.164 with plus', 20)).toMatchObject({ action: 'route', maxRingSecs: null });
    expect(routed('911', 20)).toMatchObject({ action: 'route', maxRingSecs: null });
    expect(routed('own number, routes by priority')).toMatchObject({ action: 'route', maxRingSecs: null });
  });

  it('answers any strings within a bounded number of look-ups, without throwing', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^\+?[0-9-]{0,40}$/),
      fc.string({ minLength: 2000, maxLength: 5000 }),
    );
    const user = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', '+12125550100'));
    const from = fc.oneof(fc.constantFrom(...CASES.map((c) => c.source)), text);
    const login = fc.option(fc.oneof(fc.constantFrom(...Object.values(trunkIds)), text));
    fc.assert(
      fc.property(from, login, user, user, fc.option(user), (sourceAddress, provenTrunkId, requestUser, fromUser, assertedUser) => {
        let reads = 0;
        const counted: Lookup = (kind, key) => (reads++, lookup(kind, key));
        decide(
          {
            edge: 'edge-1',
            sourceAddress,
            provenTrunkId,
            requestUser,
            fromUser,
            assertedUser,
            transport: 'udp',
            draw: reads,
            nowSecs: reads,
          },
          counted,
        );
        expect(reads).toBeLessThan(40);
      }),
      { numRuns: 2000 },
    );
  });

  it('throws on an entry of the wrong type rather than read it as "no limit"', () => {
    const call = inputOf(CASES.find((c) => c.name === 'E.164 with plus')!);
    const broken =
      (change: (text: string) => string): Lookup =>
      (kind, key) => {
        const value = lookup(kind, key);
        return kind === 'trunk' && value !== null ? change(value) : value;
      };
    const swaps: [string, string][] = [
      ['"channelsMax":10', '"channelsMax":"abc"'],
      ['"channelsMax":10', '"channelsMax":-1'],
      ['"enabled":true', '"enabled":1'],
      ['{', '['],
      ['"callsPerSecondMax":2000', '"callsPerSecondMax":"2000"'],
      ['"callerIdPolicy":"reject"', '"callerIdPolicy":"allow"'],
      ['"tlsRequired":false', '"tlsRequired":0'],
    ];
    for (const [a, b] of swaps)
      expect(() =>
        decide(
          call,
          broken((text) => text.replace(a, b)),
        ),
      ).toThrow();
    expect(() =>
      decide(
        call,
        broken((text) => text.slice(0, 40)),
      ),
    ).toThrow();
  });
});
