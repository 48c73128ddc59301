import { daysBefore, keptSince } from './retention.ts';

it('keeps whole months', () => {
  expect(keptSince(new Date('2026-11-23T10:00:00Z'), 13)).toEqual(new Date('2025-10-01T00:00:00Z'));
  expect(keptSince(new Date('2028-03-31T23:59:59Z'), 1)).toEqual(new Date('2028-02-01T00:00:00Z'));
});

it('counts days of 24 hours', () => expect(daysBefore(new Date('2026-03-30T00:00:00Z'), 90)).toEqual(new Date('2025-12-30T00:00:00Z')));
