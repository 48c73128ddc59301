import { changeTrunk, openTrunk } from './trunk.ts';
import type { TrunkSettings } from './trunk.ts';

const now = new Date('2026-11-23T10:00:00Z');
const later = new Date('2026-11-24T10:00:00Z');
const settings: TrunkSettings = {
  name: 'Berlin',
  country: 'DE',
  channelsMax: 10,
  enabled: true,
  defaultCallerId: null,
  allowedCountries: ['US', 'DE', 'US'],
  inboundRoutes: [
    { uri: 'sip:b.example', priority: 20, weight: 1 },
    { uri: 'sip:a.example', priority: 10, weight: 1 },
  ],
  externalReference: null,
  tags: ['b', 'a', 'b'],
  ipAddresses: ['198.51.100.64/26', '198.51.100.7'],
  techPrefix: null,
  callsPerSecondMax: null,
  callerIdPolicy: 'reject',
  tlsRequired: false,
  maxCallSecs: null,
  maxRingSecs: null,
  rerouteCodes: [503, 404, 503],
  disasterRecoveryUri: null,
  presenceNumbers: ['+4930123456', '+12125550100', '+4930123456'],
  authMode: 'either',
  ipListIds: ['b', 'a', 'b'],
  credentialListIds: [],
  codecs: ['pcma', 'opus'],
  srtp: 'optional',
  registrationContactsMax: null,
  registrationExpiresMinSecs: null,
  registrationExpiresMaxSecs: null,
  calledNumberIn: 'request_uri',
  rejectAnonymous: false,
};

describe('what proves calls', () => {
  const opened = (over: Partial<TrunkSettings>) => openTrunk('id', { ...settings, ...over }, now);
  it.each(['ip', 'both'] as const)('needs an address, its own or a list’s, in the mode %s', (authMode) => {
    expect(() => opened({ authMode, ipAddresses: [], ipListIds: [] })).toThrow('needs an address');
    expect(opened({ authMode, ipAddresses: [] })).toMatchObject({ ipListIds: ['a', 'b'] });
    expect(opened({ authMode, ipListIds: [] })).toMatchObject({ authMode });
  });
});

it('keeps the codecs in the order given, and the longest registration no shorter than the shortest', () => {
  expect(openTrunk('id', settings, now).codecs).toEqual(['pcma', 'opus']);
  const tooShort = { registrationExpiresMinSecs: 600, registrationExpiresMaxSecs: 599 };
  expect(() => openTrunk('id', { ...settings, ...tooShort }, now)).toThrow('must not be shorter');
});

describe('openTrunk', () => {
  const trunk = openTrunk('id', settings, now);
  it('starts at revision 1', () => expect(trunk.revision).toBe(1));
  it('orders routes by priority', () => expect(trunk.inboundRoutes.map((r) => r.priority)).toEqual([10, 20]));
  it('orders addresses', () => expect(trunk.ipAddresses).toEqual(['198.51.100.7', '198.51.100.64/26']));
  it('keeps each reroute code once, sorted', () => expect(trunk.rerouteCodes).toEqual([404, 503]));
  it('keeps each number for local presence once, sorted', () => expect(trunk.presenceNumbers).toEqual(['+12125550100', '+4930123456']));
  it('keeps each tag once, sorted', () => expect(trunk.tags).toEqual(['a', 'b']));
  it('keeps each country once, sorted', () => expect(trunk.allowedCountries).toEqual(['DE', 'US']));
});

describe('a policy that replaces caller IDs', () => {
  const replace = { callerIdPolicy: 'replace' } as const;
  const withDefault = openTrunk('id', { ...settings, ...replace, defaultCallerId: '+4930123456' }, now);
  it.each([
    ['opened without a default', () => openTrunk('id', { ...settings, ...replace }, now)],
    ['chosen without a default', () => changeTrunk(openTrunk('id', settings, now), replace, later)],
    ['losing its default', () => changeTrunk(withDefault, { defaultCallerId: null }, later)],
  ])('is refused when %s', (_, make) => expect(make).toThrow('needs a default caller ID'));
  it('may go together with its default', () =>
    expect(changeTrunk(withDefault, { callerIdPolicy: 'reject', defaultCallerId: null }, later).revision).toBe(2));
});

describe('changeTrunk', () => {
  const trunk = openTrunk('id', settings, now);
  it('gives a new revision', () =>
    expect(changeTrunk(trunk, { channelsMax: 11 }, later)).toMatchObject({ channelsMax: 11, revision: 2, updatedAt: later }));
  it('changes nothing when nothing differs', () =>
    expect(changeTrunk(trunk, { channelsMax: 10, allowedCountries: ['US', 'DE'], rerouteCodes: [503, 404] }, later)).toBe(trunk));
});
