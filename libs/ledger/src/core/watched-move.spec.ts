import { comesLow, overdraws } from './watched-move.ts';

// 10 should be left: the mark is at -10 owed
const move = (before: bigint, after: bigint) => ({ tenantId: 't', before, after, mark: -10n });

describe('a watched balance', () => {
  it('comes low as it reaches its mark, and again as it is used up', () => {
    expect(comesLow(move(-20n, -11n))).toBe(false);
    expect(comesLow(move(-20n, -10n))).toBe(true);
    expect(comesLow(move(-10n, -1n))).toBe(false);
    expect(comesLow(move(-1n, 0n))).toBe(true);
    expect(comesLow(move(0n, 5n))).toBe(false);
    expect(comesLow(move(-20n, 5n))).toBe(true);
  });

  it('does not come low when money comes in', () => expect(comesLow(move(5n, -5n))).toBe(false));

  it('is overdrawn by spending more than there is, not by paying a part of what is owed', () => {
    expect(overdraws(move(-5n, 0n))).toBe(false);
    expect(overdraws(move(-5n, 1n))).toBe(true);
    expect(overdraws(move(3n, 4n))).toBe(true);
    expect(overdraws(move(5n, 2n))).toBe(false);
  });
});
