import fc from 'fast-check';
import { fromString, fromUUID, toUUID } from 'typeid-js';
import {
  decodeCursor,
  encodeCursor,
  formatDecimal,
  fromPublicId,
  isE164,
  monthOf,
  newId,
  overlap,
  parseDecimal,
  parseE164,
  prorate,
  publicIdPattern,
  roundNanos,
  toPublicId,
  unsoundness,
} from './index.ts';

describe('money', () => {
  it.each([
    ['0.0085', 8_500_000n],
    ['-1', -1_000_000_000n],
    ['12.000000001', 12_000_000_001n],
  ])('reads %s', (text, nanos) => expect(parseDecimal(text)).toBe(nanos));
  it.each(['', '1.', '.5', '1e3', '1,5', '0.0000000001', ' 1', 'NaN', '1'.repeat(13)])('refuses %j', (text) =>
    expect(parseDecimal(text)).toBeUndefined(),
  );
  it('prints what it reads', () =>
    fc.assert(fc.property(fc.bigInt(-(10n ** 20n), 10n ** 20n), (n) => parseDecimal(formatDecimal(n)) === n)));
  it('rounds half away from zero', () =>
    expect([roundNanos(1_500n, 6), roundNanos(-1_500n, 6), roundNanos(1_499n, 6)]).toEqual([2_000n, -2_000n, 1_000n]));
});

describe('E.164', () => {
  it.each(['+12025550123', '+493012345678', '+123456'])('accepts %s', (n) => expect(isE164(n)).toBe(true));
  it.each(['12025550123', '+0123456789', '+1234567890123456', '+1202555012a', '+12345'])('refuses %s', (n) =>
    expect(isE164(n)).toBe(false),
  );
  it('keeps what people copy', () => expect(parseE164('+1 (202) 555-0123')).toBe('+12025550123'));
});

describe('ids', () => {
  it('go out and come back', () => {
    const id = newId();
    expect(fromPublicId('trunk', toPublicId('trunk', id))).toBe(id);
    expect(toPublicId('trunk', id)).toMatch(publicIdPattern('trunk'));
  });
  it('are written as the library of TypeIDs writes them', () =>
    fc.assert(
      fc.property(fc.uuid(), (uuid) => expect(toPublicId('trunk', uuid)).toBe(fromUUID(uuid, 'trk'))),
      { numRuns: 1_000 },
    ));
  it('are read as it reads them, or refused where it refuses them', () => {
    const digit = fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyz', 'i', 'l', 'o', 'u', 'A', '_', '-', 'é');
    const suffix = fc.oneof(
      fc.uuid().map((uuid) => fromUUID(uuid, '')),
      fc.array(digit, { minLength: 24, maxLength: 28 }).map((digits) => digits.join('')),
      fc.tuple(fc.uuid(), fc.nat(25), digit).map(([uuid, at, d]) => fromUUID(uuid, '').slice(0, at) + d + fromUUID(uuid, '').slice(at + 1)),
    );
    const read = (text: string): string | undefined => {
      try {
        return toUUID(fromString(text, 'trk'));
      } catch {
        return undefined;
      }
    };
    const text = fc.tuple(fc.constantFrom('trk_', 'trk_', 'trk_', 'ten_', 'trk', ''), suffix).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (id) => expect(fromPublicId('trunk', id)).toBe(read(id))),
      { numRuns: 5_000 },
    );
  });
  it('of another kind are none', () => expect(fromPublicId('tenant', toPublicId('trunk', newId()))).toBeUndefined());
});

describe('cursors', () => {
  it('go out and come back', () => {
    const cursor = { createdAt: new Date('2026-01-02T03:04:05.678Z'), id: newId() };
    expect(decodeCursor(encodeCursor(cursor))).toEqual(cursor);
  });
  it('refuse anything else', () => fc.assert(fc.property(fc.string(), (text) => expect(() => decodeCursor(text)).toThrow('cursor'))));
});

describe('periods', () => {
  const days = fc.integer({ min: 0, max: 3_400 }).map((d) => new Date(Date.UTC(2024, 0, 1 + d)));
  it('tile: parts cut anywhere add up to the fee', () =>
    fc.assert(
      fc.property(days, fc.array(fc.integer({ min: 0, max: 31 })), fc.bigInt(0n, 10n ** 15n), (at, cuts, fee) => {
        const whole = monthOf(at);
        const edges = [
          ...new Set([
            whole.from.getTime(),
            ...cuts.map((c) => Math.min(whole.from.getTime() + c * 86_400_000, whole.to.getTime())),
            whole.to.getTime(),
          ]),
        ].sort((a, b) => a - b);
        const parts = edges.slice(1).map((to, i) => prorate(fee, whole, { from: new Date(edges[i] ?? 0), to: new Date(to) }));
        expect(parts.reduce((a, b) => a + b, 0n)).toBe(fee);
      }),
    ));
  it('meet where they overlap', () => {
    const month = monthOf(new Date('2026-02-10'));
    expect(overlap(month, { from: new Date('2026-02-20'), to: null })).toEqual({ from: new Date('2026-02-20'), to: month.to });
    expect(overlap(month, { from: new Date('2026-03-01'), to: null })).toBeUndefined();
  });
});

describe('state machines', () => {
  it('are sound when all is reachable and ends', () => expect(unsoundness({ a: ['b'], b: [] }, 'a')).toEqual([]));
  it('name what is not', () =>
    expect(unsoundness<'a' | 'b' | 'c' | 'd'>({ a: ['b'], b: ['c'], c: ['b'], d: [] }, 'a')).toEqual([
      'b never ends',
      'c never ends',
      'd cannot be reached from a',
    ]));
});
