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
  maxCallSecs: null,
  rerouteCodes: [503, 404, 503],
  disasterRecoveryUri: null,
};

describe('openTrunk', () => {
  const trunk = openTrunk('id', settings, now);
  it('starts at revision 1', () => expect(trunk.revision).toBe(1));
  it('orders routes by priority', () => expect(trunk.inboundRoutes.map((r) => r.priority)).toEqual([10, 20]));
  it('keeps each reroute code once, sorted', () => expect(trunk.rerouteCodes).toEqual([404, 503]));
  it('keeps each country once, sorted', () => expect(trunk.allowedCountries).toEqual(['DE', 'US']));
});

describe('changeTrunk', () => {
  const trunk = openTrunk('id', settings, now);
  it('gives a new revision', () =>
    expect(changeTrunk(trunk, { channelsMax: 11 }, later)).toMatchObject({ channelsMax: 11, revision: 2, updatedAt: later }));
  it('changes nothing when nothing differs', () =>
    expect(changeTrunk(trunk, { channelsMax: 10, allowedCountries: ['US', 'DE'], rerouteCodes: [503, 404] }, later)).toBe(trunk));
});
