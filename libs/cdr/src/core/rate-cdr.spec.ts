import { openDeck } from '@trunkline/rating';
import { explainRating } from './explain-rating.ts';
import { rateCdr } from './rate-cdr.ts';
import { sumUsage } from './sum-usage.ts';
import { priceSource } from './tariff.ts';
import type { Tariff } from './tariff.ts';

const rates = [
  {
    prefix: '1',
    destination: 'United States',
    ratePerMinuteNanos: 6_000_000n,
    connectFeeNanos: 0n,
    initialSeconds: 60,
    incrementSeconds: 6,
  },
  {
    prefix: '1900',
    destination: 'Premium',
    ratePerMinuteNanos: 2_000_000_000n,
    connectFeeNanos: 500_000_000n,
    initialSeconds: 1,
    incrementSeconds: 1,
  },
];
const deck = openDeck({ currency: 'USD', ratingScale: 6, durationRounding: 'ceil' }, rates);
const decks = new Map([['v1', deck]]);
const versions = new Map([
  [
    'out',
    [
      { id: 'v2', fromMs: 2000 },
      { id: 'v1', fromMs: 1000 },
    ],
  ],
  ['in', [{ id: 'v1', fromMs: 0 }]],
]);
const tariff: Tariff = {
  currency: 'USD',
  assignments: [
    { fromMs: 1500, outboundDeckId: 'out', inboundDeckId: 'in' },
    { fromMs: 500, outboundDeckId: 'out', inboundDeckId: null },
  ],
};
const call = (direction: 'outbound' | 'inbound' | 'emergency', answeredAtMs: number | null) => ({ direction, answeredAtMs });

describe('the price source of a call', () => {
  it.each([
    ['emergency', 1600, { kind: 'free' }],
    ['outbound', null, { kind: 'free' }],
    ['outbound', 499, { kind: 'none', why: expect.stringContaining('plan') }],
    ['outbound', 999, { kind: 'none', why: expect.stringContaining('version') }],
    ['outbound', 1000, { kind: 'deck', versionId: 'v1' }],
    ['outbound', 1999, { kind: 'deck', versionId: 'v1' }],
    ['outbound', 2000, { kind: 'deck', versionId: 'v2' }],
    ['inbound', 1499, { kind: 'free' }],
    ['inbound', 1500, { kind: 'deck', versionId: 'v1' }],
  ] as const)('%s answered at %s', (direction, at, source) =>
    expect(priceSource(call(direction, at), tariff, versions)).toMatchObject(source),
  );

  it('is none without any plan', () =>
    expect(priceSource(call('outbound', 1), { currency: 'USD', assignments: [] }, versions).kind).toBe('none'));
});

describe('the rating of a call', () => {
  const talk = { answeredAtMs: 1000, endedAtMs: 62_001, destination: '+12025550123', to: '9912025550123' };
  const source = { kind: 'deck', versionId: 'v1' } as const;

  it('follows the longest prefix of what was dialled', () => {
    const rating = rateCdr(talk, source, 'EUR', decks);
    expect(rating).toMatchObject({
      state: 'rated',
      currency: 'USD',
      billedSeconds: 66,
      amountNanos: 6_600_000n,
      applied: { deckVersionId: 'v1', prefix: '1' },
    });
    expect(rateCdr({ ...talk, destination: '+19005550123' }, source, 'EUR', decks)).toMatchObject({
      billedSeconds: 62,
      applied: { prefix: '1900' },
    });
  });

  it('is unrated when no prefix fits or nothing prices it, never free', () => {
    expect(rateCdr({ ...talk, destination: '+442071838750' }, source, 'USD', decks)).toMatchObject({ state: 'unrated', amountNanos: null });
    expect(rateCdr(talk, { kind: 'none', why: '' }, 'USD', decks)).toMatchObject({ state: 'unrated' });
  });

  it('is free in the tenant’s currency', () => {
    expect(rateCdr(talk, { kind: 'free', why: '' }, 'EUR', decks)).toMatchObject({
      state: 'free',
      currency: 'EUR',
      amountNanos: 0n,
      billedSeconds: 0,
    });
  });

  it('is explained from what is stored, to the same amount', () => {
    const said = explainRating({ ...talk, direction: 'outbound' }, rateCdr(talk, source, 'USD', decks), 'United States').join('\n');
    expect(said).toContain('longest prefix 1 (United States): 0.006 USD per minute');
    expect(said).toContain(': 0.0066 USD');
  });

  it.each([
    ['emergency', 1000, 'emergency'],
    ['outbound', null, 'not answered'],
    ['inbound', 1000, 'no inbound deck'],
  ] as const)('says why it is free: %s answered at %s', (direction, answeredAtMs, why) => {
    const free = rateCdr(talk, { kind: 'free', why: '' }, 'USD', decks);
    expect(explainRating({ ...talk, direction, answeredAtMs }, free, '')).toEqual([expect.stringContaining(why)]);
  });

  it('says that it waits for a rate', () => {
    const unrated = rateCdr(talk, { kind: 'none', why: '' }, 'USD', decks);
    expect(explainRating({ ...talk, direction: 'outbound' }, unrated, '')).toEqual([expect.stringContaining('not rated yet')]);
  });
});

describe('usage', () => {
  const charged = {
    tenantId: 't',
    id: 'b',
    direction: 'outbound',
    answeredAtMs: Date.UTC(2026, 10, 30, 23, 59, 59, 999),
    currency: 'USD',
    amountNanos: 5n,
    billedSeconds: 60,
  } as const;
  it('is added up by tenant, direction, month of answer and currency', () => {
    const groups = sumUsage([
      charged,
      { ...charged, id: 'a', amountNanos: 7n },
      { ...charged, id: 'c', answeredAtMs: charged.answeredAtMs + 1 },
      { ...charged, id: 'd', direction: 'inbound' },
      { ...charged, id: 'e', tenantId: 'u' },
      { ...charged, id: 'f', currency: 'EUR' },
      { ...charged, id: 'g', amountNanos: 0n },
    ]);
    expect(groups).toHaveLength(5);
    expect(groups[0]).toMatchObject({
      kind: 'usage_outbound',
      month: new Date('2026-11-01T00:00:00Z'),
      count: 2,
      seconds: 120,
      amountNanos: 12n,
      ids: ['a', 'b'],
    });
    expect(groups[1]?.month).toEqual(new Date('2026-12-01T00:00:00Z'));
  });
  it('of calls that cost nothing is nothing', () => expect(sumUsage([{ ...charged, amountNanos: 0n }])).toEqual([]));
});
