import { availableNanos, topUpDue, watchMark } from './prepaid.ts';
import type { PastTopUp } from './prepaid.ts';

const now = new Date('2026-12-02T12:00:00Z');
const ago = (hours: number) => new Date(now.getTime() - hours * 3_600_000);
const auto = { belowNanos: 5_000_000_000n, amountMinor: 2_000n, dailyMaxMinor: 4_000n };
const was = (state: string, hours: number, amountMinor = 2_000n): PastTopUp => ({ state, amountMinor, createdAt: ago(hours) });

it('leaves out of the balance what invoices ask for', () => expect(availableNanos(7n, 10n)).toBe(3n));
it('watches prepaid balances only', () => expect([watchMark('postpaid', 5n), watchMark('prepaid', 5n)]).toEqual([null, -5n]));

describe('an automatic top-up', () => {
  it.each([
    ['is due when less is left', 4_999_999_999n, [], 2_000n],
    ['is not when enough is left', 5_000_000_000n, [], undefined],
    ['waits for the one under way, however old', 0n, [was('requires_action', 30)], undefined],
    ['may be the second of a day', 0n, [was('succeeded', 2)], 2_000n],
    ['keeps to the daily maximum', 0n, [was('succeeded', 2), was('succeeded', 3)], undefined],
    ['counts 24 hours', 0n, [was('succeeded', 2), was('succeeded', 24)], 2_000n],
    ['rests after a refusal', 0n, [was('failed', 5)], undefined],
    ['rests no longer than a day', 0n, [was('failed', 25)], 2_000n],
  ] as const)('%s', (_, available, past, amount) => expect(topUpDue(available, auto, past, null, now)).toBe(amount));

  it('is tried again with another card', () => {
    expect(topUpDue(0n, auto, [was('failed', 5)], ago(6), now)).toBeUndefined();
    expect(topUpDue(0n, auto, [was('failed', 5)], ago(4), now)).toBe(2_000n);
  });
});
