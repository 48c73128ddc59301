import fc from 'fast-check';
import { CASES, caseIntent, inputOf, tenantIds, trunkIds, type CallCase, type Expected } from '../cases/cases.ts';
import { compile } from '../entries/compile.ts';
import type { Intent, TrunkIntent } from '../intent.ts';
import type { CallInput, Decision, Lookup } from './call.ts';
import { decide } from './decide.ts';

const US = '+12125550100';
const entries = new Map(compile(caseIntent).map((e) => [`${e.kind} ${e.key}`, e.value]));
const lookup: Lookup = (kind, key) => (kind === 'meta' ? '1' : (entries.get(`${kind} ${key}`) ?? null));
const lookupIn = (intent: Intent): Lookup => {
  const own = new Map(compile(intent).map((e) => [`${e.kind} ${e.key}`, e.value]));
  return (kind, key) => (kind === 'meta' ? '1' : (own.get(`${kind} ${key}`) ?? null));
};
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

  it('caps each direction of a trunk, be its channels its own or a group’s; an entry without the field has no such cap', () => {
    const routed = (name: string, entry: object) =>
      decide(inputOf(CASES.find((c) => c.name === name)!), (kind, key) => {
        const value = lookup(kind, key);
        return kind === 'trunk' && value !== null ? JSON.stringify({ ...JSON.parse(value), ...entry }) : value;
      });
    const channelCaps = { inbound: 3, outbound: null };
    const channels = { groupId: 'g', caps: { both: null, inbound: null, outbound: 4 } };
    const reason = { code: 'trunk.channels_exhausted' };
    expect(routed('own number, routes by priority', { channelCaps })).toMatchObject({ caps: { direction: { max: 3, reason } } });
    expect(routed('E.164 with plus', { channelCaps })).toMatchObject({ caps: { direction: { max: null } } });
    expect(routed('E.164 with plus', { channelCaps, channels })).toMatchObject({ caps: { direction: { max: 4, reason } } });
    expect(routed('911', { channelCaps: { inbound: 0, outbound: 0 } })).toMatchObject({ action: 'route', caps: null });
    expect(routed('E.164 with plus', {})).toMatchObject({ caps: { direction: { max: null } } });
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

  it('takes the calls of a tenant that has just moved wherever they come, and sends them home three seconds later', () => {
    const call = inputOf(CASES.find((c) => c.name === 'home is another edge')!);
    const moved: Lookup = (kind, key) => {
      const value = lookup(kind, key);
      if (kind !== 'tenant' || value === null) return value;
      const { home, ...rest } = JSON.parse(value);
      return JSON.stringify({ ...rest, home: home && { ...home, sinceSecs: call.nowSecs } });
    };
    const later = (secs: number) => decide({ ...call, nowSecs: call.nowSecs + secs }, moved).action;
    expect([-3, 0, 3, 4].map(later)).toEqual(['route', 'route', 'route', 'redirect']);
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

  it('refuses a caller who withholds its number by host or Privacy, too; an entry without the field takes it', () => {
    const asked = (name: string, withheld: boolean, entry: object = {}) =>
      decide({ ...inputOf(CASES.find((c) => c.name === name)!), withheld }, (kind, key) => {
        const value = lookup(kind, key);
        return kind === 'trunk' && value !== null ? JSON.stringify({ ...JSON.parse(value), ...entry }) : value;
      });
    const named = 'a trunk that takes no anonymous callers takes others';
    const refused = { action: 'reject', sipCode: 433, reason: { code: 'trunk.anonymous_not_allowed' }, call: { trunkId: trunkIds.named } };
    expect(asked(named, true)).toMatchObject(refused);
    expect(asked(named, false)).toMatchObject({ action: 'route' });
    expect(asked(named, true, { rejectAnonymous: undefined })).toMatchObject({ action: 'route' });
    expect(() => asked(named, true, { rejectAnonymous: 1 })).toThrow('rejectAnonymous');
    expect(asked('anonymous caller', true)).toMatchObject({ action: 'route' });
    for (const name of ['E.164 with plus', '911']) expect(asked(name, true, { rejectAnonymous: true })).toMatchObject({ action: 'route' });
  });

  describe('a trunk that says what proves its calls', () => {
    const call = inputOf(CASES.find((c) => c.name === 'E.164 with plus')!);
    const asked = (over: Partial<TrunkIntent>, input: Partial<CallInput> = {}): Expected => {
      const trunks = caseIntent.trunks.map((t) => (t.id === trunkIds.us ? { ...t, ...over } : t));
      return summary(decide({ ...call, ...input }, lookupIn({ ...caseIntent, trunks })));
    };
    const both = { authMode: 'both', sourceNetworks: ['192.0.2.0/24'] } as const;

    it('takes its password only from its addresses where both are required, but help is reached from anywhere', () => {
      expect(asked(both)).toMatchObject({ code: 'trunk.address_not_allowed', sipCode: 403 });
      expect(asked(both, { sourceAddress: '192.0.2.200' })).toMatchObject({ action: 'route' });
      expect(asked(both, { requestUser: '911' })).toMatchObject({ action: 'route' });
    });

    it('tells trunks that share a digest user apart by the tech prefix', () => {
      const trunks = caseIntent.trunks.map((t) => (t.id === trunkIds.us ? { ...t, techPrefix: '77' } : t));
      const users = [
        { trunkId: trunkIds.gb, techPrefix: '88' },
        { trunkId: trunkIds.us, techPrefix: '77' },
      ];
      const shared = { username: 'shared', ha1Md5: ['a'.repeat(32)], trunks: users };
      const dial = (requestUser: string) =>
        decide({ ...call, provenUser: 'shared', requestUser }, lookupIn({ ...caseIntent, trunks, sharedCredentials: [shared] }));
      expect(dial('7712125551234')).toMatchObject({ action: 'route', call: { trunkId: trunkIds.us, destination: '+12125551234' } });
      expect(dial('8802079461111')).toMatchObject({ call: { trunkId: trunkIds.gb } });
      expect(dial('+12125551234')).toMatchObject({
        action: 'reject',
        reason: { code: 'trunk.tech_prefix_missing' },
        call: { tenantId: tenantIds.own },
      });
      expect(dial('911')).toMatchObject({ action: 'route', call: { direction: 'emergency' } });
    });
  });

  describe('a trunk that restricts media', () => {
    const sdp = (profile: string, payloads: string) => `v=0\r\nm=audio 4000 ${profile} ${payloads}\r\n`;
    const decided = (over: Partial<TrunkIntent>, offer: string | null, name = 'E.164 with plus') => {
      const intent = { ...caseIntent, trunks: caseIntent.trunks.map((t) => ({ ...t, ...over })) };
      return decide({ ...inputOf(CASES.find((c) => c.name === name)!), offer: () => offer }, lookupIn(intent));
    };

    it.each(['E.164 with plus', 'own number, routes by priority'])(
      'sends on what is left of the offer, or refuses it with 488: %s',
      (name) => {
        const codecs = ['pcma', 'pcmu'] as const;
        expect(decided({ codecs }, sdp('RTP/AVP', '0 8 18'), name)).toMatchObject({ action: 'route', offer: sdp('RTP/AVP', '8 0') });
        expect(decided({ codecs }, sdp('RTP/AVP', '8 0'), name)).toMatchObject({ action: 'route', offer: null });
        expect(decided({ codecs }, sdp('RTP/AVP', '18'), name)).toMatchObject({
          sipCode: 488,
          reason: { code: 'trunk.codec_not_allowed' },
        });
        expect(decided({ codecs }, null, name)).toMatchObject({ action: 'route', offer: null });
      },
    );

    it.each(['E.164 with plus', 'own number, routes by priority'])('asks for encryption, or for none: %s', (name) => {
      expect(decided({ srtp: 'required' }, sdp('RTP/AVP', '0'), name)).toMatchObject({
        sipCode: 488,
        reason: { code: 'trunk.srtp_required' },
      });
      expect(decided({ srtp: 'required' }, null, name)).toMatchObject({ sipCode: 488 });
      expect(decided({ srtp: 'required' }, sdp('RTP/SAVP', '0'), name)).toMatchObject({ action: 'route' });
      expect(decided({ srtp: 'disabled' }, sdp('RTP/SAVP', '0'), name)).toMatchObject({
        sipCode: 488,
        reason: { code: 'trunk.srtp_not_allowed' },
      });
      expect(decided({ srtp: 'disabled' }, sdp('RTP/AVP', '0'), name)).toMatchObject({ action: 'route' });
    });

    it('refuses no emergency call for it', () => {
      expect(decided({ srtp: 'required', codecs: ['opus'] }, sdp('RTP/AVP', '0'), '911')).toMatchObject({ action: 'route', offer: null });
    });
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
