import { nextMailAttempt } from './mail-schedule.ts';

const at = new Date('2026-11-26T00:00:00Z');
it('tries seven times, later each time', () => {
  const gaps = [1, 2, 3, 4, 5, 6].map((made) => nextMailAttempt(made, at, 451)!.getTime() - at.getTime());
  expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
  expect(nextMailAttempt(7, at, undefined)).toBeUndefined();
});
it('gives up on what the server refuses for good', () => expect(nextMailAttempt(1, at, 550)).toBeUndefined());
