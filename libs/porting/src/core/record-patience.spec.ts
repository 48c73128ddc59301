import { askAgainAt } from './record-patience.ts';

const SINCE = new Date('2026-03-02T16:00:00Z');
const HOUR = 3_600_000;

it('asks after a record ever more seldom, and not for ever', () => {
  const looks: number[] = [];
  for (let at: Date | null = SINCE; at !== null; at = askAgainAt(SINCE, at)) looks.push(at.getTime() - SINCE.getTime());
  const gaps = looks.slice(1).map((at, i) => at - looks[i]!);
  expect(gaps.slice(0, 4)).toEqual([60_000, 60_000, 120_000, 240_000]);
  expect(Math.max(...gaps)).toBe(HOUR);
  expect(looks.at(-1)).toBeGreaterThanOrEqual(72 * HOUR);
  expect(looks.at(-1)).toBeLessThan(74 * HOUR);
  expect(looks.length).toBeLessThan(100);
});
