import { DEFAULT_DUNNING, graceEnd, isHardDecline, nextAttemptAt } from './dunning.ts';

const day = (n: number) => new Date(Date.UTC(2026, 11, 1 + n));

describe('the attempts to collect', () => {
  it('are made on days 0, 1, 3, 5 and 7', () => {
    let at: Date | null = day(0);
    const days: number[] = [];
    for (let attempts = 1; at; attempts += 1) {
      days.push(at.getUTCDate() - 1);
      at = nextAttemptAt(attempts, 'insufficient_funds', at, DEFAULT_DUNNING);
    }
    expect(days).toEqual([0, 1, 3, 5, 7]);
  });
  it('keep their distance when one was late', () => expect(nextAttemptAt(2, 'card_declined', day(9), DEFAULT_DUNNING)).toEqual(day(11)));
  it.each(['stolen_card', 'authentication_required', 'no_payment_method'])('end after %s', (code) => {
    expect(isHardDecline(code)).toBe(true);
    expect(nextAttemptAt(1, code, day(0), DEFAULT_DUNNING)).toBeNull();
  });
  it('go on after a decline that may pass', () => expect(['card_declined', 'insufficient_funds', null].some(isHardDecline)).toBe(false));
});

it('the grace counts from the first refusal', () => expect(graceEnd(day(0), { ...DEFAULT_DUNNING, graceDays: 3 })).toEqual(day(3)));
