import { wholeMinor } from './minor.ts';

describe('an amount for a card', () => {
  it.each([
    [10_000_000n, 'USD', 1n],
    [1_000_000_000n, 'JPY', 1n],
    [1_500_000n, 'KWD', undefined],
    [15_000_000n, 'USD', undefined],
    [0n, 'USD', undefined],
    [1_000_000_000_000_000n, 'USD', undefined],
  ])('%s nanos of %s', (nanos, currency, minor) => {
    if (minor !== undefined) return expect(wholeMinor(nanos, currency, '/amount')).toBe(minor);
    expect(() => wholeMinor(nanos, currency, '/amount')).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ pointer: '/amount' })] }),
    );
  });
});
