import fc from 'fast-check';
import { NO_CAPS } from './channel-kind.ts';
import { channelDemand } from './channel-demand.ts';
import type { ChannelFacts } from './channel-demand.ts';
import { takeChannel } from './take-channel.ts';

const facts = (over: Partial<ChannelFacts> = {}): ChannelFacts => ({
  direction: 'inbound',
  trunkId: 't',
  trunk: { groupId: 'g', caps: NO_CAPS },
  digits: '12025550100',
  number: { poolId: 'p', dedicated: 2, direction: 'both', groupId: null, caps: NO_CAPS },
  numberPool: { channels: 5, includedPerNumber: 1 },
  groupId: 'g',
  group: { poolId: 'p', shared: 3, meteredMax: 2, direction: 'both', caps: NO_CAPS },
  groupPool: { channels: 5, includedPerNumber: 1 },
  ...over,
});

/** Counts as the edge does: what carries a call is counted at once. */
const counting = () => {
  const counts = new Map<string, number>();
  const used = (key: string) => counts.get(key) ?? 0;
  const call = (f: ChannelFacts): string => {
    const found = takeChannel(channelDemand(f), used);
    if (!found.taken) return found.reason.code;
    for (const key of found.counters) counts.set(key, used(key) + 1);
    return found.kind;
  };
  return { call, used };
};
const calls = (n: number, f: ChannelFacts) => {
  const { call } = counting();
  return Array.from({ length: n }, () => call(f));
};
const [included, dedicated, shared, metered] = ['included', 'dedicated', 'shared', 'metered'];
const none = 'channel.none_free';

describe('the order in which channels are used up', () => {
  it.each([
    ['all kinds', {}, [included, dedicated, dedicated, shared, shared, shared, metered, metered, none]],
    ['a number that brings none', { number: null }, [shared, shared, shared, metered, metered, none]],
    ['no number at all', { digits: null, number: null }, [shared, shared, shared, metered, metered, none]],
    ['a group that is gone', { group: null, groupPool: null }, [included, dedicated, dedicated, none]],
    ['a pool that is gone', { numberPool: null, groupPool: null }, [metered, metered, none]],
    ['a pool with fewer channels than are assigned', { numberPool: { channels: 1, includedPerNumber: 0 }, groupPool: { channels: 1, includedPerNumber: 0 } }, [dedicated, metered, metered, none]], // prettier-ignore
  ])('%s', (_, over, expected) => expect(calls(expected.length, facts(over))).toEqual(expected));
});

describe('directions', () => {
  const number = { ...facts().number!, direction: 'outbound' as const };
  const group = { ...facts().group!, direction: 'inbound' as const };
  it('leave out what is for the other one', () => {
    expect(calls(2, facts({ number }))).toEqual([included, shared]);
    expect(calls(4, facts({ number, group, direction: 'outbound' }))).toEqual([included, dedicated, dedicated, none]);
  });
});

describe('caps', () => {
  const cap = (both: number | null, inbound: number | null = null) => ({ both, inbound, outbound: null });
  it.each([
    ['number.channels_exhausted', { number: { ...facts().number!, caps: cap(1) } }],
    ['channel_group.channels_exhausted', { group: { ...facts().group!, caps: cap(1) } }],
    ['trunk.channels_exhausted', { trunk: { groupId: 'g', caps: cap(null, 1) } }],
  ])('%s: whatever kind is free', (code, over) => expect(calls(2, facts(over))).toEqual([included, code]));

  it('of one direction let the other pass', () => {
    const { call } = counting();
    const trunk = { groupId: 'g', caps: cap(null, 1) };
    expect([call(facts({ trunk })), call(facts({ trunk })), call(facts({ trunk, direction: 'outbound' }))]).toEqual([
      included,
      'trunk.channels_exhausted',
      dedicated,
    ]);
  });

  it('that come later count the calls that are up', () => {
    const { call } = counting();
    call(facts());
    expect(call(facts({ number: { ...facts().number!, caps: cap(1) } }))).toBe('number.channels_exhausted');
  });
});

it('never fills a counter above its maximum, and refuses only when nothing has room', () => {
  const max = fc.integer({ min: 0, max: 3 });
  const caps = fc.record({ both: fc.option(max), inbound: fc.option(max), outbound: fc.option(max) });
  const direction = fc.constantFrom('both' as const, 'inbound' as const, 'outbound' as const);
  const pool = fc.record({ channels: max, includedPerNumber: max });
  const one = fc.record({
    direction: fc.constantFrom('inbound' as const, 'outbound' as const),
    trunkCaps: caps,
    digits: fc.constantFrom('1', '2', null),
    number: fc.option(fc.record({ poolId: fc.constant('p'), dedicated: max, direction, groupId: fc.constant(null), caps })),
    group: fc.option(fc.record({ poolId: fc.constant('p'), shared: max, meteredMax: max, direction, caps })),
    pool: fc.option(pool),
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 30 }), (world) => {
      const counts = new Map<string, number>();
      const used = (key: string) => counts.get(key) ?? 0;
      for (const { trunkCaps, pool: p, ...rest } of world) {
        const demand = channelDemand(facts({ ...rest, trunk: { groupId: 'g', caps: trunkCaps }, numberPool: p, groupPool: p }));
        const found = takeChannel(demand, used);
        const hasRoom = (c: { key: string; max: number | null }) => c.max === null || used(c.key) < c.max;
        expect(found.taken).toBe(demand.caps.every(hasRoom) && demand.sources.some((s) => s.counters.every(hasRoom)));
        if (!found.taken) continue;
        for (const key of found.counters) counts.set(key, used(key) + 1);
        for (const c of [...demand.caps, ...demand.sources.filter((s) => s.kind === found.kind).flatMap((s) => s.counters)])
          if (c.max !== null) expect(used(c.key)).toBeLessThanOrEqual(c.max);
      }
    }),
    { numRuns: 1000 },
  );
});
