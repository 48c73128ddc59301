import fc from 'fast-check';
import { parseDecimal } from '@trunkline/kernel';
import { openDeck } from './deck.ts';
import type { Rate } from './deck.ts';
import { billedSeconds, rate } from './rate-call.ts';

const terms = { currency: 'USD', ratingScale: 6, durationRounding: 'ceil' } as const;
const nanos = (text: string) => parseDecimal(text) as bigint;
const row = (perMinute: string, connect: string, initialSeconds: number, incrementSeconds: number): Rate => ({
  prefix: '49',
  destination: 'Germany',
  ratePerMinuteNanos: nanos(perMinute),
  connectFeeNanos: nanos(connect),
  initialSeconds,
  incrementSeconds,
});

describe('rating a call', () => {
  it.each([
    // per minute, connect, initial/increment, ms of talk → billed seconds, amount
    ['0.06', '0', 60, 60, 1, 60, '0.06'],
    ['0.06', '0', 60, 60, 60_000, 60, '0.06'],
    ['0.06', '0', 60, 60, 60_001, 120, '0.12'],
    ['0.06', '0', 6, 6, 205_000, 210, '0.21'],
    ['0.06', '0', 30, 6, 30_001, 36, '0.036'],
    ['0.06', '0', 1, 1, 30_100, 31, '0.031'],
    ['0.06', '0.05', 60, 1, 61_000, 61, '0.111'],
    ['0.01', '0', 1, 1, 1_000, 1, '0.000167'],
    ['0.01', '0', 1, 1, 0, 1, '0.000167'],
    ['0', '0.1', 60, 60, 5_000, 60, '0.1'],
  ])('%s/min + %s at %d/%d for %d ms: %d s, %s', (perMinute, connect, initial, increment, durationMs, billed, amount) => {
    const deck = openDeck(terms, [row(perMinute, connect, initial, increment)]);
    expect(rate({ number: '+4930123456', answered: true, durationMs }, deck)).toMatchObject({
      ok: true,
      billedSeconds: billed,
      amountNanos: nanos(amount),
      prefix: '49',
    });
  });

  it('charges nothing for an unanswered call, even where the deck has no rate', () => {
    const deck = openDeck(terms, []);
    expect(rate({ number: '4930', answered: false, durationMs: 0 }, deck)).toMatchObject({
      ok: true,
      amountNanos: 0n,
      billedSeconds: 0,
      prefix: null,
    });
  });

  it('says so when an answered call has no rate', () => {
    expect(rate({ number: '4312', answered: true, durationMs: 1 }, openDeck(terms, [row('1', '0', 1, 1)]))).toEqual({
      ok: false,
      reason: 'no_rate',
    });
  });

  it('explains the amount in three sentences', () => {
    const deck = openDeck(terms, [row('0.06', '0.05', 30, 6)]);
    expect(rate({ number: '4930', answered: true, durationMs: 30_001 }, deck)).toMatchObject({
      explanation: [
        'longest prefix 49 (Germany): 0.06 USD per minute',
        '30001 ms of talk, rounded up to 31 s; billed 30/6: 36 s',
        '0.05 + 36 × 0.06 / 60, rounded to 6 decimals: 0.086 USD',
      ],
    });
  });

  it('bills at least the talk, by whole increments, less than one increment more; longer is never cheaper', () => {
    const seconds = fc.integer({ min: 1, max: 3600 });
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(1000), seconds, seconds, (d, more, initialSeconds, incrementSeconds) => {
        const terms = { initialSeconds, incrementSeconds };
        const billed = billedSeconds(d, terms);
        expect(billed).toBeGreaterThanOrEqual(Math.max(d, initialSeconds));
        expect((billed - initialSeconds) % incrementSeconds).toBe(0);
        if (billed > initialSeconds) expect(billed - d).toBeLessThan(incrementSeconds);
        expect(billedSeconds(d + more, terms)).toBeGreaterThanOrEqual(billed);
      }),
    );
  });

  it('stays within half a step of the exact amount, and on the step', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 12n),
        fc.bigInt(0n, 10n ** 12n),
        fc.nat(86_400_000),
        fc.integer({ min: 0, max: 9 }),
        (perMinute, connect, durationMs, ratingScale) => {
          const step = 10n ** BigInt(9 - ratingScale);
          const rates = [{ ...row('0', '0', 1, 1), ratePerMinuteNanos: perMinute, connectFeeNanos: connect }];
          const rated = rate({ number: '49', answered: true, durationMs }, openDeck({ ...terms, ratingScale }, rates));
          if (!rated.ok) throw new Error('no rate');
          const off = rated.amountNanos * 60n - (connect * 60n + perMinute * BigInt(rated.billedSeconds));
          expect(rated.amountNanos % step).toBe(0n);
          expect(2n * (off < 0n ? -off : off)).toBeLessThanOrEqual(60n * step);
        },
      ),
    );
  });

  it('leaves a call unrated whose price is beyond belief, rather than overflow the sums of others', () => {
    const deck = openDeck(terms, [row('1000000', '0', 60, 60)]);
    const of = (hours: number) => rate({ number: '+4930', answered: true, durationMs: hours * 3_600_000 }, deck);
    expect(of(1)).toMatchObject({ ok: true, amountNanos: nanos('60000000') });
    expect(of(2)).toEqual({ ok: false, reason: 'too_large' });
  });
});
