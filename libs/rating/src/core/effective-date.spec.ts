import { isPast } from './effective-date.ts';

const now = new Date('2026-11-23T10:00:00Z');

describe('isPast', () => {
  it.each([
    ['2026-11-23T09:54:59.999Z', true],
    ['2026-11-23T09:55:00Z', false],
    ['2026-11-23T10:00:00Z', false],
    ['2027-01-01T00:00:00Z', false],
  ])('%s: %s', (from, past) => expect(isPast(new Date(from), now)).toBe(past));
});
