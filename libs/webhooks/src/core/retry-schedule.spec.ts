import { ATTEMPTS_MAX, DELAYS_MS, nextAttempt, retryAfterMs } from './retry-schedule.ts';

const at = new Date('2026-11-23T10:00:00.000Z');
const HOUR = 3_600_000;

it('makes ten attempts over 75 hours, 35 minutes and 5 seconds', () => {
  expect(ATTEMPTS_MAX).toBe(10);
  expect(DELAYS_MS.reduce((a, b) => a + b, 0)).toBe(75 * HOUR + 35 * 60_000 + 5_000);
  let last = at;
  for (let made = 0; made < 10; made += 1) last = nextAttempt(made, last) ?? at;
  expect(last.toISOString()).toBe('2026-11-26T13:35:05.000Z');
  expect(nextAttempt(10, at)).toBeUndefined();
});

it('waits longer when the receiver asks, not shorter, and a day at most', () => {
  expect(nextAttempt(1, at, 60_000)).toEqual(new Date(at.getTime() + 60_000));
  expect(nextAttempt(4, at, 60_000)).toEqual(new Date(at.getTime() + 2 * HOUR));
  expect(nextAttempt(1, at, 400 * HOUR)).toEqual(new Date(at.getTime() + 24 * HOUR));
});

it.each([
  ['120', 120_000],
  ['Mon, 23 Nov 2026 10:01:00 GMT', 60_000],
  ['Mon, 23 Nov 2026 09:00:00 GMT', 0],
  ['soon', 0],
  ['-5', 0],
  ['1e9', 0],
  [undefined, 0],
])('reads Retry-After %j as %d ms', (header, ms) => expect(retryAfterMs(header, at)).toBe(ms));
